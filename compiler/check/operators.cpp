#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

namespace aqd::check {

using diagnostics::error;
using SyntaxOp = syntax::BinaryOp;
using program::BinaryOp;

namespace {

BinaryOp checked_op(SyntaxOp op) {
    switch (op) {
        case SyntaxOp::add:
            return BinaryOp::add;
        case SyntaxOp::subtract:
            return BinaryOp::subtract;
        case SyntaxOp::multiply:
            return BinaryOp::multiply;
        case SyntaxOp::divide:
            return BinaryOp::divide;
        case SyntaxOp::remainder:
            return BinaryOp::remainder;
        case SyntaxOp::wrapping_add:
            return BinaryOp::wrapping_add;
        case SyntaxOp::wrapping_subtract:
            return BinaryOp::wrapping_subtract;
        case SyntaxOp::wrapping_multiply:
            return BinaryOp::wrapping_multiply;
        case SyntaxOp::bit_and:
            return BinaryOp::bit_and;
        case SyntaxOp::bit_or:
            return BinaryOp::bit_or;
        case SyntaxOp::bit_xor:
            return BinaryOp::bit_xor;
        case SyntaxOp::shift_left:
            return BinaryOp::shift_left;
        case SyntaxOp::shift_right:
            return BinaryOp::shift_right;
        case SyntaxOp::equal:
            return BinaryOp::equal;
        case SyntaxOp::not_equal:
            return BinaryOp::not_equal;
        case SyntaxOp::less:
            return BinaryOp::less;
        case SyntaxOp::less_equal:
            return BinaryOp::less_equal;
        case SyntaxOp::greater:
            return BinaryOp::greater;
        case SyntaxOp::greater_equal:
            return BinaryOp::greater_equal;
        case SyntaxOp::logical_and:
            return BinaryOp::logical_and;
        default:
            return BinaryOp::logical_or;
    }
}

bool is_integer(Kind kind) {
    return kind == Kind::unsigned_integer || kind == Kind::signed_integer;
}

bool is_count(Kind kind) {
    return kind == Kind::days || kind == Kind::workdays || kind == Kind::hours ||
           kind == Kind::seconds;
}

bool has_order(Kind kind) {
    return is_integer(kind) || is_count(kind) || kind == Kind::decimal || kind == Kind::date ||
           kind == Kind::time || kind == Kind::text || kind == Kind::bytes || kind == Kind::boolean;
}

bool wraps_or_masks(SyntaxOp op) {
    switch (op) {
        case SyntaxOp::wrapping_add:
        case SyntaxOp::wrapping_subtract:
        case SyntaxOp::wrapping_multiply:
        case SyntaxOp::bit_and:
        case SyntaxOp::bit_or:
        case SyntaxOp::bit_xor:
            return true;
        default:
            return false;
    }
}

}  // namespace

ExprPtr BodyChecker::unary(const syntax::UnaryExpr& node, Span span, TypeId hint) {
    const auto* literal = node.operand->as<syntax::LiteralExpr>();
    if (node.op == syntax::UnaryOp::negate && literal != nullptr) {
        if (const auto* number = std::get_if<UInt128>(&literal->value)) {
            return integer(*number, true, span, hint);
        }
    }
    if (node.op == syntax::UnaryOp::logical_not) {
        ExprPtr operand = convert(*node.operand, d().boolean());
        return is_error(operand)
                   ? std::move(operand)
                   : make(d().boolean(), span,
                          program::Unary{program::UnaryOp::logical_not, std::move(operand)});
    }
    ExprPtr operand = expr(*node.operand, hint);
    const Kind of = kind(operand);
    if (of == Kind::error) {
        return operand;
    }
    const bool negate = node.op == syntax::UnaryOp::negate;
    const bool good = negate ? of == Kind::signed_integer || of == Kind::decimal || is_count(of)
                             : of == Kind::unsigned_integer;
    if (!good) {
        return report_at(
            node.op_span, Code::wrong_operands,
            std::string(negate ? "`-`" : "`~`") + " does not take " + text(operand->type),
            "not for this type",
            negate ? "only signed integers, decimals and durations have a negative"
                   : "`~` is for unsigned integers");
    }
    const TypeId type = operand->type;
    return make(type, span,
                program::Unary{negate ? program::UnaryOp::negate : program::UnaryOp::complement,
                               std::move(operand)});
}

ExprPtr BodyChecker::binary(const syntax::BinaryExpr& node, Span span, TypeId hint) {
    switch (node.op) {
        case SyntaxOp::logical_and:
        case SyntaxOp::logical_or:
        case SyntaxOp::implies:
            return logical(node, span);
        case SyntaxOp::equal:
        case SyntaxOp::not_equal:
        case SyntaxOp::less:
        case SyntaxOp::less_equal:
        case SyntaxOp::greater:
        case SyntaxOp::greater_equal:
            return comparison(node, span);
        case SyntaxOp::shift_left:
        case SyntaxOp::shift_right:
            return shift(node, span, hint);
        default:
            return arithmetic(node, span, hint);
    }
}

std::pair<ExprPtr, ExprPtr> BodyChecker::both(const syntax::Expr& left, const syntax::Expr& right,
                                              TypeId hint) {
    if (is_flexible(left) && !is_flexible(right)) {
        ExprPtr b = expr(right, hint);
        ExprPtr a = expr(left, b->type);
        return {std::move(a), std::move(b)};
    }
    ExprPtr a = expr(left, hint);
    ExprPtr b = expr(right, a->type);
    return {std::move(a), std::move(b)};
}

ExprPtr BodyChecker::logical(const syntax::BinaryExpr& node, Span span) {
    ExprPtr left = convert(*node.left, d().boolean());
    ExprPtr right = convert(*node.right, d().boolean());
    if (is_error(left) || is_error(right)) {
        return error_at(span);
    }
    if (node.op == SyntaxOp::implies) {
        const Span at = left->span;
        left =
            make(d().boolean(), at, program::Unary{program::UnaryOp::logical_not, std::move(left)});
    }
    return make(d().boolean(), span,
                program::Binary{checked_op(node.op), std::move(left), std::move(right)});
}

ExprPtr BodyChecker::state_comparison(const syntax::BinaryExpr& node, Span span) {
    const syntax::Expr& other = is_case_state(*node.left) ? *node.right : *node.left;
    if (need_case("`case.state`", span) == nullptr) {
        return error_at(span);
    }
    program::CaseStateIs is;
    if (const auto* name = other.as<syntax::NameExpr>()) {
        const auto state = case_->states.find(name->name.text);
        if (state == case_->states.end() && d().lost(module_, name->name.text)) {
            return error_at(span);
        }
        if (state == case_->states.end()) {
            std::vector<std::string> states;
            states.reserve(case_->states.size());
            for (const auto& [known, ordinal] : case_->states) {
                states.push_back(known);
            }
            const std::string near = d().closest(name->name.text, states);
            return report_at(other.span, Code::unknown_state,
                             "the procedure has no state `" + name->name.text + "`",
                             "unknown state", near.empty() ? "" : "did you mean `" + near + "`?");
        }
        is.state = state->second;
    } else if (other.as<syntax::NoneExpr>() == nullptr) {
        return report_at(other.span, Code::unknown_state,
                         "a state is compared with the name of one, or with `none`", "not a state");
    }
    if (node.op != SyntaxOp::equal && node.op != SyntaxOp::not_equal) {
        return report_at(node.op_span, Code::wrong_operands, "states have no order",
                         "only == and != compare states");
    }
    ExprPtr test = make(d().boolean(), span, is);
    if (node.op == SyntaxOp::equal) {
        return test;
    }
    return make(d().boolean(), span,
                program::Unary{program::UnaryOp::logical_not, std::move(test)});
}

bool BodyChecker::unify(ExprPtr& left, ExprPtr& right) {
    if (left->type == right->type) {
        return true;
    }
    if (can_coerce(right->type, left->type)) {
        right = coerce(std::move(right), left->type);
        return true;
    }
    if (can_coerce(left->type, right->type)) {
        left = coerce(std::move(left), right->type);
        return true;
    }
    return false;
}

ExprPtr BodyChecker::wrong_operands(const syntax::BinaryExpr& node, const ExprPtr& left,
                                    const ExprPtr& right) {
    auto diagnostic = error(Code::wrong_operands, node.op_span,
                            "`" + std::string(syntax::text(node.op)) + "` does not take " +
                                text(left->type) + " and " + text(right->type),
                            "does not go together");
    diagnostic.secondary.push_back({left->span, "this is " + text(left->type)});
    diagnostic.secondary.push_back({right->span, "this is " + text(right->type)});
    if (is_integer(kind(left)) && is_integer(kind(right))) {
        diagnostic.help.push_back("convert one side, as in `" + d().text(left->type) + "(…)`");
    } else if (kind(left) == Kind::option || kind(right) == Kind::option) {
        diagnostic.help.push_back(
            "an optional value is taken out first, with `if let x = …` or `.value`");
    }
    report(std::move(diagnostic));
    return error_at(left->span);
}

ExprPtr BodyChecker::comparison(const syntax::BinaryExpr& node, Span span) {
    if (is_case_state(*node.left) || is_case_state(*node.right)) {
        return state_comparison(node, span);
    }
    auto [left, right] = both(*node.left, *node.right, no_type);
    if (is_error(left) || is_error(right)) {
        return error_at(span);
    }
    if (d().holds_secret(left->type) || d().holds_secret(right->type)) {
        return report_at(span, Code::secret_used, "a secret cannot be compared",
                         "compares a secret",
                         "compare commitments, if it is the same secret that is meant");
    }
    if (!unify(left, right)) {
        return wrong_operands(node, left, right);
    }
    const bool equality = node.op == SyntaxOp::equal || node.op == SyntaxOp::not_equal;
    if (!equality && !has_order(kind(left))) {
        return wrong_operands(node, left, right);
    }
    return make(d().boolean(), span,
                program::Binary{checked_op(node.op), std::move(left), std::move(right)});
}

ExprPtr BodyChecker::arithmetic(const syntax::BinaryExpr& node, Span span, TypeId hint) {
    const TypeId wanted = hint == no_type ? no_type : without_option(hint);
    const Kind hinted = wanted == no_type ? Kind::unit : types().kind(wanted);
    const bool passes = is_integer(hinted) || hinted == Kind::decimal;
    auto [left, right] = both(*node.left, *node.right, passes ? wanted : no_type);
    if (is_error(left) || is_error(right)) {
        return error_at(span);
    }
    const Kind a = kind(left);
    const Kind b = kind(right);
    if (a == Kind::date || a == Kind::time) {
        return moment_arithmetic(node, span, std::move(left), std::move(right));
    }
    if (node.op == SyntaxOp::add && a == b && (a == Kind::text || a == Kind::bytes)) {
        return concatenate(span, std::move(left), std::move(right));
    }
    if ((a == Kind::decimal || b == Kind::decimal) &&
        (node.op == SyntaxOp::multiply || node.op == SyntaxOp::divide ||
         node.op == SyntaxOp::remainder)) {
        return report_at(node.op_span, Code::unsupported_decimal,
                         "decimals are only added, subtracted and compared in this version",
                         "not supported yet");
    }
    if (left->type != right->type) {
        return wrong_operands(node, left, right);
    }
    const bool additive = node.op == SyntaxOp::add || node.op == SyntaxOp::subtract;
    const bool good = wraps_or_masks(node.op)
                          ? a == Kind::unsigned_integer
                          : is_integer(a) || (additive && (a == Kind::decimal || is_count(a)));
    if (!good) {
        return wrong_operands(node, left, right);
    }
    const TypeId type = left->type;
    return make(type, span,
                program::Binary{checked_op(node.op), std::move(left), std::move(right)});
}

bool BodyChecker::workdays_allowed(Span span) {
    if (case_ != nullptr && case_->calendar) {
        return true;
    }
    report(error(Code::no_calendar, span,
                 "workdays are counted by a calendar, and there is none here", "by which calendar?")
               .with_help(case_ != nullptr
                              ? "add `calendar m` to the procedure, after `use m as calendar`"
                              : "compute this in an entry of a procedure that has a `calendar`"));
    return false;
}

/// A date or a time, and what is added to it or taken away.
ExprPtr BodyChecker::moment_arithmetic(const syntax::BinaryExpr& node, Span span, ExprPtr left,
                                       ExprPtr right) {
    const Kind a = kind(left);
    const Kind b = kind(right);
    const bool back = node.op == SyntaxOp::subtract;
    if (!back && node.op != SyntaxOp::add) {
        return wrong_operands(node, left, right);
    }
    if (back && a == b) {
        const TypeId type = types().of(a == Kind::date ? Kind::days : Kind::seconds);
        return make(type, span, program::Difference{std::move(left), std::move(right)});
    }
    const TypeId type = left->type;
    if (a == Kind::time && (b == Kind::hours || b == Kind::seconds)) {
        return make(type, span, program::TimeShift{std::move(left), std::move(right), back});
    }
    if (a == Kind::date && (b == Kind::days || b == Kind::months)) {
        return make(type, span,
                    program::DateShift{std::move(left), std::move(right), back, std::nullopt});
    }
    if (a == Kind::date && b == Kind::workdays) {
        if (back) {
            return report_at(span, Code::workdays_back, "workdays are only counted forward",
                             "counts back");
        }
        if (!workdays_allowed(span)) {
            return error_at(span);
        }
        return make(type, span,
                    program::DateShift{std::move(left), std::move(right), false, case_->calendar});
    }
    return wrong_operands(node, left, right);
}

ExprPtr BodyChecker::concatenate(Span span, ExprPtr left, ExprPtr right) {
    const std::uint64_t bound = std::uint64_t{types()[left->type].size} + types()[right->type].size;
    if (bound > (1u << 20)) {
        return report_at(span, Code::value_too_long,
                         "together these may be longer than any type holds", "too long");
    }
    const TypeId type = types().of(kind(left), static_cast<std::uint32_t>(bound));
    return make(type, span, program::Concatenate{std::move(left), std::move(right)});
}

ExprPtr BodyChecker::shift(const syntax::BinaryExpr& node, Span span, TypeId hint) {
    ExprPtr left = expr(*node.left, hint);
    ExprPtr right =
        is_flexible(*node.right) ? expr(*node.right, d().unsigned_type(32)) : expr(*node.right);
    if (is_error(left) || is_error(right)) {
        return error_at(span);
    }
    if (kind(left) != Kind::unsigned_integer || kind(right) != Kind::unsigned_integer) {
        return wrong_operands(node, left, right);
    }
    const auto* count = right->as<program::NumberLiteral>();
    if (count != nullptr && count->magnitude >= types()[left->type].size) {
        return report_at(right->span, Code::literal_out_of_range,
                         "a shift by the width of " + text(left->type) + " or more is refused",
                         "too far");
    }
    const TypeId type = left->type;
    return make(type, span,
                program::Binary{checked_op(node.op), std::move(left), std::move(right)});
}

}  // namespace aqd::check

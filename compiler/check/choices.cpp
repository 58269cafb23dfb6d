#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"
#include "compiler/check/coverage.h"

#include <algorithm>

// `if` and `match`, as statements and as values. Both become chains of tests; the last arm of a
// match needs none, because nothing else is left.

namespace aqd::check {

using diagnostics::error;
using program::BlockValue;
using program::SlotId;

namespace {

bool is_option_pattern(const syntax::Pattern& pattern) {
    const auto* name = std::get_if<syntax::NamePattern>(&pattern.node);
    return std::holds_alternative<syntax::NonePattern>(pattern.node) ||
           (name != nullptr && name->arguments && name->name.text == "some");
}

/// The patterns of an arm, as opposed to its value.
Span heading(const syntax::Arm& arm) {
    const std::uint32_t end = arm.patterns.back()->span.end;
    return {arm.span.file, arm.span.begin, std::max(arm.span.begin, end)};
}

}  // namespace

bool BodyChecker::is_broken(TypeId type) {
    const program::Type& one = types()[type];
    return one.kind == Kind::enumeration
               ? d().broken(one.named)
               : std::ranges::any_of(one.items, [&](TypeId item) { return is_broken(item); });
}

/// Of error type after a report.
Access BodyChecker::subject(const syntax::Expr& written) {
    ExprPtr value = expr(written);
    if (const auto* local = value->as<program::LocalRead>()) {
        return {local->slot, value->type, {}};
    }
    const TypeId type = value->type;
    const SlotId slot = add_slot("", type, false);
    emit(written.span, program::Let{slot, std::move(value)});
    return {slot, type, {}};
}

BodyChecker::Fit BodyChecker::condition(const syntax::Condition& written) {
    Fit out;
    if (written.pattern == nullptr) {
        out.test = convert(*written.value, d().boolean());
        return out;
    }
    const Access access = subject(*written.value);
    if (types().kind(access.type()) == Kind::error) {
        out = fit(*written.pattern, access);
        out.test = make(d().boolean(), written.span, program::BoolLiteral{true});
        return out;
    }
    if (types().kind(access.type()) == Kind::option && !is_option_pattern(*written.pattern)) {
        out.test = make(d().boolean(), written.value->span,
                        program::OptionHas{access.build(written.value->span)});
        const TypeId item = types().item(access.type());
        absorb(out, fit(*written.pattern, access.then({Access::Step::Kind::option, 0, 0, item})));
        return out;
    }
    out = fit(*written.pattern, access);
    if (out.test == nullptr) {
        report(error(Code::needless_pattern, written.span,
                     "a value of type " + text(access.type()) +
                         " is always there: this pattern always fits",
                     "always fits")
                   .with_help("write a plain `let` before it"));
        out.test = make(d().boolean(), written.span, program::BoolLiteral{true});
    }
    return out;
}

void BodyChecker::if_statement(const syntax::IfStmt& node, Span span, Use use, TypeId result) {
    Fit held = condition(node.condition);
    Block then_block = capture([&] {
        open(held.bound);
        statements(node.then_block, use, result);
    });
    Block else_block = capture([&] {
        if (const auto* block = std::get_if<syntax::Block>(&node.else_branch)) {
            statements(*block, use, result);
        } else if (const auto* stmt = std::get_if<syntax::StmtPtr>(&node.else_branch)) {
            if_statement(*(*stmt)->as<syntax::IfStmt>(), (*stmt)->span, use, result);
        }
    });
    emit(span, program::If{std::move(held.test), std::move(then_block), std::move(else_block)});
}

// Match

BodyChecker::Arm BodyChecker::arm(const syntax::Arm& written, const Access& access,
                                  std::vector<Shape>& shapes, std::vector<Span>& spans) {
    Arm made;
    made.written = &written;
    bool always = false;
    for (const syntax::PatternPtr& pattern : written.patterns) {
        Fit one = fit(*pattern, access);
        shapes.push_back(std::move(one.shape));
        spans.push_back(pattern->span);
        always = always || one.test == nullptr;
        if (made.test != nullptr && one.test != nullptr) {
            made.test = make(d().boolean(), written.span,
                             program::Binary{program::BinaryOp::logical_or, std::move(made.test),
                                             std::move(one.test)});
        } else if (one.test != nullptr) {
            made.test = std::move(one.test);
        }
        if (written.patterns.size() > 1 && !one.bound.empty()) {
            report(error(Code::wrong_pattern, pattern->span,
                         "alternatives of one arm cannot bind names",
                         "binds `" + one.bound.front().name.text + "`"));
        }
        made.bound = std::move(one.bound);
    }
    if (always) {
        made.test = nullptr;
    }
    return made;
}

std::vector<BodyChecker::Arm> BodyChecker::arms(const syntax::MatchExpr& node,
                                                const Access& access) {
    std::vector<Arm> out;
    out.reserve(node.arms.size());
    std::vector<Shape> shapes;
    std::vector<Span> spans;
    const std::size_t before = d().trouble();
    for (const syntax::Arm& written : node.arms) {
        out.push_back(arm(written, access, shapes, spans));
    }
    const bool known = types().kind(access.type()) != Kind::error;
    const bool whole = std::ranges::none_of(
        node.arms, [&](const syntax::Arm& one) { return d().modules().broken(heading(one)); });
    if (d().trouble() != before || !known || !whole || is_broken(access.type())) {
        return out;
    }
    if (shapes.size() > 256) {
        report(error(Code::nested_too_deeply, node.subject->span,
                     "a match has at most 256 patterns",
                     std::to_string(shapes.size()) + " patterns"));
        return out;
    }
    Coverage coverage(d());
    std::vector<Shape> seen;
    for (std::size_t i = 0; i < shapes.size(); ++i) {
        if (!coverage.useful(seen, shapes[i], access.type())) {
            report(error(Code::unreachable_arm, spans[i],
                         "the patterns above cover everything that this one would", "never taken"));
        }
        seen.push_back(shapes[i]);
    }
    if (const auto missing = coverage.missing(shapes, access.type())) {
        const bool rest = *missing == "…";
        report(error(Code::not_exhaustive, node.subject->span,
                     rest ? "this match leaves out all other values"
                          : "this match leaves out `" + *missing + "`",
                     "not all of it is matched")
                   .with_help(rest ? "add an arm that takes them: `other => …`"
                                   : "add an arm `" + *missing + " => …`"));
    }
    return out;
}

BodyChecker::Block BodyChecker::arm_block(const Arm& arm, Use use, TypeId result) {
    return capture([&] {
        open(arm.bound);
        if (const auto* block = std::get_if<syntax::Block>(&arm.written->body)) {
            statements(*block, use, result);
            return;
        }
        const syntax::Expr& value = *std::get<syntax::ExprPtr>(arm.written->body);
        if (use == Use::result) {
            emit(value.span, program::Return{convert(value, result)});
        } else {
            expression(value);
        }
    });
}

void BodyChecker::match_statement(const syntax::MatchExpr& node, Span span, Use use,
                                  TypeId result) {
    const Access access = subject(*node.subject);
    std::vector<Arm> all = arms(node, access);
    std::vector<Block> blocks;
    blocks.reserve(all.size());
    for (const Arm& one : all) {
        blocks.push_back(arm_block(one, use, result));
    }
    if (blocks.empty()) {
        return;
    }
    Block rest = std::move(blocks.back());
    for (std::size_t i = all.size() - 1; i > 0; --i) {
        Arm& one = all[i - 1];
        if (one.test == nullptr) {
            rest = std::move(blocks[i - 1]);
            continue;
        }
        program::If test{std::move(one.test), std::move(blocks[i - 1]), std::move(rest)};
        rest = Block{};
        rest.statements.push_back({span, std::move(test)});
    }
    for (program::Stmt& stmt : rest.statements) {
        out_->statements.push_back(std::move(stmt));
    }
}

// Values

TypeId BodyChecker::agree(std::vector<ExprPtr>& values, TypeId hint) {
    TypeId agreed = no_type;
    for (const ExprPtr& value : values) {
        if (is_error(value)) {
            return d().error_type();
        }
        if (agreed == no_type && completes(*value)) {
            agreed = hint != no_type && can_coerce(value->type, hint) ? hint : value->type;
        }
    }
    if (agreed == no_type) {
        agreed = hint != no_type ? hint : d().unit();
    }
    for (ExprPtr& value : values) {
        if (!completes(*value)) {
            value->type = agreed;
        } else {
            value = coerce(std::move(value), agreed);
        }
    }
    return agreed;
}

/// One test fewer than values: the last value needs none.
ExprPtr BodyChecker::choose(Span span, std::vector<ExprPtr> tests, std::vector<ExprPtr> values,
                            TypeId hint) {
    const TypeId type = agree(values, hint);
    if (types().kind(type) == Kind::error) {
        return error_at(span);
    }
    ExprPtr rest = std::move(values.back());
    for (std::size_t i = tests.size(); i > 0; --i) {
        if (tests[i - 1] == nullptr) {
            rest = std::move(values[i - 1]);
            continue;
        }
        rest = make(
            type, span,
            program::Choose{std::move(tests[i - 1]), std::move(values[i - 1]), std::move(rest)});
    }
    return rest;
}

ExprPtr BodyChecker::if_value(const syntax::IfExpr& node, Span span, TypeId hint) {
    ExprPtr result;
    Block block = capture([&] {
        Fit held = condition(node.condition);
        ExprPtr then_value;
        ExprPtr else_value;
        const bool waits = is_flexible(*node.then_value) && !is_flexible(*node.else_value);
        if (waits) {
            else_value = expr(*node.else_value, hint);
        }
        Block bound = capture([&] {
            open(held.bound);
            then_value = expr(*node.then_value, waits && hint == no_type ? else_value->type : hint);
        });
        if (!bound.statements.empty()) {
            const TypeId type = then_value->type;
            then_value =
                make(type, then_value->span, BlockValue{std::move(bound), std::move(then_value)});
        }
        if (!waits) {
            else_value = expr(*node.else_value, hint == no_type ? then_value->type : hint);
        }
        if (is_error(held.test)) {
            result = error_at(span);
            return;
        }
        result = choose(span, list_of(std::move(held.test)),
                        list_of(std::move(then_value), std::move(else_value)), hint);
    });
    if (block.statements.empty() || is_error(result)) {
        return result;
    }
    const TypeId type = result->type;
    return make(type, span, BlockValue{std::move(block), std::move(result)});
}

ExprPtr BodyChecker::value_block(const syntax::Block& written, const std::vector<Bound>& bound,
                                 TypeId hint) {
    ExprPtr value;
    Block block = capture([&] {
        open(bound);
        for (std::size_t i = 0; i < written.statements.size(); ++i) {
            const syntax::Stmt& stmt = *written.statements[i];
            const bool last = i + 1 == written.statements.size();
            const auto* plain = stmt.as<syntax::ExprStmt>();
            const auto* choice = stmt.as<syntax::IfStmt>();
            if (last && plain != nullptr) {
                value = expr(*plain->value, hint);
            } else if (last && choice != nullptr &&
                       !std::holds_alternative<std::monostate>(choice->else_branch)) {
                value = if_statement_value(*choice, stmt.span, hint);
            } else {
                statement(stmt);
            }
        }
    });
    const bool ends = falls_through(block);
    if (value == nullptr && ends && d().modules().broken(written.span)) {
        return error_at(written.span);
    }
    if (value == nullptr && ends) {
        return report_at(written.span, Code::missing_value, "this block has no value",
                         "without a value", "its last statement is an expression");
    }
    if (value != nullptr && (block.statements.empty() || is_error(value))) {
        return value;
    }
    const TypeId type = value != nullptr ? value->type : d().unit();
    return make(type, written.span, BlockValue{std::move(block), std::move(value)});
}

ExprPtr BodyChecker::if_statement_value(const syntax::IfStmt& node, Span span, TypeId hint) {
    Fit held = condition(node.condition);
    ExprPtr then_value = value_block(node.then_block, held.bound, hint);
    const TypeId next = hint == no_type && completes(*then_value) ? then_value->type : hint;
    ExprPtr else_value;
    if (const auto* block = std::get_if<syntax::Block>(&node.else_branch)) {
        else_value = value_block(*block, {}, next);
    } else {
        const syntax::Stmt& stmt = *std::get<syntax::StmtPtr>(node.else_branch);
        Block before = capture(
            [&] { else_value = if_statement_value(*stmt.as<syntax::IfStmt>(), stmt.span, next); });
        if (!before.statements.empty() && !is_error(else_value)) {
            const TypeId type = else_value->type;
            else_value =
                make(type, stmt.span, BlockValue{std::move(before), std::move(else_value)});
        }
    }
    if (is_error(held.test)) {
        return error_at(span);
    }
    return choose(span, list_of(std::move(held.test)),
                  list_of(std::move(then_value), std::move(else_value)), hint);
}

ExprPtr BodyChecker::arm_value(const Arm& arm, TypeId hint) {
    if (const auto* block = std::get_if<syntax::Block>(&arm.written->body)) {
        return value_block(*block, arm.bound, hint);
    }
    const syntax::Expr& written = *std::get<syntax::ExprPtr>(arm.written->body);
    ExprPtr value;
    Block block = capture([&] {
        open(arm.bound);
        value = expr(written, hint);
    });
    if (block.statements.empty() || is_error(value)) {
        return value;
    }
    const TypeId type = value->type;
    return make(type, written.span, BlockValue{std::move(block), std::move(value)});
}

ExprPtr BodyChecker::match_value(const syntax::MatchExpr& node, Span span, TypeId hint) {
    ExprPtr result;
    Block block = capture([&] {
        const Access access = subject(*node.subject);
        std::vector<Arm> all = arms(node, access);
        std::vector<ExprPtr> tests;
        std::vector<ExprPtr> values(all.size());
        TypeId next = hint;
        // Bare numbers wait for an arm that says the type.
        for (const bool waiting : {false, true}) {
            for (std::size_t i = 0; i < all.size(); ++i) {
                const auto* bare = std::get_if<syntax::ExprPtr>(&all[i].written->body);
                if ((bare != nullptr && is_flexible(**bare)) != waiting) {
                    continue;
                }
                values[i] = arm_value(all[i], next);
                if (next == no_type && !is_error(values[i]) && completes(*values[i])) {
                    next = values[i]->type;
                }
            }
        }
        for (Arm& one : all) {
            tests.push_back(std::move(one.test));
        }
        if (values.empty()) {
            result =
                report_at(span, Code::not_exhaustive, "this match has no arms", "without arms");
            return;
        }
        if (types().kind(access.type()) == Kind::error) {
            result = error_at(span);
            return;
        }
        tests.pop_back();
        result = choose(span, std::move(tests), std::move(values), hint);
    });
    if (block.statements.empty() || is_error(result)) {
        return result;
    }
    const TypeId type = result->type;
    return make(type, span, BlockValue{std::move(block), std::move(result)});
}

}  // namespace aqd::check

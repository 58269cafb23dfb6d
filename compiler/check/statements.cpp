#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

#include <aqd/base/assert.h>

// Statements that every body may have; those of procedures are in verbs.cpp.

namespace aqd::check {

using diagnostics::error;
using program::DataField;
using program::Place;
using program::SlotId;
using syntax::Overloaded;

program::Block BodyChecker::value_body(const syntax::Block& written, TypeId result) {
    const bool unit = types().kind(result) == Kind::unit;
    result_ = result;
    returns_ = true;
    const std::size_t before = d().trouble();
    Block block =
        capture([&] { statements(written, unit ? Use::statement : Use::result, result); });
    if (!unit && falls_through(block) && d().trouble() == before &&
        !d().modules().broken(written.span)) {
        report(error(Code::missing_value, written.span.after(),
                     "this path has no value, but " + text(result) + " is wanted",
                     "no value up to here")
                   .with_help("end the block with an expression, or with `return`"));
    }
    return block;
}

program::Block BodyChecker::goto_body(const syntax::Block& written) {
    result_ = d().unit();
    returns_ = false;
    const std::size_t before = d().trouble();
    Block block = capture([&] { statements(written, Use::statement, d().unit()); });
    if (falls_through(block) && d().trouble() == before && !d().modules().broken(written.span)) {
        const Span end{written.span.file, written.span.end > 0 ? written.span.end - 1 : 0,
                       written.span.end};
        report(error(Code::path_without_goto, end, "this path does not say where the case goes",
                     "the end is reached without `goto`")
                   .with_help("end it with `goto state`, `goto stay` or `fail`"));
    }
    return block;
}

program::Block BodyChecker::expression_body(const syntax::Expr& written, TypeId result) {
    return capture([&] { emit(written.span, program::Return{convert(written, result)}); });
}

void BodyChecker::statements(const syntax::Block& written, Use use, TypeId result) {
    bool reachable = true;
    bool told = d().modules().broken(written.span);
    const std::size_t errors = d().trouble();
    for (std::size_t i = 0; i < written.statements.size(); ++i) {
        const syntax::Stmt& stmt = *written.statements[i];
        if (!reachable && !told && d().trouble() == errors) {
            report(error(Code::unreachable_code, stmt.span,
                         "this is never reached: the statement before always leaves",
                         "never reached"));
            told = true;
        }
        const std::size_t before = out_->statements.size();
        if (use == Use::result && i + 1 == written.statements.size()) {
            last_statement(stmt, result);
        } else {
            statement(stmt);
        }
        for (std::size_t at = before; at < out_->statements.size(); ++at) {
            reachable = reachable && !leaves(out_->statements[at]);
        }
    }
}

/// The last statement of a body that gives a value.
void BodyChecker::last_statement(const syntax::Stmt& stmt, TypeId result) {
    if (const auto* node = stmt.as<syntax::ExprStmt>()) {
        if (const auto* match = node->value->as<syntax::MatchExpr>()) {
            match_statement(*match, stmt.span, Use::result, result);
        } else {
            emit(stmt.span, program::Return{convert(*node->value, result)});
        }
        return;
    }
    const auto* choice = stmt.as<syntax::IfStmt>();
    if (choice != nullptr && !std::holds_alternative<std::monostate>(choice->else_branch)) {
        if_statement(*choice, stmt.span, Use::result, result);
        return;
    }
    statement(stmt);
}

void BodyChecker::statement(const syntax::Stmt& stmt) {
    const auto in_tests = [&](std::string_view what) {
        report(error(Code::misplaced_statement, stmt.span,
                     "`" + std::string(what) + "` belongs to tests", "only in a `test`"));
    };
    std::visit(Overloaded{
                   [&](const syntax::LetStmt& node) { let(node, stmt.span); },
                   [&](const syntax::VarStmt& node) { var(node, stmt.span); },
                   [&](const syntax::IfStmt& node) {
                       if_statement(node, stmt.span, Use::statement, result_);
                   },
                   [&](const syntax::ForStmt& node) { for_loop(node, stmt.span); },
                   [&](const syntax::WhileStmt& node) { while_loop(node, stmt.span); },
                   [&](const syntax::ReturnStmt& node) { return_value(node, stmt.span); },
                   [&](const syntax::GotoStmt& node) { go(node.target); },
                   [&](const syntax::RequireStmt& node) { require(node, stmt.span); },
                   [&](const syntax::SendStmt& node) { send(node, stmt.span); },
                   [&](const syntax::AskStmt& node) { ask(node, stmt.span); },
                   [&](const syntax::AnswerStmt& node) { answer(node, stmt.span); },
                   [&](const syntax::ReceiptStmt& node) { receipt(node, stmt.span); },
                   [&](const syntax::NotifyStmt& node) { notify(node, stmt.span); },
                   [&](const syntax::EscalateStmt& node) { escalate(node, stmt.span); },
                   [&](const syntax::ExtendStmt&) {
                       report(error(Code::unsupported_extend, stmt.span,
                                    "`extend` is not supported yet", "not supported yet"));
                   },
                   [&](const syntax::FailStmt& node) {
                       may_refuse(stmt.span, "`fail`");
                       emit(stmt.span, program::Fail{refusal(node.reason)});
                   },
                   [&](const syntax::AssignStmt& node) { assign(node, stmt.span); },
                   [&](const syntax::ExprStmt& node) { expression(*node.value); },
                   [&](const syntax::ExpectStmt&) { in_tests("expect"); },
                   [&](const syntax::ExpectRefusedStmt&) { in_tests("expect"); },
                   [&](const syntax::ActorStmt&) { in_tests("actor"); },
                   [&](const syntax::AtStmt&) { in_tests("at"); },
                   [&](const syntax::AfterStmt&) { in_tests("after"); },
                   [&](const syntax::AsStmt&) { in_tests("as"); },
               },
               stmt.node);
}

void BodyChecker::expression(const syntax::Expr& written) {
    if (const auto* match = written.as<syntax::MatchExpr>()) {
        match_statement(*match, written.span, Use::statement, result_);
        return;
    }
    if (const auto* call = written.as<syntax::CallExpr>()) {
        const auto* callee = call->callee->as<syntax::MemberExpr>();
        if (callee != nullptr && (register_statement(*callee, *call, written.span) ||
                                  push(*callee, *call, written.span))) {
            return;
        }
    }
    ExprPtr value = expr(written);
    if (is_error(value)) {
        return;
    }
    if (value->as<program::Call>() == nullptr && value->as<program::RegisterNext>() == nullptr) {
        report(error(Code::unused_value, written.span,
                     "this value of type " + text(value->type) + " is not used", "not used")
                   .with_help("name it with `let`, or remove it"));
        return;
    }
    emit(written.span, program::Evaluate{std::move(value)});
}

// Names for values

void BodyChecker::let(const syntax::LetStmt& node, Span span) {
    TypeId wanted = node.type ? d().type(module_, *node.type) : no_type;
    ExprPtr value = wanted == no_type ? expr(*node.value) : convert(*node.value, wanted);
    const TypeId type = value->type;
    if (const auto* name = std::get_if<syntax::NamePattern>(&node.pattern->node);
        name != nullptr && !name->arguments && !name->name.is_upper()) {
        const SlotId slot = add_slot(name->name.text, type, false);
        emit(span, program::Let{slot, std::move(value)});
        bind(name->name.text, name->name.span, slot);
        return;
    }
    const SlotId slot = add_slot("", type, false);
    emit(span, program::Let{slot, std::move(value)});
    Fit fitted = fit(*node.pattern, {slot, type, {}});
    if (fitted.test != nullptr) {
        report(error(Code::wrong_pattern, node.pattern->span,
                     "this pattern does not fit every value of type " + text(type), "may not fit")
                   .with_help("use `require let … else E`, `if let` or `match`"));
    }
    open(fitted.bound);
}

void BodyChecker::var(const syntax::VarStmt& node, Span span) {
    const TypeId wanted = node.type ? d().type(module_, *node.type) : no_type;
    ExprPtr value = wanted == no_type ? expr(*node.value) : convert(*node.value, wanted);
    const SlotId slot = add_slot(node.name.text, value->type, true);
    emit(span, program::Let{slot, std::move(value)});
    bind(node.name.text, node.name.span, slot);
}

// Loops

void BodyChecker::for_loop(const syntax::ForStmt& node, Span span) {
    if (node.last != nullptr) {
        for_range(node, span);
        return;
    }
    ExprPtr list = expr(*node.first);
    TypeId item = d().error_type();
    if (kind(list) == Kind::list || kind(list) == Kind::array) {
        item = types().item(list->type);
    } else if (!is_error(list)) {
        report(error(Code::not_iterable, node.first->span,
                     "a value of type " + text(list->type) + " has no elements to go through",
                     "not a list or array")
                   .with_help("a range is written `for i in 0 .. 16`"));
    }
    const auto* name = std::get_if<syntax::NamePattern>(&node.pattern->node);
    const bool plain = name != nullptr && !name->arguments && !name->name.is_upper();
    const SlotId slot = add_slot(plain ? name->name.text : "", item, false);
    Block body = capture([&] {
        if (plain) {
            bind(name->name.text, name->name.span, slot);
        } else {
            Fit fitted = fit(*node.pattern, {slot, item, {}});
            if (fitted.test != nullptr) {
                report(error(Code::wrong_pattern, node.pattern->span,
                             "this pattern does not fit every element", "may not fit"));
            }
            open(fitted.bound);
        }
        statements(node.body, Use::statement, result_);
    });
    emit(span, program::ForEach{slot, std::move(list), std::move(body)});
}

void BodyChecker::for_range(const syntax::ForStmt& node, Span span) {
    const bool literal = is_flexible(*node.first) && is_flexible(*node.last);
    auto [first, last] = both(*node.first, *node.last, literal ? d().unsigned_type(32) : no_type);
    TypeId type = first->type;
    program::ForRange loop;
    const bool integers =
        kind(first) == Kind::unsigned_integer || kind(first) == Kind::signed_integer;
    if (is_error(first) || is_error(last)) {
        type = d().error_type();
    } else if (!integers || first->type != last->type) {
        report(error(Code::type_mismatch, span,
                     "a range goes from an integer to an integer of the same type",
                     "not such a range"));
        type = d().error_type();
    } else {
        const auto bound = [&](ExprPtr value) -> std::optional<program::NumberLiteral> {
            const Span at = value->span;
            if (value->as<program::NumberLiteral>() != nullptr) {
                return *value->as<program::NumberLiteral>();
            }
            report(error(Code::loop_bound, at, "the bounds of a range are constant, this is not",
                         "not constant")
                       .with_help("use `while … max N` for a number that varies"));
            return std::nullopt;
        };
        loop.first = bound(std::move(first)).value_or(program::NumberLiteral{});
        loop.last = bound(std::move(last)).value_or(program::NumberLiteral{});
    }
    const auto* name = std::get_if<syntax::NamePattern>(&node.pattern->node);
    if (name == nullptr || name->arguments || name->name.is_upper()) {
        report(error(Code::wrong_pattern, node.pattern->span, "a range gives numbers: name them",
                     "not a name"));
        return;
    }
    loop.slot = add_slot(name->name.text, type, false);
    loop.body = capture([&] {
        bind(name->name.text, name->name.span, loop.slot);
        statements(node.body, Use::statement, result_);
    });
    emit(span, std::move(loop));
}

void BodyChecker::while_loop(const syntax::WhileStmt& node, Span span) {
    ExprPtr condition = convert(*node.condition, d().boolean());
    const std::optional<std::uint32_t> most = d().size(module_, node.max);
    Block body = capture([&] { statements(node.body, Use::statement, result_); });
    emit(span, program::While{std::move(condition), most.value_or(1), std::move(body)});
}

void BodyChecker::return_value(const syntax::ReturnStmt& node, Span span) {
    if (!returns_) {
        report(error(Code::misplaced_statement, span,
                     "the entries of a procedure end with `goto`, not with `return`",
                     "no `return` here"));
        return;
    }
    const bool unit = types().kind(result_) == Kind::unit;
    if (node.value == nullptr) {
        if (!unit) {
            report(error(Code::missing_value, span,
                         "a value of type " + text(result_) + " is wanted here",
                         "without a value"));
        }
        emit(span, program::Return{nullptr});
        return;
    }
    if (unit) {
        report(
            error(Code::unused_value, node.value->span, "nothing is returned here", "not wanted"));
        return;
    }
    emit(span, program::Return{convert(*node.value, result_)});
}

void BodyChecker::require(const syntax::RequireStmt& node, Span span) {
    may_refuse(span, "`require`");
    Fit held = condition(node.condition);
    const std::uint32_t code = refusal(node.reason);
    emit(span, program::Require{std::move(held.test), code});
    open(held.bound);
}

// Places

void BodyChecker::not_mutable(const syntax::Name& name, Span declared, std::string_view what) {
    report(error(Code::not_mutable, name.span,
                 "`" + name.text + "` is " + std::string(what) + " and keeps its value",
                 "cannot change")
               .with(declared, "declared here"));
}

std::optional<Place> BodyChecker::place_of_name(const syntax::Name& name, Span span) {
    Place out;
    out.span = span;
    if (const Binding* binding = find_local(name.text)) {
        const auto* slot = std::get_if<SlotId>(&binding->meaning);
        if (slot == nullptr || !slots_[static_cast<std::size_t>(*slot)].mutable_) {
            not_mutable(name, binding->span, "a fixed name");
            return std::nullopt;
        }
        out.root_type = slots_[static_cast<std::size_t>(*slot)].type;
        out.root = program::LocalRoot{*slot};
        out.type = out.root_type;
        return out;
    }
    if (case_ == nullptr || !case_->fields.contains(name.text)) {
        const Symbol* symbol = d().look_up(module_, name.text);
        if (symbol == nullptr) {
            unknown(name);
        } else if (!symbol->missing) {
            not_mutable(name, symbol->span,
                        symbol->item != nullptr ? kind_of(*symbol->item) : "a module");
        }
        return std::nullopt;
    }
    const std::uint32_t index = case_->fields.find(name.text)->second;
    const DataField& field = d().program().procedures[case_->procedure].data[index];
    if (field.role == DataField::Role::parameter) {
        not_mutable(name, field.span, "a parameter of the procedure");
        return std::nullopt;
    }
    out.root_type = field.type;
    out.type = field.type;
    out.root = program::CaseFieldRoot{index};
    return out;
}

std::optional<Place> BodyChecker::place_of_index(const syntax::IndexExpr& node, Span span) {
    if (const Symbol* symbol = register_named(*node.object)) {
        const std::uint32_t reg = d().reg(*symbol);
        const TypeId key_type = d().program().registers[reg].key;
        const TypeId value_type = d().program().registers[reg].value;
        if (!own_register(reg, span)) {
            return std::nullopt;
        }
        ExprPtr key = convert(*node.index, key_type);
        if (is_error(key)) {
            return std::nullopt;
        }
        Place out;
        out.span = span;
        out.root_type = value_type;
        out.type = value_type;
        out.root = program::ElementRoot{reg, std::move(key)};
        return out;
    }
    std::optional<Place> out = place(*node.object);
    if (!out) {
        return std::nullopt;
    }
    const program::Type& type = types()[out->type];
    if (type.kind != Kind::array && type.kind != Kind::list) {
        if (type.kind != Kind::error) {
            report(error(Code::not_indexable, node.object->span,
                         "no element of " + text(out->type) + " can be changed",
                         "not a list or array"));
        }
        return std::nullopt;
    }
    ExprPtr at = checked_index(*node.index, type);
    if (is_error(at)) {
        return std::nullopt;
    }
    out->type = type.items[0];
    out->span = span;
    out->steps.emplace_back(program::IndexStep{std::move(at)});
    return out;
}

std::optional<Place> BodyChecker::place_of_member(const syntax::MemberExpr& node, Span span) {
    std::optional<Place> out = place(*node.object);
    if (!out || types().kind(out->type) == Kind::error) {
        return std::nullopt;
    }
    if (types().kind(out->type) != Kind::record) {
        report(error(Code::unknown_member, node.member.span,
                     "a value of type " + text(out->type) + " has no field that could be changed",
                     "not a field"));
        return std::nullopt;
    }
    const program::NamedType& named = d().program().named_type(out->type);
    for (std::size_t i = 0; i < named.fields.size(); ++i) {
        if (named.fields[i].name == node.member.text) {
            out->type = named.fields[i].type;
            out->span = span;
            out->steps.emplace_back(program::MemberStep{static_cast<std::uint32_t>(i)});
            return out;
        }
    }
    no_member(make(out->type, span, program::UnitLiteral{}), node.member);
    return std::nullopt;
}

std::optional<Place> BodyChecker::place(const syntax::Expr& written) {
    if (const auto* name = written.as<syntax::NameExpr>()) {
        return place_of_name(name->name, written.span);
    }
    if (const auto* index = written.as<syntax::IndexExpr>()) {
        return place_of_index(*index, written.span);
    }
    if (const auto* member = written.as<syntax::MemberExpr>()) {
        return place_of_member(*member, written.span);
    }
    if (const auto* group = written.as<syntax::GroupExpr>()) {
        return place(*group->inner);
    }
    report(error(Code::assignment_target, written.span,
                 "this is a value, not something that can be changed", "cannot be changed"));
    return std::nullopt;
}

void BodyChecker::assign(const syntax::AssignStmt& node, Span span) {
    std::optional<Place> target = place(*node.target);
    if (!target) {
        expr(*node.value, d().error_type());
        return;
    }
    const TypeId type = target->type;
    ExprPtr value = convert(*node.value, type);
    const bool numeric = is_error(value) || types().kind(type) == Kind::error ||
                         types().kind(type) == Kind::unsigned_integer ||
                         types().kind(type) == Kind::signed_integer ||
                         types().kind(type) == Kind::decimal;
    if (node.op != syntax::AssignOp::set && !numeric) {
        report(error(Code::wrong_operands, span,
                     "`+=` and `-=` change numbers, this is " + text(type), "not a number")
                   .with_help("write `x = x + …`"));
        return;
    }
    const auto op = node.op == syntax::AssignOp::set   ? program::AssignOp::set
                    : node.op == syntax::AssignOp::add ? program::AssignOp::add
                                                       : program::AssignOp::subtract;
    emit(span, program::Assign{std::move(*target), op, std::move(value)});
}

bool BodyChecker::push(const syntax::MemberExpr& callee, const syntax::CallExpr& node, Span span) {
    if (callee.member.text != "push" || register_named(*callee.object) != nullptr) {
        return false;
    }
    std::optional<Place> target = place(*callee.object);
    if (!target) {
        look_at(node.arguments);
        return true;
    }
    if (!count_is(node, 1, "l.push(x)", span)) {
        return true;
    }
    if (types().kind(target->type) == Kind::error) {
        look_at(node.arguments);
        return true;
    }
    if (types().kind(target->type) != Kind::list) {
        report(error(Code::unknown_member, callee.member.span,
                     "a value of type " + text(target->type) + " has no `push`", "not a list"));
        return true;
    }
    const TypeId item = types().item(target->type);
    ExprPtr value = convert(*node.arguments.front().value, item);
    if (!is_error(value)) {
        emit(span, program::Push{std::move(*target), std::move(value)});
    }
    return true;
}

}  // namespace aqd::check

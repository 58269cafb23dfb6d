#include "compiler/check/body_checker.h"

#include "compiler/check/build.h"

#include <aqd/base/assert.h>

namespace aqd::check {

using diagnostics::error;
using program::SlotId;
using syntax::Overloaded;

ExprPtr Access::build(Span span) const {
    ExprPtr out = make(slot_type, span, program::LocalRead{slot});
    for (const Step& step : steps) {
        switch (step.kind) {
            case Step::Kind::option:
                out = make(step.type, span, program::OptionValue{std::move(out), true});
                break;
            case Step::Kind::variant:
                out = make(step.type, span,
                           program::VariantGet{std::move(out), step.variant, step.index});
                break;
            case Step::Kind::item:
                out = make(step.type, span, program::Get{std::move(out), step.index});
                break;
        }
    }
    return out;
}

Access Access::then(Step step) const {
    Access out = *this;
    out.steps.push_back(step);
    return out;
}

BodyChecker::BodyChecker(Declarations& declarations, std::uint32_t module,
                         const CaseScope* case_scope, EntryScope* entry)
    : declarations_(&declarations), module_(module), case_(case_scope), entry_(entry) {
    scopes_.emplace_back();
}

SlotId BodyChecker::add_slot(std::string name, TypeId type, bool is_mutable) {
    slots_.push_back({std::move(name), type, is_mutable});
    return static_cast<SlotId>(slots_.size() - 1);
}

void BodyChecker::add_parameter(const std::string& name, Span span, TypeId type) {
    bind(name, span, add_slot(name, type, false));
}

void BodyChecker::bind(const std::string& name, Span span,
                       std::variant<SlotId, Binding::Bundle> meaning) {
    if (name == "_" || name.empty()) {
        return;
    }
    const Binding* hidden = find_local(name);
    const auto field =
        case_ != nullptr ? case_->fields.find(name) : decltype(case_->fields.find(name)){};
    const bool hides_field = case_ != nullptr && field != case_->fields.end();
    if (hidden != nullptr || hides_field) {
        const Span first =
            hidden != nullptr ? hidden->span
                              : d().program().procedures[case_->procedure].data[field->second].span;
        report(error(Code::shadowed_name, span, "`" + name + "` already means something here",
                     "the same name")
                   .with(first, "already declared here"));
        meaning = add_slot(name, d().error_type(), true);
    }
    scopes_.back()[name] = {span, std::move(meaning)};
}

ExprPtr BodyChecker::error_at(Span span) {
    return make(d().error_type(), span, program::UnitLiteral{});
}

ExprPtr BodyChecker::report_at(Span span, Code code, std::string message, std::string label,
                               std::string help) {
    auto diagnostic = error(code, span, std::move(message), std::move(label));
    if (!help.empty()) {
        diagnostic.help.push_back(std::move(help));
    }
    report(std::move(diagnostic));
    return error_at(span);
}

ExprPtr BodyChecker::expr(const syntax::Expr& e, TypeId hint) {
    return std::visit(
        Overloaded{
            [&](const syntax::NameExpr& node) { return name(node.name, e.span, hint); },
            [&](const syntax::NoneExpr&) { return none(e.span, hint); },
            [&](const syntax::LiteralExpr& node) { return literal(node.value, e.span, hint); },
            [&](const syntax::GroupExpr& node) { return expr(*node.inner, hint); },
            [&](const syntax::TupleExpr& node) { return tuple(node, e.span, hint); },
            [&](const syntax::ListExpr& node) { return list(node, e.span, hint); },
            [&](const syntax::RepeatExpr& node) { return repeat(node, e.span, hint); },
            [&](const syntax::UnaryExpr& node) { return unary(node, e.span, hint); },
            [&](const syntax::BinaryExpr& node) { return binary(node, e.span, hint); },
            [&](const syntax::MemberExpr& node) { return member(node, e.span); },
            [&](const syntax::CallExpr& node) { return call(node, e.span, hint); },
            [&](const syntax::IndexExpr& node) { return index(node, e.span); },
            [&](const syntax::IfExpr& node) { return if_value(node, e.span, hint); },
            [&](const syntax::MatchExpr& node) { return match_value(node, e.span, hint); },
        },
        e.node);
}

ExprPtr BodyChecker::convert(const syntax::Expr& e, TypeId wanted) {
    return coerce(expr(e, wanted), wanted);
}

bool BodyChecker::can_coerce(TypeId from, TypeId to) {
    const program::Type& a = types()[from];
    const program::Type& b = types()[to];
    if (from == to || d().unknown(from) || d().unknown(to)) {
        return true;
    }
    if (b.kind == Kind::option) {
        return a.kind != Kind::option && can_coerce(from, b.items[0]);
    }
    if (b.kind == Kind::body) {
        return a.kind == Kind::authority;
    }
    const bool bounded = a.kind == Kind::text || a.kind == Kind::bytes || a.kind == Kind::list;
    return bounded && a.kind == b.kind && a.size <= b.size && a.items == b.items;
}

ExprPtr BodyChecker::coerce(ExprPtr value, TypeId wanted) {
    if (value->type == wanted || is_error(value) || types().kind(wanted) == Kind::error) {
        return value;
    }
    const Span span = value->span;
    const program::Type target = types()[wanted];
    if (!can_coerce(value->type, wanted)) {
        auto diagnostic =
            error(Code::type_mismatch, span,
                  "this is of type " + text(value->type) + ", but " + text(wanted) + " is wanted",
                  "of type " + text(value->type));
        const program::Type& given = types()[value->type];
        if (given.kind == Kind::option && given.items[0] == wanted) {
            diagnostic.help.push_back(
                "take the value with `if let x = …` or `require let x = … else E`; `.value` "
                "refuses if there is none");
        } else if (given.kind == Kind::unsigned_integer || given.kind == Kind::signed_integer) {
            if (target.kind == Kind::unsigned_integer || target.kind == Kind::signed_integer) {
                diagnostic.help.push_back("convert it: `" + d().text(wanted) +
                                          "(…)` refuses what does not fit");
            }
        } else if (given.kind == target.kind &&
                   (given.kind == Kind::text || given.kind == Kind::bytes) &&
                   given.size > target.size) {
            diagnostic.help.push_back(
                "the bound wanted here is smaller: a longer value would not fit");
        }
        report(std::move(diagnostic));
        return error_at(span);
    }
    if (target.kind == Kind::option) {
        return make(wanted, span, program::Some{coerce(std::move(value), target.items[0])});
    }
    if (target.kind == Kind::body) {
        return make(wanted, span, program::ToBody{std::move(value)});
    }
    return make(wanted, span, program::Widen{std::move(value)});
}

ExprPtr BodyChecker::term(const syntax::Duration& written) {
    ExprPtr value;
    if (const auto* literal = std::get_if<syntax::DurationLiteral>(&written.value)) {
        value = duration(*literal, written.span);
    } else {
        value = name(std::get<syntax::Name>(written.value), written.span, no_type);
    }
    switch (kind(value)) {
        case Kind::error:
        case Kind::days:
        case Kind::workdays:
        case Kind::months:
        case Kind::hours:
        case Kind::minutes:
            return value;
        default:
            return report_at(written.span, Code::wrong_term,
                             "a term is a duration, but this is of type " + text(value->type),
                             "not a duration");
    }
}

void check_function(Declarations& declarations, std::uint32_t module,
                    const syntax::FunctionItem& item, std::uint32_t index) {
    const TypeId result = declarations.program().functions[index].result;
    BodyChecker body(declarations, module);
    std::set<std::string> names;
    for (std::size_t i = 0; i < item.params.size(); ++i) {
        const TypeId type = declarations.program().functions[index].slots[i].type;
        if (!names.insert(item.params[i].name.text).second) {
            body.add_slot(item.params[i].name.text, type, false);  // reported with the signature
            continue;
        }
        body.add_parameter(item.params[i].name.text, item.params[i].name.span, type);
    }
    program::Block block = body.value_body(item.body, result);
    program::Function& made = declarations.program().functions[index];
    made.body = std::move(block);
    made.slots = body.take_slots();
}

ExprPtr check_constant(Declarations& declarations, std::uint32_t module, const syntax::Expr& expr,
                       TypeId wanted) {
    BodyChecker body(declarations, module);
    ExprPtr value = wanted == no_type ? body.expr(expr) : body.convert(expr, wanted);
    if (declarations.types().kind(value->type) == Kind::error) {
        return nullptr;
    }
    return value;
}

ExprPtr check_term(Declarations& declarations, std::uint32_t module,
                   const syntax::Duration& duration) {
    BodyChecker body(declarations, module);
    ExprPtr value = body.term(duration);
    return declarations.types().kind(value->type) == Kind::error ? nullptr : std::move(value);
}

}  // namespace aqd::check

#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

// Patterns become tests and bindings.

namespace aqd::check {

using diagnostics::error;
using program::BinaryOp;

namespace {

std::string literal_key(const program::Expr& expr) {
    if (const auto* number = expr.as<program::NumberLiteral>()) {
        return (number->negative ? "-" : "") + std::to_string(high_half(number->magnitude)) + ":" +
               std::to_string(low_half(number->magnitude));
    }
    if (const auto* text = expr.as<program::TextLiteral>()) {
        return "\"" + text->value + "\"";
    }
    return "?";
}

}  // namespace

void BodyChecker::add_test(Fit& fit, ExprPtr test) {
    if (fit.test == nullptr) {
        fit.test = std::move(test);
    } else {
        const Span span = fit.test->span;
        fit.test =
            make(d().boolean(), span,
                 program::Binary{BinaryOp::logical_and, std::move(fit.test), std::move(test)});
    }
}

void BodyChecker::absorb(Fit& fit, Fit inner) {
    if (inner.test != nullptr) {
        add_test(fit, std::move(inner.test));
    }
    for (Bound& bound : inner.bound) {
        fit.bound.push_back(std::move(bound));
    }
    fit.shape.items.push_back(std::move(inner.shape));
}

BodyChecker::Fit BodyChecker::wrong_pattern(const syntax::Pattern& pattern, const Access& access,
                                            std::string wanted) {
    if (types().kind(access.type()) != Kind::error) {
        report(error(Code::wrong_pattern, pattern.span,
                     "this pattern does not fit a value of type " + text(access.type()),
                     "does not fit")
                   .with_help(std::move(wanted)));
    }
    return unfit(pattern);
}

/// Of a pattern that does not fit: its names exist all the same, their values are unknown.
BodyChecker::Fit BodyChecker::unfit(const syntax::Pattern& pattern) {
    Fit out;
    bind_unfit(pattern, out);
    return out;
}

void BodyChecker::bind_unfit(const syntax::Pattern& pattern, Fit& out) {
    if (const auto* tuple = std::get_if<syntax::TuplePattern>(&pattern.node)) {
        for (const syntax::PatternPtr& element : tuple->elements) {
            bind_unfit(*element, out);
        }
        return;
    }
    const auto* name = std::get_if<syntax::NamePattern>(&pattern.node);
    if (name == nullptr) {
        return;
    }
    if (name->arguments) {
        for (const syntax::PatternPtr& argument : *name->arguments) {
            bind_unfit(*argument, out);
        }
    } else if (!name->name.is_upper()) {
        const TypeId unknown = d().error_type();
        out.bound.push_back({name->name, Access{add_slot("", unknown, false), unknown, {}}});
    }
}

BodyChecker::Fit BodyChecker::fit(const syntax::Pattern& pattern, const Access& access) {
    return std::visit(
        syntax::Overloaded{
            [&](const syntax::NamePattern& node) { return fit_name(node, pattern, access); },
            [&](const syntax::NonePattern&) {
                if (types().kind(access.type()) != Kind::option) {
                    return wrong_pattern(pattern, access, "only an optional value can be `none`");
                }
                Fit out;
                ExprPtr has = make(d().boolean(), pattern.span,
                                   program::OptionHas{access.build(pattern.span)});
                add_test(out, make(d().boolean(), pattern.span,
                                   program::Unary{program::UnaryOp::logical_not, std::move(has)}));
                out.shape.kind = Shape::Kind::none;
                return out;
            },
            [&](const syntax::LiteralPattern& node) { return fit_literal(node, pattern, access); },
            [&](const syntax::TuplePattern& node) { return fit_tuple(node, pattern, access); },
        },
        pattern.node);
}

BodyChecker::Fit BodyChecker::fit_name(const syntax::NamePattern& node,
                                       const syntax::Pattern& pattern, const Access& access) {
    if (node.name.is_upper()) {
        return fit_variant(node, pattern, access);
    }
    if (node.arguments) {
        return fit_some(node, pattern, access);
    }
    Fit out;
    out.bound.push_back({node.name, access});
    return out;
}

BodyChecker::Fit BodyChecker::fit_some(const syntax::NamePattern& node,
                                       const syntax::Pattern& pattern, const Access& access) {
    if (node.name.text != "some" || node.arguments->size() != 1 ||
        types().kind(access.type()) != Kind::option) {
        return wrong_pattern(
            pattern, access,
            "`some(x)` takes an optional value out; a variant begins with a capital letter");
    }
    Fit out;
    add_test(out,
             make(d().boolean(), pattern.span, program::OptionHas{access.build(pattern.span)}));
    out.shape.kind = Shape::Kind::some;
    const TypeId item = types().item(access.type());
    absorb(out,
           fit(*node.arguments->front(), access.then({Access::Step::Kind::option, 0, 0, item})));
    return out;
}

BodyChecker::Fit BodyChecker::fit_variant(const syntax::NamePattern& node,
                                          const syntax::Pattern& pattern, const Access& access) {
    const program::Type type = types()[access.type()];
    if (type.kind != Kind::enumeration) {
        return wrong_pattern(pattern, access,
                             "a name with a capital letter is a variant of an enumeration");
    }
    const program::NamedType& named = d().program().named[static_cast<std::size_t>(type.named)];
    for (std::size_t i = 0; i < named.variants.size(); ++i) {
        if (named.variants[i].name != node.name.text) {
            continue;
        }
        const auto variant = static_cast<std::uint32_t>(i);
        Fit out;
        add_test(out, make(d().boolean(), pattern.span,
                           program::VariantIs{access.build(pattern.span), variant}));
        out.shape = {Shape::Kind::variant, variant, {}, {}};
        return fit_payload(node, pattern, access, variant, std::move(out));
    }
    std::vector<std::string> names;
    names.reserve(named.variants.size());
    for (const program::Variant& variant : named.variants) {
        names.push_back(variant.name);
    }
    if (d().broken(type.named)) {
        return unfit(pattern);
    }
    const std::string near = d().closest(node.name.text, names);
    report(error(Code::wrong_pattern, node.name.span,
                 "`" + named.name + "` has no variant `" + node.name.text + "`", "unknown variant")
               .with_help(near.empty() ? "its variants are in its declaration"
                                       : "did you mean `" + near + "`?"));
    return unfit(pattern);
}

/// `Variant`, `Variant(a, b)`, or `Variant(a)` where `a.field` are the fields of a variant with
/// several.
BodyChecker::Fit BodyChecker::fit_payload(const syntax::NamePattern& node,
                                          const syntax::Pattern& pattern, const Access& access,
                                          std::uint32_t ordinal, Fit out) {
    const NamedId named = types()[access.type()].named;
    const std::vector<program::Field>& declared =
        d().program().named[static_cast<std::size_t>(named)].variants[ordinal].fields;
    std::vector<std::pair<std::string, TypeId>> fields;
    fields.reserve(declared.size());
    for (const program::Field& field : declared) {
        fields.emplace_back(field.name, field.type);
    }
    const auto field_access = [&](std::size_t i) {
        return access.then({Access::Step::Kind::variant, ordinal, static_cast<std::uint32_t>(i),
                            fields[i].second});
    };
    const std::size_t given = node.arguments ? node.arguments->size() : 0;
    const auto* single =
        given == 1 ? std::get_if<syntax::NamePattern>(&node.arguments->front()->node) : nullptr;
    const bool as_bundle = single != nullptr && !single->name.is_upper() && !single->arguments &&
                           (d().is_reply(named) || fields.size() > 1);
    if (as_bundle) {
        Binding::Bundle bundle{"the content of `" + node.name.text + "`", {}, d().broken(named)};
        for (std::size_t i = 0; i < fields.size(); ++i) {
            bundle.fields.emplace(fields[i].first, field_access(i));
            out.shape.items.emplace_back();
        }
        out.bound.push_back({single->name, std::move(bundle)});
        return out;
    }
    if (given != 0 && given != fields.size()) {
        if (d().broken(named)) {
            return unfit(pattern);
        }
        report(error(Code::wrong_pattern, pattern.span,
                     "`" + node.name.text + "` has " + std::to_string(fields.size()) +
                         " fields, this pattern " + std::to_string(given),
                     "another number of fields"));
        return unfit(pattern);
    }
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (given == 0) {
            out.shape.items.emplace_back();
        } else {
            absorb(out, fit(*(*node.arguments)[i], field_access(i)));
        }
    }
    return out;
}

BodyChecker::Fit BodyChecker::fit_tuple(const syntax::TuplePattern& node,
                                        const syntax::Pattern& pattern, const Access& access) {
    if (node.elements.size() == 1) {
        return fit(*node.elements.front(), access);
    }
    const program::Type type = types()[access.type()];
    if (type.kind != Kind::tuple || type.items.size() != node.elements.size()) {
        return wrong_pattern(pattern, access,
                             "a tuple pattern has one part for each part of the tuple");
    }
    Fit out;
    out.shape.kind = Shape::Kind::tuple;
    for (std::size_t i = 0; i < node.elements.size(); ++i) {
        absorb(out,
               fit(*node.elements[i], access.then({Access::Step::Kind::item, 0,
                                                   static_cast<std::uint32_t>(i), type.items[i]})));
    }
    return out;
}

BodyChecker::Fit BodyChecker::fit_literal(const syntax::LiteralPattern& node,
                                          const syntax::Pattern& pattern, const Access& access) {
    const TypeId type = access.type();
    if (types().kind(type) == Kind::error) {
        return {};
    }
    Fit out;
    if (const auto* truth = std::get_if<bool>(&node.value)) {
        if (types().kind(type) != Kind::boolean) {
            return wrong_pattern(pattern, access, "`true` and `false` are patterns of bool");
        }
        ExprPtr read = access.build(pattern.span);
        add_test(out, *truth
                          ? std::move(read)
                          : make(type, pattern.span,
                                 program::Unary{program::UnaryOp::logical_not, std::move(read)}));
        out.shape = {Shape::Kind::truth, *truth ? 1u : 0u, {}, {}};
        return out;
    }
    ExprPtr value;
    if (const auto* number = std::get_if<UInt128>(&node.value)) {
        value = integer(*number, node.negative, pattern.span, type);
    } else {
        value = coerce(literal(node.value, pattern.span, type), type);
    }
    if (is_error(value)) {
        return {};
    }
    if (value->type != type) {
        return wrong_pattern(pattern, access, "the literal is of another type");
    }
    out.shape = {Shape::Kind::literal, 0, literal_key(*value), {}};
    add_test(out,
             make(d().boolean(), pattern.span,
                  program::Binary{BinaryOp::equal, access.build(pattern.span), std::move(value)}));
    return out;
}

void BodyChecker::open(const std::vector<Bound>& bound) {
    for (const Bound& one : bound) {
        if (one.name.text == "_") {
            continue;
        }
        if (const auto* bundle = std::get_if<Binding::Bundle>(&one.what)) {
            bind(one.name.text, one.name.span, *bundle);
            continue;
        }
        const auto& access = std::get<Access>(one.what);
        const program::SlotId slot = add_slot(one.name.text, access.type(), false);
        out_->statements.push_back(
            {one.name.span, program::Let{slot, access.build(one.name.span)}});
        bind(one.name.text, one.name.span, slot);
    }
}

}  // namespace aqd::check

#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

// Calls by name: functions, conversions, constructions, and the built-in functions.

namespace aqd::check {

using diagnostics::error;

namespace {

bool is_count(Kind kind) {
    return kind == Kind::days || kind == Kind::workdays || kind == Kind::hours ||
           kind == Kind::seconds;
}

bool is_integer(Kind kind) {
    return kind == Kind::unsigned_integer || kind == Kind::signed_integer;
}

}  // namespace

ExprPtr BodyChecker::call(const syntax::CallExpr& node, Span span, TypeId hint) {
    if (const auto* callee = node.callee->as<syntax::NameExpr>()) {
        return call_name(callee->name, node, span, hint);
    }
    if (const auto* callee = node.callee->as<syntax::MemberExpr>()) {
        return method(*callee, node, span);
    }
    look_at(node.arguments);
    return report_at(node.callee->span, Code::not_callable, "this is not a function",
                     "cannot be called");
}

/// Of arguments that are for nothing known: reports what is wrong inside them.
void BodyChecker::look_at(const std::vector<syntax::Argument>& given) {
    for (const syntax::Argument& argument : given) {
        expr(*argument.value, d().error_type());
    }
}

bool BodyChecker::count_is(const syntax::CallExpr& node, std::size_t count, std::string_view form,
                           Span span) {
    if (node.arguments.size() == count) {
        return true;
    }
    const bool fewer = node.arguments.size() < count;
    report(error(fewer ? Code::missing_argument : Code::unexpected_argument, span,
                 "`" + std::string(form) + "` takes " + std::to_string(count) +
                     (count == 1 ? " argument" : " arguments"),
                 std::to_string(node.arguments.size()) + " given"));
    look_at(node.arguments);
    return false;
}

ExprPtr BodyChecker::call_name(const syntax::Name& name, const syntax::CallExpr& node, Span span,
                               TypeId hint) {
    if (name.is_upper()) {
        return call_upper(name, node, span, hint);
    }
    if (find_local(name.text) != nullptr) {
        look_at(node.arguments);
        return report_at(name.span, Code::not_callable,
                         "`" + name.text + "` is a value, not a function", "cannot be called");
    }
    if (const Symbol* symbol = d().look_up(module_, name.text)) {
        if (symbol->item != nullptr && symbol->item->as<syntax::FunctionItem>() != nullptr) {
            return call_function(*symbol, node, span);
        }
        look_at(node.arguments);
        if (symbol->missing) {
            return error_at(name.span);
        }
        const bool action =
            symbol->item != nullptr && symbol->item->as<syntax::ActionItem>() != nullptr;
        const std::string is =
            symbol->item != nullptr ? std::string(kind_of(*symbol->item)) : "a module";
        return report_at(
            name.span, Code::not_callable, "`" + name.text + "` is " + is + ", not a function",
            "cannot be called",
            action ? "actions are called from outside; put what both need into a `fn`" : "");
    }
    if (const std::optional<TypeId> target = d().plain_type(name.text)) {
        return conversion(*target, node, span);
    }
    bool handled = false;
    ExprPtr built = built_in(name, node, span, hint, handled);
    if (handled) {
        return built;
    }
    look_at(node.arguments);
    return unknown(name);
}

ExprPtr BodyChecker::conversion(TypeId target, const syntax::CallExpr& node, Span span) {
    const std::string form = d().text(target) + "(x)";
    if (!count_is(node, 1, form, span)) {
        return error_at(span);
    }
    const syntax::Expr& written = *node.arguments.front().value;
    const Kind to = types().kind(target);
    const bool literal = is_flexible(written) && written.as<syntax::NoneExpr>() == nullptr;
    if (is_integer(to) && literal) {
        return convert(written, target);
    }
    ExprPtr operand = literal ? expr(written, types().of(Kind::signed_integer, 64)) : expr(written);
    const Kind from = kind(operand);
    if (from == Kind::error) {
        return operand;
    }
    const bool good = (is_integer(from) && (is_integer(to) || is_count(to))) ||
                      (is_count(from) && is_integer(to));
    if (!good) {
        return report_at(
            span, Code::wrong_conversion,
            "there is no conversion from " + text(operand->type) + " to " + text(target),
            "does not convert");
    }
    if (operand->type == target) {
        return operand;
    }
    return make(target, span, program::Convert{std::move(operand)});
}

ExprPtr BodyChecker::call_function(const Symbol& symbol, const syntax::CallExpr& node, Span span) {
    const std::uint32_t index = d().function(symbol);
    const program::Function& function = d().program().functions[index];
    const TypeId result = function.result;
    std::vector<Wanted> wanted;
    wanted.reserve(function.parameter_count);
    const auto& item = *symbol.item->as<syntax::FunctionItem>();
    for (std::uint32_t i = 0; i < function.parameter_count; ++i) {
        wanted.push_back({item.params[i].name.text, function.slots[i].type, nullptr});
    }
    std::vector<ExprPtr> given =
        arguments(wanted, node.arguments, {symbol.name, d().broken(symbol)}, span, std::nullopt);
    if (given.size() != wanted.size() || types().kind(result) == Kind::error) {
        return error_at(span);
    }
    return make(result, span, program::Call{index, std::move(given)});
}

/// The parameter that an argument is for.
std::optional<std::size_t> BodyChecker::argument_place(const std::vector<Wanted>& wanted,
                                                       const syntax::Argument& argument,
                                                       std::size_t position, const Callee& callee,
                                                       bool puns) {
    const auto by_name = [&](std::string_view name) -> std::optional<std::size_t> {
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            if (wanted[i].name == name) {
                return i;
            }
        }
        return std::nullopt;
    };
    if (argument.label) {
        const auto found = by_name(argument.label->text);
        if (!found && !callee.broken) {
            std::vector<std::string> names;
            names.reserve(wanted.size());
            for (const Wanted& one : wanted) {
                names.push_back(one.name);
            }
            const std::string near = d().closest(argument.label->text, names);
            auto diagnostic =
                error(Code::unexpected_argument, argument.label->span,
                      "`" + callee.name + "` takes no `" + argument.label->text + "`", "unknown");
            if (!near.empty()) {
                diagnostic.help.push_back("did you mean `" + near + "`?");
            }
            report(std::move(diagnostic));
        }
        return found;
    }
    if (const auto* name = argument.value->as<syntax::NameExpr>(); name != nullptr && puns) {
        if (const auto found = by_name(name->name.text)) {
            return found;
        }
    }
    if (position < wanted.size() && !callee.broken) {
        return position;
    }
    if (callee.broken) {
        return std::nullopt;
    }
    report(error(Code::unexpected_argument, argument.span,
                 "`" + callee.name + "` takes " + std::to_string(wanted.size()) +
                     (wanted.size() == 1 ? " value" : " values"),
                 "one too many"));
    return std::nullopt;
}

/// The values in the order of `wanted`; another number of them after a report. Where fields are
/// filled
/// (`defaults_module`: where their defaults were written), a bare name goes to the field of that
/// name; other values without label, and those of functions, go by position.
std::vector<ExprPtr> BodyChecker::arguments(const std::vector<Wanted>& wanted,
                                            const std::vector<syntax::Argument>& given,
                                            const Callee& callee, Span span,
                                            std::optional<std::uint32_t> defaults_module) {
    std::vector<ExprPtr> values(wanted.size());
    std::vector<std::optional<Span>> taken(wanted.size());
    bool good = true;
    for (std::size_t i = 0; i < given.size(); ++i) {
        const std::optional<std::size_t> at =
            argument_place(wanted, given[i], i, callee, defaults_module.has_value());
        if (!at) {
            expr(*given[i].value, d().error_type());
            good = false;
            continue;
        }
        if (taken[*at]) {
            report(error(Code::unexpected_argument, given[i].span,
                         "`" + wanted[*at].name + "` is given twice", "again here")
                       .with(*taken[*at], "first given here"));
            good = false;
            continue;
        }
        taken[*at] = given[i].span;
        values[*at] = convert(*given[i].value, wanted[*at].type);
        good = good && !is_error(values[*at]);
    }
    std::string missing;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (taken[i]) {
            continue;
        }
        if (wanted[i].initial == nullptr) {
            missing += (missing.empty() ? "`" : ", `") + wanted[i].name + "`";
            continue;
        }
        values[i] = d().constant_expr(*defaults_module, *wanted[i].initial, wanted[i].type);
        good = good && values[i] != nullptr;
    }
    if (!missing.empty() && good && !callee.broken) {
        report(error(Code::missing_argument, span, "`" + callee.name + "` also needs " + missing,
                     "not given: " + missing));
    }
    if (!good || !missing.empty() || callee.broken) {
        values.resize(wanted.empty() ? 1 : wanted.size() - 1);
    }
    return values;
}

ExprPtr BodyChecker::construct_variant(NamedId named, std::uint32_t variant,
                                       const syntax::Name& name,
                                       const std::vector<syntax::Argument>& given, Span span) {
    if (variant >= d().program().named[static_cast<std::size_t>(named)].variants.size()) {
        return report_at(span, Code::not_constant, "this value is needed to know its own type",
                         "a circle");
    }
    const std::vector<program::Field>& fields =
        d().program().named[static_cast<std::size_t>(named)].variants[variant].fields;
    std::vector<Wanted> wanted;
    wanted.reserve(fields.size());
    for (const program::Field& field : fields) {
        wanted.push_back({field.name, field.type, nullptr});
    }
    std::vector<ExprPtr> parts =
        arguments(wanted, given, {name.text, d().broken(named)}, span, module_);
    if (parts.size() != wanted.size()) {
        return error_at(span);
    }
    return make(types().of(Kind::enumeration, named), span,
                program::Construct{std::move(parts), variant});
}

ExprPtr BodyChecker::call_upper(const syntax::Name& name, const syntax::CallExpr& node, Span span,
                                TypeId hint) {
    bool ambiguous = false;
    const Symbol* symbol = d().look_up(module_, name.text);
    const bool hinted = hint != no_type && types().kind(without_option(hint)) == Kind::enumeration;
    if (symbol == nullptr || hinted) {
        if (const auto variant = find_variant(name, hint, ambiguous)) {
            return construct_variant(variant->first, variant->second, name, node.arguments, span);
        }
        if (ambiguous) {
            return error_at(span);
        }
    }
    if (symbol == nullptr) {
        look_at(node.arguments);
        return unknown(name);
    }
    const bool record =
        symbol->item != nullptr && symbol->item->as<syntax::RecordItem>() != nullptr;
    const bool authority =
        symbol->item != nullptr && symbol->item->as<syntax::AuthorityItem>() != nullptr;
    if (!record && !authority) {
        look_at(node.arguments);
        d().wrong_kind(name, *symbol, "record, authority or variant");
        return error_at(span);
    }
    const NamedId id = d().named(*symbol);
    const std::vector<Wanted> wanted = d().record_fields(id);
    std::vector<ExprPtr> parts =
        arguments(wanted, node.arguments, {name.text, d().broken(id)}, span, d().module_of(id));
    if (parts.size() != wanted.size()) {
        return error_at(span);
    }
    return make(types().of(record ? Kind::record : Kind::authority, id), span,
                program::Construct{std::move(parts), 0});
}

ExprPtr BodyChecker::built_in(const syntax::Name& name, const syntax::CallExpr& node, Span span,
                              TypeId hint, bool& handled) {
    handled = true;
    if (name.text == "due") {
        return due(node, span);
    }
    if (name.text == "sent") {
        return sent(node, span);
    }
    if (name.text == "some") {
        if (!count_is(node, 1, "some(x)", span)) {
            return error_at(span);
        }
        const bool option = hint != no_type && types().kind(hint) == Kind::option;
        ExprPtr operand =
            expr(*node.arguments.front().value, option ? types().item(hint) : no_type);
        if (is_error(operand)) {
            return operand;
        }
        if (kind(operand) == Kind::option) {
            return report_at(span, Code::nested_option, "this value is optional already",
                             "optional twice");
        }
        if (option && can_coerce(operand->type, types().item(hint))) {
            return coerce(std::move(operand), hint);
        }
        const TypeId type = d().option_of(operand->type);
        return make(type, span, program::Some{std::move(operand)});
    }
    if (name.text == "sha256") {
        if (!count_is(node, 1, "sha256(b)", span)) {
            return error_at(span);
        }
        ExprPtr operand = expr(*node.arguments.front().value);
        if (is_error(operand)) {
            return operand;
        }
        if (kind(operand) != Kind::bytes) {
            return report_at(operand->span, Code::type_mismatch,
                             "`sha256` takes bytes, this is " + text(operand->type), "not bytes");
        }
        return make(types().of(Kind::hash), span, program::Sha256{std::move(operand)});
    }
    handled = false;
    return nullptr;
}

ExprPtr BodyChecker::due(const syntax::CallExpr& node, Span span) {
    if (node.arguments.size() == 3) {
        return report_at(node.arguments[2].span, Code::unsupported_suspension,
                         "suspensions are not supported yet: `due` takes two arguments",
                         "not supported yet");
    }
    if (!count_is(node, 2, "due(start, term)", span)) {
        return error_at(span);
    }
    ExprPtr date = convert(*node.arguments[0].value, types().of(Kind::date));
    ExprPtr term = expr(*node.arguments[1].value);
    if (is_error(date) || is_error(term)) {
        return error_at(span);
    }
    if (kind(term) != Kind::days && kind(term) != Kind::workdays && kind(term) != Kind::months) {
        return report_at(
            term->span, Code::wrong_term,
            "a due day is counted in days, workdays or months, this is " + text(term->type),
            "not such a term");
    }
    if (case_ == nullptr) {
        return report_at(
            span, Code::no_calendar,
            "`due` counts by the calendar of a procedure, and there is none here",
            "by which calendar?",
            "compute it in an entry of the procedure, or write `date + days` for plain days");
    }
    if (kind(term) == Kind::workdays && !workdays_allowed(term->span)) {
        return error_at(span);
    }
    return make(types().of(Kind::date), span,
                program::Due{std::move(date), std::move(term), case_->calendar});
}

ExprPtr BodyChecker::sent(const syntax::CallExpr& node, Span span) {
    if (!recipient_wanted_) {
        return report_at(span, Code::misplaced_statement,
                         "`sent(N)` is only a recipient of a `send`", "not a value of its own",
                         "write `send … to sent(N)`");
    }
    if (!count_is(node, 1, "sent(N)", span) || need_case("`sent`", span) == nullptr) {
        return error_at(span);
    }
    const auto* name = node.arguments.front().value->as<syntax::NameExpr>();
    if (name == nullptr) {
        return report_at(node.arguments.front().span, Code::wrong_kind_of_name,
                         "`sent` takes the name of a notice", "not a notice");
    }
    const Symbol* symbol = d().find_as<syntax::NoticeItem>(module_, name->name, "notice");
    if (symbol == nullptr) {
        return error_at(span);
    }
    return make(types().of(Kind::recipients), span, program::Sent{d().notice(*symbol)});
}

}  // namespace aqd::check

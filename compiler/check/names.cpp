#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

// What names mean in expressions, and the members of values.

namespace aqd::check {

using diagnostics::error;
using program::DataField;
using program::Fact;
using program::SlotId;

const Binding* BodyChecker::find_local(std::string_view name) const {
    for (auto scope = scopes_.rbegin(); scope != scopes_.rend(); ++scope) {
        if (const auto found = scope->find(name); found != scope->end()) {
            return &found->second;
        }
    }
    return nullptr;
}

ExprPtr BodyChecker::name(const syntax::Name& written, Span span, TypeId hint) {
    return written.is_upper() ? upper_name(written, span, hint) : lower_name(written, span);
}

ExprPtr BodyChecker::lower_name(const syntax::Name& written, Span span) {
    if (const Binding* binding = find_local(written.text)) {
        if (const auto* slot = std::get_if<SlotId>(&binding->meaning)) {
            return make(slots_[static_cast<std::size_t>(*slot)].type, span,
                        program::LocalRead{*slot});
        }
        const auto& bundle = std::get<Binding::Bundle>(binding->meaning);
        const std::string example = bundle.fields.empty() ? "field" : bundle.fields.begin()->first;
        return report_at(
            span, Code::wrong_kind_of_name,
            "`" + written.text + "` is " + bundle.what + ": only its fields are values",
            "name a field of it", "for example `" + written.text + "." + example + "`");
    }
    if (case_ != nullptr) {
        if (const auto field = case_->fields.find(written.text); field != case_->fields.end()) {
            return case_field(field->second, written);
        }
    }
    if (const Symbol* symbol = d().look_up(module_, written.text)) {
        if (symbol->item != nullptr && symbol->item->as<syntax::ParameterItem>() != nullptr) {
            const std::uint32_t index = d().parameter(*symbol);
            return make(d().program().parameters[index].type, span, program::ParameterRead{index});
        }
        if (symbol->item != nullptr && symbol->item->as<syntax::RegisterItem>() != nullptr) {
            return report_at(
                span, Code::wrong_kind_of_name,
                "`" + written.text + "` is a register: its values are read by key",
                "a whole register",
                "write `" + written.text + "[key]` or `" + written.text + ".get(key)`");
        }
        d().wrong_kind(written, *symbol, "value");
        return error_at(span);
    }
    return word(written, span);
}

ExprPtr BodyChecker::case_field(std::uint32_t index, const syntax::Name& written) {
    const DataField& field = d().program().procedures[case_->procedure].data[index];
    if (case_->only_parameters && field.role != DataField::Role::parameter) {
        return report_at(written.span, Code::unassigned_variable,
                         "`" + written.text + "` has no value before the case exists",
                         "not known here", "only parameters of the procedure may stand here");
    }
    ExprPtr read = make(field.type, written.span, program::CaseFieldRead{index});
    if (field.role == DataField::Role::secret) {
        return make(types().item(field.type), written.span,
                    program::OptionValue{std::move(read), false});
    }
    return read;
}

ExprPtr BodyChecker::fact(Fact fact, Span span) {
    switch (fact) {
        case Fact::today:
        case Fact::effective:
        case Fact::case_opened:
            return make(types().of(Kind::date), span, program::FactRead{fact});
        case Fact::now:
            return make(types().of(Kind::time), span, program::FactRead{fact});
        case Fact::caller_account:
            return make(types().of(Kind::account), span, program::FactRead{fact});
        case Fact::caller_person:
            return make(types().of(Kind::person), span, program::FactRead{fact});
        case Fact::caller_body:
            return make(d().option_of(types().of(Kind::body)), span, program::FactRead{fact});
        case Fact::case_id:
            return make(types().of(Kind::case_id), span, program::FactRead{fact});
    }
    return error_at(span);
}

const CaseScope* BodyChecker::need_case(std::string_view what, Span span) {
    if (case_ == nullptr || case_->only_parameters) {
        report(error(Code::misplaced_name, span,
                     std::string(what) + " has a meaning only inside the entries of a procedure",
                     "there is no case here"));
        return nullptr;
    }
    return case_;
}

/// The words of the language that are values.
ExprPtr BodyChecker::word(const syntax::Name& written, Span span) {
    if (written.text == "today") {
        return fact(Fact::today, span);
    }
    if (written.text == "now") {
        return fact(Fact::now, span);
    }
    if (written.text == "effective") {
        return fact(Fact::effective, span);
    }
    if (written.text == "caller") {
        return fact(Fact::caller_person, span);
    }
    if (written.text == "case") {
        return need_case("`case`", span) != nullptr ? fact(Fact::case_id, span) : error_at(span);
    }
    return unknown(written);
}

ExprPtr BodyChecker::unknown(const syntax::Name& written) {
    if (d().lost(module_, written.text) ||
        (written.is_upper() && d().modules().incomplete(module_))) {
        return error_at(
            written.span);  // perhaps a variant of an enumeration that could not be taken
    }
    std::vector<std::string> others;
    for (const auto& scope : scopes_) {
        for (const auto& [other, binding] : scope) {
            others.push_back(other);
        }
    }
    if (case_ != nullptr) {
        for (const auto& [other, field] : case_->fields) {
            others.push_back(other);
        }
        if (case_->states.contains(written.text)) {
            return report_at(written.span, Code::wrong_kind_of_name,
                             "`" + written.text + "` is a state, not a value", "a state",
                             "compare it: `case.state == " + written.text + "`");
        }
    }
    for (const auto& [other, symbol] : d().modules().names(module_)) {
        others.push_back(other);
    }
    for (const char* other : {"today", "now", "effective", "caller", "case"}) {
        others.emplace_back(other);
    }
    const std::string near = d().closest(written.text, others);
    return report_at(written.span, Code::unknown_name, "there is no `" + written.text + "` here",
                     "unknown name", near.empty() ? "" : "did you mean `" + near + "`?");
}

std::optional<std::pair<NamedId, std::uint32_t>> BodyChecker::find_variant(
    const syntax::Name& written, TypeId hint, bool& ambiguous) {
    const TypeId wanted = hint == no_type ? no_type : without_option(hint);
    if (wanted != no_type && types().kind(wanted) == Kind::enumeration) {
        const NamedId id = types()[wanted].named;
        const auto& variants = d().program().named[static_cast<std::size_t>(id)].variants;
        for (std::size_t i = 0; i < variants.size(); ++i) {
            if (variants[i].name == written.text) {
                return std::pair{id, static_cast<std::uint32_t>(i)};
            }
        }
    }
    const auto found = d().variants(module_, written.text);
    ambiguous = found.size() > 1;
    if (found.size() == 1) {
        return found.front();
    }
    if (ambiguous) {
        std::string names;
        for (const auto& [id, variant] : found) {
            names += (names.empty() ? "`" : ", `") +
                     d().program().named[static_cast<std::size_t>(id)].name + "`";
        }
        report(error(Code::ambiguous_variant, written.span,
                     "`" + written.text + "` is a variant of several enumerations: " + names,
                     "which one?")
                   .with_help("say the type where the value is kept, as in `let x: T = " +
                              written.text + "`"));
    }
    return std::nullopt;
}

ExprPtr BodyChecker::upper_name(const syntax::Name& written, Span span, TypeId hint) {
    bool ambiguous = false;
    const Symbol* symbol = d().look_up(module_, written.text);
    const bool hinted = hint != no_type && types().kind(without_option(hint)) == Kind::enumeration;
    if (symbol == nullptr || hinted) {
        if (const auto variant = find_variant(written, hint, ambiguous)) {
            return construct_variant(variant->first, variant->second, written, {}, span);
        }
        if (ambiguous) {
            return error_at(span);
        }
    }
    if (symbol == nullptr) {
        return unknown(written);
    }
    if (symbol->item != nullptr && symbol->item->as<syntax::ConstItem>() != nullptr) {
        ExprPtr value = d().constant(*symbol, span);
        if (value == nullptr) {
            return error_at(span);
        }
        value->span = span;
        return value;
    }
    if (symbol->item != nullptr && symbol->item->as<syntax::AuthorityItem>() != nullptr) {
        const NamedId id = d().named(*symbol);
        if (d().program().named[static_cast<std::size_t>(id)].fields.empty()) {
            return make(types().of(Kind::authority, id), span, program::Construct{});
        }
        return report_at(span, Code::missing_argument,
                         "`" + written.text + "` is a kind of body; which one is said by its key",
                         "without its key", "write `" + written.text + "(…)`");
    }
    if (symbol->item != nullptr && symbol->item->as<syntax::RecordItem>() != nullptr) {
        return report_at(span, Code::missing_argument,
                         "a value of `" + written.text + "` is built from its fields",
                         "without fields", "write `" + written.text + "(…)`");
    }
    d().wrong_kind(written, *symbol, "value");
    return error_at(span);
}

// Members

bool BodyChecker::is_word(const syntax::Expr& expr, std::string_view wanted) const {
    const auto* node = expr.as<syntax::NameExpr>();
    if (node == nullptr || node->name.text != wanted || find_local(wanted) != nullptr) {
        return false;
    }
    return declarations_->look_up(module_, wanted) == nullptr;
}

bool BodyChecker::is_case_state(const syntax::Expr& expr) const {
    const auto* node = expr.as<syntax::MemberExpr>();
    return node != nullptr && node->member.text == "state" && is_word(*node->object, "case");
}

ExprPtr BodyChecker::member(const syntax::MemberExpr& node, Span span) {
    bool handled = false;
    ExprPtr special = member_of_name(node, span, handled);
    if (handled) {
        return special;
    }
    return member_of_value(expr(*node.object), node.member, span);
}

/// `case.opened`, `caller.account`, the fields of a notice, a question or a reply.
ExprPtr BodyChecker::member_of_name(const syntax::MemberExpr& node, Span span, bool& handled) {
    const auto* object = node.object->as<syntax::NameExpr>();
    handled = true;
    if (object != nullptr) {
        const Binding* binding = find_local(object->name.text);
        const auto* bundle =
            binding != nullptr ? std::get_if<Binding::Bundle>(&binding->meaning) : nullptr;
        if (bundle != nullptr) {
            const auto field = bundle->fields.find(node.member.text);
            if (field != bundle->fields.end()) {
                return field->second.build(span);
            }
            if (bundle->broken || node.member.text.empty()) {
                return error_at(span);
            }
            std::string fields;
            for (const auto& [name, access] : bundle->fields) {
                fields += (fields.empty() ? "`" : ", `") + name + "`";
            }
            return report_at(node.member.span, Code::unknown_member,
                             bundle->what + " has no field `" + node.member.text + "`",
                             "unknown field", fields.empty() ? "" : "it has " + fields);
        }
    }
    const std::string& member = node.member.text;
    if (member.empty()) {
        return error_at(span);
    }
    if (is_word(*node.object, "case")) {
        if (need_case("`case`", node.object->span) == nullptr) {
            return error_at(span);
        }
        if (member == "opened") {
            return fact(Fact::case_opened, span);
        }
        if (member == "state") {
            return report_at(span, Code::wrong_operands,
                             "the state of the case can only be compared", "not a value of its own",
                             "write `case.state == s`, `case.state != s` or `case.state == none`");
        }
        return report_at(node.member.span, Code::unknown_member, "a case has no `" + member + "`",
                         "unknown",
                         "it has `case.state` and `case.opened`; `case` alone is its id");
    }
    if (is_word(*node.object, "caller")) {
        if (member == "account" || member == "person" || member == "body") {
            return fact(member == "account"
                            ? Fact::caller_account
                            : (member == "person" ? Fact::caller_person : Fact::caller_body),
                        span);
        }
        return report_at(node.member.span, Code::unknown_member,
                         "the caller has no `" + member + "`", "unknown",
                         "there are `caller.account`, `caller.person` and `caller.body`");
    }
    handled = false;
    return nullptr;
}

ExprPtr BodyChecker::no_member(const ExprPtr& object, const syntax::Name& member) {
    const Kind of = kind(object);
    const bool named = of == Kind::record || of == Kind::authority || of == Kind::enumeration;
    if (member.text.empty() || (named && d().broken(types()[object->type].named))) {
        return error_at(member.span);
    }
    auto diagnostic =
        error(Code::unknown_member, member.span,
              "a value of type " + text(object->type) + " has no `" + member.text + "`", "unknown");
    const program::Type& type = types()[object->type];
    if (type.kind == Kind::option) {
        diagnostic.help.push_back(
            "it may be none: take it out first with `if let x = …`, or with `.value`");
    } else if (type.kind == Kind::tuple) {
        diagnostic.help.push_back("take a tuple apart: `let (a, b) = …`");
    } else if (type.kind == Kind::record || type.kind == Kind::authority) {
        std::vector<std::string> names;
        const program::NamedType& named = d().program().named_type(object->type);
        for (const auto* fields : {&named.fields, &named.attributes}) {
            for (const program::Field& field : *fields) {
                names.push_back(field.name);
            }
        }
        if (const std::string near = d().closest(member.text, names); !near.empty()) {
            diagnostic.help.push_back("did you mean `" + near + "`?");
        }
    }
    report(std::move(diagnostic));
    return error_at(member.span);
}

ExprPtr BodyChecker::named_member(ExprPtr object, const syntax::Name& member, Span span) {
    const program::NamedType& named = d().program().named_type(object->type);
    for (std::size_t i = 0; i < named.fields.size(); ++i) {
        if (named.fields[i].name == member.text) {
            return make(named.fields[i].type, span,
                        program::Get{std::move(object), static_cast<std::uint32_t>(i)});
        }
    }
    for (std::size_t i = 0; i < named.attributes.size(); ++i) {
        if (named.attributes[i].name == member.text) {
            return make(named.attributes[i].type, span,
                        program::AttributeGet{std::move(object), static_cast<std::uint32_t>(i)});
        }
    }
    return no_member(object, member);
}

ExprPtr BodyChecker::member_of_value(ExprPtr object, const syntax::Name& member, Span span) {
    const program::Type& type = types()[object->type];
    const std::string& wanted = member.text;
    switch (type.kind) {
        case Kind::error:
            return error_at(span);
        case Kind::record:
        case Kind::authority:
            return named_member(std::move(object), member, span);
        case Kind::option:
            if (wanted == "value") {
                return make(type.items[0], span, program::OptionValue{std::move(object), false});
            }
            break;
        case Kind::date:
            if (wanted == "year") {
                return make(d().unsigned_type(16), span,
                            program::DatePartOf{std::move(object), program::DatePart::year});
            }
            if (wanted == "month" || wanted == "day") {
                const auto part =
                    wanted == "month" ? program::DatePart::month : program::DatePart::day;
                return make(d().unsigned_type(8), span,
                            program::DatePartOf{std::move(object), part});
            }
            break;
        case Kind::array:
            if (wanted == "length") {
                return make(d().unsigned_type(32), span, program::NumberLiteral{type.size, false});
            }
            break;
        case Kind::text:
        case Kind::bytes:
        case Kind::list:
            if (wanted == "length") {
                return make(d().unsigned_type(32), span, program::Length{std::move(object)});
            }
            break;
        case Kind::secret:
            if (wanted == "commitment") {
                return make(types().of(Kind::hash), span, program::Commitment{std::move(object)});
            }
            return report_at(member.span, Code::secret_used, "a secret cannot be looked into",
                             "of a secret", "only `.commitment` can be read");
        case Kind::hash:
        case Kind::person:
        case Kind::case_id:
        case Kind::account:
            if (wanted == "bytes") {
                const std::uint32_t size =
                    type.kind == Kind::hash || type.kind == Kind::person ? 32 : 20;
                return make(types().of(Kind::bytes, size), span,
                            program::RawBytes{std::move(object)});
            }
            break;
        default:
            break;
    }
    return no_member(object, member);
}

}  // namespace aqd::check

#include "compiler/check/build.h"
#include "compiler/check/procedure_checker.h"

#include <aqd/abi/keys.h>

#include <algorithm>

// The data, states and header of a procedure.

namespace aqd::check {

using diagnostics::error;
using program::DataField;

std::vector<Span> bodies_of(const syntax::Member& member) {
    std::vector<Span> out;
    std::visit(
        [&]<class Node>(const Node& node) {
            if constexpr (requires { node.body.span; }) {
                out.push_back(node.body.span);
            }
        },
        member.node);
    return out;
}

namespace {

std::vector<Span> bodies_of(const syntax::ProcedureItem& procedure) {
    std::vector<Span> out;
    for (const syntax::Member& member : procedure.members) {
        for (const Span body : check::bodies_of(member)) {
            out.push_back(body);
        }
    }
    return out;
}

}  // namespace

ProcedureChecker::ProcedureChecker(Declarations& declarations, const syntax::Item& item)
    : declarations_(&declarations),
      node_(item.as<syntax::ProcedureItem>()),
      name_(node_->name.text),
      whole_(!declarations.modules().heading_broken(item.span, bodies_of(*node_))) {
    scope_.procedure = static_cast<std::uint32_t>(declarations.program().procedures.size());
    program::Procedure& made = declarations.program().procedures.emplace_back();
    made.name = name_;
    made.id = abi::id8(name_);
    made.span = node_->name.span;
    made.graph_known = whole_;
}

void ProcedureChecker::add_field(DataField field) {
    if (field.name.empty()) {
        return;
    }
    const auto index = static_cast<std::uint32_t>(made().data.size());
    const auto [place, fresh] = scope_.fields.try_emplace(field.name, index);
    if (!fresh) {
        report(error(Code::duplicate_name, field.span,
                     "`" + field.name + "` is declared twice in `" + name_ + "`", "again here")
                   .with(made().data[place->second].span, "first declared here"));
        return;
    }
    made().data.push_back(std::move(field));
}

void ProcedureChecker::declare_data() {
    declare_parameters();
    resolve_header();
    declare_states();
    for (const syntax::Member& member : node_->members) {
        if (const auto* var = member.as<syntax::VarMember>()) {
            const std::size_t count = made().data.size();
            declare_var(*var);
            if (made().data.size() > count) {
                made().data.back().known = !d().modules().broken(member.span);
            }
        }
    }
    for (const syntax::Member& member : node_->members) {
        if (const auto* party = member.as<syntax::PartyMember>()) {
            declare_party(*party);
        }
    }
    for (const syntax::Member& member : node_->members) {
        if (const auto* secret = member.as<syntax::SecretMember>()) {
            declare_secret(*secret);
        }
    }
    made().data.push_back(
        {DataField::Role::once_mask, "once", d().unsigned_type(64), node_->name.span, nullptr, {}});
    start_scope_ = scope_;
    start_scope_.only_parameters = true;
    resolve_unique();
    resolve_parties();
    for (const syntax::Member& member : node_->members) {
        if (const auto* node = member.as<syntax::LabelMember>()) {
            label(*node);
        }
    }
}

void ProcedureChecker::declare_parameters() {
    for (const syntax::Param& param : node_->params) {
        TypeId type = d().error_type();
        if (param.type != nullptr) {
            type = d().type(0, *param.type);
        } else if (!d().modules().broken(param.span)) {
            report(error(Code::type_unclear, param.span, "`" + param.name.text + "` needs a type",
                         "without a type"));
        }
        if (param.kind == syntax::ParamKind::reveal) {
            report(error(Code::unsupported_reveal, param.span, "`reveal` is not supported yet",
                         "not supported yet"));
        }
        add_field(
            {DataField::Role::parameter, param.name.text, type, param.name.span, nullptr, {}});
    }
    made().parameter_count = static_cast<std::uint32_t>(made().data.size());
    start_scope_ = scope_;
    start_scope_.only_parameters = true;
}

void ProcedureChecker::resolve_header() {
    if (!node_->calendar) {
        return;
    }
    scope_.calendar = 0;  // what went wrong with the calendar is reported once
    const Symbol* symbol = d().find(0, *node_->calendar, "module");
    if (symbol != nullptr && symbol->item != nullptr) {
        d().wrong_kind(*node_->calendar, *symbol, "module");
    } else if (symbol != nullptr) {
        made().calendar = symbol->module;
        scope_.calendar = symbol->module;
    }
}

void ProcedureChecker::declare_state(const syntax::Name& name, bool settled) {
    if (name.text.empty()) {
        return;
    }
    const auto ordinal = static_cast<std::uint32_t>(made().states.size());
    const auto [place, fresh] = scope_.states.try_emplace(name.text, ordinal);
    if (fresh) {
        made().states.push_back({name.text, name.span, settled, {}, {}});
        return;
    }
    program::State& known = made().states[place->second];
    if (!settled || known.settled) {
        report(error(Code::duplicate_name, name.span, "state `" + name.text + "` is declared twice",
                     "again here")
                   .with(known.span, "first declared here"));
    }
    known.settled = known.settled || settled;
}

void ProcedureChecker::declare_waits(const syntax::WaitsMember& node) {
    if (node.state.text.empty()) {
        return;
    }
    const auto ordinal = static_cast<std::uint32_t>(made().states.size());
    const auto [place, fresh] = scope_.states.try_emplace(node.state.text, ordinal);
    if (fresh) {
        made().states.push_back({node.state.text, node.state.span, false, node.reason.value, {}});
        return;
    }
    program::State& known = made().states[place->second];
    if (known.settled) {
        report(error(Code::contradicting_state, node.state.span,
                     "`" + node.state.text + "` is settled: it waits for nothing", "does not wait")
                   .with(known.span, "declared here"));
    }
    known.waits = node.reason.value;
}

void ProcedureChecker::declare_states() {
    for (const syntax::Member& member : node_->members) {
        if (const auto* node = member.as<syntax::StatesMember>()) {
            for (const syntax::Name& name : node->names) {
                declare_state(name, node->settled);
            }
        }
    }
    for (const syntax::Member& member : node_->members) {
        if (const auto* node = member.as<syntax::WaitsMember>()) {
            declare_waits(*node);
        }
    }
    if (made().states.empty() && whole_) {
        report(error(Code::too_few_states, node_->name.span,
                     "procedure `" + name_ + "` has no states", "without states"));
    }
}

void ProcedureChecker::declare_var(const syntax::VarMember& node) {
    start_scope_.calendar = scope_.calendar;
    start_scope_.fields = scope_.fields;
    BodyChecker body(d(), 0, &start_scope_);
    TypeId type = node.type != nullptr ? d().type(0, *node.type) : no_type;
    ExprPtr initial;
    if (node.value != nullptr) {
        initial = type == no_type ? body.expr(*node.value) : body.convert(*node.value, type);
        type = type == no_type ? initial->type : type;
        if (body.has_slots()) {
            report(error(Code::not_constant, node.value->span,
                         "the first value of a variable is a simple expression",
                         "too complicated"));
        }
    }
    add_field(
        {DataField::Role::variable, node.name.text, type, node.name.span, std::move(initial), {}});
}

void ProcedureChecker::declare_party(const syntax::PartyMember& node) {
    const TypeId type = d().option_of(d().types().of(Kind::person));
    ExprPtr none = make(type, node.name.span, program::NoneLiteral{});
    add_field({DataField::Role::party, node.name.text, type, node.name.span, std::move(none), {}});
}

void ProcedureChecker::declare_secret(const syntax::SecretMember& node) {
    program::Secret secret;
    secret.name = node.name.text;
    secret.span = node.name.span;
    secret.field = static_cast<std::uint32_t>(made().data.size());
    secret.type = d().type(0, *node.type);
    secret.slot = name_ + "." + node.name.text;
    if (node.kind) {
        if (const Symbol* symbol =
                d().find_as<syntax::DocumentItem>(0, *node.kind, "kind of document")) {
            secret.document = d().document(*symbol);
        }
    }
    BodyChecker body(d(), 0, &start_scope_);
    const ExprPtr holder = body.expr(*node.holder);
    const Kind held = d().types().kind(holder->type);
    if (held != Kind::authority && held != Kind::error) {
        report(error(Code::type_mismatch, node.holder->span,
                     "a secret is held by a body, this is `" + d().text(holder->type) + "`",
                     "not a body"));
    }
    secret.held_by = Declarations::text(*node.holder);
    if (std::holds_alternative<syntax::Name>(node.purge.value)) {
        body.term(node.purge);
    }
    secret.purge = Declarations::text(node.purge) + " after " + node.after.text;
    if (node.after.text != "settled") {
        static_cast<void>(state(node.after));
    }
    const TypeId type = d().option_of(d().types().of(Kind::secret, secret.type));
    ExprPtr none = make(type, node.name.span, program::NoneLiteral{});
    const std::size_t before = made().data.size();
    add_field({DataField::Role::secret, node.name.text, type, node.name.span, std::move(none), {}});
    if (made().data.size() != before) {
        made().secrets.push_back(std::move(secret));
    }
}

void ProcedureChecker::resolve_unique() {
    for (std::size_t i = 1; i < node_->unique.size(); ++i) {
        report(error(Code::duplicate_name, node_->unique[i].span,
                     "a procedure has one unique value", "one too many")
                   .with_help("make it a tuple variable, if several values together are unique"));
    }
    if (node_->unique.empty()) {
        return;
    }
    const syntax::Name& name = node_->unique.front();
    const auto field = scope_.fields.find(name.text);
    const bool known = field != scope_.fields.end();
    if (!known && d().lost(0, name.text)) {
        return;
    }
    const auto role = known ? made().data[field->second].role : DataField::Role::party;
    if (role != DataField::Role::parameter && role != DataField::Role::variable) {
        report(error(Code::wrong_kind_of_name, name.span,
                     "`unique` names a parameter or a variable of the procedure",
                     "not one of them"));
        return;
    }
    made().unique = field->second;
}

void ProcedureChecker::resolve_parties() {
    for (const syntax::Member& member : node_->members) {
        const auto* node = member.as<syntax::PartyMember>();
        const auto field =
            node != nullptr ? scope_.fields.find(node->name.text) : scope_.fields.end();
        if (field == scope_.fields.end() ||
            made().data[field->second].role != DataField::Role::party) {
            continue;
        }
        for (const syntax::Actor& written : node->actors) {
            BodyChecker body(d(), 0, &start_scope_);
            if (std::optional<program::Actor> actor = body.actor(written, false)) {
                made().data[field->second].actors.push_back(std::move(*actor));
            } else {
                made().data[field->second].known = false;
            }
        }
        if (d().modules().broken(member.span)) {
            made().data[field->second].known = false;
        }
    }
}

void ProcedureChecker::label(const syntax::LabelMember& node) {
    const std::vector<abi::Label> texts = Declarations::labels(node.texts);
    std::vector<abi::Label>* target = &made().labels;
    if (node.state) {
        const std::optional<std::uint32_t> ordinal = state(*node.state);
        if (!ordinal) {
            return;
        }
        target = &made().states[*ordinal].labels;
    }
    target->insert(target->end(), texts.begin(), texts.end());
}

std::optional<std::uint32_t> ProcedureChecker::state(const syntax::Name& name) {
    const auto known = scope_.states.find(name.text);
    if (known != scope_.states.end()) {
        return known->second;
    }
    made().graph_known = false;
    if (d().lost(0, name.text)) {
        return std::nullopt;
    }
    std::vector<std::string> states;
    states.reserve(scope_.states.size());
    for (const auto& [other, ordinal] : scope_.states) {
        states.push_back(other);
    }
    const std::string near = d().closest(name.text, states);
    auto diagnostic =
        error(Code::unknown_state, name.span,
              "procedure `" + name_ + "` has no state `" + name.text + "`", "unknown state");
    diagnostic.help.push_back(near.empty() ? "declare it with `states` or `settled`"
                                           : "did you mean `" + near + "`?");
    report(std::move(diagnostic));
    return std::nullopt;
}

}  // namespace aqd::check

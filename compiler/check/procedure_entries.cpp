#include "compiler/check/build.h"
#include "compiler/check/procedure_checker.h"
#include "compiler/program/walk.h"

#include <algorithm>

// The entries of a procedure: starts, steps, events, deadlines, accesses; and its invariants.

namespace aqd::check {

using abi::EntryKind;
using diagnostics::error;
using program::Argument;
using program::DataField;
using program::Entry;

void check_procedure(Declarations& declarations, const syntax::Item& item) {
    ProcedureChecker(declarations, item).run();
}

void ProcedureChecker::run() {
    declare_data();
    for (const syntax::Member& member : node_->members) {
        const auto* start = member.as<syntax::StartMember>();
        const auto* ask =
            start != nullptr ? std::get_if<syntax::StartOnAsk>(&start->opening) : nullptr;
        const Symbol* symbol = ask != nullptr ? d().look_up(0, ask->exchange.text) : nullptr;
        if (symbol != nullptr && symbol->item != nullptr &&
            symbol->item->as<syntax::ExchangeItem>() != nullptr) {
            answers_ = d().exchange(*symbol);
        }
    }
    bool started = false;
    for (const syntax::Member& member : node_->members) {
        started = started || member.as<syntax::StartMember>() != nullptr;
        std::visit(syntax::Overloaded{
                       [&](const syntax::StartMember& node) { start(node, member.doc); },
                       [&](const syntax::StepMember& node) { step(node, member.doc); },
                       [&](const syntax::ReactMember& node) { react(node, member.doc); },
                       [&](const syntax::DeadlineMember& node) { deadline(node, member.doc); },
                       [&](const syntax::AccessMember& node) { access(node, member.doc); },
                       [&](const syntax::InvariantMember& node) { invariant(node); },
                       [&](const syntax::ProveMember& node) {
                           made().settles = made().settles || node.property.text == "settles";
                           made().settles_span = node.property.span;
                       },
                       [](const auto&) {},
                   },
                   member.node);
    }
    if (!started) {
        report(error(Code::no_start, node_->name.span, "procedure `" + name_ + "` has no `start`",
                     "no case can begin"));
    }
    check_questions();
    check_assignment(d(), scope_.procedure);
}

Entry ProcedureChecker::new_entry(EntryKind kind, const syntax::Name& name,
                                  const std::string& doc) {
    Entry entry;
    entry.kind = kind;
    entry.name = name_ + "." + name.text;
    entry.span = name.span;
    entry.procedure = scope_.procedure;
    entry.result = d().unit();
    entry.doc = doc;
    return entry;
}

// Headings

std::vector<std::uint32_t> ProcedureChecker::state_list(const std::vector<syntax::Name>& names) {
    std::vector<std::uint32_t> out;
    for (const syntax::Name& name : names) {
        const std::optional<std::uint32_t> ordinal = state(name);
        if (!ordinal) {
            continue;
        }
        if (std::ranges::find(out, *ordinal) != out.end()) {
            report(error(Code::duplicate_name, name.span,
                         "state `" + name.text + "` is named twice here", "again here"));
            continue;
        }
        out.push_back(*ordinal);
    }
    return out;
}

void ProcedureChecker::targets(const std::vector<syntax::Name>& names, EntryScope& scope,
                               Entry& entry) {
    for (const syntax::Name& name : names) {
        if (name.text == "stay" && !scope_.states.contains("stay")) {
            scope.may_stay = name.span;
            entry.may_stay = true;
            continue;
        }
        const std::optional<std::uint32_t> ordinal = state(name);
        if (ordinal && !scope.targets.try_emplace(*ordinal, name.span).second) {
            report(error(Code::duplicate_name, name.span,
                         "state `" + name.text + "` is named twice here", "again here"));
        } else if (ordinal) {
            entry.targets.push_back(*ordinal);
        }
    }
}

std::optional<std::uint32_t> ProcedureChecker::party(const syntax::Name& name) {
    const auto field = scope_.fields.find(name.text);
    if (field != scope_.fields.end() && made().data[field->second].role == DataField::Role::party) {
        return field->second;
    }
    report(error(Code::unassigned_party, name.span,
                 "`" + name.text + "` is not a party of `" + name_ + "`", "not a party")
               .with_help("declare it: `party " + name.text + ": …`"));
    return std::nullopt;
}

program::Group ProcedureChecker::group(const syntax::By& by,
                                       const std::vector<syntax::Name>& states,
                                       const CaseScope& scope) {
    program::Group out;
    out.span = by.span;
    for (const syntax::Actor& written : by.actors) {
        BodyChecker body(d(), 0, &scope);
        if (std::optional<program::Actor> actor = body.actor(written, false)) {
            out.actors.push_back(std::move(*actor));
        }
    }
    if (by.as) {
        out.as = party(*by.as);
    }
    for (const syntax::Name& name : by.except) {
        if (const auto field = party(name)) {
            out.except.push_back(*field);
        }
    }
    out.states = state_list(states);
    return out;
}

void ProcedureChecker::clauses(const syntax::Clauses& clauses, Entry& entry) {
    entry.basis = d().basis(0, clauses.basis);
    if (clauses.once) {
        if (made().once_entries.size() == 64) {
            report(error(Code::too_many_once, entry.span,
                         "at most 64 entries of a procedure are `once`", "one too many"));
            return;
        }
        entry.once_bit = static_cast<std::uint32_t>(made().once_entries.size());
        made().once_entries.push_back(entry.name);
    }
    if (clauses.backdated_within) {
        const std::optional<abi::Period> period = d().period(0, *clauses.backdated_within);
        if (period && (period->unit != 0 || period->amount > 36500)) {
            report(error(Code::wrong_term, clauses.backdated_within->span,
                         "a start is backdated by a number of days", "not such a number"));
        } else if (period) {
            entry.backdated_days = static_cast<std::uint32_t>(period->amount);
        }
    }
}

void ProcedureChecker::parameters(const std::vector<syntax::Param>& params, BodyChecker& body,
                                  Entry& entry) {
    for (const syntax::Param& param : params) {
        for (const Argument& other : entry.arguments) {
            if (other.name == param.name.text) {
                report(error(Code::duplicate_name, param.name.span,
                             "`" + other.name + "` is given twice", "again here")
                           .with(other.span, "first here"));
            }
        }
        if (param.kind == syntax::ParamKind::reveal) {
            report(error(Code::unsupported_reveal, param.span, "`reveal` is not supported yet",
                         "not supported yet"));
        } else if (param.type == nullptr) {
            filling_parameter(param, entry);
        } else {
            Argument made;
            made.name = param.name.text;
            made.span = param.name.span;
            made.type = d().type(0, *param.type);
            made.public_text = param.kind == syntax::ParamKind::published;
            const auto field = scope_.fields.find(param.name.text);
            if (field != scope_.fields.end()) {
                report(error(Code::shadowed_name, param.name.span,
                             "`" + made.name + "` already names something of the case",
                             "the same name")
                           .with(this->made().data[field->second].span, "declared here")
                           .with_help("leave out the type to fill `" + made.name +
                                      "`, or use another name"));
            } else {
                body.add_parameter(made.name, made.span, made.type);
            }
            entry.arguments.push_back(std::move(made));
        }
    }
}

/// `person`, without a type: fills the variable or secret of that name.
void ProcedureChecker::filling_parameter(const syntax::Param& param, Entry& entry) {
    const auto field = scope_.fields.find(param.name.text);
    if (field == scope_.fields.end()) {
        report(error(Code::type_unclear, param.span,
                     "`" + param.name.text + "` needs a type: no variable or secret has this name",
                     "without a type"));
        return;
    }
    const DataField& data = made().data[field->second];
    if (data.role != DataField::Role::variable && data.role != DataField::Role::secret) {
        const bool is_party = data.role == DataField::Role::party;
        report(
            error(Code::wrong_kind_of_name, param.span,
                  "`" + param.name.text + "` is a " + (is_party ? "party" : "parameter") +
                      " of the procedure and is not given here",
                  "not a variable or secret")
                .with_help(
                    is_party
                        ? "a party becomes the caller: `by … as " + param.name.text + "`"
                        : "the parameters of the procedure are arguments of every start already"));
        return;
    }
    Argument made;
    made.name = param.name.text;
    made.span = param.name.span;
    made.type = data.role == DataField::Role::secret ? d().types().item(data.type) : data.type;
    made.fills = field->second;
    made.passed = false;
    entry.arguments.push_back(std::move(made));
}

void ProcedureChecker::warn_unused(const EntryScope& scope) {
    for (const auto& [ordinal, span] : scope.targets) {
        if (!scope.used_targets.contains(ordinal)) {
            report(diagnostics::warning(
                Code::unused_target, span,
                "no path of this entry goes to `" + made().states[ordinal].name + "`",
                "never reached from here"));
        }
    }
    if (scope.may_stay && !scope.used_stay) {
        report(diagnostics::warning(Code::unused_target, *scope.may_stay,
                                    "no path of this entry says `goto stay`", "never used"));
    }
}

/// Checks the body, and adds the function and the entry.
void ProcedureChecker::finish(Entry entry, EntryScope& scope, BodyChecker& body,
                              std::uint32_t count, const syntax::Block& block) {
    scope.answers = answers_;
    program::Function function;
    function.name = d().modules().path(0) + "." + entry.name;
    function.span = entry.span;
    function.procedure = scope_.procedure;
    function.goes = true;
    function.parameter_count = count;
    function.result = d().unit();
    const std::size_t before = d().sink().error_count();
    function.body = body.goto_body(block);
    function.slots = body.take_slots();
    if (d().sink().error_count() == before) {
        warn_unused(scope);
    }
    entry.function = add_function(d(), std::move(function));
    add_entry(d(), std::move(entry));
}

// Starts and steps

void ProcedureChecker::start(const syntax::StartMember& node, const std::string& doc) {
    if (const auto* by = std::get_if<syntax::StartBy>(&node.opening)) {
        start_by(node, *by, doc);
    } else {
        start_on_ask(node, std::get<syntax::StartOnAsk>(node.opening), doc);
    }
}

void ProcedureChecker::start_by(const syntax::StartMember& node, const syntax::StartBy& by,
                                const std::string& doc) {
    Entry entry = new_entry(EntryKind::start, node.name, doc);
    entry.from_none = true;
    for (std::uint32_t i = 0; i < made().parameter_count; ++i) {
        Argument argument;
        argument.name = made().data[i].name;
        argument.type = made().data[i].type;
        argument.span = made().data[i].span;
        argument.fills = i;
        argument.passed = false;
        entry.arguments.push_back(std::move(argument));
    }
    EntryScope scope;
    BodyChecker body(d(), 0, &scope_, &scope);
    parameters(by.params, body, entry);
    entry.groups.push_back(group(by.by, by.joins, start_scope_));
    entry.sources = entry.groups.front().states;
    if (!entry.sources.empty() && !made().unique) {
        report(error(Code::wrong_kind_of_name, node.name.span,
                     "a start joins the open case with the same unique value, but `" + name_ +
                         "` has none",
                     "joins which case?")
                   .with_help("say what is unique: `procedure " + name_ + "(…) unique v`"));
    }
    targets(node.targets, scope, entry);
    clauses(node.clauses, entry);
    const auto count = static_cast<std::uint32_t>(
        std::ranges::count_if(entry.arguments, [](const Argument& a) { return a.passed; }));
    finish(std::move(entry), scope, body, count, node.body);
}

void ProcedureChecker::bundle_field(const std::string& name, TypeId type, BodyChecker& body,
                                    Entry& entry, Binding::Bundle& bundle) {
    const program::SlotId slot = body.add_slot(name, type, false);
    bundle.fields.emplace(name, Access{slot, type, {}});
    Argument argument;
    argument.name = name;
    argument.type = type;
    entry.arguments.push_back(std::move(argument));
}

void ProcedureChecker::bundle_fields(const std::vector<program::Field>& fields, BodyChecker& body,
                                     Entry& entry, Binding::Bundle& bundle) {
    for (const program::Field& field : fields) {
        bundle_field(field.name, field.type, body, entry, bundle);
    }
}

void ProcedureChecker::start_on_ask(const syntax::StartMember& node, const syntax::StartOnAsk& ask,
                                    const std::string& doc) {
    Entry entry = new_entry(EntryKind::start_on_ask, node.name, doc);
    entry.from_none = true;
    const Symbol* symbol = d().find_as<syntax::ExchangeItem>(0, ask.exchange, "exchange");
    if (symbol == nullptr) {
        return;
    }
    const std::uint32_t index = d().exchange(*symbol);
    entry.subject = d().modules().path(symbol->module) + "." + symbol->name;
    EntryScope scope;
    BodyChecker body(d(), 0, &scope_, &scope);
    Binding::Bundle bundle{"the question `" + symbol->name + "`", {}};
    bundle_fields(d().program().exchanges[index].question, body, entry, bundle);
    bundle_field("case", d().types().of(Kind::case_id), body, entry, bundle);
    bundle_field("asker", d().types().of(Kind::body), body, entry, bundle);
    const auto count = static_cast<std::uint32_t>(entry.arguments.size());
    for (std::uint32_t i = 0; i < made().parameter_count; ++i) {
        const DataField& parameter = made().data[i];
        const auto found = std::ranges::find_if(
            entry.arguments, [&](const Argument& a) { return a.name == parameter.name; });
        if (found == entry.arguments.end() || found->type != parameter.type) {
            report(error(Code::unfilled_parameter, ask.exchange.span,
                         "the question `" + symbol->name + "` has no field `" + parameter.name +
                             ": " + d().text(parameter.type) + "`",
                         "does not give the parameter")
                       .with(parameter.span, "this parameter"));
            continue;
        }
        found->fills = i;
    }
    body.bind(ask.binder.text, ask.binder.span, std::move(bundle));
    targets(node.targets, scope, entry);
    clauses(node.clauses, entry);
    finish(std::move(entry), scope, body, count, node.body);
}

void ProcedureChecker::step(const syntax::StepMember& node, const std::string& doc) {
    Entry entry = new_entry(EntryKind::step, node.name, doc);
    EntryScope scope;
    BodyChecker body(d(), 0, &scope_, &scope);
    parameters(node.params, body, entry);
    for (const syntax::StepGroup& written : node.groups) {
        entry.groups.push_back(group(written.by, written.states, scope_));
        for (const std::uint32_t ordinal : entry.groups.back().states) {
            if (std::ranges::find(entry.sources, ordinal) == entry.sources.end()) {
                entry.sources.push_back(ordinal);
            }
        }
    }
    targets(node.targets, scope, entry);
    clauses(node.clauses, entry);
    const auto count = static_cast<std::uint32_t>(
        std::ranges::count_if(entry.arguments, [](const Argument& a) { return a.passed; }));
    finish(std::move(entry), scope, body, count, node.body);
}

// Events

void ProcedureChecker::react(const syntax::ReactMember& node, const std::string& doc) {
    std::visit(syntax::Overloaded{
                   [&](const syntax::OnReply& event) { react_to_reply(node, event, doc); },
                   [&](const syntax::OnAcknowledged& event) {
                       react_to_acknowledgement(node, event, doc);
                   },
                   [&](const syntax::OnNotice& event) { react_to_notice(node, event, doc); },
               },
               node.event);
}

void ProcedureChecker::react_to_reply(const syntax::ReactMember& node, const syntax::OnReply& event,
                                      const std::string& doc) {
    const Symbol* symbol = d().find_as<syntax::ExchangeItem>(0, event.exchange, "exchange");
    if (symbol == nullptr) {
        return;
    }
    const std::uint32_t index = d().exchange(*symbol);
    Entry entry =
        new_entry(EntryKind::reply, {"on_reply_" + symbol->name, event.exchange.span}, doc);
    entry.subject = d().modules().path(symbol->module) + "." + symbol->name;
    if (!replies_.insert(index).second) {
        report(error(Code::repeated_event, event.exchange.span,
                     "the reply to `" + symbol->name + "` is handled already", "again here"));
        return;
    }
    entry.sources = state_list(node.states);
    entry.ignore_elsewhere = node.else_ignore;
    EntryScope scope;
    scope.may_refuse = false;
    BodyChecker body(d(), 0, &scope_, &scope);
    Argument argument;
    argument.name = event.binder.text;
    argument.span = event.binder.span;
    argument.type = d().reply_type(index);
    body.add_parameter(argument.name, argument.span, argument.type);
    entry.arguments.push_back(std::move(argument));
    targets(node.targets, scope, entry);
    finish(std::move(entry), scope, body, 1, node.body);
}

void ProcedureChecker::react_to_acknowledgement(const syntax::ReactMember& node,
                                                const syntax::OnAcknowledged& event,
                                                const std::string& doc) {
    const Symbol* symbol = d().find_as<syntax::NoticeItem>(0, event.notice, "notice");
    if (symbol == nullptr) {
        return;
    }
    d().notice(*symbol);
    Entry entry = new_entry(EntryKind::acknowledged,
                            {"on_acknowledged_" + symbol->name, event.notice.span}, doc);
    entry.subject = d().modules().path(symbol->module) + "." + symbol->name;
    entry.sources = state_list(node.states);
    entry.ignore_elsewhere = node.else_ignore;
    Argument recipient;
    recipient.name = "recipient";
    recipient.type = d().types().of(Kind::body);
    recipient.passed = false;
    entry.arguments.push_back(std::move(recipient));
    EntryScope scope;
    scope.may_refuse = false;
    BodyChecker body(d(), 0, &scope_, &scope);
    targets(node.targets, scope, entry);
    finish(std::move(entry), scope, body, 0, node.body);
}

void ProcedureChecker::react_to_notice(const syntax::ReactMember& node,
                                       const syntax::OnNotice& event, const std::string& doc) {
    const Symbol* symbol = d().find_as<syntax::NoticeItem>(0, event.notice, "notice");
    if (symbol == nullptr) {
        return;
    }
    const std::uint32_t index = d().notice(*symbol);
    Entry entry = new_entry(EntryKind::case_notice, {"on_" + symbol->name, event.notice.span}, doc);
    entry.subject = d().modules().path(symbol->module) + "." + symbol->name;
    entry.sources = state_list(node.states);
    entry.ignore_elsewhere = node.else_ignore;
    EntryScope scope;
    scope.may_refuse = false;
    BodyChecker body(d(), 0, &scope_, &scope);
    Binding::Bundle bundle{"the notice `" + symbol->name + "`", {}};
    bundle_fields(d().program().notices[index].fields, body, entry, bundle);
    bundle_field("case", d().types().of(Kind::case_id), body, entry, bundle);
    const auto count = static_cast<std::uint32_t>(entry.arguments.size());
    body.bind(event.binder.text, event.binder.span, std::move(bundle));
    targets(node.targets, scope, entry);
    finish(std::move(entry), scope, body, count, node.body);
}

/// A question whose reply would find nobody.
void ProcedureChecker::check_questions() {
    for (const program::Function& function : d().program().functions) {
        if (function.procedure != scope_.procedure) {
            continue;
        }
        program::Visitor visitor;
        visitor.on_stmt = [&](const program::Stmt& stmt) {
            const auto* ask = stmt.as<program::Ask>();
            if (ask != nullptr && !replies_.contains(ask->exchange)) {
                const std::string& name = d().program().exchanges[ask->exchange].name;
                report(error(Code::reply_not_handled, stmt.span,
                             "`" + name_ + "` asks `" + name + "` and never hears the reply",
                             "asks here")
                           .with_help("add `on reply " + name +
                                      "(r) in … -> … { … }`: it also runs when nobody answers"));
            }
        };
        program::walk(function.body, visitor);
    }
}

// Deadlines, accesses, invariants

void ProcedureChecker::term(const syntax::DeadlineMember& node, program::Deadline& deadline) {
    if (const auto* at = std::get_if<syntax::TermAt>(&node.term)) {
        const auto field = scope_.fields.find(at->variable.text);
        const bool known = field != scope_.fields.end();
        const TypeId type = known ? made().data[field->second].type : d().error_type();
        const TypeId bare = d().types().kind(type) == Kind::option ? d().types().item(type) : type;
        const bool moment =
            d().types().kind(bare) == Kind::date || d().types().kind(bare) == Kind::time;
        if (!moment) {
            report(error(Code::wrong_term, at->variable.span,
                         "`at` names a parameter or variable of type date or time",
                         "not a date or time"));
            return;
        }
        deadline.at_field = field->second;
        deadline.period = "at " + at->variable.text;
        return;
    }
    const auto& written = std::get<syntax::Term>(node.term);
    BodyChecker body(d(), 0, &start_scope_);
    deadline.term = body.term(written.duration);
    deadline.clear = written.clear;
    deadline.exact = written.exact;
    deadline.period = Declarations::text(written.duration) + (written.clear ? " clear" : "") +
                      (written.exact ? " exact" : "");
    const Kind kind = d().types().kind(deadline.term->type);
    if ((kind == Kind::hours || kind == Kind::minutes) && (written.clear || written.exact)) {
        report(error(Code::wrong_term, written.duration.span,
                     "`clear` and `exact` are for terms in days, workdays or months",
                     "counted from the clock"));
    }
    if (kind == Kind::workdays && !scope_.calendar) {
        report(error(Code::no_calendar, written.duration.span,
                     "workdays are counted by a calendar, and `" + name_ + "` has none",
                     "by which calendar?")
                   .with_help("add `calendar m` to the procedure, after `use m as calendar`"));
    }
}

void ProcedureChecker::deadline(const syntax::DeadlineMember& node, const std::string& doc) {
    program::Deadline made_deadline;
    made_deadline.name = node.name.text;
    made_deadline.span = node.name.span;
    term(node, made_deadline);
    made_deadline.states = state_list(node.states);
    made_deadline.basis = d().basis(0, node.basis);
    Entry entry = new_entry(EntryKind::deadline, node.name, doc);
    entry.subject = node.name.text;
    entry.sources = made_deadline.states;
    entry.basis = made_deadline.basis;
    if (node.breach_of != nullptr) {
        BodyChecker breach(d(), 0, &scope_);
        ExprPtr body = breach.convert(*node.breach_of, d().types().of(Kind::body));
        if (d().types().kind(body->type) != Kind::error) {
            entry.breach = std::move(body);
        }
        made_deadline.breach = true;
    }
    EntryScope scope;
    scope.may_refuse = false;
    BodyChecker body(d(), 0, &scope_, &scope);
    targets(node.targets, scope, entry);
    made_deadline.targets = entry.targets;
    made_deadline.entry = static_cast<std::uint32_t>(d().program().entries.size());
    entry.deadline = static_cast<std::uint32_t>(made().deadlines.size());
    made().deadlines.push_back(std::move(made_deadline));
    finish(std::move(entry), scope, body, 0, node.body);
}

void ProcedureChecker::access(const syntax::AccessMember& node, const std::string& doc) {
    Entry entry =
        new_entry(EntryKind::access, {"access_" + node.secret.text, node.secret.span}, doc);
    entry.subject = node.secret.text;
    const auto secret = std::ranges::find_if(
        made().secrets, [&](const program::Secret& s) { return s.name == node.secret.text; });
    if (secret == made().secrets.end()) {
        report(error(Code::wrong_kind_of_name, node.secret.span,
                     "`" + node.secret.text + "` is not a secret of `" + name_ + "`",
                     "not a secret"));
        return;
    }
    entry.secret = static_cast<std::uint32_t>(secret - made().secrets.begin());
    entry.groups.push_back(group(node.by, node.states, scope_));
    entry.sources = entry.groups.front().states;
    entry.purpose = node.purpose.value;
    entry.basis = d().basis(0, node.basis);
    add_entry(d(), std::move(entry));
}

void ProcedureChecker::invariant(const syntax::InvariantMember& node) {
    BodyChecker body(d(), 0, &scope_);
    program::Function function;
    function.name = d().modules().path(0) + "." + name_ + ".invariant." + node.name.text;
    function.span = node.name.span;
    function.procedure = scope_.procedure;
    function.result = d().boolean();
    function.body = body.expression_body(*node.condition, d().boolean());
    function.slots = body.take_slots();
    for (const program::Invariant& other : made().invariants) {
        if (other.name == node.name.text) {
            report(error(Code::duplicate_name, node.name.span,
                         "there are two invariants `" + other.name + "`", "again here")
                       .with(other.span, "first declared here"));
        }
    }
    const std::uint32_t index = add_function(d(), std::move(function));
    made().invariants.push_back({node.name.text, node.name.span, index});
}

}  // namespace aqd::check

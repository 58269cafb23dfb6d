#include "compiler/check/build.h"
#include "compiler/check/procedure_checker.h"

#include <algorithm>

// The entries of a procedure: starts and steps, and what all entries have in common.

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
        start_lost_ = start_lost_ || (ask != nullptr && !answers_);
    }
    bool started = false;
    for (const syntax::Member& member : node_->members) {
        started = started || member.as<syntax::StartMember>() != nullptr;
        heading_read_ = !d().modules().heading_broken(member.span, bodies_of(member));
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
    made().graph_known = made().graph_known && started;
    if (!started && whole_) {
        report(error(Code::no_start, node_->name.span, "procedure `" + name_ + "` has no `start`",
                     "no case can begin"));
    }
    if (whole_) {
        check_questions();
    }
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
    scope.starts_known = whole_ && (answers_ || !start_lost_);
    entry.whole = heading_read_ && !d().modules().broken(block.span);
    program::Function function;
    function.name = d().modules().path(0) + "." + entry.name;
    function.span = entry.span;
    function.procedure = scope_.procedure;
    function.goes = true;
    function.parameter_count = count;
    function.result = d().unit();
    const std::size_t before = d().trouble();
    function.body = body.goto_body(block);
    function.slots = body.take_slots();
    if (d().trouble() == before && !d().modules().broken(block.span)) {
        warn_unused(scope);
    }
    entry.function = add_function(d(), std::move(function));
    add_entry(d(), std::move(entry));
}

/// A body whose heading names what does not exist: what is wrong inside it is reported, and nothing
/// is made of it.
void ProcedureChecker::look_into(const std::vector<syntax::Name>& goals, const syntax::Name* binder,
                                 const syntax::Block& block) {
    made().graph_known = false;
    EntryScope scope;
    BodyChecker body(d(), 0, &scope_, &scope);
    Entry nowhere;
    targets(goals, scope, nowhere);
    if (binder != nullptr) {
        body.add_parameter(binder->text, binder->span, d().error_type());
    }
    static_cast<void>(body.goto_body(block));
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
        look_into(node.targets, &ask.binder, node.body);
        return;
    }
    const std::uint32_t index = d().exchange(*symbol);
    entry.subject = d().modules().path(symbol->module) + "." + symbol->name;
    EntryScope scope;
    BodyChecker body(d(), 0, &scope_, &scope);
    Binding::Bundle bundle{"the question `" + symbol->name + "`", {}, d().broken(*symbol)};
    bundle_fields(d().program().exchanges[index].question, body, entry, bundle);
    bundle_field("case", d().types().of(Kind::case_id), body, entry, bundle);
    bundle_field("asker", d().types().of(Kind::body), body, entry, bundle);
    const auto count = static_cast<std::uint32_t>(entry.arguments.size());
    for (std::uint32_t i = 0; i < made().parameter_count; ++i) {
        const DataField& parameter = made().data[i];
        const auto found = std::ranges::find_if(
            entry.arguments, [&](const Argument& a) { return a.name == parameter.name; });
        if (found == entry.arguments.end() || found->type != parameter.type) {
            const bool guess = bundle.broken || d().unknown(parameter.type) ||
                               (found != entry.arguments.end() && d().unknown(found->type));
            if (guess) {
                continue;
            }
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

}  // namespace aqd::check

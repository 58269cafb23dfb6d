#include "compiler/check/procedure_checker.h"

#include <algorithm>

// Deadlines, accesses and invariants.

namespace aqd::check {

using abi::EntryKind;
using diagnostics::error;
using program::Entry;

void ProcedureChecker::term(const syntax::DeadlineMember& node, program::Deadline& deadline) {
    if (const auto* at = std::get_if<syntax::TermAt>(&node.term)) {
        const auto field = scope_.fields.find(at->variable.text);
        const bool known = field != scope_.fields.end();
        const TypeId type = known ? made().data[field->second].type : d().error_type();
        const TypeId bare = d().types().kind(type) == Kind::option ? d().types().item(type) : type;
        const bool moment =
            d().types().kind(bare) == Kind::date || d().types().kind(bare) == Kind::time;
        if (!moment && !known && d().lost(0, at->variable.text)) {
            return;
        }
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
    if (secret == made().secrets.end() && d().lost(0, node.secret.text)) {
        return;
    }
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

#include "compiler/check/procedure_checker.h"
#include "compiler/program/walk.h"

// What happens to a case from outside: replies, acknowledgements, notices.

namespace aqd::check {

using abi::EntryKind;
using diagnostics::error;
using program::Argument;
using program::Entry;

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
        look_into(node.targets, &event.binder, node.body);
        return;
    }
    const std::uint32_t index = d().exchange(*symbol);
    Entry entry =
        new_entry(EntryKind::reply, {"on_reply_" + symbol->name, event.exchange.span}, doc);
    entry.subject = d().modules().path(symbol->module) + "." + symbol->name;
    if (!replies_.insert(index).second) {
        report(error(Code::repeated_event, event.exchange.span,
                     "the reply to `" + symbol->name + "` is handled already", "again here"));
        look_into(node.targets, &event.binder, node.body);
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
        look_into(node.targets, nullptr, node.body);
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
        look_into(node.targets, &event.binder, node.body);
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
    Binding::Bundle bundle{"the notice `" + symbol->name + "`", {}, d().broken(*symbol)};
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

}  // namespace aqd::check

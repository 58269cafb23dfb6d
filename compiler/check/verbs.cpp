#include "compiler/check/body_checker.h"
#include "compiler/check/build.h"

// What only the entries of a procedure do: moving the case, and telling others.

namespace aqd::check {

using diagnostics::error;
using program::DataField;

EntryScope* BodyChecker::need_entry(Span span, std::string_view what) {
    if (entry_ == nullptr || case_ == nullptr) {
        report(error(Code::misplaced_statement, span,
                     "`" + std::string(what) + "` belongs to the entries of a procedure",
                     "there is no case here"));
        return nullptr;
    }
    return entry_;
}

void BodyChecker::may_refuse(Span span, std::string_view what) {
    if (entry_ != nullptr && !entry_->may_refuse) {
        report(
            error(Code::may_not_refuse, span,
                  std::string(what) + " would refuse, but here nobody calls who could be refused",
                  "nobody to refuse")
                .with_help("decide with `if`, and `goto` where the case should go"));
    }
}

std::uint32_t BodyChecker::refusal(const syntax::Reason& reason) {
    if (const auto* words = std::get_if<syntax::Text>(&reason.node)) {
        return program::first_own_refusal + d().unnamed_error(words->value);
    }
    const auto& named = std::get<syntax::NamedReason>(reason.node);
    if (named.arguments && !named.arguments->empty()) {
        report(error(Code::unsupported_reason_fields, reason.span, "errors do not carry values yet",
                     "not supported yet"));
    }
    const Symbol* symbol = d().find_as<syntax::ErrorItem>(module_, named.error, "error");
    return program::first_own_refusal + (symbol != nullptr ? d().error_text(*symbol) : 0);
}

// Moving the case

void BodyChecker::go(const syntax::Target& target) {
    if (need_entry(target.span, "goto") == nullptr) {
        return;
    }
    if (const auto* name = std::get_if<syntax::Name>(&target.node)) {
        go_to(*name);
        return;
    }
    const auto& chosen = std::get<syntax::ChosenTarget>(target.node);
    ExprPtr condition = convert(*chosen.condition, d().boolean());
    Block then_block = capture([&] { go(*chosen.then_target); });
    Block else_block = capture([&] { go(*chosen.else_target); });
    emit(target.span,
         program::If{std::move(condition), std::move(then_block), std::move(else_block)});
}

void BodyChecker::go_to(const syntax::Name& name) {
    const auto known = case_->states.find(name.text);
    if (name.text == "stay" && known == case_->states.end()) {
        if (!entry_->may_stay && entry_->heading_read) {
            report(error(Code::undeclared_target, name.span,
                         "`stay` is not among the targets of this heading", "not announced")
                       .with_help("add it after the arrow: `-> … | stay`"));
        }
        entry_->used_stay = true;
        emit(name.span, program::Goto{std::nullopt});
        return;
    }
    // Whither is not known then, only that the path ends here: any state will do.
    if (known == case_->states.end() && d().lost(module_, name.text)) {
        emit(name.span, program::Goto{0});
        return;
    }
    if (known == case_->states.end()) {
        std::vector<std::string> states;
        states.reserve(case_->states.size());
        for (const auto& [state, ordinal] : case_->states) {
            states.push_back(state);
        }
        const std::string near = d().closest(name.text, states);
        auto diagnostic = error(Code::unknown_state, name.span,
                                "the procedure has no state `" + name.text + "`", "unknown state");
        diagnostic.help.push_back(near.empty() ? "declare it with `states`"
                                               : "did you mean `" + near + "`?");
        report(std::move(diagnostic));
        emit(name.span, program::Goto{0});
        return;
    }
    if (!entry_->targets.contains(known->second) && entry_->heading_read) {
        d().program().procedures[case_->procedure].graph_known = false;
        report(error(Code::undeclared_target, name.span,
                     "`" + name.text + "` is not among the targets of this heading",
                     "not announced")
                   .with_help("add it after the arrow: `-> … | " + name.text + "`"));
    }
    entry_->used_targets.insert(known->second);
    emit(name.span, program::Goto{known->second});
}

// Telling others

std::vector<Wanted> BodyChecker::wanted(const std::vector<program::Field>& fields) {
    std::vector<Wanted> out;
    out.reserve(fields.size());
    for (const program::Field& field : fields) {
        out.push_back({field.name, field.type, nullptr});
    }
    return out;
}

/// A recipient as the checked program wants it, and how many it may be; nothing after a report.
std::optional<ExprPtr> BodyChecker::recipient(const syntax::Expr& written, std::uint64_t& most) {
    const auto* call = written.as<syntax::CallExpr>();
    recipient_wanted_ = call != nullptr && is_word(*call->callee, "sent");
    ExprPtr value = expr(written);
    recipient_wanted_ = false;
    const program::Type type = types()[value->type];
    switch (type.kind) {
        case Kind::error:
            return std::nullopt;
        case Kind::authority:
            most += 1;
            return coerce(std::move(value), types().of(Kind::body));
        case Kind::body:
        case Kind::case_id:
            most += 1;
            return value;
        case Kind::recipients:
            most += d().program().notices[value->as<program::Sent>()->notice].most_recipients;
            return value;
        case Kind::list:
        case Kind::array:
            if (types().kind(type.items[0]) == Kind::body ||
                types().kind(type.items[0]) == Kind::case_id) {
                most += type.size;
                return value;
            }
            break;
        default:
            break;
    }
    report(error(Code::type_mismatch, written.span,
                 "a notice goes to bodies or cases, this is " + text(value->type),
                 "not a recipient")
               .with_help("recipients are a body, a list of `Body`, a `CaseId`, or `sent(N)`"));
    return std::nullopt;
}

void BodyChecker::send(const syntax::SendStmt& node, Span span) {
    if (need_entry(span, "send") == nullptr) {
        return;
    }
    const Symbol* symbol = d().find_as<syntax::NoticeItem>(module_, node.notice, "notice");
    if (symbol == nullptr) {
        look_at(node.arguments);
        std::uint64_t any = 0;
        for (const syntax::ExprPtr& one : node.recipients) {
            recipient(*one, any);
        }
        return;
    }
    const std::uint32_t index = d().notice(*symbol);
    const program::Notice& notice = d().program().notices[index];
    const std::uint64_t allowed = notice.most_recipients;
    if (notice.module != 0 && notice.sent_by != d().modules().path(0)) {
        report(error(Code::sender_not_allowed, node.notice.span,
                     "this module may not send `" + notice.name + "`", "not ours to send")
                   .with(notice.span, notice.sent_by.empty()
                                          ? "only the module that declares it sends it"
                                          : "sent by `" + notice.sent_by + "`"));
    }
    const std::vector<Wanted> fields = wanted(notice.fields);
    std::vector<ExprPtr> values =
        arguments(fields, node.arguments, {notice.name, d().broken(*symbol)}, span, module_);
    program::Send made;
    made.notice = index;
    std::uint64_t most = 0;
    bool good = values.size() == fields.size();
    for (const syntax::ExprPtr& one : node.recipients) {
        std::optional<ExprPtr> checked = recipient(*one, most);
        good = good && checked.has_value();
        if (checked) {
            made.recipients.push_back(std::move(*checked));
        }
    }
    if (allowed != 0 && most > allowed) {
        report(error(Code::too_many_recipients, node.recipients.front()->span,
                     "up to " + std::to_string(most) + " recipients, but the notice allows " +
                         std::to_string(allowed),
                     "too many"));
    }
    if (good) {
        made.fields = std::move(values);
        emit(span, std::move(made));
    }
}

void BodyChecker::ask(const syntax::AskStmt& node, Span span) {
    if (need_entry(span, "ask") == nullptr) {
        return;
    }
    const Symbol* symbol = d().find_as<syntax::ExchangeItem>(module_, node.exchange, "exchange");
    if (symbol == nullptr) {
        look_at(node.arguments);
        expr(*node.body, d().error_type());
        return;
    }
    program::Ask made;
    made.exchange = d().exchange(*symbol);
    const program::Exchange& exchange = d().program().exchanges[made.exchange];
    const std::vector<Wanted> fields = wanted(exchange.question);
    const bool foreign = exchange.module != 0;
    made.fields =
        arguments(fields, node.arguments, {symbol->name, d().broken(*symbol)}, span, module_);
    made.asked = convert(*node.body, types().of(Kind::body));
    const program::Procedure& procedure = d().program().procedures[case_->procedure];
    for (std::uint32_t i = 0; i < procedure.parameter_count && made.asking == nullptr; ++i) {
        if (types().kind(procedure.data[i].type) == Kind::authority) {
            ExprPtr read = make(procedure.data[i].type, span, program::CaseFieldRead{i});
            made.asking = make(types().of(Kind::body), span, program::ToBody{std::move(read)});
        }
    }
    for (std::uint32_t i = 0; i < procedure.parameter_count && made.asking == nullptr; ++i) {
        if (d().unknown(procedure.data[i].type)) {
            return;  // perhaps a body
        }
    }
    if (foreign || made.asking == nullptr) {
        report(error(Code::nobody_asks, span,
                     foreign ? "only the module that declares an exchange asks"
                             : "the procedure has no parameter that is a body",
                     "in whose name?")
                   .with_help(
                       "the asking body is the first authority among the procedure's parameters"));
        return;
    }
    if (made.fields.size() == fields.size() && !is_error(made.asked)) {
        emit(span, std::move(made));
    }
}

void BodyChecker::answer(const syntax::AnswerStmt& node, Span span) {
    const EntryScope* entry = need_entry(span, "answer");
    if (entry == nullptr) {
        return;
    }
    const Symbol* symbol = d().find_as<syntax::ExchangeItem>(module_, node.exchange, "exchange");
    if (symbol == nullptr) {
        look_at(node.arguments);
        return;
    }
    program::Answer made;
    made.exchange = d().exchange(*symbol);
    if (!entry->starts_known) {
        look_at(node.arguments);
        return;
    }
    if (entry->answers != made.exchange) {
        look_at(node.arguments);
        report(error(Code::misplaced_statement, span,
                     "the cases of this procedure do not start on a question of `" + symbol->name +
                         "`",
                     "nobody asked")
                   .with_help("a case answers the question on which it starts: `start s on ask " +
                              symbol->name + "(q) -> … { … }`"));
        return;
    }
    const std::vector<Wanted> fields = wanted(d().program().exchanges[made.exchange].reply);
    made.fields =
        arguments(fields, node.arguments, {symbol->name, d().broken(*symbol)}, span, module_);
    if (made.fields.size() == fields.size()) {
        emit(span, std::move(made));
    }
}

/// A person, taken out of an option if need be: that refuses if the party is not known.
ExprPtr BodyChecker::person(ExprPtr value) {
    const TypeId person = types().of(Kind::person);
    const Span span = value->span;
    if (value->type == d().option_of(person)) {
        return make(person, span, program::OptionValue{std::move(value), false});
    }
    if (value->type != person && !is_error(value)) {
        report(error(Code::type_mismatch, span,
                     "a person is wanted here, this is " + text(value->type), "not a person")
                   .with_help("name a party of the case"));
        return error_at(span);
    }
    return value;
}

void BodyChecker::receipt(const syntax::ReceiptStmt& node, Span span) {
    if (need_entry(span, "receipt") == nullptr) {
        return;
    }
    ExprPtr to = person(expr(*node.recipient));
    if (!is_error(to)) {
        emit(span, program::Receipt{std::move(to)});
    }
}

void BodyChecker::notify(const syntax::NotifyStmt& node, Span span) {
    if (need_entry(span, "notify") == nullptr) {
        return;
    }
    ExprPtr to = person(name(node.party, node.party.span, no_type));
    ExprPtr message;
    if (const auto* words = std::get_if<syntax::Text>(&node.message)) {
        message = text_literal(words->value, words->span, no_type);
    } else {
        const auto& written = std::get<syntax::Name>(node.message);
        message = name(written, written.span, no_type);
        if (kind(message) == Kind::secret) {
            message =
                make(types().of(Kind::hash), written.span, program::Commitment{std::move(message)});
        } else if (kind(message) != Kind::text && !is_error(message)) {
            message = report_at(written.span, Code::type_mismatch,
                                "a message is a text or a secret, this is " + text(message->type),
                                "not a message");
        }
    }
    if (!is_error(to) && !is_error(message)) {
        emit(span, program::Notify{std::move(to), std::move(message)});
    }
}

void BodyChecker::escalate(const syntax::EscalateStmt& node, Span span) {
    if (need_entry(span, "escalate") == nullptr) {
        return;
    }
    std::optional<program::Actor> to = actor(node.actor, false);
    if (!to) {
        return;
    }
    if (to->form != program::Actor::Form::role) {
        report(error(Code::not_an_actor, node.actor.span,
                     "a case is escalated to the holders of a role", "not a role"));
        return;
    }
    emit(span, program::Escalate{to->role, std::move(to->body)});
}

}  // namespace aqd::check

#include "compiler/parse/parser.h"

/// Statements that begin with a contextual word: what a case does, and what a test says.
namespace aqd::parse {

using diagnostics::error;

// Longer than seventy lines: one branch a verb.
bool Parser::verb_statement(syntax::Stmt& stmt) {
    const std::string_view word = text();
    if (word == "var") {
        var_statement(stmt);
    } else if (word == "goto") {
        goto_statement(stmt);
    } else if (word == "send") {
        send_statement(stmt);
    } else if (word == "ask") {
        skip();
        syntax::AskStmt ask;
        ask.exchange = upper_name("an exchange");
        ask.arguments = call();
        expect_word("to", "and the body that is asked");
        ask.body = postfix();
        stmt.node = std::move(ask);
        end_statement(stmt);
    } else if (word == "answer") {
        skip();
        syntax::AnswerStmt answer;
        answer.exchange = upper_name("an exchange");
        answer.arguments = call();
        stmt.node = std::move(answer);
        end_statement(stmt);
    } else if (word == "receipt") {
        skip();
        expect_word("to", "and who receives it");
        stmt.node = syntax::ReceiptStmt{postfix()};
        end_statement(stmt);
    } else if (word == "notify") {
        skip();
        syntax::NotifyStmt notify;
        notify.party = lower_name("a party");
        if (at(TokenKind::string)) {
            notify.message = string("a text");
        } else {
            notify.message = lower_name("a secret that holds the text");
        }
        stmt.node = std::move(notify);
        end_statement(stmt);
    } else if (word == "escalate") {
        skip();
        expect_word("to", "and who is told");
        stmt.node = syntax::EscalateStmt{actor()};
        end_statement(stmt);
    } else if (word == "extend") {
        skip();
        stmt.node = syntax::ExtendStmt{lower_name("a deadline")};
        end_statement(stmt);
    } else if (word == "fail") {
        skip();
        stmt.node = syntax::FailStmt{reason()};
        end_statement(stmt);
    } else {
        return false;
    }
    return true;
}

bool Parser::test_statement(syntax::Stmt& stmt) {
    const std::string_view word = text();
    if (word == "actor") {
        skip();
        syntax::ActorStmt declared;
        declared.name = lower_name("an actor");
        expect(TokenKind::colon, "and the role that the actor plays");
        declared.actor = actor();
        stmt.node = std::move(declared);
        end_statement(stmt);
    } else if (word == "at") {
        skip();
        syntax::AtStmt moment;
        if (at(TokenKind::time)) {
            moment.moment = lex::read_time(text()).value_or(syntax::TimeLiteral{});
            skip();
        } else {
            moment.moment = date("a moment").value;
        }
        stmt.node = moment;
        end_statement(stmt);
    } else if (word == "after") {
        skip();
        const syntax::Duration passed = duration();
        const auto* literal = std::get_if<syntax::DurationLiteral>(&passed.value);
        if (literal == nullptr) {
            report(error(Code::unexpected_token, passed.span,
                         "a test says how much time passes in numbers, such as `after 30 days`"));
        }
        stmt.node = syntax::AfterStmt{literal != nullptr ? *literal : syntax::DurationLiteral{}};
        end_statement(stmt);
    } else if (word == "as") {
        skip();
        syntax::AsStmt as;
        as.actor = lower_name("an actor");
        as.body = block("what the actor does");
        stmt.node = std::move(as);
    } else {
        return false;
    }
    return true;
}

void Parser::send_statement(syntax::Stmt& stmt) {
    skip();
    syntax::SendStmt send;
    send.notice = upper_name("a notice");
    send.arguments = call();
    expect_word("to", "and who receives the notice");
    commas([&] { send.recipients.push_back(expr()); });
    stmt.node = std::move(send);
    end_statement(stmt);
}

void Parser::goto_statement(syntax::Stmt& stmt) {
    skip();
    stmt.node = syntax::GotoStmt{target()};
    end_statement(stmt);
}

syntax::Target Parser::target() {
    const Nesting nesting(*this);
    syntax::Target target;
    const std::uint32_t first = begin();
    if (!take_word("if")) {
        target.node = lower_name("a state");
        target.span = since(first);
        return target;
    }
    syntax::ChosenTarget chosen;
    chosen.condition = comparison_for_assignment(expr());
    expect_word("then", "and a state");
    chosen.then_target = std::make_unique<syntax::Target>(this->target());
    if (!at_word("else")) {
        stop(unexpected(Code::missing_else, "`else` and the other state"));
    }
    take_word("else");
    chosen.else_target = std::make_unique<syntax::Target>(this->target());
    target.node = std::move(chosen);
    target.span = since(first);
    return target;
}

syntax::Reason Parser::reason() {
    syntax::Reason reason;
    const std::uint32_t first = begin();
    if (at(TokenKind::string)) {
        reason.node = string("a reason");
    } else {
        syntax::NamedReason named;
        named.error = upper_name("an error");
        if (at(TokenKind::lparen) && !now().newline_before) {
            named.arguments = call();
        }
        reason.node = std::move(named);
    }
    reason.span = since(first);
    return reason;
}

}  // namespace aqd::parse

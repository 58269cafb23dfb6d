#include "compiler/parse/parser.h"
#include "compiler/parse/words.h"

namespace aqd::parse {

using diagnostics::error;

std::vector<syntax::Member> Parser::members(std::string_view what) {
    std::vector<syntax::Member> members;
    if (!at(TokenKind::lbrace)) {
        stop(unexpected(Code::missing_block, "`{` and the members of " + std::string(what)));
        if (!resume_at_body()) {
            return members;
        }
    }
    skip();
    const std::uint32_t bracket = at_ - 1;
    const std::uint32_t around = std::exchange(around_, bracket);
    std::uint32_t before = at_;
    while (!take_closer(bracket)) {
        const std::uint32_t first = at_;
        // What goes on in the line of a member is a part of it that was not understood.
        const std::uint32_t broken = now().newline_before ? first : before;
        if (at(TokenKind::semicolon)) {
            report(error(Code::stray_semicolon, now().span, "a member ends by itself")
                       .with_help("delete the semicolon")
                       .with_edit(now().span, ""));
            skip();
        } else {
            member(members);
        }
        before = at_ == first ? before : first;
        if (stopped_) {
            resume_at_member(bracket, first, at_ == first ? broken : first);
        } else if (at_ == first) {
            skip();
        }
    }
    around_ = around;
    return members;
}

void Parser::member(std::vector<syntax::Member>& members) {
    syntax::Member member;
    member.doc = doc_here();
    const std::uint32_t first = begin();
    const std::uint32_t first_token = at_;
    const std::uint32_t outer = std::exchange(heading_, at_);
    renamed_ = false;
    const bool known = member_of_word(member);
    heading_ = outer;
    if (!known) {
        unknown_member();
        return;
    }
    member.span = since(first);
    note_missing_name(member.node);
    note_broken_structure(first_token);
    members.push_back(std::move(member));
}

bool Parser::member_of_word(syntax::Member& member) {
    struct Row {
        std::string_view word;
        void (Parser::*read)(syntax::Member&);
    };
    static constexpr Row rows[] = {
        {"include", &Parser::include_member},
        {"label", &Parser::label_member},
        {"fee", &Parser::fee_member},
        {"var", &Parser::var_member},
        {"party", &Parser::party_member},
        {"secret", &Parser::secret_member},
        {"states", &Parser::states_member},
        {"settled", &Parser::states_member},
        {"waits", &Parser::waits_member},
        {"start", &Parser::start_member},
        {"step", &Parser::step_member},
        {"on", &Parser::react_member},
        {"deadline", &Parser::deadline_member},
        {"access", &Parser::access_member},
        {"invariant", &Parser::invariant_member},
        {"prove", &Parser::prove_member},
    };
    if (!at(TokenKind::lname)) {
        return false;
    }
    const std::string_view word = text();
    for (const Row& row : rows) {
        if (row.word == word) {
            (this->*row.read)(member);
            return true;
        }
    }
    return false;
}

/// A declaration of the file inside a procedure. It is read all the same and counts as declared.
bool Parser::misplaced_item() {
    if (!at(TokenKind::lname) || !is_item_word(text()) || !starts_item(rest(), source_)) {
        return false;
    }
    report(error(Code::misplaced_declaration, now().span,
                 "`" + std::string(text()) + "` stands inside a procedure")
               .with_help("move it to the top of the file"));
    item();
    return true;
}

void Parser::unknown_member() {
    if (misplaced_item()) {
        return;
    }
    const std::string word(text());
    if (at(TokenKind::lname) && !for_foreign_word(word).empty()) {
        stop(
            error(Code::foreign_keyword, now().span, "`" + word + "` is not a word of the language")
                .with_help(std::string(for_foreign_word(word))));
        return;
    }
    auto diagnostic =
        error(Code::expected_member, now().span,
              "expected a member of the procedure, found `" + word.substr(0, 40) + "`");
    const std::string nearest(at(TokenKind::lname) ? nearest_member_word(word) : "");
    if (!nearest.empty()) {
        diagnostic = std::move(diagnostic)
                         .with_help("did you mean `" + nearest + "`?")
                         .with_edit(now().span, nearest);
    }
    stop(std::move(diagnostic));
}

void Parser::include_member(syntax::Member& member) {
    skip();
    syntax::IncludeMember include;
    include.part = upper_name("a part");
    include.arguments = call();
    member.node = std::move(include);
}

void Parser::label_member(syntax::Member& member) {
    skip();
    syntax::LabelMember label;
    if (at(TokenKind::lname) && ahead(1).kind != TokenKind::string) {
        label.state = lower_name("a state");
    }
    label.texts = texts();
    member.node = std::move(label);
}

void Parser::fee_member(syntax::Member& member) {
    skip();
    syntax::FeeMember fee;
    fee.name = lower_name("a fee");
    expect(TokenKind::colon, "and the amount of the fee");
    fee.amount = expr();
    expect_word("to", "and who receives the fee");
    fee.payee = postfix();
    fee.basis = basis();
    member.node = std::move(fee);
}

void Parser::var_member(syntax::Member& member) {
    skip();
    syntax::VarMember var;
    var.name = lower_name("a variable");
    if (at(TokenKind::colon)) {
        var.type = type_after_colon("the variable");
    } else if (!at(TokenKind::assign)) {
        stop(unexpected(Code::missing_type, "`:` and a type, or `=` and a first value"));
    }
    if (take(TokenKind::assign) || (stopped_ && !var.type)) {
        var.value = expr();
    }
    member.node = std::move(var);
}

void Parser::party_member(syntax::Member& member) {
    skip();
    syntax::PartyMember party;
    party.name = lower_name("a party");
    expect(TokenKind::colon, "and who the party may be");
    party.actors = actors();
    member.node = std::move(party);
}

void Parser::secret_member(syntax::Member& member) {
    skip();
    syntax::SecretMember secret;
    secret.name = lower_name("a secret");
    secret.type = type_after_colon("the secret");
    if (take_word("kind")) {
        secret.kind = upper_name("a kind of document");
    }
    expect_word("held", "and who holds the secret");
    expect_word("by", "and who holds the secret");
    secret.holder = postfix();
    expect_word("purge", "and when the secret is destroyed");
    secret.purge = duration();
    expect_word("after", "and from when the time counts");
    secret.after = lower_name("a state, or `settled`");
    member.node = std::move(secret);
}

void Parser::states_member(syntax::Member& member) {
    syntax::StatesMember states;
    states.settled = at_word("settled");
    skip();
    const auto state = [&] {
        states.names.push_back(lower_name("a state"));
        note_missing_name(states.names.back());
    };
    commas(state);
    if (at(TokenKind::lname) && !now().newline_before) {
        missing_comma(around_, at_, false);
    }
    while (!stopped_ && at(TokenKind::lname) && !now().newline_before) {
        commas(state);
    }
    member.node = std::move(states);
}

void Parser::waits_member(syntax::Member& member) {
    skip();
    syntax::WaitsMember waits;
    waits.state = lower_name("a state");
    waits.reason = string("why the state has no deadline");
    member.node = std::move(waits);
}

syntax::Clauses Parser::clauses() {
    syntax::Clauses clauses;
    while (true) {
        const Span word = now().span;
        if (at_word("basis")) {
            clauses.basis.push_back(basis());
        } else if (take_word("once")) {
            set_once(clauses.once, word, "once");
        } else if (take_word("backdated")) {
            expect_word("within", "and by how much");
            set_once(clauses.backdated_within, duration(), word, "backdated");
        } else {
            return clauses;
        }
    }
}

void Parser::start_member(syntax::Member& member) {
    skip();
    syntax::StartMember start;
    start.name = lower_name("a start");
    if (take_word("on")) {
        expect_word("ask", "and the exchange that opens the case");
        syntax::StartOnAsk ask;
        ask.exchange = upper_name("an exchange");
        ask.binder = binder("the question");
        start.opening = std::move(ask);
    } else {
        syntax::StartBy opened;
        opened.params = params();
        opened.by = by();
        if (take_word("in")) {
            if (!take_word("none")) {
                report(unexpected(Code::unexpected_token, "`none`")
                           .with_help("a start opens a case: `in none`, or `in none | state` to "
                                      "join an open one too"));
                opened.joins = state_names("a state");
            } else if (at(TokenKind::pipe) || at(TokenKind::comma)) {
                if (at(TokenKind::comma)) {
                    report_comma_for_bar();
                }
                skip();
                opened.joins = state_names("a state");
            }
        }
        start.opening = std::move(opened);
    }
    start.targets = targets();
    start.clauses = clauses();
    start.body = body("the start");
    member.node = std::move(start);
}

void Parser::step_member(syntax::Member& member) {
    skip();
    syntax::StepMember step;
    step.name = lower_name("a step");
    step.params = params();
    do {
        syntax::StepGroup group;
        const std::uint32_t first = begin();
        group.by = by();
        group.states = in_states();
        group.span = since(first);
        step.groups.push_back(std::move(group));
    } while (at_word("by"));
    step.targets = targets();
    step.clauses = clauses();
    step.body = body("the step");
    member.node = std::move(step);
}

void Parser::react_member(syntax::Member& member) {
    skip();
    syntax::ReactMember react;
    const bool named = ahead(1).kind == TokenKind::uname;
    if (named && take_word("reply")) {
        syntax::OnReply reply;
        reply.exchange = upper_name("an exchange");
        reply.binder = binder("the answer");
        react.event = std::move(reply);
    } else if (named && take_word("acknowledged")) {
        react.event = syntax::OnAcknowledged{upper_name("a notice")};
    } else {
        syntax::OnNotice notice;
        notice.notice = upper_name("a notice");
        notice.binder = binder("the notice");
        if (take_word("each")) {
            notice.each = expr();
        }
        react.event = std::move(notice);
    }
    react.states = in_states();
    react.targets = targets();
    if (take_word("else")) {
        expect_word("ignore", "");
        react.else_ignore = true;
    }
    react.body = body("the event");
    member.node = std::move(react);
}

void Parser::deadline_member(syntax::Member& member) {
    skip();
    syntax::DeadlineMember deadline;
    deadline.name = lower_name("a deadline");
    if (take_word("at")) {
        deadline.term = syntax::TermAt{lower_name("a variable that holds the moment")};
    } else {
        expect(TokenKind::colon, "and the term, such as `30 days`");
        syntax::Term term;
        term.duration = duration();
        term.clear = take_word("clear");
        term.exact = take_word("exact");
        deadline.term = std::move(term);
    }
    deadline.states = in_states();
    deadline_timing(deadline);
    expect_word("expires", "and what happens then");
    if (take_word("breach")) {
        expect_word("of", "and the body that is in breach");
        deadline.breach_of = postfix();
    }
    deadline.targets = targets();
    deadline.body = body("the deadline");
    member.node = std::move(deadline);
}

void Parser::deadline_timing(syntax::DeadlineMember& deadline) {
    while (true) {
        const Span word = now().span;
        if (take_word("pauses")) {
            for (syntax::Name& state : state_names("a state")) {
                deadline.pauses.push_back(std::move(state));
            }
        } else if (take_word("extend")) {
            expect_word("once", "and by how much");
            set_once(deadline.extend_once, duration(), word, "extend");
        } else if (take_word("suspended")) {
            expect_word("by", "and the suspension");
            deadline.suspended_by.push_back(lower_name("a suspension"));
        } else if (at_word("basis")) {
            deadline.basis.push_back(basis());
        } else {
            return;
        }
    }
}

void Parser::access_member(syntax::Member& member) {
    skip();
    syntax::AccessMember access;
    access.secret = lower_name("a secret");
    access.by = by();
    access.states = in_states();
    expect_word("purpose", "and why the secret may be read");
    access.purpose = string("the purpose");
    access.basis = basis();
    member.node = std::move(access);
}

void Parser::invariant_member(syntax::Member& member) {
    skip();
    syntax::InvariantMember invariant;
    invariant.name = lower_name("an invariant");
    expect(TokenKind::colon, "and what always holds");
    invariant.condition = comparison_for_assignment(expr());
    member.node = std::move(invariant);
}

void Parser::prove_member(syntax::Member& member) {
    skip();
    member.node = syntax::ProveMember{lower_name("a property")};
}

}  // namespace aqd::parse

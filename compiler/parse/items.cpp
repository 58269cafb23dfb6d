#include "compiler/parse/parser.h"

/// Declarations, one function each.
namespace aqd::parse {

using diagnostics::error;

void Parser::use_item(syntax::Item& item) {
    skip();
    syntax::UseItem use;
    use.path = path("a module");
    if (take_word("as")) {
        use.alias = lower_name("the module here");
        note_missing_name(*use.alias);
    } else if (at(TokenKind::lbrace)) {
        list(TokenKind::lbrace, false, "", [&] {
            use.names.push_back(any_name("an import"));
            note_missing_name(use.names.back());
        });
        if (use.names.empty()) {
            report(error(Code::expected_name, since(use.path.span.begin),
                         "this names nothing to use"));
        }
    }
    item.node = std::move(use);
}

void Parser::legal_item(syntax::Item& item) {
    skip();
    syntax::LegalItem legal;
    legal.name = upper_name("a legal basis");
    expect(TokenKind::assign, "and the text, such as `law \"55-19\"`");
    legal.kind = lower_name("a kind of text, such as `law` or `decree`");
    legal.reference = string("the number of the text");
    if (take_word("article")) {
        legal.article = string("the article");
    }
    item.node = std::move(legal);
}

void Parser::parameter_item(syntax::Item& item) {
    skip();
    syntax::ParameterItem parameter;
    parameter.name = lower_name("a parameter");
    if (at(TokenKind::colon)) {
        parameter.type = type_after_colon("the parameter");
    }
    expect(TokenKind::assign, "and the value with its date");
    commas([&] { parameter.values.push_back(dated_value()); });
    item.node = std::move(parameter);
}

syntax::DatedValue Parser::dated_value() {
    syntax::DatedValue value;
    const std::uint32_t first = begin();
    value.value = expr();
    expect_word("from", "and the date from which the value holds");
    value.from = date("when the value takes effect");
    if (at_word("basis")) {
        value.basis = basis();
    }
    value.span = since(first);
    return value;
}

void Parser::const_item(syntax::Item& item) {
    skip();
    syntax::ConstItem constant;
    constant.name = upper_name("a constant");
    constant.type = type_after_colon("the constant");
    expect(TokenKind::assign, "and the value of the constant");
    constant.value = expr();
    item.node = std::move(constant);
}

void Parser::document_item(syntax::Item& item) {
    skip();
    syntax::DocumentItem document;
    document.name = upper_name("a kind of document");
    if (take_word("held")) {
        expect_word("in", "and the register that holds it");
        document.held_in = path("a register");
    }
    item.node = std::move(document);
}

void Parser::authority_item(syntax::Item& item) {
    skip();
    syntax::AuthorityItem authority;
    authority.name = upper_name("an authority");
    if (at(TokenKind::lparen)) {
        authority.params = params();
    }
    if (take_word("has")) {
        authority.fields = fields();
    }
    item.node = std::move(authority);
}

void Parser::role_item(syntax::Item& item) {
    skip();
    syntax::RoleItem role;
    role.name = upper_name("a role");
    if (take_word("of")) {
        role.source = syntax::RoleOf{upper_name("an authority")};
    } else if (take_word("by")) {
        if (take_word("credential")) {
            role.source = syntax::RoleByCredential{string("the credential")};
        } else if (take_word("assertion")) {
            expect_word("of", "and the authority that asserts it");
            syntax::RoleByAssertion assertion;
            assertion.authority = upper_name("an authority");
            expect_word("level", "and the level of assurance");
            assertion.level = integer("a level");
            role.source = std::move(assertion);
        } else {
            stop(unexpected(Code::unexpected_token, "`credential` or `assertion of`"));
        }
    } else {
        auto diagnostic = unexpected(Code::missing_of, "`of` and the authority of this role")
                              .with_help("write `role " + role.name.text + " of " +
                                         std::string(at(TokenKind::uname) ? text() : "Authority") +
                                         "`, or `by` and what vouches for the person");
        if (at(TokenKind::uname) && !now().newline_before) {
            report(std::move(diagnostic).with_edit({source_.id(), last_end_, last_end_}, " of"));
            role.source = syntax::RoleOf{upper_name("an authority")};
        } else {
            stop(std::move(diagnostic));
        }
    }
    if (take_word("delegable")) {
        expect_word("for", "and how long");
        role.delegable = duration();
    }
    item.node = std::move(role);
}

void Parser::record_item(syntax::Item& item) {
    skip();
    syntax::RecordItem record;
    record.name = upper_name("a record");
    record.fields = fields();
    item.node = std::move(record);
}

void Parser::enum_item(syntax::Item& item) {
    skip();
    syntax::EnumItem choice;
    choice.name = upper_name("an enum");
    list(TokenKind::lbrace, true, "and the variants", [&] {
        syntax::Variant variant;
        const std::uint32_t first = begin();
        variant.doc = doc_here();
        variant.name = upper_name("a variant");
        note_missing_name(variant.name);
        if (at(TokenKind::lparen)) {
            variant.params = params();
        }
        variant.span = since(first);
        choice.variants.push_back(std::move(variant));
    });
    if (choice.variants.empty()) {
        report(error(Code::expected_name, choice.name.span, "an enum has one variant or more"));
    }
    item.node = std::move(choice);
}

void Parser::register_item(syntax::Item& item) {
    skip();
    syntax::RegisterItem table;
    table.name = lower_name("a register");
    if (!take(TokenKind::colon)) {
        stop(unexpected(Code::missing_type, "`:` and the types of the register")
                 .with_help("write `register name: Key -> Value`"));
    }
    table.key = type();
    expect(TokenKind::arrow, "and the type of the value");
    table.value = type();
    while (true) {
        const Span word = now().span;
        if (take_word("default")) {
            if (table.initial) {
                report_repeated(word, "default");
            }
            table.initial = expr();
        } else if (take_word("owned")) {
            expect_word("by", "and the authority that owns the register");
            set_once(table.owner, upper_name("an authority"), word, "owned by");
        } else if (take_word("changed")) {
            expect_word("by", "and who may change the register");
            if (!table.changed_by.empty()) {
                report_repeated(word, "changed by");
            }
            for (syntax::Actor& changer : actors()) {
                table.changed_by.push_back(std::move(changer));
            }
        } else if (at_word("index")) {
            table.indexes.push_back(index());
        } else if (take_word("proves")) {
            table.proves.push_back(upper_name("a kind of document"));
        } else {
            break;
        }
    }
    item.node = std::move(table);
}

void Parser::error_item(syntax::Item& item) {
    skip();
    syntax::ErrorItem refusal;
    refusal.name = upper_name("an error");
    refusal.texts = texts();
    item.node = std::move(refusal);
}

void Parser::notice_item(syntax::Item& item) {
    skip();
    syntax::NoticeItem notice;
    notice.name = upper_name("a notice");
    notice.fields = fields();
    while (true) {
        const Span word = now().span;
        if (take_word("sent")) {
            expect_word("by", "and the module that sends the notice");
            set_once(notice.sent_by, path("a module"), word, "sent by");
        } else if (at_word("basis")) {
            notice.basis.push_back(basis());
        } else if (take_word("max")) {
            set_once(notice.max, integer("how many recipients"), word, "max");
        } else if (take_word("acknowledge")) {
            expect_word("within", "and how long the recipient has");
            set_once(notice.acknowledge_within, duration(), word, "acknowledge");
        } else if (take_word("act")) {
            expect_word("within", "and how long the recipient has");
            set_once(notice.act_within, duration(), word, "act");
        } else if (take_word("else")) {
            syntax::Reminder reminder;
            expect_word("remind", "and how often");
            reminder.times = integer("how many reminders");
            expect_word("every", "and the time between reminders");
            reminder.every = duration();
            if (take_word("then")) {
                expect_word("escalate", "");
                expect_word("to", "and who is told");
                reminder.escalate_to = actor();
            }
            set_once(notice.reminder, std::move(reminder), word, "else remind");
        } else {
            break;
        }
    }
    item.node = std::move(notice);
}

void Parser::exchange_item(syntax::Item& item) {
    skip();
    syntax::ExchangeItem exchange;
    exchange.name = upper_name("an exchange");
    exchange.question = fields();
    expect(TokenKind::arrow, "and the fields of the answer");
    exchange.answer = fields();
    while (true) {
        const Span word = now().span;
        if (take_word("purpose")) {
            set_once(exchange.purpose, string("the purpose"), word, "purpose");
        } else if (at_word("basis")) {
            exchange.basis.push_back(basis());
        } else if (take_word("within")) {
            set_once(exchange.within, duration(), word, "within");
        } else if (take_word("retain")) {
            set_once(exchange.retain, duration(), word, "retain");
        } else {
            break;
        }
    }
    item.node = std::move(exchange);
}

void Parser::suspension_item(syntax::Item& item) {
    skip();
    syntax::SuspensionItem suspension;
    suspension.name = lower_name("a suspension");
    expect_word("by", "and who may suspend");
    suspension.actors = actors();
    suspension.basis = basis();
    item.node = std::move(suspension);
}

void Parser::function_item(syntax::Item& item) {
    syntax::FunctionItem function;
    function.view = at_word("view");
    skip();
    function.name = lower_name("a function");
    function.params = params();
    if (!take(TokenKind::arrow)) {
        stop(unexpected(Code::missing_type, "`->` and the type of the result"));
    }
    function.result = type();
    function.body = body("the function");
    item.node = std::move(function);
}

void Parser::action_item(syntax::Item& item) {
    skip();
    syntax::ActionItem action;
    action.name = lower_name("an action");
    action.params = params();
    action.by = by();
    if (take(TokenKind::arrow)) {
        action.result = type();
    }
    action.body = body("the action");
    item.node = std::move(action);
}

/// `(n)`: the name under which a body reads what arrived.
syntax::Name Parser::binder(std::string_view what) {
    expect(TokenKind::lparen, "and a name for " + std::string(what));
    syntax::Name name = lower_name(what);
    expect(TokenKind::rparen, "");
    return name;
}

void Parser::listener_item(syntax::Item& item) {
    skip();
    syntax::ListenerItem listener;
    listener.notice = upper_name("a notice");
    listener.binder = binder("the notice");
    listener.body = body("the listener");
    item.node = std::move(listener);
}

void Parser::procedure_item(syntax::Item& item) {
    skip();
    syntax::ProcedureItem procedure;
    procedure.name = upper_name("a procedure");
    if (at(TokenKind::lparen)) {
        procedure.params = params();
    }
    while (true) {
        const Span word = now().span;
        if (take_word("unique")) {
            procedure.unique.push_back(lower_name("a variable"));
        } else if (at_word("index")) {
            procedure.indexes.push_back(index());
        } else if (take_word("calendar")) {
            set_once(procedure.calendar, lower_name("a calendar"), word, "calendar");
        } else {
            break;
        }
    }
    procedure.members = members("the procedure");
    item.node = std::move(procedure);
}

void Parser::part_item(syntax::Item& item) {
    skip();
    syntax::PartItem part;
    part.name = upper_name("a part");
    part.params = params();
    part.members = members("the part");
    item.node = std::move(part);
}

void Parser::migrate_item(syntax::Item& item) {
    skip();
    syntax::MigrateItem migrate;
    migrate.procedure = upper_name("a procedure");
    migrate.from = integer("a version");
    expect(TokenKind::arrow, "and the version to move to");
    migrate.to = integer("a version");
    if (expect(TokenKind::lbrace, "and the rules")) {
        const std::uint32_t bracket = at_ - 1;
        while (!take_closer(bracket)) {
            const std::uint32_t first = at_;
            migrate.rules.push_back(migrate_rule());
            if (stopped_) {
                resume_in_block(bracket, first);
            } else if (at_ == first) {
                skip();
            }
        }
    }
    item.node = std::move(migrate);
}

syntax::MigrateRule Parser::migrate_rule() {
    syntax::MigrateRule rule;
    const std::uint32_t first = begin();
    if (at_word("keep") && word_ahead(1, "where")) {
        skip();
        skip();
        rule.node = syntax::KeepRule{comparison_for_assignment(expr())};
        rule.span = since(first);
        if (!take(TokenKind::semicolon) && !now().newline_before && !at(TokenKind::rbrace)) {
            stop(unexpected(Code::missing_line_end, "the end of the rule"));
        }
        return rule;
    }
    syntax::MoveRule move;
    move.from = lower_name("a state of the old version, or `keep where`");
    expect(TokenKind::arrow, "and a state of the new version");
    move.to = lower_name("a state of the new version");
    move.body = block("the rule");
    rule.node = std::move(move);
    rule.span = since(first);
    return rule;
}

void Parser::test_item(syntax::Item& item) {
    skip();
    syntax::TestItem test;
    test.title = string("what the test shows");
    test.body = body("the test");
    item.node = std::move(test);
}

}  // namespace aqd::parse

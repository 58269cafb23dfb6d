#include "compiler/parse/parse.h"
#include "compiler/parse/parser.h"
#include "compiler/parse/words.h"

namespace aqd::parse {

using diagnostics::error;
using lex::Token;

syntax::Block Parser::block(std::string_view what) {
    const Nesting nesting(*this);
    syntax::Block block;
    const std::uint32_t first = begin();
    if (!take(TokenKind::lbrace)) {
        stop(unexpected(Code::missing_block, "`{` and the body of " + std::string(what)));
        block.span = since(first);
        return block;
    }
    const std::uint32_t bracket = at_ - 1;
    const std::uint32_t around = std::exchange(body_height_, 0);
    while (!take_closer(bracket)) {
        if (at(TokenKind::semicolon)) {
            report(error(Code::stray_semicolon, now().span, "this semicolon ends nothing")
                       .with_help("delete it")
                       .with_edit(now().span, ""));
            skip();
            continue;
        }
        const std::uint32_t statement_first = at_;
        const bool variable = at_word("var");
        block.statements.push_back(statement());
        if (stopped_) {
            if (variable && block.statements.back()->as<syntax::VarStmt>() == nullptr) {
                file_.damage.lose_any_name();
            }
            resume_in_block(bracket, statement_first);
        } else if (at_ == statement_first) {
            skip();
        }
    }
    block.span = since(first);
    const std::uint32_t height = body_height_ + 1;
    body_height_ = std::max(around, height);
    if (height > max_nesting) {
        stop(error(Code::nested_too_deeply, block.span.start(), "this body is nested too deeply")
                 .with_help("move a part of it to a function"));
    }
    return block;
}

syntax::StmtPtr Parser::statement() {
    auto stmt = std::make_unique<syntax::Stmt>();
    stmt->span = {source_.id(), begin(), begin()};
    statement_node(*stmt);
    if (!stmt->semicolon) {
        stmt->span = since(stmt->span.begin);
    }
    return stmt;
}

void Parser::statement_node(syntax::Stmt& stmt) {
    if (at(TokenKind::reserved) && reserved_statement(stmt)) {
        return;
    }
    if (at(TokenKind::lname) && argument_follows() &&
        (verb_statement(stmt) || test_statement(stmt))) {
        return;
    }
    const std::uint32_t first = at_;
    mistaken_statement(stmt);
    if (at_ == first) {
        expression_statement(stmt);
    }
}

/// Whether a word stands directly before another word or a literal, as no expression has it.
bool Parser::argument_follows() const {
    const Token& next = ahead(1);
    if (next.newline_before) {
        return false;
    }
    switch (next.kind) {
        case TokenKind::lname:
        case TokenKind::uname:
        case TokenKind::string:
        case TokenKind::integer:
        case TokenKind::date:
        case TokenKind::time:
        case TokenKind::duration:
            return true;
        case TokenKind::reserved:
            return at_word("goto") && word_ahead(1, "if");
        default:
            return false;
    }
}

bool Parser::statement_starts() const {
    switch (now().kind) {
        case TokenKind::lname:
        case TokenKind::uname:
        case TokenKind::integer:
        case TokenKind::decimal:
        case TokenKind::date:
        case TokenKind::time:
        case TokenKind::duration:
        case TokenKind::string:
        case TokenKind::lparen:
        case TokenKind::lbracket:
        case TokenKind::minus:
        case TokenKind::tilde:
        case TokenKind::arrow:
            return true;
        case TokenKind::reserved:
            return !at_word("and") && !at_word("or") && !at_word("implies") && !at_word("then") &&
                   !at_word("else");
        default:
            return false;
    }
}

void Parser::end_statement(syntax::Stmt& stmt) {
    stmt.span = since(stmt.span.begin);
    if (stopped_) {
        return;
    }
    if (take(TokenKind::semicolon)) {
        stmt.semicolon = true;
        return;
    }
    if (now().newline_before || at(TokenKind::rbrace) || at(TokenKind::end)) {
        return;
    }
    const bool understood =
        (at(TokenKind::reserved) && statement_starts() && !at_word("none") && !at_word("not")) ||
        (at(TokenKind::lname) && argument_follows());
    const Span gap{source_.id(), last_end_, last_end_};
    Diagnostic diagnostic = unexpected(Code::missing_line_end, "the end of the statement");
    if (understood) {
        report(std::move(diagnostic)
                   .with_help("begin a new line, or write `;` between two statements")
                   .with_edit(gap, ";"));
    } else if (at(TokenKind::assign)) {
        stop(error(Code::assignment_in_condition, now().span,
                   "`=` cannot stand here; a comparison is `==`")
                 .with_edit(now().span, "=="));
    } else {
        stop(std::move(diagnostic));
    }
}

bool Parser::reserved_statement(syntax::Stmt& stmt) {
    const std::string_view word = text();
    if (word == "let") {
        let_statement(stmt);
    } else if (word == "if") {
        if_statement(stmt);
    } else if (word == "match") {
        stmt.node = syntax::ExprStmt{match_expr()};
    } else if (word == "for") {
        for_statement(stmt);
    } else if (word == "while") {
        while_statement(stmt);
    } else if (word == "return") {
        return_statement(stmt);
    } else if (word == "require") {
        require_statement(stmt);
    } else if (word == "expect") {
        expect_statement(stmt);
    } else {
        return false;
    }
    return true;
}

/// What begins like no statement. Takes nothing if it may still be an expression.
void Parser::mistaken_statement(syntax::Stmt& stmt) {
    if (at(TokenKind::arrow)) {
        report(error(Code::missing_goto, now().span, "a change of state is written `goto state`")
                   .with_edit(now().span, "goto"));
        skip();
        stmt.node = syntax::GotoStmt{target()};
        end_statement(stmt);
        return;
    }
    const bool heading =
        starts_item(rest(), source_) || (starts_member(rest(), source_) && !at_word("var"));
    const std::string word(text());
    if (!stopped_ && heading) {
        stop(error(Code::misplaced_declaration, now().span, "`" + word + "` cannot stand in a body")
                 .with_help("move it out of the braces around it"));
    } else if (at(TokenKind::lname) && argument_follows() && !for_foreign_word(word).empty()) {
        stop(
            error(Code::foreign_keyword, now().span, "`" + word + "` is not a word of the language")
                .with_help(std::string(for_foreign_word(word))));
    } else if (at_word("else")) {
        stop(error(Code::unexpected_token, now().span, "this `else` belongs to no `if`"));
    } else if (at(TokenKind::lbrace)) {
        stop(error(Code::expected_expression, now().span, "a block does not stand alone")
                 .with_help("write its statements without the braces"));
    }
    if (stopped_) {
        // The tree holds a value in the place of what was not understood.
        stmt.node = syntax::ExprStmt{missing_expr()};
    }
}

void Parser::let_statement(syntax::Stmt& stmt) {
    skip();
    if (at_word("mut") && argument_follows()) {
        stop(error(Code::foreign_keyword, now().span, "`mut` is not a word of the language")
                 .with_help(std::string(for_foreign_word("mut"))));
    }
    syntax::LetStmt let;
    let.pattern = pattern();
    if (at(TokenKind::colon)) {
        let.type = type_after_colon("the value");
    }
    expect(TokenKind::assign, "and the value");
    let.value = expr();
    stmt.node = std::move(let);
    end_statement(stmt);
}

void Parser::var_statement(syntax::Stmt& stmt) {
    skip();
    syntax::VarStmt var;
    var.name = lower_name("a variable");
    note_missing_name(var.name);
    if (at(TokenKind::colon)) {
        var.type = type_after_colon("the variable");
    }
    expect(TokenKind::assign, "and the first value of the variable");
    var.value = expr();
    stmt.node = std::move(var);
    end_statement(stmt);
}

void Parser::if_statement(syntax::Stmt& stmt) {
    const Nesting nesting(*this);
    const std::uint32_t first = begin();
    skip();
    syntax::IfStmt choice;
    choice.condition = condition();
    if (at_word("then")) {
        stmt.node = syntax::ExprStmt{then_else(std::move(choice.condition), first)};
        end_statement(stmt);
        return;
    }
    choice.then_block = block("the `if`");
    if (take_word("else")) {
        if (at_word("if")) {
            choice.else_branch = statement();
        } else {
            choice.else_branch = block("the `else`");
        }
        // `else if c then a else b` is a value, which a chain of blocks cannot end in.
        if (const auto* next = std::get_if<syntax::StmtPtr>(&choice.else_branch);
            next != nullptr && (*next)->as<syntax::IfStmt>() == nullptr) {
            if (!stopped_) {
                file_.damage.add((*next)->span, (*next)->span.begin);
                sink_.report(error(Code::missing_block, (*next)->span,
                                   "after a body in braces, the other side is in braces too"));
            }
            choice.else_branch = std::monostate{};
        }
    }
    stmt.node = std::move(choice);
}

void Parser::for_statement(syntax::Stmt& stmt) {
    skip();
    syntax::ForStmt loop;
    loop.pattern = pattern();
    expect_word("in", "and what the loop runs over");
    loop.first = expr();
    if (at_foreign("..=") || at_foreign("...")) {
        report(error(Code::foreign_operator, now().span,
                     "a range is written `first .. end`, without its end")
                   .with_edit(now().span, ".."));
        skip();
        loop.last = expr();
    } else if (take(TokenKind::dot_dot)) {
        loop.last = expr();
    }
    loop.body = block("the loop");
    stmt.node = std::move(loop);
}

void Parser::while_statement(syntax::Stmt& stmt) {
    skip();
    syntax::WhileStmt loop;
    loop.condition = comparison_for_assignment(expr());
    if (at(TokenKind::lbrace)) {
        report(error(Code::missing_bound, place(), "this loop has no bound")
                   .with_help("say how often it runs at most: `while … max 64 { … }`"));
        loop.max.span = place();
    } else {
        expect_word("max", "and how often the loop runs at most");
        loop.max = integer("a bound");
    }
    loop.body = block("the loop");
    stmt.node = std::move(loop);
}

void Parser::return_statement(syntax::Stmt& stmt) {
    skip();
    syntax::ReturnStmt result;
    const bool ended = now().newline_before || at(TokenKind::rbrace) || at(TokenKind::semicolon) ||
                       at(TokenKind::end);
    if (!ended) {
        result.value = expr();
    }
    stmt.node = std::move(result);
    end_statement(stmt);
}

void Parser::require_statement(syntax::Stmt& stmt) {
    skip();
    syntax::RequireStmt require;
    require.condition = condition();
    if (at(TokenKind::comma)) {
        report(
            error(Code::missing_refusal, now().span, "the reason of a refusal stands after `else`")
                .with_edit(now().span, " else"));
        skip();
        require.reason = reason();
    } else if (take_word("else")) {
        require.reason = reason();
    } else {
        const Span gap = stopped_ ? stmt.span : Span{source_.id(), last_end_, last_end_};
        report(error(Code::missing_refusal, gap, "this requirement does not say why it refuses")
                   .with_help("write `require … else Reason`, where `error Reason fr \"…\"` is "
                              "declared, or `else \"…\"`"));
        require.reason = {syntax::Text{"", gap}, gap};
    }
    stmt.node = std::move(require);
    end_statement(stmt);
}

void Parser::expect_statement(syntax::Stmt& stmt) {
    skip();
    const bool refused = at_word("refused") &&
                         (ahead(1).kind == TokenKind::uname || ahead(1).kind == TokenKind::lbrace);
    if (refused) {
        skip();
        syntax::ExpectRefusedStmt expected;
        if (at(TokenKind::uname)) {
            expected.error = upper_name("an error");
        }
        expected.body = block("what must be refused");
        stmt.node = std::move(expected);
        return;
    }
    stmt.node = syntax::ExpectStmt{comparison_for_assignment(expr())};
    end_statement(stmt);
}

void Parser::expression_statement(syntax::Stmt& stmt) {
    syntax::ExprPtr value = simple();
    std::optional<syntax::AssignOp> op;
    if (at(TokenKind::assign)) {
        op = syntax::AssignOp::set;
    } else if (at(TokenKind::plus_assign)) {
        op = syntax::AssignOp::add;
    } else if (at(TokenKind::minus_assign)) {
        op = syntax::AssignOp::subtract;
    } else if (at(TokenKind::foreign)) {
        const bool declares = text() == ":=";
        stop(error(Code::foreign_operator, now().span,
                   "`" + std::string(text()) + "` is not an operator of the language")
                 .with_help(declares ? "write `let x = …`, or `var x = …` if it changes"
                                     : "variables are changed with `=`, `+=` and `-=`"));
    }
    if (!op) {
        stmt.node = syntax::ExprStmt{std::move(value)};
        end_statement(stmt);
        return;
    }
    const syntax::Expr* place = value.get();
    while (true) {
        if (const auto* member = place->as<syntax::MemberExpr>()) {
            place = member->object.get();
        } else if (const auto* index = place->as<syntax::IndexExpr>()) {
            place = index->object.get();
        } else {
            break;
        }
    }
    if (place->as<syntax::NameExpr>() == nullptr) {
        report(
            error(Code::assignment_target, value->span, "this is a value; it cannot be assigned to")
                .with_help("to compare, write `==`"));
    }
    skip();
    stmt.node = syntax::AssignStmt{std::move(value), *op, expr()};
    end_statement(stmt);
}

}  // namespace aqd::parse

#include "compiler/parse/parser.h"

/// Patterns, and what chooses by them.
namespace aqd::parse {

using diagnostics::error;
using syntax::BinaryOp;
using syntax::ExprPtr;

syntax::Arm Parser::arm(std::uint32_t& height) {
    syntax::Arm arm;
    const std::uint32_t first = begin();
    bars([&] { arm.patterns.push_back(pattern()); });
    if (at(TokenKind::arrow) || at(TokenKind::colon)) {
        report(error(Code::unexpected_token, now().span, "the value of an arm stands after `=>`")
                   .with_edit(now().span, "=>"));
        skip();
    } else {
        expect(TokenKind::fat_arrow, "after the pattern");
    }
    if (at(TokenKind::lbrace)) {
        const std::uint32_t around = std::exchange(body_height_, 0);
        arm.body = block("the arm");
        height = std::max(height, body_height_);
        body_height_ = std::max(body_height_, around);
    } else {
        ExprPtr value = expr();
        height = std::max(height, value->height);
        arm.body = std::move(value);
    }
    arm.span = since(first);
    return arm;
}

syntax::PatternPtr Parser::pattern() {
    const Nesting nesting(*this);
    auto result = std::make_unique<syntax::Pattern>();
    result->id = static_cast<syntax::PatternId>(file_.pattern_count++);
    const std::uint32_t first = begin();
    if (at(TokenKind::lname) || at(TokenKind::uname)) {
        syntax::NamePattern named;
        named.name = any_name("a pattern");
        if (at(TokenKind::lparen)) {
            named.arguments.emplace();
            list(TokenKind::lparen, false, "", [&] { named.arguments->push_back(pattern()); });
        }
        result->node = std::move(named);
    } else if (take_word("none")) {
        result->node = syntax::NonePattern{};
    } else if (at(TokenKind::lparen)) {
        syntax::TuplePattern tuple;
        list(TokenKind::lparen, false, "", [&] { tuple.elements.push_back(pattern()); });
        result->node = std::move(tuple);
    } else {
        syntax::LiteralPattern matched;
        matched.negative = take(TokenKind::minus);
        if (std::optional<syntax::Literal> value = literal()) {
            matched.value = std::move(*value);
            result->node = std::move(matched);
        } else if (at(TokenKind::reserved) && !now().newline_before) {
            result->node = syntax::NamePattern{lower_name("a value"), std::nullopt};
        } else {
            stop(unexpected(Code::expected_pattern, "a pattern"));
            result->node = syntax::NamePattern{{"", place()}, std::nullopt};
            file_.damage.lose_any_name();
        }
    }
    result->span = since(first);
    return result;
}

syntax::Condition Parser::condition() {
    syntax::Condition condition;
    const std::uint32_t first = begin();
    if (take_word("let")) {
        condition.pattern = pattern();
        expect(TokenKind::assign, "and the value that must fit the pattern");
        condition.value = expr();
    } else {
        condition.value = comparison_for_assignment(expr());
    }
    condition.span = since(first);
    return condition;
}

/// Where only a value may stand, understands `a = b` as `a == b` and says so.
ExprPtr Parser::comparison_for_assignment(ExprPtr left) {
    if (!at(TokenKind::assign)) {
        return left;
    }
    const Span op_span = now().span;
    report(error(Code::assignment_in_condition, op_span,
                 "`=` gives a variable a value; a condition compares with `==`")
               .with_edit(op_span, "=="));
    skip();
    return binary(BinaryOp::equal, op_span, std::move(left), simple());
}

}  // namespace aqd::parse

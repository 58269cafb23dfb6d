#include "compiler/lex/lexer.h"
#include "compiler/parse/parse.h"
#include "compiler/parse/parser.h"

namespace aqd::parse {

using diagnostics::error;
using syntax::BinaryOp;
using syntax::ExprPtr;

template <class Node>
ExprPtr Parser::make(Node node, Span span, std::uint32_t height) {
    auto expr = std::make_unique<syntax::Expr>();
    expr->id = static_cast<syntax::ExprId>(file_.expr_count++);
    expr->span = span;
    expr->height = height;
    expr->node = std::move(node);
    body_height_ = std::max(body_height_, height);
    // Whoever walks the tree recurses, so a chain counts like nesting.
    if (height > max_nesting) {
        stop(error(
                 Code::nested_too_deeply, span,
                 "this expression is more than " + std::to_string(max_nesting) + " operations deep")
                 .with_help("name a part of it with `let`, or move it to a function"));
    }
    return expr;
}

ExprPtr Parser::missing_expr() {
    const Span span = place();
    return make(syntax::NameExpr{{"", span}}, span, 1);
}

ExprPtr Parser::expr() {
    const Nesting nesting(*this);
    if (at_word("if")) {
        return if_expr();
    }
    if (at_word("match")) {
        return match_expr();
    }
    return simple();
}

ExprPtr Parser::simple() {
    const Nesting nesting(*this);
    ExprPtr left = chain(Level::logical_or);
    if (!at_word("implies")) {
        return left;
    }
    const Span op_span = now().span;
    skip();
    return binary(BinaryOp::implies, op_span, std::move(left), simple());
}

ExprPtr Parser::binary(BinaryOp op, Span op_span, ExprPtr left, ExprPtr right) {
    const Span span = join(left->span, right->span);
    const std::uint32_t height = std::max(left->height, right->height) + 1;
    return make(syntax::BinaryExpr{op, op_span, std::move(left), std::move(right)}, span, height);
}

ExprPtr Parser::operand(Level level) {
    switch (level) {
        case Level::logical_or:
            return chain(Level::logical_and);
        case Level::logical_and:
            return negation();
        case Level::sum:
            return chain(Level::product);
        case Level::product:
            return unary();
    }
    return missing_expr();
}

ExprPtr Parser::chain(Level level) {
    ExprPtr left = operand(level);
    while (const std::optional<BinaryOp> op = chain_op(level)) {
        const Span op_span = now().span;
        skip();
        left = binary(*op, op_span, std::move(left), operand(level));
    }
    return left;
}

/// The operator here that joins operands of the level, not yet taken.
std::optional<BinaryOp> Parser::chain_op(Level level) {
    switch (level) {
        case Level::logical_or:
            if (at_foreign("||")) {
                report(error(Code::foreign_operator, now().span, "`||` is written `or`")
                           .with_edit(now().span, "or"));
                return BinaryOp::logical_or;
            }
            return at_word("or") ? std::optional(BinaryOp::logical_or) : std::nullopt;
        case Level::logical_and:
            if (at_foreign("&&")) {
                report(error(Code::foreign_operator, now().span, "`&&` is written `and`")
                           .with_edit(now().span, "and"));
                return BinaryOp::logical_and;
            }
            return at_word("and") ? std::optional(BinaryOp::logical_and) : std::nullopt;
        case Level::sum:
            switch (now().kind) {
                case TokenKind::plus:
                    return BinaryOp::add;
                case TokenKind::minus:
                    if (continues_line_above()) {
                        report_line_continues();
                        return std::nullopt;
                    }
                    return BinaryOp::subtract;
                case TokenKind::plus_wrap:
                    return BinaryOp::wrapping_add;
                case TokenKind::minus_wrap:
                    return BinaryOp::wrapping_subtract;
                case TokenKind::pipe:
                    return BinaryOp::bit_or;
                case TokenKind::caret:
                    return BinaryOp::bit_xor;
                default:
                    return std::nullopt;
            }
        case Level::product:
            switch (now().kind) {
                case TokenKind::star:
                    return BinaryOp::multiply;
                case TokenKind::slash:
                    return BinaryOp::divide;
                case TokenKind::percent:
                    return BinaryOp::remainder;
                case TokenKind::star_wrap:
                    return BinaryOp::wrapping_multiply;
                case TokenKind::ampersand:
                    return BinaryOp::bit_and;
                case TokenKind::shift_left:
                    return BinaryOp::shift_left;
                case TokenKind::shift_right:
                    return BinaryOp::shift_right;
                default:
                    return std::nullopt;
            }
    }
    return std::nullopt;
}

ExprPtr Parser::negation() {
    const bool foreign = at_foreign("!");
    if (!at_word("not") && !foreign) {
        return comparison();
    }
    const Nesting nesting(*this);
    const std::uint32_t first = begin();
    const Span op_span = now().span;
    if (foreign) {
        report(error(Code::foreign_operator, op_span, "`!` is written `not`")
                   .with_edit(op_span, "not "));
    }
    skip();
    ExprPtr inner = negation();
    const std::uint32_t height = inner->height + 1;
    return make(syntax::UnaryExpr{syntax::UnaryOp::logical_not, op_span, std::move(inner)},
                since(first), height);
}

/// A comparison's sign here, not yet taken.
std::optional<BinaryOp> Parser::compare_op() {
    switch (now().kind) {
        case TokenKind::equal:
            return BinaryOp::equal;
        case TokenKind::not_equal:
            return BinaryOp::not_equal;
        case TokenKind::less:
            return BinaryOp::less;
        case TokenKind::less_equal:
            return BinaryOp::less_equal;
        case TokenKind::greater:
            return BinaryOp::greater;
        case TokenKind::greater_equal:
            return BinaryOp::greater_equal;
        case TokenKind::foreign:
            break;
        default:
            return std::nullopt;
    }
    const bool different = at_foreign("!==") || at_foreign("<>");
    if (!different && !at_foreign("===")) {
        return std::nullopt;
    }
    const std::string ours = different ? "!=" : "==";
    report(error(Code::foreign_operator, now().span,
                 "`" + std::string(text()) + "` is written `" + ours + "`")
               .with_edit(now().span, ours));
    return different ? BinaryOp::not_equal : BinaryOp::equal;
}

ExprPtr Parser::comparison() {
    ExprPtr left = chain(Level::sum);
    bool compared = false;
    while (const std::optional<BinaryOp> op = compare_op()) {
        const Span op_span = now().span;
        if (compared) {
            report(error(Code::comparison_chain, op_span, "comparisons do not chain")
                       .with(left->span, "this is already a comparison")
                       .with_help("write `a < b and b < c`"));
        }
        compared = true;
        skip();
        left = binary(*op, op_span, std::move(left), chain(Level::sum));
    }
    return left;
}

ExprPtr Parser::unary() {
    const std::uint32_t first = begin();
    const Span op_span = now().span;
    const bool negate = at(TokenKind::minus);
    if (at_word("not") || at_foreign("!")) {
        stop(error(Code::expected_expression, op_span,
                   "`not` binds less tightly than the operator before it")
                 .with_help("put the negation in parentheses: `a == (not b)`"));
        return missing_expr();
    }
    if (!negate && !at(TokenKind::tilde)) {
        return postfix();
    }
    const Nesting nesting(*this);
    skip();
    ExprPtr inner = unary();
    const std::uint32_t height = inner->height + 1;
    const auto op = negate ? syntax::UnaryOp::negate : syntax::UnaryOp::complement;
    return make(syntax::UnaryExpr{op, op_span, std::move(inner)}, since(first), height);
}

/// A line that begins like this would silently go on with the one above.
bool Parser::continues_line_above() const {
    if (!now().newline_before) {
        return false;
    }
    const std::uint32_t bracket = input_.parent[at_];
    return bracket == no_bracket || input_.tokens[bracket].kind == TokenKind::lbrace;
}

void Parser::report_line_continues() {
    report(
        error(Code::line_continues, now().span, "this line would go on with the expression above")
            .with({source_.id(), last_end_, last_end_}, "which ends here")
            .with_help("if it goes on, put `" + std::string(text()) +
                       "` at the end of the line above, or the whole in parentheses")
            .with_help("if it does not, end the line above with `;`"));
}

ExprPtr Parser::postfix() {
    ExprPtr left = primary();
    while (true) {
        const std::uint32_t first = left->span.begin;
        if (at(TokenKind::dot) || at_foreign("::")) {
            if (at(TokenKind::foreign)) {
                report(error(Code::foreign_operator, now().span, "`::` is written `.`")
                           .with_edit(now().span, "."));
            }
            skip();
            syntax::Name member = lower_name("a member");
            const std::uint32_t height = left->height + 1;
            left =
                make(syntax::MemberExpr{std::move(left), std::move(member)}, since(first), height);
            continue;
        }
        if (!at(TokenKind::lparen) && !at(TokenKind::lbracket)) {
            return left;
        }
        if (continues_line_above()) {
            report_line_continues();
            return left;
        }
        if (at(TokenKind::lparen)) {
            std::vector<syntax::Argument> arguments = call();
            const std::uint32_t height = std::max(left->height, height_of(arguments)) + 1;
            left =
                make(syntax::CallExpr{std::move(left), std::move(arguments)}, since(first), height);
        } else {
            skip();
            ExprPtr inside = expr();
            expect(TokenKind::rbracket, "after the index");
            const std::uint32_t height = std::max(left->height, inside->height) + 1;
            left =
                make(syntax::IndexExpr{std::move(left), std::move(inside)}, since(first), height);
        }
    }
}

std::uint32_t Parser::height_of(const std::vector<syntax::Argument>& arguments) {
    std::uint32_t height = 0;
    for (const syntax::Argument& argument : arguments) {
        height = std::max(height, argument.value->height);
    }
    return height;
}

std::vector<syntax::Argument> Parser::call() {
    std::vector<syntax::Argument> arguments;
    list(TokenKind::lparen, true, "and the arguments", [&] { arguments.push_back(argument()); });
    return arguments;
}

syntax::Argument Parser::argument() {
    syntax::Argument argument;
    const std::uint32_t first = begin();
    const bool assigned = at(TokenKind::lname) && ahead(1).kind == TokenKind::assign;
    if (at(TokenKind::lname) && (assigned || ahead(1).kind == TokenKind::colon)) {
        argument.label = lower_name("an argument");
        if (assigned) {
            report(
                error(Code::unexpected_token, now().span, "an argument is named with `:`, not `=`")
                    .with_edit(now().span, ":"));
        }
        skip();
    }
    argument.value = expr();
    argument.span = since(first);
    return argument;
}

ExprPtr Parser::primary() {
    const Span span = now().span;
    if ((at(TokenKind::lname) || at(TokenKind::uname)) && !at_heading()) {
        syntax::Name name = any_name("a value");
        return make(syntax::NameExpr{std::move(name)}, span, 1);
    }
    if (take_word("none")) {
        return make(syntax::NoneExpr{}, span, 1);
    }
    if (at(TokenKind::lparen)) {
        return parenthesised();
    }
    if (at(TokenKind::lbracket)) {
        return bracketed();
    }
    const std::uint32_t first = begin();
    if (std::optional<syntax::Literal> value = literal()) {
        return make(syntax::LiteralExpr{std::move(*value)}, since(first), 1);
    }
    auto diagnostic = unexpected(Code::expected_expression, "an expression");
    if (at_word("if") || at_word("match")) {
        diagnostic = std::move(diagnostic)
                         .with_help("as part of an expression, a choice stands in parentheses");
    }
    stop(std::move(diagnostic));
    return missing_expr();
}

std::optional<syntax::Literal> Parser::literal() {
    const std::string_view written = text();
    std::optional<syntax::Literal> value;
    switch (now().kind) {
        case TokenKind::integer:
            value = lex::read_integer(written).value_or(0);
            break;
        case TokenKind::decimal:
            value = lex::read_decimal(written).value_or(syntax::DecimalLiteral{});
            break;
        case TokenKind::date:
            value = lex::read_date(written).value_or(syntax::DateLiteral{});
            break;
        case TokenKind::time:
            value = lex::read_time(written).value_or(syntax::TimeLiteral{});
            break;
        case TokenKind::string:
            value = lex::string_value(written);
            break;
        case TokenKind::duration: {
            auto duration = lex::read_duration(written).value_or(syntax::DurationLiteral{});
            skip();
            duration.rounding = rounding();
            return duration;
        }
        case TokenKind::reserved:
            if (written == "true" || written == "false") {
                value = written == "true";
            }
            break;
        default:
            break;
    }
    if (value) {
        skip();
    }
    return value;
}

ExprPtr Parser::parenthesised() {
    const std::uint32_t first = begin();
    std::vector<ExprPtr> elements;
    std::uint32_t height = 0;
    list(TokenKind::lparen, false, "", [&] {
        elements.push_back(expr());
        height = std::max(height, elements.back()->height);
    });
    if (elements.empty()) {
        report(error(Code::expected_expression, since(first),
                     "nothing stands between these parentheses"));
        elements.push_back(missing_expr());
    }
    if (elements.size() == 1) {
        return make(syntax::GroupExpr{std::move(elements.front())}, since(first), height + 1);
    }
    return make(syntax::TupleExpr{std::move(elements)}, since(first), height + 1);
}

ExprPtr Parser::bracketed() {
    const std::uint32_t first = begin();
    // `[e; n]` shows itself only after its first element.
    std::vector<ExprPtr> elements;
    std::uint32_t height = 0;
    std::optional<syntax::Size> count;
    list(TokenKind::lbracket, true, "", [&] {
        elements.push_back(expr());
        height = std::max(height, elements.back()->height);
        if (elements.size() == 1 && take(TokenKind::semicolon)) {
            count = size();
        }
    });
    if (count && elements.size() == 1) {
        return make(syntax::RepeatExpr{std::move(elements.front()), std::move(*count)},
                    since(first), height + 1);
    }
    return make(syntax::ListExpr{std::move(elements)}, since(first), height + 1);
}

ExprPtr Parser::if_expr() {
    const std::uint32_t first = begin();
    skip();
    syntax::Condition condition;
    const std::uint32_t condition_begin = begin();
    condition.value = comparison_for_assignment(expr());
    condition.span = since(condition_begin);
    if (at(TokenKind::lbrace)) {
        stop(unexpected(Code::unexpected_token, "`then`")
                 .with_help("as a value, a choice is `if c then a else b`"));
    }
    return then_else(std::move(condition), first);
}

/// `then a else b`, after the condition.
ExprPtr Parser::then_else(syntax::Condition condition, std::uint32_t begin) {
    expect_word("then", "after the condition");
    ExprPtr then_value = expr();
    if (!at_word("else")) {
        stop(unexpected(Code::missing_else, "`else` and the other value"));
    }
    take_word("else");
    ExprPtr else_value = expr();
    const std::uint32_t height =
        std::max({condition.value->height, then_value->height, else_value->height}) + 1;
    return make(syntax::IfExpr{std::move(condition), std::move(then_value), std::move(else_value)},
                since(begin), height);
}

ExprPtr Parser::match_expr() {
    const Nesting nesting(*this);
    const std::uint32_t first = begin();
    skip();
    syntax::MatchExpr match;
    match.subject = comparison_for_assignment(expr());
    std::uint32_t height = match.subject->height;
    if (expect(TokenKind::lbrace, "and the arms of the match")) {
        const std::uint32_t bracket = at_ - 1;
        while (!take_closer(bracket)) {
            const std::uint32_t arm_first = at_;
            match.arms.push_back(arm(height));
            const bool resumed = stopped_;
            if (stopped_) {
                resume_in_list(bracket, arm_first);
            }
            const bool block = std::holds_alternative<syntax::Block>(match.arms.back().body);
            if (!take(TokenKind::comma) && !closes(bracket) && (!block || resumed)) {
                missing_comma(bracket, arm_first, resumed);
            }
            if (at_ == arm_first) {
                skip();
            }
        }
    }
    return make(std::move(match), since(first), height + 1);
}

}  // namespace aqd::parse

#include "compiler/lex/token.h"

#include <algorithm>

namespace aqd::lex {

static_assert(std::ranges::is_sorted(reserved_words));

bool is_reserved(std::string_view word) {
    return std::ranges::binary_search(reserved_words, word);
}

// Longer than seventy lines: one row a kind.
std::string_view describe(TokenKind kind) {
    switch (kind) {
        case TokenKind::end:
            return "the end of the file";
        case TokenKind::lname:
            return "a lower-case name";
        case TokenKind::uname:
            return "an upper-case name";
        case TokenKind::reserved:
            return "a reserved word";
        case TokenKind::integer:
            return "a whole number";
        case TokenKind::decimal:
            return "a decimal number";
        case TokenKind::date:
            return "a date";
        case TokenKind::time:
            return "a moment";
        case TokenKind::duration:
            return "a duration";
        case TokenKind::string:
            return "a string";
        case TokenKind::unknown:
            return "an unknown character";
        case TokenKind::foreign:
            return "an operator of another language";
        case TokenKind::lparen:
            return "`(`";
        case TokenKind::rparen:
            return "`)`";
        case TokenKind::lbrace:
            return "`{`";
        case TokenKind::rbrace:
            return "`}`";
        case TokenKind::lbracket:
            return "`[`";
        case TokenKind::rbracket:
            return "`]`";
        case TokenKind::comma:
            return "`,`";
        case TokenKind::colon:
            return "`:`";
        case TokenKind::semicolon:
            return "`;`";
        case TokenKind::dot:
            return "`.`";
        case TokenKind::dot_dot:
            return "`..`";
        case TokenKind::arrow:
            return "`->`";
        case TokenKind::fat_arrow:
            return "`=>`";
        case TokenKind::assign:
            return "`=`";
        case TokenKind::plus_assign:
            return "`+=`";
        case TokenKind::minus_assign:
            return "`-=`";
        case TokenKind::equal:
            return "`==`";
        case TokenKind::not_equal:
            return "`!=`";
        case TokenKind::less:
            return "`<`";
        case TokenKind::less_equal:
            return "`<=`";
        case TokenKind::greater:
            return "`>`";
        case TokenKind::greater_equal:
            return "`>=`";
        case TokenKind::plus:
            return "`+`";
        case TokenKind::minus:
            return "`-`";
        case TokenKind::plus_wrap:
            return "`+%`";
        case TokenKind::minus_wrap:
            return "`-%`";
        case TokenKind::star:
            return "`*`";
        case TokenKind::slash:
            return "`/`";
        case TokenKind::percent:
            return "`%`";
        case TokenKind::star_wrap:
            return "`*%`";
        case TokenKind::pipe:
            return "`|`";
        case TokenKind::caret:
            return "`^`";
        case TokenKind::ampersand:
            return "`&`";
        case TokenKind::shift_left:
            return "`<<`";
        case TokenKind::shift_right:
            return "`>>`";
        case TokenKind::tilde:
            return "`~`";
        case TokenKind::question:
            return "`?`";
    }
    return "";
}

}  // namespace aqd::lex

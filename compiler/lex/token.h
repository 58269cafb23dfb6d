#pragma once

#include "compiler/source/span.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace aqd::lex {

enum class TokenKind : std::uint8_t {
    end,       ///< after the last token
    lname,     ///< lower-case initial, not reserved; a contextual word is one of these
    uname,     ///< upper-case initial
    reserved,  ///< one of `reserved_words`
    integer,
    decimal,
    date,
    time,
    duration,  ///< number and unit on one line: one token
    string,
    unknown,  ///< already reported; the parser says nothing more about it
    foreign,  ///< an operator of other languages: `&&`, `!`, `::`
    lparen,
    rparen,
    lbrace,
    rbrace,
    lbracket,
    rbracket,
    comma,
    colon,
    semicolon,
    dot,
    dot_dot,
    arrow,      ///< ->
    fat_arrow,  ///< =>
    assign,     ///< =
    plus_assign,
    minus_assign,
    equal,  ///< ==
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    plus,
    minus,
    plus_wrap,
    minus_wrap,
    star,
    slash,
    percent,
    star_wrap,
    pipe,
    caret,
    ampersand,
    shift_left,
    shift_right,
    tilde,
    question,
};

struct Token {
    TokenKind kind = TokenKind::end;
    bool newline_before = false;  ///< the first token of its line, or of the file
    source::Span span;
};

struct Comment {
    source::Span span;         ///< from the slashes to the end of the line
    bool doc = false;          ///< `///`
    std::uint32_t before = 0;  ///< index of the token that follows it
};

/// All that a source says except its blanks. The last token is `end`.
struct TokenStream {
    std::vector<Token> tokens;
    std::vector<Comment> comments;
};

/// The words that are never names. With them the grammar is strong LL(2); every other word of the
/// grammar is contextual.
constexpr std::string_view reserved_words[] = {
    "and",  "else", "expect", "false",   "for",    "if",   "implies", "let",   "match",
    "none", "not",  "or",     "require", "return", "then", "true",    "while",
};

bool is_reserved(std::string_view word);

/// For messages: "`->`", "a name", "the end of the file".
std::string_view describe(TokenKind kind);

}  // namespace aqd::lex

#include "compiler/parse/words.h"

#include <algorithm>
#include <iterator>

namespace aqd::parse {
namespace {

using lex::TokenKind;

/// What may stand after the word that begins a declaration or a member.
enum class Next : std::uint8_t {
    lname,        ///< `parameter x`
    uname,        ///< `record X`
    string,       ///< `test "…"`
    lname_paren,  ///< `fn f(`
    event,        ///< `on X(`, `on reply X`
    text,         ///< `label fr "…"`, `label review fr "…"`
    at_deadline,  ///< `deadline d:`, `deadline d at`
    at_start,     ///< `start s(`, `start s on`
    at_access,    ///< `access s by`
    lname_colon,  ///< `party p:`
};

struct Shape {
    std::string_view word;
    Next next;
};

constexpr Shape items[] = {
    {"use", Next::lname},        {"legal", Next::uname},        {"parameter", Next::lname},
    {"const", Next::uname},      {"document", Next::uname},     {"authority", Next::uname},
    {"role", Next::uname},       {"record", Next::uname},       {"enum", Next::uname},
    {"register", Next::lname},   {"error", Next::uname},        {"notice", Next::uname},
    {"exchange", Next::uname},   {"suspension", Next::lname},   {"fn", Next::lname_paren},
    {"view", Next::lname_paren}, {"action", Next::lname_paren}, {"on", Next::event},
    {"procedure", Next::uname},  {"part", Next::uname},         {"migrate", Next::uname},
    {"test", Next::string},
};

constexpr Shape members[] = {
    {"include", Next::uname},         {"label", Next::text},
    {"fee", Next::lname_colon},       {"var", Next::lname},
    {"party", Next::lname_colon},     {"secret", Next::lname_colon},
    {"states", Next::lname},          {"settled", Next::lname},
    {"waits", Next::lname},           {"start", Next::at_start},
    {"step", Next::lname_paren},      {"on", Next::event},
    {"deadline", Next::at_deadline},  {"access", Next::at_access},
    {"invariant", Next::lname_colon}, {"prove", Next::lname},
};

bool fits(Next next, std::span<const lex::Token> tokens, const source::SourceFile& source) {
    const auto kind = [&](std::size_t i) {
        return i < tokens.size() ? tokens[i].kind : TokenKind::end;
    };
    const auto word = [&](std::size_t i) { return source.text(tokens[i].span); };
    if (tokens.size() < 2 || tokens[1].newline_before) {
        return false;
    }
    switch (next) {
        case Next::lname:
            return kind(1) == TokenKind::lname;
        case Next::uname:
            return kind(1) == TokenKind::uname;
        case Next::string:
            return kind(1) == TokenKind::string;
        case Next::lname_paren:
            return kind(1) == TokenKind::lname && kind(2) == TokenKind::lparen;
        case Next::event:
            return kind(1) == TokenKind::uname ||
                   (kind(1) == TokenKind::lname && kind(2) == TokenKind::uname);
        case Next::text:
            return kind(1) == TokenKind::lname &&
                   (kind(2) == TokenKind::string || kind(2) == TokenKind::lname);
        case Next::at_deadline:
            return kind(1) == TokenKind::lname &&
                   (kind(2) == TokenKind::colon ||
                    (kind(2) == TokenKind::lname && word(2) == "at"));
        case Next::at_start:
            return kind(1) == TokenKind::lname &&
                   (kind(2) == TokenKind::lparen ||
                    (kind(2) == TokenKind::lname && word(2) == "on"));
        case Next::at_access:
            return kind(1) == TokenKind::lname && kind(2) == TokenKind::lname && word(2) == "by";
        case Next::lname_colon:
            return kind(1) == TokenKind::lname && kind(2) == TokenKind::colon;
    }
    return false;
}

template <std::size_t Count>
bool starts(const Shape (&shapes)[Count], std::span<const lex::Token> tokens,
            const source::SourceFile& source) {
    if (tokens.empty() || tokens[0].kind != TokenKind::lname) {
        return false;
    }
    const std::string_view word = source.text(tokens[0].span);
    return std::ranges::any_of(shapes, [&](const Shape& shape) {
        return shape.word == word && fits(shape.next, tokens, source);
    });
}

template <std::size_t Count>
bool contains(const Shape (&shapes)[Count], std::string_view word) {
    return std::ranges::any_of(shapes, [&](const Shape& shape) { return shape.word == word; });
}

/// Whether one word becomes the other by one change: a letter more, less, other or swapped.
bool one_slip(std::string_view a, std::string_view b) {
    if (a.size() > b.size()) {
        std::swap(a, b);
    }
    if (b.size() - a.size() > 1 || b.size() < 3) {
        return false;
    }
    const auto [left, right] = std::ranges::mismatch(a, b);
    const auto at = static_cast<std::size_t>(left - a.begin());
    if (a.size() + 1 == b.size()) {
        return a.substr(at) == b.substr(at + 1);
    }
    if (left == a.end()) {
        return false;
    }
    const bool swapped = at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] &&
                         a.substr(at + 2) == b.substr(at + 2);
    return swapped || a.substr(at + 1) == b.substr(at + 1);
}

template <std::size_t Count>
std::string_view nearest(const Shape (&shapes)[Count], std::string_view word) {
    const auto* found = std::ranges::find_if(
        shapes, [&](const Shape& shape) { return one_slip(word, shape.word); });
    return found == std::end(shapes) ? "" : found->word;
}

}  // namespace

std::string_view nearest_item_word(std::string_view word) {
    return nearest(items, word);
}

std::string_view nearest_member_word(std::string_view word) {
    return nearest(members, word);
}

bool starts_item(std::span<const lex::Token> tokens, const source::SourceFile& source) {
    return starts(items, tokens, source);
}

bool starts_member(std::span<const lex::Token> tokens, const source::SourceFile& source) {
    return starts(members, tokens, source);
}

bool is_item_word(std::string_view word) {
    return contains(items, word);
}

bool is_member_word(std::string_view word) {
    return contains(members, word);
}

std::string_view for_foreign_word(std::string_view word) {
    struct Foreign {
        std::string_view word, ours;
    };
    constexpr Foreign table[] = {
        {"assert", "`require … else E` refuses when its condition does not hold"},
        {"class", "a procedure is `procedure P(…) { … }`, data are `record R { … }`"},
        {"constant", "a constant is `const C: T = value`"},
        {"contract", "a file is a contract: it begins with `module name version 1`"},
        {"def", "a function is `fn f(x: T) -> U { … }`"},
        {"elif", "write `else if`"},
        {"elseif", "write `else if`"},
        {"emit", "a notice is sent with `send N(…) to body`"},
        {"event", "what others are told is `notice N { … }`"},
        {"func", "a function is `fn f(x: T) -> U { … }`"},
        {"function", "a function is `fn f(x: T) -> U { … }`"},
        {"import", "write `use module { name }`"},
        {"interface", "contracts meet through registers, notices and exchanges"},
        {"mapping", "a keyed table is `register name: Key -> Value`"},
        {"modifier", "who may act stands in the heading: `by Officer of office`"},
        {"mut", "a variable that changes is `var x = …`"},
        {"panic", "an entry is refused with `fail E`"},
        {"pub", "an entry is an `action`, a `view` or a `step`; a function is `fn`"},
        {"raise", "an entry is refused with `fail E`"},
        {"revert", "an entry is refused with `fail E`"},
        {"state", "states are declared with `states a, b` and `settled c`"},
        {"struct", "data are `record R { field: T }`"},
        {"switch", "write `match x { pattern => … }`"},
        {"throw", "an entry is refused with `fail E`"},
        {"transition", "a step that changes the state is `step s(…) by … in … -> …`"},
        {"type", "a type is declared with `record`, `enum` or `authority`"},
    };
    const auto* found = std::ranges::find(table, word, &Foreign::word);
    return found == std::end(table) ? "" : found->ours;
}

}  // namespace aqd::parse

#pragma once

#include "compiler/lex/literal.h"
#include "compiler/source/span.h"

#include <cstdint>
#include <string>
#include <vector>

namespace aqd::syntax {

using lex::DateLiteral;
using lex::DecimalLiteral;
using lex::DurationLiteral;
using lex::DurationUnit;
using lex::Rounding;
using lex::TimeLiteral;
using source::Span;

/// A name as written. Names are ASCII; the case of the first letter tells types from values.
struct Name {
    std::string text;
    Span span;

    [[nodiscard]] bool is_upper() const {
        return !text.empty() && text[0] >= 'A' && text[0] <= 'Z';
    }
};

/// `civil.birth.birth_acts`: one or more lower-case names.
struct Path {
    std::vector<Name> segments;
    Span span;

    /// The segments joined by points.
    [[nodiscard]] std::string text() const;
};

/// A string literal with its escapes resolved; the span covers the quotes.
struct Text {
    std::string value;
    Span span;
};

/// An integer where the grammar wants one, not an expression.
struct Integer {
    UInt128 value = 0;
    Span span;
};

/// A date where the grammar wants one.
struct Date {
    DateLiteral value;
    Span span;
};

enum class Language : std::uint8_t { fr, ar, en, zgh };

/// `fr "…"`: one text for people in one language.
struct LanguageText {
    Language language = Language::fr;
    Text text;
    Span span;
};

/// Calls the alternative's own function: `std::visit(Overloaded{[](const A&) {}, …}, node)`.
template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

}  // namespace aqd::syntax

#pragma once

#include "compiler/source/span.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aqd::diagnostics {

/// Every code that the compiler may report, from the table `codes.def`. The value is the number
/// that people see: `Code::file_too_large` is 101 and reads AQD0101.
enum class Code : std::uint16_t {
// 1##number - 10000: a row writes its four digits, and 0101 alone would be octal.
#define AQD_CODE(number, name, title, explanation) name = 1##number - 10000,
#include "compiler/diagnostics/codes.def"
#undef AQD_CODE
};

/// "AQD0101".
std::string code_text(Code code);

/// One line that names the mistake in general.
std::string_view title(Code code);

/// What `aqd explain` prints: the title, then why it is refused and what to write instead.
std::string explain(Code code);

/// Reads "AQD0101", "aqd0101" or "0101"; nothing if no such code exists.
std::optional<Code> find_code(std::string_view text);

/// All codes, ascending.
std::vector<Code> all_codes();

enum class Severity : std::uint8_t { error, warning };

/// A place and what is to be said about it; the text may be empty.
struct Label {
    source::Span span;
    std::string text;

    bool operator==(const Label&) const = default;
};

/// A change that a tool may make for the author: `span` becomes `replacement`.
struct Edit {
    source::Span span;
    std::string replacement;

    bool operator==(const Edit&) const = default;
};

/// One thing to tell the author. `message` says what was written and what was expected.
struct Diagnostic {
    Code code{};
    Severity severity = Severity::error;
    std::string message;
    Label primary;
    std::vector<Label> secondary;
    std::vector<std::string> help;  ///< each a way out, in words
    std::optional<Edit> edit;

    bool operator==(const Diagnostic&) const = default;

    [[nodiscard]] Diagnostic with(source::Span span, std::string text) && {
        secondary.push_back({span, std::move(text)});
        return std::move(*this);
    }
    [[nodiscard]] Diagnostic with_help(std::string text) && {
        help.push_back(std::move(text));
        return std::move(*this);
    }
    [[nodiscard]] Diagnostic with_edit(source::Span span, std::string replacement) && {
        edit = Edit{span, std::move(replacement)};
        return std::move(*this);
    }
};

/// `sink.report(error(Code::x, span, "message", "label").with(other, "why").with_help("do this"))`
inline Diagnostic error(Code code, source::Span span, std::string message, std::string label = {}) {
    return {code, Severity::error, std::move(message), {span, std::move(label)}, {}, {}, {}};
}

inline Diagnostic warning(Code code, source::Span span, std::string message,
                          std::string label = {}) {
    return {code, Severity::warning, std::move(message), {span, std::move(label)}, {}, {}, {}};
}

}  // namespace aqd::diagnostics

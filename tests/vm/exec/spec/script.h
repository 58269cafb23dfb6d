#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace aqd::spec {

/// An S-expression of a test script: a word, a text with its escapes resolved, or a list.
struct Expression {
    enum class Kind : std::uint8_t { word, text, list };
    Kind kind = Kind::list;
    std::string text;
    std::vector<Expression> items;
    std::size_t line = 0;

    /// Whether this is a list that starts with the word.
    [[nodiscard]] bool is(std::string_view word) const {
        return kind == Kind::list && !items.empty() && items[0].kind == Kind::word &&
               items[0].text == word;
    }
};

/// Reads a whole script. Nesting is shallow in scripts whose modules are binary.
Result<std::vector<Expression>> read_script(std::string_view script);

}  // namespace aqd::spec

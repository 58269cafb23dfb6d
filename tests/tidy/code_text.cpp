#include "tests/tidy/code_text.h"

#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::tidy {

namespace {

bool is_word_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Offset just behind the literal that begins with the quote at `at`.
std::size_t end_of_literal(std::string_view text, std::size_t at) {
    const char quote = text[at];
    if (quote == '"' && at > 0 && text[at - 1] == 'R') {
        const std::size_t open = text.find('(', at);
        if (open == std::string_view::npos) {
            return text.size();
        }
        const std::string close = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
        const std::size_t end = text.find(close, open);
        return end == std::string_view::npos ? text.size() : end + close.size();
    }
    for (std::size_t i = at + 1; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == quote || text[i] == '\n') {
            return i + 1;
        }
    }
    return text.size();
}

/// Offset just behind whatever at `at` is not code, or `at` itself.
std::size_t end_of_blank(std::string_view text, std::size_t at) {
    const std::string_view two = text.substr(at, 2);
    if (two == "//") {
        const std::size_t end = text.find('\n', at);
        return end == std::string_view::npos ? text.size() : end;
    }
    if (two == "/*") {
        const std::size_t end = text.find("*/", at + 2);
        return end == std::string_view::npos ? text.size() : end + 2;
    }
    // A quote inside a number, such as 1'000, is no character literal.
    const bool digit_separator = text[at] == '\'' && at > 0 && is_word_char(text[at - 1]);
    if (text[at] == '"' || (text[at] == '\'' && !digit_separator)) {
        return end_of_literal(text, at);
    }
    return at;
}

}  // namespace

std::string without_comments_and_strings(std::string_view text) {
    std::string out(text);
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = end_of_blank(text, at);
        for (std::size_t i = at; i < end; ++i) {
            out[i] = text[i] == '\n' ? '\n' : ' ';
        }
        at = end == at ? at + 1 : end;
    }
    return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        const std::size_t end = text.find('\n');
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    }
    return lines;
}

bool is_code(std::string_view path) {
    return path.ends_with(".cpp") || path.ends_with(".h");
}

}  // namespace aqd::tidy

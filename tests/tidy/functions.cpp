#include "tests/tidy/functions.h"

#include "tests/tidy/code_text.h"
#include "tests/tidy/source_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::tidy {

namespace {

constexpr std::string_view reason = "Longer than seventy lines:";

bool is_space(char c) {
    return std::isspace(static_cast<unsigned char>(c)) != 0;
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    while (!text.empty() && is_space(text.back())) {
        text.remove_suffix(1);
    }
    return text;
}

/// The text outside of parentheses and angle brackets: `template <class T> T f(int)` is `template
/// T f`.
std::string outer(std::string_view head) {
    std::string out;
    int depth = 0;
    for (std::size_t i = 0; i < head.size(); ++i) {
        const bool arrow = head[i] == '>' && i > 0 && head[i - 1] == '-';
        if (head[i] == '(' || head[i] == '<') {
            ++depth;
        } else if ((head[i] == ')' || head[i] == '>') && !arrow) {
            depth = std::max(0, depth - 1);
        } else if (depth == 0) {
            out.push_back(head[i]);
        }
    }
    return out;
}

/// What stands before a brace, without access labels and template parameters.
std::string_view without_labels(std::string_view head) {
    for (bool again = true; again;) {
        again = false;
        for (const std::string_view label : {"public:", "private:", "protected:"}) {
            if (head.starts_with(label)) {
                head = trimmed(head.substr(label.size()));
                again = true;
            }
        }
    }
    return head;
}

bool begins_type(std::string_view outer_head) {
    constexpr std::string_view template_word = "template";
    if (outer_head.starts_with(template_word)) {
        outer_head = trimmed(outer_head.substr(template_word.size()));
    }
    constexpr std::array<std::string_view, 4> words{"class ", "struct ", "union ", "enum "};
    return std::ranges::any_of(words,
                               [&](std::string_view word) { return outer_head.starts_with(word); });
}

/// Also behind a macro that stands alone on the line before, without a semicolon.
bool opens_namespace(std::string_view outer_head) {
    constexpr std::string_view word = "namespace";
    const std::size_t at = outer_head.rfind(word);
    return at != std::string_view::npos && (at == 0 || is_space(outer_head[at - 1]));
}

/// `Type::Type(…) : member_` — the brace that follows belongs to the member.
bool ends_in_member_initialiser(std::string_view outer_head, char last) {
    const std::size_t colon = outer_head.find_last_of(':');
    const bool single =
        colon != std::string_view::npos && colon > 0 && outer_head[colon - 1] != ':';
    return single && last != ')' && last != '}';
}

enum class Opens : std::uint8_t { scope, function, initialiser };

/// What a brace opens, by the text since the last `;`, `{` or `}`, trimmed.
Opens classify(std::string_view head) {
    const std::string rest = outer(head);
    const std::string_view words = trimmed(rest);
    if (head.empty() || words == "extern" || opens_namespace(words) ||
        (begins_type(words) && head.back() != ')')) {
        return Opens::scope;
    }
    const bool assigned = words.find('=') != std::string_view::npos &&
                          words.find("operator") == std::string_view::npos;
    if (head.find(')') == std::string_view::npos || assigned ||
        ends_in_member_initialiser(words, head.back())) {
        return Opens::initialiser;
    }
    return Opens::function;
}

/// Offset of the brace that closes the one at `open`, or the end of the text.
std::size_t matching_brace(std::string_view code, std::size_t open) {
    std::size_t depth = 0;
    for (std::size_t i = open; i < code.size(); ++i) {
        depth += code[i] == '{' ? 1 : 0;
        depth -= code[i] == '}' ? 1 : 0;
        if (depth == 0) {
            return i;
        }
    }
    return code.size();
}

std::size_t line_at(std::string_view code, std::size_t offset) {
    return 1 + static_cast<std::size_t>(std::ranges::count(code.substr(0, offset), '\n'));
}

/// Whether the comment that ends on the line above `line` gives the reason.
bool gives_reason(const std::vector<std::string_view>& lines, std::size_t line) {
    for (std::size_t above = line - 1; above > 0; --above) {
        const std::string_view text = trimmed(lines[above - 1]);
        if (!text.starts_with("//")) {
            return false;
        }
        if (text.find(reason) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

/// Directives would glue to the text behind them.
std::string without_directives(std::string code) {
    bool directive = false;
    bool line_begins = true;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == '\n') {
            directive = directive && i > 0 && code[i - 1] == '\\';
            line_begins = true;
            continue;
        }
        directive = directive || (line_begins && code[i] == '#');
        line_begins = line_begins && is_space(code[i]);
        if (directive && code[i] != '\\') {
            code[i] = ' ';
        }
    }
    std::ranges::replace(code, '\\', ' ');
    return code;
}

void check_functions(const SourceFile& file, const std::vector<std::string_view>& lines,
                     Findings& findings) {
    const std::string code = without_directives(without_comments_and_strings(file.text));
    std::size_t head_begin = 0;
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == ';' || code[i] == '}') {
            head_begin = i + 1;
        }
        if (code[i] != '{') {
            continue;
        }
        const std::string_view head =
            without_labels(trimmed(std::string_view(code).substr(head_begin, i - head_begin)));
        const Opens opens = classify(head);
        if (opens == Opens::scope) {
            head_begin = i + 1;
            continue;
        }
        const std::size_t close = matching_brace(code, i);
        if (opens == Opens::function) {
            const std::size_t length = line_at(code, close) - line_at(code, i);
            const std::size_t first =
                line_at(code, static_cast<std::size_t>(head.data() - code.data()));
            if (length > longest_function && !gives_reason(lines, first)) {
                findings.push_back({file.path, first,
                                    "a function of " + std::to_string(length) +
                                        " lines without a reason above it"});
            }
            head_begin = close + 1;
        }
        i = close;
    }
}

}  // namespace

Findings check_lengths(const SourceFile& file) {
    Findings findings;
    if (!is_code(file.path)) {
        return findings;
    }
    const std::vector<std::string_view> lines = lines_of(file.text);
    if (lines.size() > longest_file) {
        findings.push_back({file.path, longest_file + 1,
                            "a file of " + std::to_string(lines.size()) +
                                " lines; what second idea lives in it?"});
    }
    check_functions(file, lines, findings);
    return findings;
}

}  // namespace aqd::tidy

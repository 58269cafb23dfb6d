#include "tests/tidy/words.h"

#include "tests/tidy/code_text.h"
#include "tests/tidy/source_file.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <string>
#include <string_view>

namespace aqd::tidy {

namespace {

constexpr std::array<std::string_view, 8> empty_names{"util",    "utils",   "common",   "helper",
                                                      "helpers", "manager", "managers", "misc"};

// Spelled in two halves, so that this file passes its own check.
constexpr std::array<std::string_view, 3> unfinished{
    "TO"
    "DO",
    "FIX"
    "ME",
    "XX"
    "X"};
constexpr std::array<std::string_view, 3> homes{
    "/ho"
    "me/",
    "/ro"
    "ot/",
    "/Us"
    "ers/"};

bool is_word_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool has_word(std::string_view line, std::string_view word) {
    for (std::size_t at = line.find(word); at != std::string_view::npos;
         at = line.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        if ((at == 0 || !is_word_char(line[at - 1])) &&
            (end == line.size() || !is_word_char(line[end]))) {
            return true;
        }
    }
    return false;
}

/// Whether an absolute path begins here: `a/home/b` is a relative one.
bool has_path(std::string_view line, std::string_view path) {
    for (std::size_t at = line.find(path); at != std::string_view::npos;
         at = line.find(path, at + 1)) {
        const char before = at == 0 ? ' ' : line[at - 1];
        if (!is_word_char(before) &&
            std::string_view(".-}~").find(before) == std::string_view::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

Findings check_name(std::string_view path) {
    Findings findings;
    std::string part;
    for (const char c : std::string(path) + "/") {
        if (std::isalpha(static_cast<unsigned char>(c)) != 0) {
            part.push_back(static_cast<char>(std::tolower(static_cast<unsigned char>(c))));
            continue;
        }
        if (std::ranges::find(empty_names, part) != empty_names.end()) {
            findings.push_back({std::string(path), 1, "the name '" + part + "' says nothing"});
        }
        part.clear();
    }
    return findings;
}

Findings check_words(const SourceFile& file, std::string_view checkout) {
    Findings findings;
    std::size_t number = 0;
    // A checkout right below the root, such as /src, is no private path.
    const bool private_checkout = std::ranges::count(checkout, '/') > 1;
    for (const std::string_view line : lines_of(file.text)) {
        ++number;
        for (const std::string_view word : unfinished) {
            if (has_word(line, word)) {
                findings.push_back({file.path, number,
                                    "'" + std::string(word) + "': do it, or say it in the docs"});
            }
        }
        const bool home =
            std::ranges::any_of(homes, [&](std::string_view path) { return has_path(line, path); });
        if (home || (private_checkout && has_path(line, checkout))) {
            findings.push_back({file.path, number, "a path of somebody's machine"});
        }
    }
    return findings;
}

}  // namespace aqd::tidy

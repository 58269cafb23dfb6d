#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace aqd::tidy {

/// C++ with the insides of comments, strings and character literals replaced by blanks: lines and
/// columns stay, so that braces can be counted.
std::string without_comments_and_strings(std::string_view text);

/// The lines of a text, without their ends.
std::vector<std::string_view> lines_of(std::string_view text);

/// True for `.cpp` and `.h`.
bool is_code(std::string_view path);

}  // namespace aqd::tidy

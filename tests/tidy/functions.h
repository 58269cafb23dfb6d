#pragma once

#include "tests/tidy/source_file.h"

namespace aqd::tidy {

inline constexpr std::size_t longest_function = 70;
inline constexpr std::size_t longest_file = 700;

/// Functions whose body spans more than seventy lines and whose comment does not say why
/// (`// Longer than seventy lines: …`), and files of more than seven hundred lines.
///
/// Bodies are found by their braces: what a `{` opens is a function if the text before it has a
/// parameter list and is not `namespace`, `class`, `struct`, `union`, `enum` or an initialiser.
Findings check_lengths(const SourceFile& file);

}  // namespace aqd::tidy

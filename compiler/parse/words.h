#pragma once

#include "compiler/lex/token.h"
#include "compiler/source/source_set.h"

#include <cstddef>
#include <span>
#include <string_view>

namespace aqd::parse {

/// Whether the tokens begin a declaration of a file, judged by two or three of them: `record X`.
bool starts_item(std::span<const lex::Token> tokens, const source::SourceFile& source);

/// The same for a member of a procedure; no statement begins like this, except `var x`.
bool starts_member(std::span<const lex::Token> tokens, const source::SourceFile& source);

/// The word of a declaration or a member that a misspelt one was meant to be, or "".
std::string_view nearest_item_word(std::string_view word);
std::string_view nearest_member_word(std::string_view word);

bool is_item_word(std::string_view word);
bool is_member_word(std::string_view word);

/// What this language writes for a word of another one, in words; "" if it is none.
std::string_view for_foreign_word(std::string_view word);

}  // namespace aqd::parse

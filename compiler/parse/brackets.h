#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/lex/token.h"
#include "compiler/source/source_set.h"

#include <cstdint>
#include <vector>

namespace aqd::parse {

/// No bracket encloses the token.
constexpr std::uint32_t no_bracket = 0xFFFFFFFF;

/// Tokens in which every bracket has its partner, which the parser relies on to find its way after
/// a mistake.
struct BalancedTokens {
    std::vector<lex::Token> tokens;
    std::vector<lex::Comment> comments;
    std::vector<std::uint32_t> parent;  ///< index of the innermost bracket around each token
    std::vector<bool> repaired;         ///< inserted, or inside a bracket that was never closed
};

/// Pairs the brackets, reports those without a partner, leaves out closing ones that close nothing
/// and inserts closing ones where the layout says that one is missing: before a declaration at the
/// left margin, or a member not further right than the line that opened the brace.
BalancedTokens balance(lex::TokenStream stream, const source::SourceFile& source,
                       diagnostics::Sink& sink);

}  // namespace aqd::parse

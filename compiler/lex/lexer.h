#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/lex/token.h"
#include "compiler/source/source_set.h"

#include <string>
#include <string_view>

namespace aqd::lex {

/// Cuts a source into tokens and reports what cannot be one. It goes on after a mistake and always
/// returns a stream that ends in `end`; a source over the size limit gives only that. Linear time.
TokenStream lex(const source::SourceFile& source, diagnostics::Sink& sink);

/// The value of a string token: quotes removed, escapes resolved, wrong ones left out.
std::string string_value(std::string_view literal);

}  // namespace aqd::lex

#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/source/source_set.h"

namespace aqd::lex {

/// Whether a code point changes the direction of writing.
bool is_bidi_control(char32_t c);

/// Reports what may stand nowhere in a source: octets that are not UTF-8, bidirectional controls,
/// control characters other than tab and line end.
void check_characters(const source::SourceFile& source, diagnostics::Sink& sink);

/// The ASCII that a look-alike was probably meant to be, or "".
const char* ascii_for(char32_t c);

}  // namespace aqd::lex

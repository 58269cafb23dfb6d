#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/source/source_set.h"

#include <string>

namespace aqd::diagnostics {

struct TextOptions {
    bool colour = false;  ///< ANSI escapes; the caller knows whether it writes to a terminal
};

/// For people: each diagnostic with the lines it speaks of, the primary place underlined ━ and the
/// others ─, then how many more were found.
std::string render_text(const Sink& sink, const source::SourceSet& sources,
                        TextOptions options = {});

/// One diagnostic in the same layout.
std::string render_text(const Diagnostic& diagnostic, const source::SourceSet& sources,
                        TextOptions options = {});

/// For tools: a JSON array, one object a diagnostic: `code`, `severity`, `message`, `primary`
/// {`path`, `begin` and `end` {`offset`, `line`, `column`}, `label`}, `secondary` [the same],
/// `help` [text], and `edit` {`path`, `begin`, `end`, `replacement`} where there is one. Lines and
/// columns count from one, columns in code points, offsets in octets. Field names are stable.
std::string render_json(const Sink& sink, const source::SourceSet& sources);

}  // namespace aqd::diagnostics

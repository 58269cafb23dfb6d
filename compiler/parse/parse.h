#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/source/source_set.h"
#include "compiler/syntax/item.h"

namespace aqd::parse {

/// Deepest nesting of expressions, statements, types and patterns, and longest chain of operators.
constexpr unsigned max_nesting = 200;

struct ParseResult {
    syntax::File file;

    /// No error was reported, so the tree says all that the source says. Otherwise what could be
    /// read is there, every pointer that is not documented as nullable is set, and a name that was
    /// missing is empty.
    bool complete = false;
};

/// Reads one source file after `docs/grammar.ebnf`. All mistakes of the file are reported in one
/// run: it resumes at the next statement, member or item. Time and memory are linear in the
/// length of the text.
ParseResult parse(const source::SourceFile& source, diagnostics::Sink& sink);

}  // namespace aqd::parse

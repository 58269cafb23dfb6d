#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/program/program.h"

namespace aqd::analyse {

/// What a whole program must satisfy before code is made of it: no recursion, views that only read,
/// nobody's `caller`, authority over registers and parties, states that are reached and left,
/// settlement, key sizes, once-only. Reports all that is wrong; true if nothing is. Takes also a
/// program in which the checker found mistakes, and keeps quiet about what it does not know.
bool analyse(const program::Program& program, diagnostics::Sink& sink);

}  // namespace aqd::analyse

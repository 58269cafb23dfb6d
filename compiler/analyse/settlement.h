#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/program/program.h"

namespace aqd::analyse {

/// The states of every procedure as a graph: each can be reached; each that is not settled is left;
/// no deadline goes round in its own states; and under `prove settles` silence leads from each to a
/// settled one, or to one that `waits`.
void check_states(const program::Program& program, diagnostics::Sink& sink);

}  // namespace aqd::analyse

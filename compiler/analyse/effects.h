#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/program/program.h"

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

namespace aqd::analyse {

using source::Span;

/// What running a function may do, itself or through the functions that it calls; each with the
/// place in this function that does it.
struct Effects {
    std::map<std::uint32_t, Span> writes;  ///< by register
    std::optional<Span> caller;            ///< asks who acts
    std::optional<Span> refuses;           ///< `require` or `fail`, in a function that it calls
    std::optional<Span> own_refusal;       ///< the same in its own body
};

/// The effects of every function; nothing, and a report, if functions call each other in a circle.
std::optional<std::vector<Effects>> effects_of(const program::Program& program,
                                               diagnostics::Sink& sink);

}  // namespace aqd::analyse

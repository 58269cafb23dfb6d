#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/program/program.h"

#include <cstdint>

namespace aqd::analyse {

/// Most octets that the keys of a body take when encoded; every authority is checked against it, so
/// that a `Body` of an unknown kind has a bound.
inline constexpr std::uint64_t largest_body_key = 128;

/// Most octets that a value of the type takes as CBOR; saturates at 2^40.
std::uint64_t largest_encoding(const program::Program& program, program::TypeId type);

/// Keys of registers and unique values fit the store (semantics 32), keys of authorities a `Body`.
void check_sizes(const program::Program& program, diagnostics::Sink& sink);

}  // namespace aqd::analyse

#pragma once

#include <aqd/base/bytes.h>

#include <cstddef>

namespace aqd::benchmarks {

/// A valid module of about so many octets, always the same for the same number, with integer code
/// in the proportions that compilers write: assignments, conditions, loops, calls, loads and
/// stores. Exports:
///   empty  () -> ()        does nothing
///   first  () -> i32       an addition
///   calls  (i32 n) -> ()   calls the import `host.add`, (i32, i32) -> i32, n times
Bytes generated_module(std::size_t octets);

}  // namespace aqd::benchmarks

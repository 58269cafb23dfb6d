#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/gas/schedule.h>

#include <cstdint>
#include <string>

namespace aqd::benchmarks {

/// What one round of a program took.
struct Sample {
    double ns = 0;
    double gas = 0;
    [[nodiscard]] double ns_per_gas() const { return gas == 0 ? 0 : ns / gas; }
};

/// Nanoseconds of processor time of this thread.
double thread_ns();

struct Effort {
    double round_ns = 2e6;  ///< least time of a round
    int rounds = 5;         ///< the fastest counts
    double growth = 20;     ///< of n, at most, on the way to such a round
};

/// Runs the export `run (i32 n) -> i64` of a module in the interpreter, with n so great that a
/// round takes long enough. Memory is filled with a permutation of its words first if `chase` is
/// set, so that loads of loads go everywhere. `invalid` for a module that traps.
Result<Sample> measure(BytesView module, const gas::Schedule& schedule, bool chase,
                       const Effort& effort);

/// The same, but every round is a fresh instance that calls `run (1)`.
Result<Sample> measure_instances(BytesView module, const gas::Schedule& schedule,
                                 const Effort& effort);

}  // namespace aqd::benchmarks

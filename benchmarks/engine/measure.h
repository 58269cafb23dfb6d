#pragma once

#include "benchmarks/engine/engines.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// What one kernel took on every engine.
struct Measured {
    std::string kernel;
    bool seen = false;
    std::uint32_t n = 0;
    /// Nanoseconds of the best run, by engine.
    std::map<std::string, double> best;
    std::vector<std::string> failures;  ///< wrong checksums, and engines that could not run it

    /// How many times slower than native; 0 for an engine that did not run it.
    [[nodiscard]] double ratio(const std::string& engine) const;
};

/// Finds an `n` that keeps native code busy for about so long, then runs every engine in turn, so
/// many rounds. Errors: native code cannot run it.
Result<Measured> measure(const std::vector<Engine>& engines, const Kernel& kernel,
                         std::uint32_t rounds, std::chrono::nanoseconds native_time);

}  // namespace aqd::benchmarks

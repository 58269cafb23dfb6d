#pragma once

#include "benchmarks/gas/measure.h"
#include "benchmarks/gas/opcodes.h"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// The program with the most time for its gas that a search found.
struct Worst {
    double ns_per_gas = 0;
    std::vector<std::string> fragments;
    std::uint64_t tried = 0;
};

/// Random sequences of fragments, then hill climbing by insertions, removals and replacements,
/// again and again until so many seconds are over. The same seed tries the same programs while
/// measurements rank them alike. `progress` hears of each new worst program.
Worst search_worst(const gas::Schedule& schedule, double seconds, std::uint64_t seed,
                   const std::function<void(const Worst&)>& progress);

}  // namespace aqd::benchmarks

#pragma once

#include "benchmarks/gas/measure.h"

#include <filesystem>
#include <string>
#include <vector>

namespace aqd::benchmarks {

struct Named {
    std::string name;
    Sample sample;
};

/// Every `*.c` of the folders, compiled by clang-19 for WebAssembly, with its entry `u64 run(u32)`.
Result<std::vector<Named>> measure_kernels(const std::vector<std::filesystem::path>& folders,
                                           const gas::Schedule& schedule);

/// The blocks of a ledger, executed again: all of their time for all of their gas.
Result<Named> measure_ledger(const std::filesystem::path& folder);

double geometric_mean(const std::vector<Named>& list);

}  // namespace aqd::benchmarks

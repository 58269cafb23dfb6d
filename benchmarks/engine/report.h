#pragma once

#include "benchmarks/engine/measure.h"

#include <filesystem>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// A table of ratios to native with geometric means, of the kernels mined from or of the others;
/// empty if there are none.
std::string table_of(const std::vector<Engine>& engines, const std::vector<Measured>& all,
                     bool seen);

/// `{"geomean": {engine: ratio…}, "kernels": {kernel: {engine: ratio…}…}}` of the kernels not mined
/// from; those mined from in the same form under "seen"; "run" says what was run.
std::string json_of(const std::vector<Engine>& engines, const std::vector<Measured>& all,
                    std::uint32_t rounds);

/// The geometric mean of an engine's ratios over the kernels that it ran; 0 if there are none.
double mean_of(const std::vector<Measured>& all, bool seen, const std::string& engine);

}  // namespace aqd::benchmarks

#pragma once

#include "benchmarks/gas/mean.h"

#include <vector>

namespace aqd::benchmarks {

/// What each host function takes and costs, with small arguments and, where it has any, with large
/// ones; and what the ledger itself does for a transaction. On a state in memory: what a store adds
/// for reading a row and for committing one is not in it.
std::vector<Named> measure_hosts();

}  // namespace aqd::benchmarks

#pragma once

#include "tests/vm/exec/oracle/generator.h"

#include <aqd/base/bytes.h>

#include <string>

namespace aqd::oracle {

struct Comparison {
    std::string difference;  ///< empty if both sides agree
    std::uint64_t calls = 0;
    std::uint64_t traps = 0;
};

/// Calls every exported function of the module several times, with chosen arguments and amounts of
/// gas, on the engine and on the oracle side by side, and compares everything that can be observed.
/// The module must be valid.
Comparison compare(BytesView module, Random& random);

}  // namespace aqd::oracle

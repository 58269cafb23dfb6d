// Random valid modules, made from the input: the engine and the naive interpreter must agree on
// everything.

#include "tests/vm/exec/oracle/compare.h"

#include <aqd/base/assert.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aqd;
    std::uint64_t seed = 0;
    std::memcpy(&seed, data, std::min(size, sizeof seed));
    oracle::Random random(seed);
    const Bytes module = oracle::random_module(random);
    const oracle::Comparison result = oracle::compare(module, random);
    const std::string problem = result.refusal + result.difference;
    if (!problem.empty()) {
        std::fprintf(stderr, "seed %llu: %s\n", static_cast<unsigned long long>(seed),
                     problem.c_str());
    }
    AQD_ASSERT(problem.empty());
    return 0;
}

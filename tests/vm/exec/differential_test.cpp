#include "tests/vm/exec/oracle/compare.h"

#include <aqd/base/hex.h>

#include <catch2/catch.hpp>

#include <cstdlib>

using namespace aqd;

TEST_CASE("engine and oracle agree on random modules") {
    const char* const first_text = std::getenv("AQD_FIRST_SEED");
    const char* const count_text = std::getenv("AQD_SEEDS");
    const std::uint64_t first = first_text == nullptr ? 1 : std::strtoull(first_text, nullptr, 10);
    const std::uint64_t count =
        count_text == nullptr ? 300 : std::strtoull(count_text, nullptr, 10);
    std::uint64_t calls = 0;
    std::uint64_t traps = 0;
    for (std::uint64_t seed = first; seed < first + count; ++seed) {
        oracle::Random random(seed);
        const Bytes module = oracle::random_module(random);
        const oracle::Comparison result = oracle::compare(module, random);
        INFO("seed " << seed << ": " << result.refusal << result.difference);
        REQUIRE((result.refusal.empty() && result.difference.empty()));
        calls += result.calls;
        traps += result.traps;
    }
    // Programs that all end early, or never do, would test little.
    CHECK(traps > calls / 20);
    CHECK(traps < calls * 9 / 10);
}

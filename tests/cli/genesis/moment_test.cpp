#include "cli/genesis/moment.h"

#include <catch2/catch.hpp>

namespace aqd::genesis {
namespace {

/// As in Morocco around Ramadan 2026: UTC+1, UTC, UTC+1.
system::CivilClock moroccan_clock() {
    ledger::Genesis genesis;
    genesis.offsets = {{1'700'000'000, 3600},
                       {1'771'120'800, 0},      // 2026-02-15T02:00Z
                       {1'774'144'800, 3600}};  // 2026-03-22T02:00Z
    return clock_of(genesis).value();
}

TEST_CASE("a time that the clock skips, or of another shape, is refused") {
    const system::CivilClock clock = moroccan_clock();
    CHECK_FALSE(parse_moment("2026-03-22 02:30", clock));
    CHECK_FALSE(parse_moment("2026-02-30", clock));
    CHECK_FALSE(parse_moment("2026-03-22 25:00", clock));
    CHECK_FALSE(parse_moment("tomorrow", clock));
    CHECK_FALSE(parse_moment("", clock));
}

TEST_CASE("civil times follow the chain's own table") {
    const system::CivilClock clock = moroccan_clock();
    CHECK(parse_moment("2026-02-14 12:00", clock).value() == 1'771'066'800);
    CHECK(parse_moment("2026-02-14T11:00:00Z", clock).value() == 1'771'066'800);
    CHECK(parse_moment("2026-03-05 10:00", clock).value() == 1'772'704'800);
    CHECK(parse_moment("2026-03-05", clock).value() == 1'772'668'800);
    // Shown twice: the first counts.
    CHECK(parse_moment("2026-02-15 02:30", clock).value() == 1'771'119'000);
    CHECK(moment_text(1'771'066'800'000'000'000, clock) == "14 Feb 2026 12:00");
    CHECK(day_of(1'771'110'000'000'000'000, clock) == 20'499);
}

TEST_CASE("offsets are hours and minutes, and nothing else") {
    for (const char* text : {"", "1", "01:00", "+1:00", "+19:00", "+01:60", "+0100", "UTC"}) {
        INFO(text);
        CHECK_FALSE(parse_offset(text, files::JsonPath("offset")));
    }
    CHECK(parse_offset("+01:00", {}).value() == 3600);
    CHECK(parse_offset("-00:30", {}).value() == -1800);
}

}  // namespace
}  // namespace aqd::genesis

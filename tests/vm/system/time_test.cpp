#include <aqd/state/memory_state.h>
#include <aqd/state/overlay.h>
#include <aqd/system/calendars.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/store_keys.h>
#include <aqd/system/terms.h>
#include <aqd/system/timers.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace aqd;
using namespace aqd::system;
using calendar::day_from_civil;

namespace {

constexpr std::int64_t day_seconds = calendar::seconds_per_day;

std::int64_t at(calendar::Day day, std::int64_t hour) {
    return day * day_seconds + hour * 3600;
}

}  // namespace

TEST_CASE("an offset that loses or repeats a day is refused") {
    CHECK_FALSE(CivilClock::from({{100, 0}, {100, 3600}}).has_value());
    CHECK_FALSE(CivilClock::from({{0, 86'400}}).has_value());
    // At noon UTC the civil clock would go from one in the afternoon to the day before, or past the
    // next.
    CHECK_FALSE(CivilClock::from({{0, 3600}, {at(100, 0), -3600}}).has_value());
    CHECK_FALSE(CivilClock::from({{0, -86'000}, {at(100, 20), 80'000}}).has_value());
    CHECK(CivilClock::from({{0, 3600}, {at(100, 2), 0}}).has_value());
}

TEST_CASE("the first second of a day is the first that shows its date") {
    std::mt19937 random(3);
    for (int round = 0; round < 200; ++round) {
        std::vector<CivilClock::Offset> offsets;
        std::int64_t from = at(90, 0);
        for (int i = 0; i < 4; ++i) {
            offsets.push_back({from, static_cast<std::int32_t>(random() % 40'000) - 20'000});
            from += 1000 + static_cast<std::int64_t>(random() % 300'000);
        }
        const auto clock = CivilClock::from(offsets);
        if (!clock) {
            continue;
        }
        for (calendar::Day day = 85; day < 115; ++day) {
            const std::int64_t start = clock->start_of(day);
            REQUIRE(clock->day(start) >= day);
            REQUIRE(clock->day(start - 1) < day);
        }
    }
}

TEST_CASE("a chain without offsets lives in UTC") {
    const CivilClock clock;
    CHECK(clock.day(-1) == -1);
    CHECK(clock.day(0) == 0);
    CHECK(clock.start_of(5) == 5 * day_seconds);
    const state::MemoryState nothing;
    CHECK(read_clock(nothing)->offsets().empty());
}

TEST_CASE("a calendar closes its weekdays and its holidays") {
    const state::MemoryState nothing;
    state::Overlay overlay(nothing);
    const abi::Lineage lineage = abi::Lineage::from(Bytes(32, 1));
    const calendar::Day monday = day_from_civil({2026, 3, 2});
    CHECK_FALSE(close_day(overlay, lineage, monday).has_value());
    REQUIRE(overlay.put(calendar_key(lineage), encode_calendar(0x60)).has_value());
    CHECK(close_day(overlay, lineage, day_from_civil({2028, 12, 31})).value());
    CHECK(close_day(overlay, lineage, monday).value());
    CHECK_FALSE(close_day(overlay, lineage, monday).value());
    ClosedDays closed(overlay, lineage);
    CHECK(closed(monday));
    CHECK_FALSE(closed(monday + 1));
    CHECK(closed(monday + 5));
    CHECK(closed(monday + 6));
    CHECK_FALSE(closed(monday + 7));
    CHECK(closed(day_from_civil({2028, 12, 31})));
    CHECK_FALSE(closed(day_from_civil({2029, 12, 31})));
    CHECK_FALSE(closed.error().has_value());
}

TEST_CASE("a damaged calendar is an error, not an open day") {
    const state::MemoryState nothing;
    state::Overlay overlay(nothing);
    const abi::Lineage lineage = abi::Lineage::from(Bytes(32, 1));
    REQUIRE(overlay.put(calendar_key(lineage), Bytes{0xFF}).has_value());
    Term term;
    term.amount = 3;
    term.unit = Unit::workdays;
    term.calendar = lineage;
    const auto due = due_of(term, overlay);
    REQUIRE_FALSE(due.has_value());
    CHECK(due.error().code == ErrorCode::corrupt);
}

TEST_CASE("timers come in the order of their first second, then of their arming") {
    const state::MemoryState nothing;
    state::Overlay overlay(nothing);
    const CivilClock clock = CivilClock::from({{0, 3600}}).value();
    struct Armed {
        Due due;
        ArmingOrder order;
    };
    std::vector<Armed> armed;
    std::mt19937 random(5);
    for (std::uint32_t i = 0; i < 60; ++i) {
        const auto day = static_cast<calendar::Day>(100 + random() % 4);
        const Due due =
            random() % 2 != 0
                ? Due{false, day, 0}
                : Due{true, 0, clock.start_of(day + 1) + static_cast<std::int64_t>(random() % 2)};
        armed.push_back({due, {random() % 3, static_cast<std::uint32_t>(random() % 3), i}});
        const TimerRow row{Waker::deadline, abi::CaseId(), i, due, std::nullopt};
        REQUIRE(overlay.put(timer_key(due, armed.back().order), encode_timer(row)).has_value());
    }
    std::ranges::sort(armed, [&](const Armed& a, const Armed& b) {
        return std::pair(first_second(a.due, clock), a.order) <
               std::pair(first_second(b.due, clock), b.order);
    });
    CHECK_FALSE(
        next_ripe(overlay, clock, first_second(armed.front().due, clock) - 1).value().has_value());
    for (const Armed& expected : armed) {
        const auto ripe = next_ripe(overlay, clock, at(200, 0));
        REQUIRE(ripe.has_value());
        REQUIRE(ripe->has_value());
        REQUIRE((*ripe)->row.number == expected.order.ordinal);
        REQUIRE(overlay.remove((*ripe)->key).has_value());
    }
    CHECK_FALSE(next_ripe(overlay, clock, at(200, 0)).value().has_value());
}

TEST_CASE("a moved timer keeps its place among its new equals") {
    const Due monday{false, 100, 0};
    const Due friday{false, 104, 0};
    const Bytes first = timer_key(monday, {1, 0, 0});
    const Bytes second = timer_key(friday, {2, 0, 0});
    CHECK((compare(moved_timer_key(first, friday), second) < 0));
    CHECK((moved_timer_key(first, friday) == timer_key(friday, {1, 0, 0})));
}

#include <aqd/calendar/civil_date.h>
#include <aqd/calendar/deadline.h>

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>
#include <set>

namespace aqd::calendar {
namespace {

constexpr Day day(int year, int month, int day) {
    return day_from_civil({year, month, day});
}

/// Saturdays and Sundays, and the holidays given.
struct WeekendsAnd {
    std::set<Day> holidays;

    bool operator()(Day at) const {
        return weekday(at) >= Weekday::saturday || holidays.contains(at);
    }
};

const WeekendsAnd weekends{};

constexpr Term workdays(std::int64_t count) {
    return {.count = count, .unit = TermUnit::workdays};
}

constexpr Term days(std::int64_t count) {
    return {.count = count};
}

// 2026-03-05 is a Thursday.
constexpr Day thursday = day(2026, 3, 5);
constexpr Day saturday = thursday + 2;
static_assert(weekday(thursday) == Weekday::thursday);

TEST_CASE("past the last day of the language a term saturates and says so") {
    CHECK(due_day(days(1), max_day, NeverClosed{}).saturated);
    CHECK(due_day(days(max_day), 1, NeverClosed{}).saturated);
    CHECK(due_day(days(std::numeric_limits<std::int64_t>::max()), 0, NeverClosed{}).saturated);
    CHECK(due_day(days(1), std::numeric_limits<Day>::max(), NeverClosed{}).saturated);
    CHECK(due_day(days(std::numeric_limits<std::int64_t>::max()), 0, NeverClosed{}).due == max_day);
    const DueDay clear = due_day({.count = max_day, .clear = true}, 0, NeverClosed{});
    CHECK(clear.saturated);
    const DueDay last = due_day(days(max_day), 0, NeverClosed{});
    CHECK(last.due == max_day);
    CHECK_FALSE(last.saturated);
}

TEST_CASE("a calendar that never opens saturates instead of looking for ever") {
    const auto always = [](Day) { return true; };
    CHECK(due_day(workdays(1), max_day - 1000, always).saturated);
    CHECK(due_day(workdays(0), max_day - 1000, always).saturated);
    CHECK(due_day(days(3), max_day - 1000, always).saturated);
    CHECK_FALSE(due_day({.count = 3, .exact = true}, max_day - 1000, always).saturated);
}

TEST_CASE("Saturday and one workday is Tuesday when Monday is open") {
    const DueDay due = due_day(workdays(1), saturday, weekends);
    CHECK(due.zero == saturday + 2);
    CHECK(due.due == saturday + 3);
    CHECK(weekday(due.due) == Weekday::tuesday);
    const WeekendsAnd monday_closed{{saturday + 2}};
    CHECK(due_day(workdays(1), saturday, monday_closed).due == saturday + 4);
}

TEST_CASE("workdays skip weekends and holidays") {
    CHECK(due_day(workdays(0), thursday, weekends).due == thursday);
    CHECK(due_day(workdays(1), thursday, weekends).due == thursday + 1);
    CHECK(due_day(workdays(2), thursday, weekends).due == thursday + 4);
    CHECK(due_day(workdays(10), thursday, weekends).due == thursday + 14);
    const WeekendsAnd friday_closed{{thursday + 1}};
    CHECK(due_day(workdays(1), thursday, friday_closed).due == thursday + 4);
}

TEST_CASE("calendar days count every day and roll at the end only") {
    CHECK(due_day(days(1), thursday, weekends).due == thursday + 1);
    const DueDay rolled = due_day(days(2), thursday, weekends);
    CHECK(rolled.raw == thursday + 2);
    CHECK(rolled.due == thursday + 4);
    CHECK(due_day(days(2), saturday - 7, weekends).due == saturday - 5);
    CHECK(due_day(days(30), day(2026, 1, 31), NeverClosed{}).due == day(2026, 3, 2));
}

TEST_CASE("exact does not roll over closed days") {
    CHECK(due_day({.count = 2, .exact = true}, thursday, weekends).due == saturday);
    CHECK(due_day({.count = 0, .exact = true}, saturday, weekends).due == saturday);
}

TEST_CASE("clear counts one day more, in days as in workdays") {
    CHECK(due_day({.count = 1, .clear = true, .exact = true}, thursday, weekends).due == saturday);
    CHECK(
        due_day({.count = 1, .unit = TermUnit::workdays, .clear = true}, thursday, weekends).due ==
        thursday + 4);
    CHECK(due_day({.count = 0, .clear = true}, thursday, weekends).due == thursday + 1);
}

TEST_CASE("an event inside a suspension is due a full term after its end") {
    const Day until = thursday + 10;
    const auto suspended = [&](Day at) { return at >= thursday && at < until; };
    const DueDay due = due_day(days(5), thursday + 3, NeverClosed{}, suspended);
    CHECK(due.zero == until);
    CHECK(due.due == until + 5);
}

TEST_CASE("a pause shifts the due day by its length, however it is cut") {
    const Day pause = thursday + 4;
    for (Day length = 0; length < 20; ++length) {
        const auto paused = [&](Day at) { return at >= pause && at < pause + length; };
        CHECK(due_day(days(10), thursday, NeverClosed{}, paused).due == thursday + 10 + length);
    }
}

TEST_CASE("a due day that is suspended rolls to the end of the suspension") {
    const auto suspended = [&](Day at) { return at >= thursday + 5 && at < thursday + 9; };
    CHECK(due_day(days(5), thursday, NeverClosed{}, suspended).due == thursday + 9);
    CHECK(due_day(days(4), thursday, NeverClosed{}, suspended).due == thursday + 4);
}

/// The rule, read literally: lists of counting days instead of a walk.
Day due_by_the_letter(const Term& term, Day start, const WeekendsAnd& closed,
                      const std::set<Day>& still) {
    const auto counts = [&](Day at) {
        return !still.contains(at) && (term.unit == TermUnit::calendar_days || !closed(at));
    };
    std::int64_t left = term.count + (term.clear ? 1 : 0);
    Day at = start;
    while (!counts(at)) {
        ++at;
    }
    while (left > 0) {
        ++at;
        left -= counts(at) ? 1 : 0;
    }
    while (!term.exact && (closed(at) || still.contains(at))) {
        ++at;
    }
    return at;
}

TEST_CASE("every start of a year with holidays and stillness follows the letter of the rule") {
    WeekendsAnd closed;
    std::set<Day> still;
    for (Day at = day(2024, 1, 1); at < day(2025, 6, 1); ++at) {
        if (at % 11 == 0) {
            closed.holidays.insert(at);
        }
        if (at % 97 < 9) {
            still.insert(at);
        }
    }
    const auto is_still = [&](Day at) { return still.contains(at); };
    for (Day start = day(2024, 1, 1); start < day(2025, 1, 1); ++start) {
        for (int shape = 0; shape < 8; ++shape) {
            for (const int count : {0, 1, 2, 5, 30}) {
                const Term term{count, (shape & 1) != 0 ? TermUnit::workdays : TermUnit{},
                                (shape & 2) != 0, (shape & 4) != 0};
                const DueDay found = due_day(term, start, closed, is_still);
                if (found.due != due_by_the_letter(term, start, closed, still) || found.saturated ||
                    found.zero < start || found.raw < found.zero) {
                    FAIL("start " << start << ", shape " << shape << ", count " << count);
                }
            }
        }
    }
    SUCCEED();
}

TEST_CASE("a later start is never due earlier") {
    for (int shape = 0; shape < 8; ++shape) {
        const Term term{7, (shape & 1) != 0 ? TermUnit::workdays : TermUnit{}, (shape & 2) != 0,
                        (shape & 4) != 0};
        Day previous = min_day;
        for (Day start = thursday; start < thursday + 60; ++start) {
            const Day due = due_day(term, start, weekends).due;
            if (due < previous) {
                FAIL("start " << start);
            }
            previous = due;
        }
    }
    SUCCEED();
}

}  // namespace
}  // namespace aqd::calendar

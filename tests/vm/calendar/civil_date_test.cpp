#include <aqd/calendar/civil_date.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <cstdint>
#include <limits>

namespace aqd::calendar {
namespace {

constexpr Day day(int year, int month, int day) {
    return day_from_civil({year, month, day});
}

/// The sum, or `min_day - 1` where there is none.
constexpr Day months_after(Day from, std::int64_t count, MonthRounding rounding) {
    Day out = min_day - 1;
    add_months(from, count, rounding, out);
    return out;
}

constexpr Day no_day = min_day - 1;

// The header is used at compile time by the compiler's own tables.
static_assert(day(1970, 1, 1) == 0);
static_assert(day(1600, 1, 1) == min_day);
static_assert(day(9999, 12, 31) == max_day);

TEST_CASE("days that do not exist are no civil dates") {
    CHECK_FALSE(is_civil_date({2026, 2, 29}));
    CHECK_FALSE(is_civil_date({1900, 2, 29}));
    CHECK_FALSE(is_civil_date({2026, 4, 31}));
    CHECK_FALSE(is_civil_date({2026, 0, 1}));
    CHECK_FALSE(is_civil_date({2026, 13, 1}));
    CHECK_FALSE(is_civil_date({2026, 1, 0}));
    CHECK_FALSE(is_civil_date({1599, 12, 31}));
    CHECK_FALSE(is_civil_date({10000, 1, 1}));
    CHECK(is_civil_date({2024, 2, 29}));
    CHECK(is_civil_date({2000, 2, 29}));
}

TEST_CASE("every day of the language agrees with std::chrono, both ways") {
    std::chrono::sys_days reference{std::chrono::days{min_day}};
    for (Day at = min_day; at <= max_day; ++at, reference += std::chrono::days{1}) {
        const std::chrono::year_month_day expected{reference};
        const CivilDate found = civil_from_day(at);
        const bool same = found.year == static_cast<int>(expected.year()) &&
                          found.month == static_cast<int>(unsigned{expected.month()}) &&
                          found.day == static_cast<int>(unsigned{expected.day()}) &&
                          day_from_civil(found) == at && is_civil_date(found) &&
                          static_cast<unsigned>(weekday(at)) + 1 ==
                              std::chrono::weekday{reference}.iso_encoding();
        if (!same) {
            FAIL("day " << at);
        }
    }
    SUCCEED();
}

TEST_CASE("adding days stays inside the years of the language") {
    Day out = 7;
    CHECK_FALSE(add_days(max_day, 1, out));
    CHECK_FALSE(add_days(min_day, -1, out));
    CHECK_FALSE(add_days(0, std::numeric_limits<std::int64_t>::max(), out));
    CHECK_FALSE(add_days(0, std::numeric_limits<std::int64_t>::min(), out));
    CHECK(out == 7);
    CHECK(add_days(min_day, max_day - min_day, out));
    CHECK(out == max_day);
}

TEST_CASE("adding months keeps the day, or says that it cannot") {
    const Day end_of_january = day(2026, 1, 31);
    CHECK(months_after(end_of_january, 1, MonthRounding::keep) == no_day);
    CHECK(months_after(end_of_january, 1, MonthRounding::down) == day(2026, 2, 28));
    CHECK(months_after(end_of_january, 1, MonthRounding::up) == day(2026, 3, 1));
    CHECK(months_after(end_of_january, 2, MonthRounding::keep) == day(2026, 3, 31));
    CHECK(months_after(end_of_january, -11, MonthRounding::down) == day(2025, 2, 28));
    CHECK(months_after(end_of_january, -2, MonthRounding::up) == day(2025, 12, 1));
    CHECK(months_after(day(2026, 3, 5), -3, MonthRounding::keep) == day(2025, 12, 5));
}

TEST_CASE("29 February meets common years by the rounding asked for") {
    const Day leap = day(2024, 2, 29);
    CHECK(months_after(leap, 12, MonthRounding::keep) == no_day);
    CHECK(months_after(leap, 12, MonthRounding::down) == day(2025, 2, 28));
    CHECK(months_after(leap, 12, MonthRounding::up) == day(2025, 3, 1));
    CHECK(months_after(leap, 48, MonthRounding::keep) == day(2028, 2, 29));
    CHECK(months_after(leap, std::int64_t{12} * 76, MonthRounding::keep) ==
          no_day);  // 2100 is common
    CHECK(months_after(day(2000, 2, 29), std::int64_t{12} * 400, MonthRounding::keep) ==
          day(2400, 2, 29));
}

TEST_CASE("adding months ends at the edges of the language") {
    CHECK(months_after(day(9999, 12, 31), 1, MonthRounding::down) == no_day);
    CHECK(months_after(day(1600, 1, 1), -1, MonthRounding::down) == no_day);
    CHECK(months_after(day(1600, 1, 1), 12 * 8400 - 1, MonthRounding::keep) == day(9999, 12, 1));
    CHECK(months_after(0, std::numeric_limits<std::int64_t>::max(), MonthRounding::up) == no_day);
    CHECK(months_after(0, std::numeric_limits<std::int64_t>::min(), MonthRounding::up) == no_day);
    CHECK(months_after(max_day + 1, 0, MonthRounding::keep) == no_day);
}

TEST_CASE("rounding up or down never differs from keep where keep answers") {
    for (Day from = day(2023, 1, 1); from <= day(2025, 1, 1); ++from) {
        for (std::int64_t count = -25; count <= 25; ++count) {
            const Day kept = months_after(from, count, MonthRounding::keep);
            const Day down = months_after(from, count, MonthRounding::down);
            const Day up = months_after(from, count, MonthRounding::up);
            const bool sound = kept == no_day
                                   ? up == down + 1 && civil_from_day(up).day == 1
                                   : kept == down && kept == up &&
                                         civil_from_day(kept).day == civil_from_day(from).day;
            if (!sound) {
                FAIL("day " << from << " and " << count << " months");
            }
        }
    }
    SUCCEED();
}

TEST_CASE("seconds before 1970 belong to the day that they lie in") {
    CHECK(day_of(-1) == -1);
    CHECK(day_of(-86400) == -1);
    CHECK(day_of(-86401) == -2);
    CHECK(day_of(0) == 0);
    CHECK(day_of(86399) == 0);
    CHECK((time_of_day(-1) == CivilTime{23, 59, 59}));
    CHECK((time_of_day(86400 + 3661) == CivilTime{1, 1, 1}));
    CHECK(seconds_from(-1, {23, 59, 59}) == -1);
}

}  // namespace
}  // namespace aqd::calendar

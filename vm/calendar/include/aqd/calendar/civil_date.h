#pragma once

// Civil dates of the proleptic Gregorian calendar, as plain constexpr functions: the contract
// runtime compiles this header for wasm32, where there is no C++ standard library.

#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

namespace aqd::calendar {

/// Days from 1970-01-01. A date of the language is one between `min_day` and `max_day`.
using Day = int32_t;

/// Seconds from 1970-01-01T00:00:00, on whatever clock the caller means (UTC or civil).
using Seconds = int64_t;

inline constexpr int32_t min_year = 1600;
inline constexpr int32_t max_year = 9999;
inline constexpr Day min_day = -135140;
inline constexpr Day max_day = 2932896;
inline constexpr Seconds seconds_per_day = 86400;

struct CivilDate {
    int32_t year = 1970;
    int32_t month = 1;  ///< 1 … 12
    int32_t day = 1;    ///< 1 … 31

    constexpr bool operator==(const CivilDate&) const = default;
};

struct CivilTime {
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;

    constexpr bool operator==(const CivilTime&) const = default;
};

enum class Weekday : uint8_t { monday, tuesday, wednesday, thursday, friday, saturday, sunday };

/// What adding months does when the target month has no such day.
enum class MonthRounding : uint8_t {
    keep,  ///< there is no result
    up,    ///< the first day of the next month
    down,  ///< the last day of the month
};

constexpr bool is_day(int64_t day) {
    return day >= min_day && day <= max_day;
}

constexpr bool is_leap_year(int32_t year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/// `month` is 1 … 12.
constexpr int32_t days_in_month(int32_t year, int32_t month) {
    if (month == 2) {
        return is_leap_year(year) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

constexpr bool is_civil_date(const CivilDate& date) {
    return date.year >= min_year && date.year <= max_year && date.month >= 1 && date.month <= 12 &&
           date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

/// `is_civil_date` must hold. (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".)
constexpr Day day_from_civil(const CivilDate& date) {
    const int32_t year = date.month <= 2 ? date.year - 1 : date.year;
    const int32_t era = year / 400;
    const int32_t year_of_era = year - era * 400;
    const int32_t shifted_month = date.month > 2 ? date.month - 3 : date.month + 9;
    const int32_t day_of_year = (153 * shifted_month + 2) / 5 + date.day - 1;
    const int32_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/// `is_day` must hold.
constexpr CivilDate civil_from_day(Day day) {
    const int32_t shifted = day + 719468;
    const int32_t era = shifted / 146097;
    const int32_t day_of_era = shifted - era * 146097;
    const int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const int32_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int32_t shifted_month = (5 * day_of_year + 2) / 153;
    const int32_t month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
    const int32_t year = year_of_era + era * 400 + (month <= 2 ? 1 : 0);
    return {year, month, day_of_year - (153 * shifted_month + 2) / 5 + 1};
}

/// `is_day` must hold. 1970-01-01 was a Thursday.
constexpr Weekday weekday(Day day) {
    return static_cast<Weekday>(((day + 3) % 7 + 7) % 7);
}

/// False, leaving `out` alone, if the sum leaves the years of the language.
constexpr bool add_days(Day day, int64_t count, Day& out) {
    constexpr int64_t span = static_cast<int64_t>(max_day) - min_day;
    if (count > span || count < -span || !is_day(day + count)) {
        return false;
    }
    out = static_cast<Day>(day + count);
    return true;
}

/// Keeps the day of the month where it exists, else follows `rounding`. False, leaving `out` alone,
/// if the sum leaves the years of the language or `keep` finds no such day. A year is 12 months.
constexpr bool add_months(Day day, int64_t count, MonthRounding rounding, Day& out) {
    constexpr int64_t span = static_cast<int64_t>(max_year - min_year + 1) * 12;
    if (!is_day(day) || count > span || count < -span) {
        return false;
    }
    const CivilDate from = civil_from_day(day);
    const int64_t months = static_cast<int64_t>(from.year) * 12 + (from.month - 1) + count;
    if (months < static_cast<int64_t>(min_year) * 12 ||
        months >= static_cast<int64_t>(max_year + 1) * 12) {
        return false;
    }
    const auto year = static_cast<int32_t>(months / 12);
    const auto month = static_cast<int32_t>(months % 12) + 1;
    const int32_t last = days_in_month(year, month);
    if (from.day <= last) {
        out = day_from_civil({year, month, from.day});
        return true;
    }
    if (rounding == MonthRounding::keep) {
        return false;
    }
    const Day end = day_from_civil({year, month, last});
    return add_days(end, rounding == MonthRounding::up ? 1 : 0, out);
}

/// The civil day of a second, rounding towards the past.
constexpr int64_t day_of(Seconds seconds) {
    const int64_t day = seconds / seconds_per_day;
    return seconds % seconds_per_day < 0 ? day - 1 : day;
}

constexpr CivilTime time_of_day(Seconds seconds) {
    const auto within =
        static_cast<int32_t>(((seconds % seconds_per_day) + seconds_per_day) % seconds_per_day);
    return {within / 3600, within / 60 % 60, within % 60};
}

/// `time` is a time of the day without leap seconds.
constexpr Seconds seconds_from(Day day, const CivilTime& time) {
    return static_cast<Seconds>(day) * seconds_per_day +
           (static_cast<Seconds>(time.hour) * 60 + time.minute) * 60 + time.second;
}

}  // namespace aqd::calendar

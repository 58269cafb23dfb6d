#pragma once

#include <aqd/base/int128.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace aqd::lex {

/// 12.50 is coefficient 1250, scale 2.
struct DecimalLiteral {
    UInt128 coefficient = 0;
    std::uint8_t scale = 0;

    bool operator==(const DecimalLiteral&) const = default;
};

/// A civil date that exists, years 1600 to 9999.
struct DateLiteral {
    std::int32_t year = 1970;
    std::uint8_t month = 1;
    std::uint8_t day = 1;

    auto operator<=>(const DateLiteral&) const = default;
};

/// A civil date and the time of day on it.
struct TimeLiteral {
    DateLiteral date;
    std::uint8_t hour = 0;
    std::uint8_t minute = 0;
    std::uint8_t second = 0;

    auto operator<=>(const TimeLiteral&) const = default;
};

enum class DurationUnit : std::uint8_t { minute, hour, day, workday, month, year };

/// What a term in months does when the day it falls on does not exist.
enum class Rounding : std::uint8_t { unsaid, up, down };

struct DurationLiteral {
    std::uint64_t count = 0;
    DurationUnit unit = DurationUnit::day;
    Rounding rounding = Rounding::unsaid;

    bool operator==(const DurationLiteral&) const = default;
};

/// The singular word: "workday".
std::string_view unit_text(DurationUnit unit);

/// Singular or plural; nothing for any other word.
std::optional<DurationUnit> find_unit(std::string_view word);

/// 42, 0x2a, 1_000, 64K (times 1024), 1M (times 1048576). Nothing if it is over 2^128 - 1 or
/// misspelt.
std::optional<UInt128> read_integer(std::string_view text);

/// Digits, a point, digits; nothing if the coefficient is over 2^127 - 1 or the scale over 18.
std::optional<DecimalLiteral> read_decimal(std::string_view text);

/// 2026-03-05; nothing if there is no such day.
std::optional<DateLiteral> read_date(std::string_view text);

/// 2026-03-05T09:30 or 2026-03-05T09:30:15.
std::optional<TimeLiteral> read_time(std::string_view text);

/// "30 days", any blanks between; nothing if the number is over 2^64 - 1.
std::optional<DurationLiteral> read_duration(std::string_view text);

}  // namespace aqd::lex

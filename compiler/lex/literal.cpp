#include "compiler/lex/literal.h"

#include <cstddef>
#include <limits>

namespace aqd::lex {
namespace {

constexpr UInt128 max_integer = std::numeric_limits<UInt128>::max();
constexpr unsigned max_scale = 18;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

std::optional<unsigned> digit_value(char c) {
    if (is_digit(c)) {
        return static_cast<unsigned>(c - '0');
    }
    if (c >= 'a' && c <= 'f') {
        return static_cast<unsigned>(c - 'a' + 10);
    }
    if (c >= 'A' && c <= 'F') {
        return static_cast<unsigned>(c - 'A' + 10);
    }
    return std::nullopt;
}

/// Digits with single underscores between them.
std::optional<UInt128> read_digits(std::string_view text, unsigned base) {
    UInt128 value = 0;
    bool after_digit = false;
    for (const char c : text) {
        if (c == '_' && after_digit) {
            after_digit = false;
            continue;
        }
        const std::optional<unsigned> digit = digit_value(c);
        if (!digit || *digit >= base || value > (max_integer - *digit) / base) {
            return std::nullopt;
        }
        value = value * base + *digit;
        after_digit = true;
    }
    return after_digit ? std::optional(value) : std::nullopt;
}

/// Exactly `count` decimal digits at `offset`.
std::optional<int> read_fixed(std::string_view text, std::size_t offset, std::size_t count) {
    if (text.size() < offset + count) {
        return std::nullopt;
    }
    int value = 0;
    for (const char c : text.substr(offset, count)) {
        if (!is_digit(c)) {
            return std::nullopt;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

int days_in_month(int year, int month) {
    if (month == 2) {
        const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

}  // namespace

std::string_view unit_text(DurationUnit unit) {
    switch (unit) {
        case DurationUnit::minute:
            return "minute";
        case DurationUnit::hour:
            return "hour";
        case DurationUnit::day:
            return "day";
        case DurationUnit::workday:
            return "workday";
        case DurationUnit::month:
            return "month";
        case DurationUnit::year:
            return "year";
    }
    return "";
}

std::optional<DurationUnit> find_unit(std::string_view word) {
    if (word.ends_with('s')) {
        word.remove_suffix(1);
    }
    for (const auto unit : {DurationUnit::minute, DurationUnit::hour, DurationUnit::day,
                            DurationUnit::workday, DurationUnit::month, DurationUnit::year}) {
        if (word == unit_text(unit)) {
            return unit;
        }
    }
    return std::nullopt;
}

std::optional<UInt128> read_integer(std::string_view text) {
    if (text.starts_with("0x")) {
        return read_digits(text.substr(2), 16);
    }
    UInt128 factor = 1;
    if (text.ends_with('K') || text.ends_with('M')) {
        factor = text.ends_with('K') ? UInt128{1} << 10 : UInt128{1} << 20;
        text.remove_suffix(1);
    }
    const std::optional<UInt128> value = read_digits(text, 10);
    if (!value || *value > max_integer / factor) {
        return std::nullopt;
    }
    return *value * factor;
}

std::optional<DecimalLiteral> read_decimal(std::string_view text) {
    const std::size_t point = text.find('.');
    if (point == std::string_view::npos) {
        return std::nullopt;
    }
    const std::string_view fraction = text.substr(point + 1);
    const std::optional<UInt128> whole = read_digits(text.substr(0, point), 10);
    const std::optional<UInt128> part = read_digits(fraction, 10);
    unsigned scale = 0;
    UInt128 power = 1;
    for (const char c : fraction) {
        if (c != '_') {
            if (++scale > max_scale) {
                return std::nullopt;
            }
            power *= 10;
        }
    }
    constexpr UInt128 most = max_integer >> 1;
    if (!whole || !part || *whole > (most - *part) / power) {
        return std::nullopt;
    }
    return DecimalLiteral{*whole * power + *part, static_cast<std::uint8_t>(scale)};
}

std::optional<DateLiteral> read_date(std::string_view text) {
    const auto year = read_fixed(text, 0, 4);
    const auto month = read_fixed(text, 5, 2);
    const auto day = read_fixed(text, 8, 2);
    const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
    if (!shaped || !year || !month || !day || *year < 1600 || *month < 1 || *month > 12 ||
        *day < 1 || *day > days_in_month(*year, *month)) {
        return std::nullopt;
    }
    return DateLiteral{*year, static_cast<std::uint8_t>(*month), static_cast<std::uint8_t>(*day)};
}

std::optional<TimeLiteral> read_time(std::string_view text) {
    const bool with_seconds = text.size() == 19 && text[16] == ':';
    if ((text.size() != 16 && !with_seconds) || text[10] != 'T' || text[13] != ':') {
        return std::nullopt;
    }
    const auto date = read_date(text.substr(0, 10));
    const auto hour = read_fixed(text, 11, 2);
    const auto minute = read_fixed(text, 14, 2);
    const auto second = with_seconds ? read_fixed(text, 17, 2) : std::optional(0);
    if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) {
        return std::nullopt;
    }
    return TimeLiteral{*date, static_cast<std::uint8_t>(*hour), static_cast<std::uint8_t>(*minute),
                       static_cast<std::uint8_t>(*second)};
}

std::optional<DurationLiteral> read_duration(std::string_view text) {
    const std::size_t blank = text.find_first_of(" \t");
    const std::size_t word = text.find_last_of(" \t");
    if (blank == std::string_view::npos) {
        return std::nullopt;
    }
    const auto count = read_digits(text.substr(0, blank), 10);
    const auto unit = find_unit(text.substr(word + 1));
    if (!count || !unit || *count > std::numeric_limits<std::uint64_t>::max()) {
        return std::nullopt;
    }
    return DurationLiteral{static_cast<std::uint64_t>(*count), *unit, Rounding::unsaid};
}

}  // namespace aqd::lex

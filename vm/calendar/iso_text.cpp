#include <aqd/base/result.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/calendar/iso_text.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace aqd::calendar {

namespace {

/// `count` digits at `at`, or -1.
std::int32_t digits_at(std::string_view text, std::size_t at, std::size_t count) {
    if (text.size() < at + count) {
        return -1;
    }
    std::int32_t value = 0;
    for (const char c : text.substr(at, count)) {
        if (c < '0' || c > '9') {
            return -1;
        }
        value = value * 10 + (c - '0');
    }
    return value;
}

bool has_char(std::string_view text, std::size_t at, char expected) {
    return at < text.size() && text[at] == expected;
}

void put_digits(std::string& out, std::int32_t value, std::size_t count) {
    const std::string digits = std::to_string(value);
    out.append(count > digits.size() ? count - digits.size() : 0, '0');
    out += digits;
}

}  // namespace

Result<Day> parse_date(std::string_view text) {
    const CivilDate date{digits_at(text, 0, 4), digits_at(text, 5, 2), digits_at(text, 8, 2)};
    if (text.size() != 10 || !has_char(text, 4, '-') || !has_char(text, 7, '-') || date.year < 0 ||
        date.month < 0 || date.day < 0) {
        return fail(ErrorCode::malformed,
                    "expected a date such as 2026-03-05, found \"" + std::string(text) + "\"");
    }
    if (!is_civil_date(date)) {
        return fail(ErrorCode::invalid, std::string(text) +
                                            " is not a day of the calendar between 1600-01-01 and "
                                            "9999-12-31");
    }
    return day_from_civil(date);
}

Result<Seconds> parse_time(std::string_view text) {
    const std::string_view whole = text;
    if (text.ends_with('Z')) {
        text.remove_suffix(1);
    }
    const bool has_seconds = text.size() == 19;
    const CivilTime time{digits_at(text, 11, 2), digits_at(text, 14, 2),
                         has_seconds ? digits_at(text, 17, 2) : 0};
    const bool shaped = (has_seconds ? has_char(text, 16, ':') : text.size() == 16) &&
                        has_char(text, 10, 'T') && has_char(text, 13, ':') && time.hour >= 0 &&
                        time.minute >= 0 && time.second >= 0;
    if (!shaped) {
        return fail(ErrorCode::malformed, "expected a time such as 2026-03-05T09:30:00, found \"" +
                                              std::string(whole) + "\"");
    }
    AQD_TRY(day, parse_date(text.substr(0, 10)));
    if (time.hour > 23 || time.minute > 59 || time.second > 59) {
        return fail(ErrorCode::invalid, std::string(whole) + " is not a time of the day");
    }
    return seconds_from(day, time);
}

std::string format_date(Day day) {
    const CivilDate date = civil_from_day(day);
    std::string out;
    put_digits(out, date.year, 4);
    out += '-';
    put_digits(out, date.month, 2);
    out += '-';
    put_digits(out, date.day, 2);
    return out;
}

std::string format_time(Seconds seconds) {
    const CivilTime time = time_of_day(seconds);
    std::string out = format_date(static_cast<Day>(day_of(seconds)));
    out += 'T';
    put_digits(out, time.hour, 2);
    out += ':';
    put_digits(out, time.minute, 2);
    out += ':';
    put_digits(out, time.second, 2);
    return out;
}

}  // namespace aqd::calendar

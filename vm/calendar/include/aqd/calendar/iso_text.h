#pragma once

#include <aqd/base/result.h>
#include <aqd/calendar/civil_date.h>

#include <string>
#include <string_view>

/// ISO 8601 text of dates and times, for people's files and screens (never for consensus data).
namespace aqd::calendar {

/// Exactly `YYYY-MM-DD`, years 1600 … 9999. `malformed` for another shape, `invalid` for a day that
/// does not exist.
Result<Day> parse_date(std::string_view text);

/// `YYYY-MM-DDThh:mm[:ss][Z]`; the caller knows which clock is meant.
Result<Seconds> parse_time(std::string_view text);

/// `is_day` must hold.
std::string format_date(Day day);

/// `YYYY-MM-DDThh:mm:ss`. The day of `seconds` must be one of the language.
std::string format_time(Seconds seconds);

}  // namespace aqd::calendar

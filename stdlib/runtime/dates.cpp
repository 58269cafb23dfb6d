#include <aqd/calendar/civil_date.h>

// Civil dates. The functions with an `out` return false if there is no such date.

namespace calendar = aqd::calendar;

extern "C" {

bool aqd_date_add_days(int32_t day, int64_t count, int32_t* out) {
    return calendar::add_days(day, count, *out);
}

/// `rounding`: 0 keep, 1 up, 2 down, as the ABI numbers them.
bool aqd_date_add_months(int32_t day, int64_t count, uint32_t rounding, int32_t* out) {
    return calendar::add_months(day, count, static_cast<calendar::MonthRounding>(rounding), *out);
}

bool aqd_date_from_civil(int32_t year, int32_t month, int32_t day, int32_t* out) {
    const calendar::CivilDate date{year, month, day};
    if (!calendar::is_civil_date(date)) {
        return false;
    }
    *out = calendar::day_from_civil(date);
    return true;
}

int32_t aqd_date_year(int32_t day) {
    return calendar::civil_from_day(day).year;
}

int32_t aqd_date_month(int32_t day) {
    return calendar::civil_from_day(day).month;
}

int32_t aqd_date_day(int32_t day) {
    return calendar::civil_from_day(day).day;
}

/// Monday is 0.
int32_t aqd_date_weekday(int32_t day) {
    return static_cast<int32_t>(calendar::weekday(day));
}

int32_t aqd_date_of_time(int64_t seconds) {
    return static_cast<int32_t>(calendar::day_of(seconds));
}
}

#pragma once

// Which day a term of days falls due. Freestanding, as `civil_date.h` is.

#include <aqd/calendar/civil_date.h>

namespace aqd::calendar {

enum class TermUnit : uint8_t {
    calendar_days,  ///< every day counts
    workdays,       ///< days that the calendar closes do not count
};

/// `deadline d: count unit [clear] [exact]`. Months and years are turned into days before, from
/// the start, with `add_months`.
struct Term {
    int64_t count = 0;  ///< not negative
    TermUnit unit = TermUnit::calendar_days;
    bool clear = false;  ///< neither the first nor the last day counts: one day more
    bool exact = false;  ///< may fall due on a closed day
};

struct DueDay {
    Day zero = 0;  ///< the day that the event counts as
    Day raw = 0;   ///< before rolling over closed days
    Day due = 0;   ///< the last day on which an act is in time
    /// The term reached 9999-12-31 before it was full: a start is refused, a timer stays there.
    bool saturated = false;
};

/// A calendar that never closes, and a clock that never stands still.
struct NeverClosed {
    constexpr bool operator()(Day) const { return false; }
};

template <class IsClosed>
inline constexpr bool never_closes = false;
template <>
inline constexpr bool never_closes<NeverClosed> = true;

/// Counts a term from `start` (semantics, deadlines): the zero day is the first counting day at or
/// after `start`, the raw due day is the count-th counting day after it (with `clear` one more),
/// and the due day is the first at or after that which is neither closed nor still.
///
/// `is_closed(day)` says that the calendar closes the day; `is_still(day)` that time stands still
/// for this deadline (its class is suspended, the case is paused, an outage was declared). Each day
/// from `start` to the due day is asked about at most twice; the walk ends at `max_day`.
template <class IsClosed, class IsStill = NeverClosed>
constexpr DueDay due_day(const Term& term, Day start, IsClosed is_closed, IsStill is_still = {}) {
    const auto counts = [&](Day day) {
        return !is_still(day) && (term.unit == TermUnit::calendar_days || !is_closed(day));
    };
    const DueDay at_the_end{max_day, max_day, max_day, true};
    // More days than there are: no need to walk them.
    if (start > max_day || term.count > max_day - min_day) {
        return at_the_end;
    }
    Day day = start < min_day ? min_day : start;
    const int64_t wanted = term.count + (term.clear ? 1 : 0);
    if (wanted > max_day - day) {
        return at_the_end;
    }
    while (day < max_day && !counts(day)) {
        ++day;
    }
    DueDay result{day, day, day, false};
    int64_t counted = 0;
    if (never_closes<IsStill> && term.unit == TermUnit::calendar_days) {
        // Every day counts: no need to ask them one by one.
        day += static_cast<Day>(wanted);
        counted = wanted;
    }
    while (counted < wanted) {
        if (day == max_day) {
            return {result.zero, max_day, max_day, true};
        }
        ++day;
        counted += counts(day) ? 1 : 0;
    }
    result.raw = day;
    if (!term.exact) {
        while (day < max_day && (is_closed(day) || is_still(day))) {
            ++day;
        }
    }
    result.due = day;
    const bool last_day_is_open = term.exact || (!is_closed(day) && !is_still(day));
    result.saturated = day == max_day && !(last_day_is_open && counts(result.zero));
    return result;
}

}  // namespace aqd::calendar

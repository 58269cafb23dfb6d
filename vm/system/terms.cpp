#include "vm/system/row_codec.h"

#include <aqd/calendar/deadline.h>
#include <aqd/system/calendars.h>
#include <aqd/system/terms.h>

namespace aqd::system {
namespace {

constexpr std::int64_t seconds_of_hour = 3600;
constexpr std::int64_t seconds_of_minute = 60;

Due due_instant(const Term& term) {
    const std::int64_t unit = term.unit == Unit::hours ? seconds_of_hour : seconds_of_minute;
    // 9999-12-31T23:59:59: later instants are not reached.
    constexpr std::int64_t last =
        (static_cast<std::int64_t>(calendar::max_day) + 1) * calendar::seconds_per_day - 1;
    const bool saturates = term.amount > last / unit || term.start_instant > last ||
                           term.amount * unit > last - term.start_instant;
    return {true, 0, saturates ? last : term.start_instant + term.amount * unit};
}

}  // namespace

Result<Due> due_of(const Term& term, const state::StateView& view) {
    if (term.amount < 0 || term.flags > all_flags || term.unit > Unit::minutes ||
        !calendar::is_day(term.start)) {
        return fail(ErrorCode::invalid,
                    "a term with a negative amount, an unknown flag or no date");
    }
    if (term.unit == Unit::hours || term.unit == Unit::minutes) {
        return due_instant(term);
    }
    ClosedDays closed(view, term.calendar);
    calendar::Term count{term.amount, calendar::TermUnit::calendar_days,
                         (term.flags & flag_clear) != 0, (term.flags & flag_exact) != 0};
    calendar::Day start = term.start;
    if (term.unit == Unit::workdays) {
        count.unit = calendar::TermUnit::workdays;
    } else if (term.unit == Unit::months) {
        const calendar::MonthRounding rounding =
            (term.flags & flag_round_up) != 0     ? calendar::MonthRounding::up
            : (term.flags & flag_round_down) != 0 ? calendar::MonthRounding::down
                                                  : calendar::MonthRounding::keep;
        constexpr std::int64_t most_months =
            static_cast<std::int64_t>(calendar::max_year - calendar::min_year + 1) * 12;
        const std::int64_t months = std::min(term.amount, most_months);
        count.count = 0;
        if (!calendar::add_months(term.start, months, rounding, start)) {
            calendar::Day any = 0;
            if (calendar::add_months(term.start, months, calendar::MonthRounding::down, any)) {
                return fail(ErrorCode::invalid, "the month has no such day");
            }
            start = calendar::max_day;
        }
    }
    const calendar::DueDay due =
        calendar::due_day(count, start, [&](calendar::Day day) { return closed(day); });
    if (closed.error()) {
        return std::unexpected(*closed.error());
    }
    return Due{false, due.due, 0};
}

void write_term(abi::Writer& writer, const Term& term) {
    writer.write_array_header(6);
    writer.write_int(term.amount);
    writer.write_uint(static_cast<std::uint64_t>(term.unit));
    writer.write_uint(term.flags);
    writer.write_int(term.start);
    writer.write_int(term.start_instant);
    write_optional_fixed(writer, term.calendar);
}

Result<Term> read_term(abi::Reader& reader) {
    Term term;
    AQD_CHECK(reader.expect_array(6));
    AQD_TRY(amount, reader.read_int());
    term.amount = amount;
    AQD_TRY(unit, reader.read_uint_up_to(static_cast<std::uint64_t>(Unit::minutes)));
    term.unit = static_cast<Unit>(unit);
    AQD_TRY(flags, reader.read_uint_up_to(all_flags));
    term.flags = static_cast<std::uint32_t>(flags);
    AQD_TRY(start, read_day(reader));
    term.start = start;
    AQD_TRY(instant, reader.read_int());
    term.start_instant = instant;
    AQD_TRY(lineage, read_optional_fixed<abi::Lineage>(reader));
    term.calendar = lineage;
    return term;
}

Term term_of(const abi::Period& period, calendar::Day start, std::int64_t start_instant,
             const std::optional<abi::Lineage>& calendar) {
    // More than there are days in the language's years: any such term saturates.
    constexpr std::uint64_t most = std::uint64_t{1} << 40;
    Term term;
    term.amount = static_cast<std::int64_t>(std::min(period.amount, most));
    term.unit = static_cast<Unit>(period.unit);
    // Months of a manifest's period carry no rounding: the last day of a shorter month serves.
    term.flags = term.unit == Unit::months ? flag_round_down : 0;
    term.start = start;
    term.start_instant = start_instant;
    term.calendar = calendar;
    return term;
}

std::int64_t first_second(const Due& due, const CivilClock& clock) {
    return due.is_instant ? due.instant : clock.start_of(due.day + 1);
}

calendar::Day legal_date(const Due& due, const CivilClock& clock) {
    if (due.is_instant) {
        return clock.day(due.instant);
    }
    return due.day < calendar::max_day ? due.day + 1 : calendar::max_day;
}

}  // namespace aqd::system

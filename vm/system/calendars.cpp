#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/calendars.h>
#include <aqd/system/store_keys.h>

namespace aqd::system {
namespace {

std::uint32_t day_of_year(calendar::Day day, std::int32_t year) {
    return static_cast<std::uint32_t>(day - calendar::day_from_civil({year, 1, 1}));
}

}  // namespace

Bytes encode_calendar(std::uint8_t closed_weekdays) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(1);
    writer.write_uint(closed_weekdays);
    return out;
}

Result<std::uint8_t> decode_calendar(BytesView bytes) {
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(1));
    AQD_TRY(weekdays, reader.read_uint_up_to(every_weekday));
    AQD_CHECK(reader.finish());
    if (weekdays == every_weekday) {
        return fail(ErrorCode::invalid, "a calendar that closes every day of the week");
    }
    return static_cast<std::uint8_t>(weekdays);
}

Result<std::optional<ClosedDays::Year>> ClosedDays::read_year(const state::StateView& view,
                                                              const abi::Lineage& lineage,
                                                              std::int32_t year) {
    AQD_TRY(stored, view.get(closed_days_key(lineage, year)));
    if (!stored) {
        return std::optional<Year>();
    }
    abi::Reader reader(*stored);
    auto bits = reader.read_bytes();
    if (!bits || bits->size() != Year().size() || !reader.at_end()) {
        return fail(ErrorCode::corrupt, "a row of closed days does not decode");
    }
    Year days{};
    std::copy(bits->begin(), bits->end(), days.begin());
    return std::optional<Year>(days);
}

Result<bool> close_day(state::Overlay& overlay, const abi::Lineage& lineage, calendar::Day day) {
    AQD_TRY(calendar, load_row(overlay, calendar_key(lineage), decode_calendar));
    if (!calendar) {
        return fail(ErrorCode::not_found, "there is no such calendar");
    }
    const std::int32_t year = calendar::civil_from_day(day).year;
    AQD_TRY(stored, ClosedDays::read_year(overlay, lineage, year));
    ClosedDays::Year days = stored.value_or(ClosedDays::Year{});
    const std::uint32_t index = day_of_year(day, year);
    const auto bit = static_cast<std::uint8_t>(1U << (index % 8));
    if ((days[index / 8] & bit) != 0) {
        return false;
    }
    days[index / 8] = static_cast<std::uint8_t>(days[index / 8] | bit);
    Bytes out;
    abi::Writer(out).write_bytes(days);
    AQD_CHECK(overlay.put(closed_days_key(lineage, year), out));
    return true;
}

bool ClosedDays::operator()(calendar::Day day) {
    if (!lineage_ || error_) {
        return false;
    }
    if (!weekdays_) {
        auto row = load_row(*view_, calendar_key(*lineage_), decode_calendar);
        if (!row) {
            error_ = row.error();
            return false;
        }
        weekdays_ = row->value_or(0);
    }
    const auto weekday = static_cast<unsigned>(calendar::weekday(day));
    if ((*weekdays_ >> weekday & 1U) != 0) {
        return true;
    }
    if ((day < first_of_year_ || day > last_of_year_) && !turn_to(day)) {
        return false;
    }
    const std::optional<Year>& closed = *year_;
    if (!closed) {
        return false;
    }
    const auto index = static_cast<std::uint32_t>(day - first_of_year_);
    return ((*closed)[index / 8] >> (index % 8) & 1U) != 0;
}

/// False if the row of its year could not be read.
bool ClosedDays::turn_to(calendar::Day day) {
    const std::int32_t year = calendar::civil_from_day(day).year;
    auto found = years_.find(year);
    if (found == years_.end()) {
        auto read = read_year(*view_, *lineage_, year);
        if (!read) {
            error_ = read.error();
            return false;
        }
        found = years_.emplace(year, *read).first;
    }
    year_ = &found->second;
    first_of_year_ = calendar::day_from_civil({year, 1, 1});
    last_of_year_ = calendar::day_from_civil({year, 12, 31});
    return true;
}

}  // namespace aqd::system

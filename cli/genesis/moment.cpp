#include "cli/genesis/moment.h"

#include "cli/values/describe.h"

#include <aqd/calendar/iso_text.h>

#include <utility>
#include <vector>

namespace aqd::genesis {
namespace {

std::int64_t seconds_of(std::int64_t time_ns) {
    const std::int64_t seconds = time_ns / nanoseconds_per_second;
    return time_ns % nanoseconds_per_second < 0 ? seconds - 1 : seconds;
}

Result<std::int64_t> to_utc(calendar::Seconds civil, const system::CivilClock& clock) {
    if (clock.offsets().empty()) {
        return civil;
    }
    // Offsets rise by instant, so the first that fits gives the first instant.
    for (const system::CivilClock::Offset& offset : clock.offsets()) {
        const std::int64_t utc = civil - offset.seconds;
        if (clock.civil_seconds(utc) == civil) {
            return utc;
        }
    }
    return fail(ErrorCode::invalid, calendar::format_time(civil) +
                                        " does not exist: the civil clock is put forward over it");
}

}  // namespace

Result<system::CivilClock> clock_of(const ledger::Genesis& genesis) {
    std::vector<system::CivilClock::Offset> offsets;
    offsets.reserve(genesis.offsets.size());
    for (const ledger::Genesis::Offset& offset : genesis.offsets) {
        offsets.push_back({offset.from, offset.seconds});
    }
    return system::CivilClock::from(std::move(offsets));
}

Result<std::int64_t> parse_moment(std::string_view text, const system::CivilClock& clock) {
    std::string spelt(text);
    if (spelt.size() == 10) {
        AQD_TRY(day, calendar::parse_date(spelt));
        return to_utc(static_cast<calendar::Seconds>(day) * calendar::seconds_per_day, clock);
    }
    if (spelt.size() > 10 && spelt[10] == ' ') {
        spelt[10] = 'T';
    }
    AQD_TRY(seconds, calendar::parse_time(spelt));
    return spelt.ends_with('Z') ? Result<std::int64_t>(seconds) : to_utc(seconds, clock);
}

Result<std::int32_t> parse_offset(std::string_view text, const files::JsonPath& path) {
    const auto digit = [&](std::size_t at) { return text[at] >= '0' && text[at] <= '9'; };
    if (text.size() != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' || !digit(1) ||
        !digit(2) || !digit(4) || !digit(5)) {
        return path.fail("\"" + std::string(text) + "\" is not an offset such as \"+01:00\"");
    }
    const std::int32_t hours = (text[1] - '0') * 10 + (text[2] - '0');
    const std::int32_t minutes = (text[4] - '0') * 10 + (text[5] - '0');
    if (hours > 18 || minutes > 59) {
        return path.fail("\"" + std::string(text) + "\" is not an offset of at most 18 hours");
    }
    return (text[0] == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
}

std::string moment_text(std::int64_t time_ns, const system::CivilClock& clock) {
    return values::moment_text(clock.civil_seconds(seconds_of(time_ns)));
}

calendar::Day day_of(std::int64_t time_ns, const system::CivilClock& clock) {
    return clock.day(seconds_of(time_ns));
}

}  // namespace aqd::genesis

#pragma once

#include "cli/files/json.h"

#include <aqd/base/result.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/ledger/genesis.h>
#include <aqd/system/civil_clock.h>

#include <cstdint>
#include <string>
#include <string_view>

/// Instants as people write and read them: on the civil clock of the chain, never on the machine's.
namespace aqd::genesis {

inline constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

Result<system::CivilClock> clock_of(const ledger::Genesis& genesis);

/// "2026-03-05" (its midnight), "2026-03-05 10:00" or "2026-03-05T10:00[:30]" on the civil clock,
/// with a `Z` behind it UTC. UTC seconds; of two instants that the clock shows alike the first;
/// `invalid` for a time that the clock skips.
Result<std::int64_t> parse_moment(std::string_view text, const system::CivilClock& clock);

/// "+01:00", "-00:30": seconds that a civil clock is ahead of UTC. Errors name `path`.
Result<std::int32_t> parse_offset(std::string_view text, const files::JsonPath& path);

/// "5 Mar 2026 10:00" of an instant in nanoseconds.
std::string moment_text(std::int64_t time_ns, const system::CivilClock& clock);

calendar::Day day_of(std::int64_t time_ns, const system::CivilClock& clock);

}  // namespace aqd::genesis

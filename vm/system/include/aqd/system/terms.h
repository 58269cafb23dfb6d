#pragma once

#include <aqd/abi/cbor.h>
#include <aqd/abi/keys.h>
#include <aqd/abi/manifest.h>
#include <aqd/base/result.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/state/state_view.h>
#include <aqd/system/civil_clock.h>

#include <cstdint>
#include <optional>

namespace aqd::system {

/// Units and flags of docs/abi.md.
enum class Unit : std::uint8_t { days = 0, workdays = 1, months = 2, hours = 3, minutes = 4 };

inline constexpr std::uint32_t flag_clear = 1;
inline constexpr std::uint32_t flag_exact = 2;
inline constexpr std::uint32_t flag_round_up = 4;
inline constexpr std::uint32_t flag_round_down = 8;
inline constexpr std::uint32_t all_flags = 15;

/// A duration from a start: enough to work the due day out again when the calendar has changed.
struct Term {
    std::int64_t amount = 0;
    Unit unit = Unit::days;
    std::uint32_t flags = 0;
    calendar::Day start = 0;
    std::int64_t start_instant = 0;  ///< UTC seconds: hours and minutes count from here
    std::optional<abi::Lineage> calendar;

    bool operator==(const Term&) const = default;
};

/// Of hours and minutes: fires at `instant`. Otherwise: fires after `day`.
struct Due {
    bool is_instant = false;
    calendar::Day day = 0;
    std::int64_t instant = 0;  ///< UTC seconds

    bool operator==(const Due&) const = default;
};

/// Semantics 15. `invalid` if the start is no date, the amount is negative, unit or flags are
/// unknown, or months without rounding meet a day that does not exist; `corrupt`, `io` as the view
/// says. Past 9999-12-31 it saturates.
Result<Due> due_of(const Term& term, const state::StateView& view);

void write_term(abi::Writer& writer, const Term& term);
Result<Term> read_term(abi::Reader& reader);

/// A period of a manifest as a term.
Term term_of(const abi::Period& period, calendar::Day start, std::int64_t start_instant,
             const std::optional<abi::Lineage>& calendar);

/// The first UTC second at which something due then may fire.
std::int64_t first_second(const Due& due, const CivilClock& clock);
/// The legal date of its firing (semantics 16).
calendar::Day legal_date(const Due& due, const CivilClock& clock);

}  // namespace aqd::system

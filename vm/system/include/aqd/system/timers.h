#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/overlay.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/terms.h>

#include <cstdint>
#include <optional>

namespace aqd::system {

/// What a timer wakes.
enum class Waker : std::uint8_t {
    deadline = 0,    ///< of a case; `number` is its index in the procedure
    obligation = 1,  ///< `number` is its ordinal
    question = 2,    ///< `number` is its ordinal
};

struct TimerRow {
    Waker waker = Waker::deadline;
    abi::CaseId case_id;
    std::uint32_t number = 0;
    Due due;
    /// Worked out again when it is reached: days closed since then move it. Nothing: fixed.
    std::optional<Term> term;

    bool operator==(const TimerRow&) const = default;
};

Bytes encode_timer(const TimerRow& row);
Result<TimerRow> decode_timer(BytesView bytes);

/// Who armed first: order among timers that may fire at the same second.
struct ArmingOrder {
    std::uint64_t height = 0;
    std::uint32_t position = 0;
    std::uint32_t ordinal = 0;

    auto operator<=>(const ArmingOrder&) const = default;
};

/// 5 ‖ clock ‖ value ‖ height ‖ position ‖ ordinal. Days and instants lie on two clocks, so that a
/// change of the civil offset moves no key.
Bytes timer_key(const Due& due, const ArmingOrder& order);

/// The same timer, due at another time: its order is kept.
Bytes moved_timer_key(BytesView key, const Due& due);

struct RipeTimer {
    Bytes key;
    TimerRow row;
    std::int64_t first_second = 0;
};

/// The first timer that may fire at `now`, in the order of (first second, arming order).
Result<std::optional<RipeTimer>> next_ripe(const state::StateView& view, const CivilClock& clock,
                                           std::int64_t now);

}  // namespace aqd::system

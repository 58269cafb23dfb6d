#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/state/overlay.h>

#include <cstdint>
#include <vector>

namespace aqd::system {

/// The civil clock of a chain: UTC plus an offset that changes at known instants (semantics 4).
class CivilClock {
  public:
    struct Offset {
        std::int64_t from = 0;     ///< UTC seconds
        std::int32_t seconds = 0;  ///< added to UTC

        bool operator==(const Offset&) const = default;
    };

    /// UTC.
    CivilClock() = default;

    /// Instants must rise, offsets be below a day, and no change may make the date go back or leave
    /// one out. The first offset holds for all time before, too.
    static Result<CivilClock> from(std::vector<Offset> offsets);

    [[nodiscard]] const std::vector<Offset>& offsets() const { return offsets_; }

    /// Seconds that the civil clock shows at a UTC second.
    [[nodiscard]] std::int64_t civil_seconds(std::int64_t utc) const;
    /// The civil date at a UTC second, cut to the dates of the language.
    [[nodiscard]] calendar::Day day(std::int64_t utc) const;
    /// The first UTC second of a civil day.
    [[nodiscard]] std::int64_t start_of(calendar::Day day) const;

  private:
    std::vector<Offset> offsets_;
};

Bytes encode_clock(const CivilClock& clock);
Result<CivilClock> decode_clock(BytesView bytes);
/// UTC if the chain has no offsets.
Result<CivilClock> read_clock(const state::StateView& view);

}  // namespace aqd::system

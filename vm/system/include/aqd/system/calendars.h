#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/state/overlay.h>

#include <array>
#include <cstdint>
#include <map>
#include <optional>

namespace aqd::system {

/// Bit 0 Monday … bit 6 Sunday.
inline constexpr std::uint8_t every_weekday = 0x7F;

Bytes encode_calendar(std::uint8_t closed_weekdays);
/// Refuses a calendar that closes every weekday: no term would end.
Result<std::uint8_t> decode_calendar(BytesView bytes);

/// Adds a holiday. True if the calendar was open on that day. `not_found` if there is no such
/// calendar.
Result<bool> close_day(state::Overlay& overlay, const abi::Lineage& lineage, calendar::Day day);

/// Which days one calendar closes. Reads a row a year, on demand. The view must outlive it.
class ClosedDays {
  public:
    /// No lineage: no day is closed.
    ClosedDays(const state::StateView& view, const std::optional<abi::Lineage>& lineage)
        : view_(&view), lineage_(lineage) {}
    ClosedDays(const ClosedDays&) = delete;
    ClosedDays& operator=(const ClosedDays&) = delete;
    ClosedDays(ClosedDays&&) = delete;
    ClosedDays& operator=(ClosedDays&&) = delete;
    ~ClosedDays() = default;

    bool operator()(calendar::Day day);

    /// A row could not be read: every answer since is worthless.
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

  private:
    /// One bit for each day of a year.
    using Year = std::array<std::uint8_t, 46>;
    friend Result<bool> close_day(state::Overlay&, const abi::Lineage&, calendar::Day);

    bool turn_to(calendar::Day day);
    static Result<std::optional<Year>> read_year(const state::StateView& view,
                                                 const abi::Lineage& lineage, std::int32_t year);

    const state::StateView* view_;
    std::optional<abi::Lineage> lineage_;
    std::optional<std::uint8_t> weekdays_;
    std::map<std::int32_t, std::optional<Year>> years_;
    /// The year asked about last: terms ask about one day after the other.
    const std::optional<Year>* year_ = nullptr;
    calendar::Day first_of_year_ = 0;
    calendar::Day last_of_year_ = -1;
    std::optional<Error> error_;
};

}  // namespace aqd::system

#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace aqd::system {

/// What happened (`events.def`).
enum class EventKind : std::uint16_t {
#define AQD_EVENT(number, name, fields, text) name = number,
#include <aqd/system/events.def>
#undef AQD_EVENT
};

/// One thing that a call brought about, as its receipt tells it: what timelines show.
struct Event {
    EventKind kind{};
    std::optional<abi::CaseId> case_id;
    Bytes data;  ///< one CBOR array of the fields that `events.def` lists

    bool operator==(const Event&) const = default;
};

/// `transition` and so on; empty for a number that is not in the table.
std::string_view event_name(std::uint16_t kind);
/// The fields of its data, for people.
std::string_view event_fields(std::uint16_t kind);
/// One English sentence.
std::string_view event_text(std::uint16_t kind);

/// [kind, case or null, data as the item itself].
Bytes encode_event(const Event& event);
/// Canonical CBOR, nothing behind it; `unsupported` for an unknown kind.
Result<Event> decode_event(BytesView bytes);

}  // namespace aqd::system

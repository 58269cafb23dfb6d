#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/overlay.h>

#include <cstdint>
#include <optional>

namespace aqd::system {

/// What waits to be handed to a module in a later block.
enum class DeliveryKind : std::uint8_t {
    notice_to_module = 0,  ///< to a module that serves the recipient
    notice_to_case = 1,
    acknowledgement = 2,  ///< to the case that sent the notice
    question = 3,         ///< to a module that serves the body asked
    reply = 4,            ///< to the case that asked
};

/// Of what a transaction or a deadline sends.
inline constexpr std::uint32_t most_further_deliveries = 1'024;

struct DeliveryRow {
    DeliveryKind kind = DeliveryKind::notice_to_module;
    abi::CaseId case_id;                 ///< the case that sent or asked
    std::uint32_t ordinal = 0;           ///< of its obligation or question
    std::optional<abi::Lineage> module;  ///< of notice_to_module
    std::optional<Bytes> reply;          ///< CBOR: [0, fields...], 1 or 2
    /// Deliveries that this one may bring about, and those in turn: what modules send one another
    /// comes to an end.
    std::uint32_t further = most_further_deliveries;

    bool operator==(const DeliveryRow&) const = default;
};

Bytes encode_delivery(const DeliveryRow& row);
Result<DeliveryRow> decode_delivery(BytesView bytes);

struct QueuedDelivery {
    Bytes key;
    DeliveryRow row;
};

/// The first delivery queued in a block before `height`.
Result<std::optional<QueuedDelivery>> next_delivery(const state::StateView& view,
                                                    std::uint64_t height);

/// A body did not do its duty in time.
struct BreachRow {
    Bytes body;  ///< `Body`
    std::int32_t on = 0;

    bool operator==(const BreachRow&) const = default;
};

Bytes encode_breach(const BreachRow& row);
Result<BreachRow> decode_breach(BytesView bytes);

}  // namespace aqd::system

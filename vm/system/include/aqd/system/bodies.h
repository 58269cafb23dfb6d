#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/state/overlay.h>

#include <cstdint>
#include <optional>

namespace aqd::system {

/// A registered body: one commune, one fund. Days are inclusive.
struct BodyRow {
    Bytes attributes;  ///< CBOR array
    std::optional<crypto::PublicKey> assertion_key;
    std::int32_t from = 0;
    std::optional<std::int32_t> until;

    [[nodiscard]] bool is_live(std::int32_t day) const {
        return from <= day && (!until || day <= *until);
    }
    bool operator==(const BodyRow&) const = default;
};

Bytes encode_body(const BodyRow& row);
Result<BodyRow> decode_body(BytesView bytes);

/// `corrupt` or `io`: the node must stop.
Result<std::optional<BodyRow>> read_body(const state::StateView& view, BytesView authority_tag,
                                         BytesView keys);

/// A `Body` value taken apart: [bstr(40), keys...] is an authority and [keys...].
struct BodyParts {
    Bytes authority;  ///< tag of 40 octets
    Bytes keys;       ///< CBOR array

    bool operator==(const BodyParts&) const = default;
};

Result<BodyParts> split_body(BytesView body);
/// `keys` must be a canonical CBOR array.
Bytes join_body(BytesView authority_tag, BytesView keys);

/// Canonical CBOR of exactly one array.
bool is_array(BytesView item);
/// Canonical CBOR of exactly one item.
bool is_item(BytesView item);

}  // namespace aqd::system

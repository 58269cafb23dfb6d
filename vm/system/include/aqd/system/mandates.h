#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/overlay.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace aqd::system {

/// The person that an account is when no mandate or assertion says more: SHA-256("aqd/person/v1" ‖
/// account).
abi::Person person_of(const abi::Account& account);

/// A right to act in a role, for a body or, for credentials, for none. Days are inclusive.
struct Mandate {
    Bytes authority;  ///< tag of the body's authority; empty: no body
    Bytes keys;       ///< CBOR array; empty: no body
    abi::Person person;
    std::int32_t from = 0;
    std::optional<std::int32_t> until;
    std::optional<abi::Person> delegator;

    [[nodiscard]] bool is_live(std::int32_t day) const {
        return from <= day && (!until || day <= *until);
    }
    bool operator==(const Mandate&) const = default;
};

/// All mandates of one account in one role, in the order in which they were granted.
using MandateRow = std::vector<Mandate>;

Bytes encode_mandates(const MandateRow& row);
Result<MandateRow> decode_mandates(BytesView bytes);

struct HeldMandate {
    Bytes role;  ///< tag of 40 octets
    Mandate mandate;
};

/// Everything that an account was ever granted and that was not taken back before it began.
Result<std::vector<HeldMandate>> read_mandates(const state::StateView& view,
                                               const abi::Account& account);

Result<> add_mandate(state::Overlay& overlay, const abi::Account& account, BytesView role_tag,
                     const Mandate& mandate);

/// Ends the account's mandates of this role and body (or of every body, if `keys` is nothing) on
/// the day before `today`. Says how many there were.
Result<std::size_t> end_mandates(state::Overlay& overlay, const abi::Account& account,
                                 BytesView role_tag, const std::optional<Bytes>& keys,
                                 std::int32_t today);

}  // namespace aqd::system

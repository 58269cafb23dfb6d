#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/system/event.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aqd::ledger {

/// What made a call happen; numbers are part of the format.
enum class Origin : std::uint8_t {
    transaction = 0,
    deadline = 1,    ///< of a case
    obligation = 2,  ///< a term of a notice: reminder, escalation
    question = 3,    ///< silence of a body that was asked
    delivery = 4,    ///< a notice, a question, a reply or an acknowledgement
};

/// What became of one call (docs/formats/receipt.md). Consensus data: codes, never messages.
struct Receipt {
    Origin origin = Origin::transaction;
    Hash256 transaction;           ///< zero unless `origin` is `transaction`
    std::uint32_t call_index = 0;  ///< in its transaction; zero otherwise
    std::optional<abi::Account> caller;
    std::string module;  ///< path; empty for terms of notices, which run no code
    std::uint32_t version = 0;
    Hash256 code;                        ///< SHA-256 of the module that ran; zero if none did
    std::string entry;                   ///< empty if no code ran
    std::optional<abi::CaseId> case_id;  ///< the case it was about, created ones included
    std::int32_t effective = 0;          ///< legal date
    std::uint16_t refusal = 0;  ///< abi::Refusal, or 256 + index of the module's errors; 0: success
    std::uint64_t gas = 0;
    std::optional<Bytes> result;  ///< one CBOR item; none for the unit type and for refusals
    std::vector<system::Event> events;

    bool operator==(const Receipt&) const = default;
};

Bytes encode_receipt(const Receipt& receipt);
/// Canonical CBOR, nothing behind it.
Result<Receipt> decode_receipt(BytesView bytes);

}  // namespace aqd::ledger

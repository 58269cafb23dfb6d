#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>

#include <cstdint>

/// Where the ledger's own rows lie (docs/formats/system_rows.md). Pure functions.
namespace aqd::system {

/// Second octet of the keys of kind 0.
enum class Table : std::uint8_t {
    body = 1,
    mandate = 2,
    module = 3,
    code = 4,
    calendar = 5,
    closed_days = 6,
    offsets = 7,
    operators = 8,
    serving = 9,
    delivery = 10,
    breach = 11,
};

/// A tag is `abi::authority_tag`: 40 octets.
Bytes body_key(BytesView authority_tag, BytesView keys);
Bytes mandate_prefix(const abi::Account& account);
Bytes mandate_key(const abi::Account& account, BytesView role_tag);
Bytes module_key(const abi::Lineage& lineage);
Bytes code_key(const Hash256& hash);
Bytes calendar_key(const abi::Lineage& lineage);
Bytes closed_days_key(const abi::Lineage& lineage, std::int32_t year);
Bytes offsets_key();
Bytes operator_key(const abi::Account& account);
Bytes serving_key(BytesView authority_tag);
Bytes delivery_prefix();
/// Deliveries are handed out in the order of their keys.
Bytes delivery_key(std::uint64_t height, std::uint32_t position, std::uint32_t ordinal);
/// The height in a delivery key.
std::uint64_t delivery_height(BytesView key);
Bytes breach_key(const abi::CaseId& case_id, std::uint32_t ordinal);

Bytes case_prefix();
Bytes case_key(const abi::CaseId& case_id);
Bytes obligation_prefix(const abi::CaseId& case_id);
Bytes obligation_key(const abi::CaseId& case_id, std::uint32_t ordinal);
Bytes question_key(const abi::CaseId& case_id, std::uint32_t ordinal);

}  // namespace aqd::system

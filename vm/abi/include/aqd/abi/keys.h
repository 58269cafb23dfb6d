#pragma once

#include <aqd/base/bytes.h>

#include <cstdint>
#include <string_view>

// Where things lie in the state (semantics 1, 3 and 32). Pure functions of their arguments.

namespace aqd::abi {

/// SHA-256("aqd/module/v1" ‖ chain ‖ path): who a module is on one chain, whatever its version.
using Lineage = FixedBytes<32, struct LineageTag>;

/// First 20 octets of SHA-256("aqd/case/v1" ‖ chain ‖ lineage ‖ procedure name ‖ transaction id ‖
/// call index as u32 big-endian).
using CaseId = FixedBytes<20, struct CaseTag>;

/// First 20 octets of SHA-256("aqd/account/v1" ‖ compressed public key).
using Account = FixedBytes<20, struct AccountTag>;

/// A person as the ledger knows one: 32 octets, never derived from a civil identifier.
using Person = FixedBytes<32, struct PersonTag>;

/// First octet of every store key.
enum class KeyKind : std::uint8_t {
    system = 0,
    register_row = 1,
    case_row = 2,
    unique = 3,
    index = 4,
    timer = 5,
    obligation = 6,
    question = 7,
};

/// LMDB takes keys of at most 511 octets; the compiler checks this bound for every register key.
inline constexpr std::size_t largest_store_key = 480;

Lineage lineage_of(const Hash256& chain, std::string_view path);

/// First 8 octets of SHA-256(name), as a big-endian number.
std::uint64_t id8(std::string_view name);

CaseId case_id_of(const Hash256& chain, const Lineage& lineage, std::string_view procedure,
                  const Hash256& transaction, std::uint32_t call_index);

Account account_of(BytesView compressed_public_key);

/// kind ‖ lineage ‖ id8 ‖ CBOR(key).
Bytes store_key(KeyKind kind, const Lineage& lineage, std::uint64_t name, BytesView key);

/// A `Body` of any kind starts with bstr(lineage ‖ id8): this is that 40-octet string.
Bytes authority_tag(const Lineage& lineage, std::uint64_t authority);

}  // namespace aqd::abi

#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>

#include <string_view>

namespace aqd::values {

/// SHA-256("aqd/secret/v1" ‖ chain ‖ lineage ‖ slot ‖ salt ‖ CBOR of the value): docs/abi.md,
/// Secrets. `slot` is "Procedure.secret"; the salt has 32 octets.
Hash256 commitment_of(const Hash256& chain, const abi::Lineage& lineage, std::string_view slot,
                      BytesView salt, BytesView value);

}  // namespace aqd::values

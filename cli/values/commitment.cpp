#include "cli/values/commitment.h"

#include <aqd/base/assert.h>
#include <aqd/crypto/sha256.h>

namespace aqd::values {

Hash256 commitment_of(const Hash256& chain, const abi::Lineage& lineage, std::string_view slot,
                      BytesView salt, BytesView value) {
    AQD_ASSERT(salt.size() == 32);
    return crypto::sha256(
        {as_bytes("aqd/secret/v1"), chain.view(), lineage.view(), as_bytes(slot), salt, value});
}

}  // namespace aqd::values

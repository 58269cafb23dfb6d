#include "vm/host/call.h"

#include <aqd/crypto/sha256.h>

namespace aqd::host {

Trap host_sha256(const Call& call) {
    AQD_HOST_TRY(input, call.region(0));
    return call.write_fixed(2, crypto::sha256(input).view());
}

}  // namespace aqd::host

#pragma once

#include <aqd/abi/cbor.h>
#include <aqd/base/bytes.h>

#include <string_view>

namespace aqd::lower::testing {

/// CBOR from the diagnostic notation that `abi::to_diagnostic` writes: `[1, -2, h'00ff', "é",
/// null]`.
Bytes cbor(std::string_view notation);

/// The other way.
std::string notation(BytesView item);

}  // namespace aqd::lower::testing

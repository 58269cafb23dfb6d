#pragma once

#include <aqd/abi/cbor_core.h>
#include <aqd/base/result.h>

#include <cstdint>

namespace aqd::abi {

/// The words for a failure of the core.
Error error_from(core::Status status, std::uint64_t offset);

}  // namespace aqd::abi

#pragma once

#include <aqd/base/bytes.h>

#include <cstdint>

namespace aqd::codegen {

/// One compiled module, not linked yet.
struct Object {
    Bytes code;
    std::uint64_t stack_bytes = 0;  ///< the frames of all its functions together
};

}  // namespace aqd::codegen

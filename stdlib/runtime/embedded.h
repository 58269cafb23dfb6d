#pragma once

#include <aqd/base/bytes.h>

// The support code of contracts, made when the compiler was built (LLVM 19, wasm32).

namespace aqd::runtime {

/// What lowered code calls: bitcode, to be linked into the contract and optimised with it.
BytesView bitcode();

/// What LLVM itself calls: an object for the linker.
BytesView library();

}  // namespace aqd::runtime

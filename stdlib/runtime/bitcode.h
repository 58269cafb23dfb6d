#pragma once

#include <aqd/base/bytes.h>

namespace aqd::runtime {

/// The support code of contracts as LLVM 19 bitcode for wasm32, made when the compiler was built.
BytesView bitcode();

}  // namespace aqd::runtime

#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>

namespace aqd::codegen {

/// Runs lld's WebAssembly linker on one object and what LLVM calls in it.
Result<Bytes> link_object(BytesView object, std::uint32_t most_pages);

}  // namespace aqd::codegen

#pragma once

#include "compiler/codegen/object.h"
#include "compiler/codegen/temporary_directory.h"

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>

namespace aqd::codegen {

/// Runs lld's WebAssembly linker on one object and what LLVM calls in it. The stack lies at the
/// bottom of the memory and is as large as all frames together: no function is active twice, so it
/// cannot overflow.
Result<Bytes> link_object(const Object& object, const TemporaryDirectory& directory,
                          std::uint32_t most_pages);

}  // namespace aqd::codegen

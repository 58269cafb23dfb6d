#pragma once

#include <aqd/base/result.h>

#include <filesystem>

namespace aqd::store {

/// Walks every page of the LMDB file in a child process: damage that makes LMDB crash, run in
/// circles or read past the end of the file ends the child, not the caller. `corrupt` for what it
/// finds, and for a child that dies. The child takes memory only from the allocator, which a fork
/// leaves usable; call it before starting threads where that can be arranged.
Result<> check_structure(const std::filesystem::path& folder);

}  // namespace aqd::store

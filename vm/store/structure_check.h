#pragma once

#include <aqd/base/result.h>

#include <filesystem>

namespace aqd::store {

/// `check_pages` on a store's file, in a child process: what opening damaged data does to LMDB, or
/// a page that the disk cannot give, ends the child and not the caller. `corrupt` for what it
/// finds, and for a child that dies. The child takes memory only from the allocator, which a fork
/// leaves usable; call it before starting threads where that can be arranged.
Result<> check_structure(const std::filesystem::path& folder);

}  // namespace aqd::store

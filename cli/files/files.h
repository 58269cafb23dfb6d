#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <filesystem>

/// Whole files, as people's tools use them. Every error names the path.
namespace aqd::files {

inline constexpr std::uint64_t default_limit_bytes = 256ULL << 20;

/// `not_found`, `too_large` past the limit, `io` for everything else.
Result<Bytes> read(const std::filesystem::path& path,
                   std::uint64_t limit_bytes = default_limit_bytes);

/// Reads a file that only its owner may read: `denied` if it belongs to another user, or if group
/// or others have any right to it. Does not follow a symbolic link.
Result<Bytes> read_private(const std::filesystem::path& path, std::uint64_t limit_bytes);

/// Replaces the file as one step: a reader sees the old content or the new one. The folder must
/// exist.
Result<void> write(const std::filesystem::path& path, BytesView content);

/// Creates the file with mode 0600 and syncs it; `conflict` if it exists.
Result<void> create_private(const std::filesystem::path& path, BytesView content);

/// Makes the folder and those above it.
Result<void> make_folder(const std::filesystem::path& path);

}  // namespace aqd::files

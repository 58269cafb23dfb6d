#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <filesystem>
#include <span>

namespace aqd::chain {

/// A file that is read anywhere and written at its end only. Errors are `io`, with the file's name.
class File {
  public:
    enum class Mode : std::uint8_t { read, append, create };

    static Result<File> open(const std::filesystem::path& path, Mode mode);
    File(File&& other) noexcept;
    File& operator=(File&& other) noexcept;
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File();

    [[nodiscard]] Result<std::uint64_t> size() const;
    /// All of `out`, or an error.
    [[nodiscard]] Result<> read(std::uint64_t offset, std::span<std::uint8_t> out) const;
    Result<> write(std::uint64_t offset, BytesView bytes);
    Result<> truncate(std::uint64_t size);
    /// On disk when it returns.
    Result<> sync();

  private:
    File(int descriptor, std::filesystem::path path)
        : descriptor_(descriptor), path_(std::move(path)) {}
    [[nodiscard]] std::unexpected<Error> failure(const char* what) const;

    int descriptor_ = -1;
    std::filesystem::path path_;
};

/// Makes the names in a folder lasting.
Result<> sync_folder(const std::filesystem::path& folder);

}  // namespace aqd::chain

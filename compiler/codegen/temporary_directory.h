#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <filesystem>
#include <string>

namespace aqd::codegen {

/// LLVM and lld read and write some things by file name. The directory is this process's own, mode
/// 0700, and goes with the object.
class TemporaryDirectory {
  public:
    static Result<TemporaryDirectory> create();
    TemporaryDirectory(TemporaryDirectory&& other) noexcept;
    TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
    ~TemporaryDirectory();

    [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

  private:
    explicit TemporaryDirectory(std::filesystem::path path) : path_(std::move(path)) {}
    std::filesystem::path path_;
};

Result<void> write_file(const std::string& path, BytesView bytes);
Result<Bytes> read_file(const std::string& path);

}  // namespace aqd::codegen

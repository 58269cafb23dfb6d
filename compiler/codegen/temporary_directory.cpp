#include "compiler/codegen/temporary_directory.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <system_error>

namespace aqd::codegen {

namespace fs = std::filesystem;

Result<TemporaryDirectory> TemporaryDirectory::create() {
    std::error_code error;
    std::string name = (fs::temp_directory_path(error) / "aqd-link-XXXXXX").string();
    if (error || ::mkdtemp(name.data()) == nullptr) {
        return fail(ErrorCode::io,
                    "cannot make a temporary directory: " +
                        (error ? error.message() : std::string(std::strerror(errno))));
    }
    return TemporaryDirectory(name);
}

TemporaryDirectory::TemporaryDirectory(TemporaryDirectory&& other) noexcept
    : path_(std::move(other.path_)) {
    other.path_.clear();
}

TemporaryDirectory::~TemporaryDirectory() {
    if (!path_.empty()) {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
}

Result<void> write_file(const std::string& path, BytesView bytes) {
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(bytes.data()),
              static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) {
        return fail(ErrorCode::io, "cannot write " + path);
    }
    return {};
}

Result<Bytes> read_file(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    if (!in) {
        return fail(ErrorCode::io, "cannot read " + path);
    }
    Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (in.bad()) {
        return fail(ErrorCode::io, "cannot read " + path);
    }
    return bytes;
}

}  // namespace aqd::codegen

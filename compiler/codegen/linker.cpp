#include "compiler/codegen/linker.h"

#include "stdlib/runtime/embedded.h"

#include <lld/Common/Driver.h>
#include <llvm/Support/CrashRecoveryContext.h>
#include <llvm/Support/raw_ostream.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdlib.h>
#include <string>
#include <system_error>
#include <vector>

LLD_HAS_DRIVER(wasm)

namespace aqd::codegen {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t page_size = 65536;

// lld reads and writes files by name. The directory is this process's own, mode 0700, and goes with
// the object.
class TemporaryDirectory {
  public:
    static Result<TemporaryDirectory> create() {
        std::error_code error;
        std::string name = (fs::temp_directory_path(error) / "aqd-link-XXXXXX").string();
        if (error || ::mkdtemp(name.data()) == nullptr) {
            return fail(ErrorCode::io,
                        "cannot make a temporary directory: " +
                            (error ? error.message() : std::string(std::strerror(errno))));
        }
        return TemporaryDirectory(name);
    }
    TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::move(other.path_)) {
        other.path_.clear();
    }
    TemporaryDirectory& operator=(TemporaryDirectory&&) = delete;
    ~TemporaryDirectory() {
        if (!path_.empty()) {
            std::error_code ignored;
            fs::remove_all(path_, ignored);
        }
    }
    [[nodiscard]] std::string file(const char* name) const { return (path_ / name).string(); }

  private:
    explicit TemporaryDirectory(fs::path path) : path_(std::move(path)) {}
    fs::path path_;
};

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
    Bytes bytes((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    if (!in.good() && !in.eof()) {
        return fail(ErrorCode::io, "cannot read " + path);
    }
    return bytes;
}

}  // namespace

Result<Bytes> link_object(BytesView object, std::uint32_t most_pages) {
    AQD_TRY(directory, TemporaryDirectory::create());
    const std::string input = directory.file("contract.o");
    const std::string output = directory.file("contract.wasm");
    const std::string library = directory.file("library.o");
    AQD_CHECK(write_file(input, object));
    AQD_CHECK(write_file(library, runtime::library()));
    const std::string most_memory =
        "--max-memory=" + std::to_string(std::uint64_t{most_pages} * page_size);
    const std::vector<const char*> arguments{"wasm-ld",
                                             input.c_str(),
                                             library.c_str(),
                                             "-o",
                                             output.c_str(),
                                             "--no-entry",
                                             "--stack-first",
                                             "-z",
                                             "stack-size=16384",
                                             "--global-base=16384",
                                             most_memory.c_str(),
                                             "--gc-sections",
                                             "--merge-data-segments",
                                             "--threads=1",
                                             "--build-id=none",
                                             "--fatal-warnings",
                                             "--no-demangle",
                                             "--soname=contract"};

    // The linker keeps its state in globals.
    static std::mutex turn;
    const std::lock_guard lock(turn);
    std::string said;
    llvm::raw_string_ostream out(said);
    llvm::CrashRecoveryContext::Enable();
    const lld::Result result = lld::lldMain(arguments, out, out, {{lld::Wasm, &lld::wasm::link}});
    llvm::CrashRecoveryContext::Disable();
    if (result.retCode != 0) {
        const bool too_large = said.find("memory too small") != std::string::npos ||
                               said.find("maximum memory") != std::string::npos;
        return fail(too_large ? ErrorCode::too_large : ErrorCode::invalid,
                    "the linker refused the module: " + said);
    }
    return read_file(output);
}

}  // namespace aqd::codegen

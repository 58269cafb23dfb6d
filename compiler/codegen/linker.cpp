#include "compiler/codegen/linker.h"

#include "stdlib/runtime/embedded.h"

#include <lld/Common/Driver.h>
#include <llvm/Support/CrashRecoveryContext.h>
#include <llvm/Support/raw_ostream.h>

#include <mutex>
#include <string>
#include <vector>

LLD_HAS_DRIVER(wasm)

namespace aqd::codegen {
namespace {

constexpr std::uint32_t page_size = 65536;

// The frames of the library, which is compiled apart.
constexpr std::uint64_t library_stack = 1024;
constexpr std::uint64_t stack_alignment = 16;

}  // namespace

Result<Bytes> link_object(const Object& object, const TemporaryDirectory& directory,
                          std::uint32_t most_pages) {
    const std::string input = directory.file("contract.o");
    const std::string library = directory.file("library.o");
    const std::string output = directory.file("contract.wasm");
    AQD_CHECK(write_file(input, object.code));
    AQD_CHECK(write_file(library, runtime::library()));
    const std::uint64_t stack = (object.stack_bytes + library_stack + stack_alignment - 1) /
                                stack_alignment * stack_alignment;
    const std::string stack_size = "stack-size=" + std::to_string(stack);
    const std::string most_memory =
        "--max-memory=" + std::to_string(std::uint64_t{most_pages} * page_size);
    const std::vector<const char*> arguments{
        "wasm-ld",          input.c_str(),       library.c_str(),    "-o",
        output.c_str(),     "--no-entry",        "--stack-first",    "-z",
        stack_size.c_str(), most_memory.c_str(), "--gc-sections",    "--merge-data-segments",
        "--threads=1",      "--build-id=none",   "--fatal-warnings", "--no-demangle",
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

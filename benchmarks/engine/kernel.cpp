#include "benchmarks/engine/kernel.h"

#include "benchmarks/engine/process.h"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace aqd::benchmarks {
namespace {

Result<> compile(const std::vector<std::string>& words) {
    AQD_TRY(finished, run_program(words));
    if (finished.status != 0) {
        return fail(ErrorCode::io, finished.errors);
    }
    return {};
}

bool is_taken(const std::vector<Kernel>& kernels, const std::string& name) {
    return std::ranges::find(kernels, name, &Kernel::name) != kernels.end();
}

bool exports_empty(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    // A name of five octets, then the kind of a function.
    return text.find(std::string("\x05"
                                 "empty\0",
                                 7)) != std::string::npos;
}

}  // namespace

Result<> build_kernels(const std::filesystem::path& folder, const std::filesystem::path& to,
                       std::vector<Kernel>& kernels) {
    std::error_code error;
    std::filesystem::create_directories(to, error);
    std::vector<std::filesystem::path> sources;
    for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
        if (entry.path().extension() == ".c") {
            sources.push_back(entry.path());
        }
    }
    if (error) {
        return fail(ErrorCode::io, folder.string() + " cannot be read");
    }
    std::ranges::sort(sources);
    for (const std::filesystem::path& source : sources) {
        Kernel kernel;
        kernel.name = source.stem().string();
        for (int number = 2; is_taken(kernels, kernel.name); ++number) {
            kernel.name = source.stem().string() + '_' + std::to_string(number);
        }
        kernel.wasm = to / (kernel.name + ".wasm");
        kernel.library = to / (kernel.name + ".so");
        AQD_CHECK(compile({"clang-19", "--target=wasm32", "-mcpu=mvp", "-O2", "-nostdlib",
                           "-ffreestanding", "-w", "-Wl,--no-entry,--strip-all", source.string(),
                           "-o", kernel.wasm.string()}));
        AQD_CHECK(compile({"clang-19", "-O2", "-shared", "-fPIC", "-w", source.string(), "-o",
                           kernel.library.string()}));
        kernel.has_empty = exports_empty(kernel.wasm);
        kernels.push_back(std::move(kernel));
    }
    return {};
}

}  // namespace aqd::benchmarks

#pragma once

#include "benchmarks/engine/kernel.h"

#include <aqd/base/result.h>

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// One call of `run`.
struct Sample {
    std::uint64_t checksum = 0;
    std::chrono::nanoseconds time{};
};

/// Something that runs kernels, as a program of its own.
struct Engine {
    /// How its time is taken: by itself around the call, or from outside for the whole process,
    /// from which a call of `empty` is taken off.
    enum class Clock : std::uint8_t { inside, outside };

    std::string name;     ///< as in the JSON
    std::string version;  ///< what it says of itself
    Clock clock = Clock::inside;
    std::vector<std::string> before_export;  ///< the words of a call: these, the export, …
    std::vector<std::string> after_export;   ///< … these, the file and the argument
    bool names_export = true;
    bool runs_library = false;  ///< the shared library in place of the module
};

/// Ours and the native baseline from `programs`, where the build puts them, and what the PATH has:
/// wasmi, wasmtime, wasm3, iwasm, node.
std::vector<Engine> find_engines(const std::filesystem::path& programs,
                                 const std::filesystem::path& source_folder);

/// Calls `run(n)` in a fresh process. Errors: `io`, with what the engine said.
Result<Sample> call_run(const Engine& engine, const Kernel& kernel, std::uint32_t n);

/// What the process takes without the kernel's work: for engines that are timed from outside.
Result<std::chrono::nanoseconds> call_empty(const Engine& engine, const Kernel& kernel);

}  // namespace aqd::benchmarks

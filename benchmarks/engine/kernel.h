#pragma once

#include <aqd/base/result.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace aqd::benchmarks {

/// One piece of work for every engine: a module with `run`, (i32) to i64, and the same work as a
/// shared library.
struct Kernel {
    std::string name;
    bool seen = false;  ///< its code is among what sequences of instructions were mined from
    std::filesystem::path wasm;
    std::filesystem::path library;
    bool has_empty = false;  ///< exports `empty`, () to ()
};

/// Builds every `*.c` of a folder into `to` with clang 19 and wasm-ld 19. Names that are taken get
/// a number. Errors: `io` with what the compiler said.
Result<> build_kernels(const std::filesystem::path& folder, const std::filesystem::path& to,
                       std::vector<Kernel>& kernels);

}  // namespace aqd::benchmarks

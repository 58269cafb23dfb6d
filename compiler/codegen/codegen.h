#pragma once

#include "compiler/program/program.h"
#include "compiler/source/source_set.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

namespace llvm {
class Module;
}

// The only place that runs the LLVM backend and the linker, both inside this process.

namespace aqd::codegen {

enum class Optimisation : std::uint8_t {
    none,  ///< for people who look at what the compiler wrote
    full,  ///< what contracts are deployed with
};

struct LinkOptions {
    Optimisation optimisation = Optimisation::full;
    std::uint32_t most_pages = 16;                      ///< of 64 KiB, for stack, data and heap
    std::size_t most_octets = std::size_t{512} * 1024;  ///< of the whole module
};

/// Links the support code of `stdlib/runtime` into the module, keeps what its exports use
/// (functions with the attribute `wasm-export-name`), optimises, and links one WebAssembly module
/// of the profile in docs/abi.md. Its own custom sections are `aqd.manifest` and, if the module
/// carries line tables, `aqd.lines`. Equal modules give equal octets. The module is spent
/// afterwards.
///
/// Takes turns with other threads: the linker keeps global state. Errors: `invalid` for a module
/// that LLVM or the linker refuses, `too_large` past the limits, `io` for the temporary directory.
Result<Bytes> link_module(llvm::Module& module, const abi::Manifest& manifest,
                          const LinkOptions& options = {});

/// The whole back half: lowers a checked program and links it.
Result<Bytes> build_module(const program::Program& program, const source::SourceSet& sources,
                           const abi::Manifest& manifest, const LinkOptions& options = {});

}  // namespace aqd::codegen

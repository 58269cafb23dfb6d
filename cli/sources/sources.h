#pragma once

#include "cli/files/json.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Sources and compiled modules behind one face. Two files carry it out: one with the compiler, one
/// for builds without it; CMake chooses.
namespace aqd::sources {

[[nodiscard]] bool has_compiler();

/// What the compiler makes of one source file, or has to say of it.
struct Compiled {
    Bytes wasm;  ///< empty if there were errors, or if only a check was asked for
    std::size_t errors = 0;
    std::string diagnostics;                  ///< for people, with the lines they speak of
    files::Json json = files::Json::array();  ///< the same for programs
};

struct CompileOptions {
    bool colour = false;
    bool check_only = false;  ///< find mistakes, make no code
};

/// `unsupported` in a build without the compiler; `not_found`, `io` for the file. Mistakes in the
/// source are in the value.
Result<Compiled> compile(const std::filesystem::path& path, const CompileOptions& options);

/// A module's WebAssembly: of a `.wasm` the file itself, of a source what the compiler makes of it.
/// Mistakes are the error, as people read them.
Result<Bytes> read_module(const std::filesystem::path& path);

/// What a code such as "AQD0412" means; nothing if there is no such code.
std::optional<std::string> explain(std::string_view code);

}  // namespace aqd::sources

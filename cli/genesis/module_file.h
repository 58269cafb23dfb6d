#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <filesystem>
#include <functional>

namespace aqd::genesis {

/// Gives the WebAssembly of a module file: of a `.wasm` the file itself, of an `.aqd` what the
/// compiler makes of it, where there is one.
using ModuleReader = std::function<Result<Bytes>(const std::filesystem::path&)>;

/// Reads `.wasm` files and refuses sources: what a program without the compiler can do.
Result<Bytes> read_wasm(const std::filesystem::path& path);

/// The manifest that a module carries; errors name `path`.
Result<abi::Manifest> manifest_of(BytesView wasm, const std::filesystem::path& path);

}  // namespace aqd::genesis

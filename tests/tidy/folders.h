#pragma once

#include "tests/tidy/source_file.h"

#include <string>
#include <string_view>
#include <vector>

namespace aqd::tidy {

/// The folder that a file belongs to: `vm/wasm` for `vm/wasm/reader.h` and for
/// `vm/wasm/include/aqd/wasm/module.h`.
std::string folder_of(std::string_view path);

/// Checks every include of the house: only lower floors (the table is in `folders.cpp`, the picture
/// in docs/architecture.md), no circle between folders, and the libraries of others only where they
/// are at home. Tests, benchmarks and examples may include everything.
Findings check_folders(const std::vector<SourceFile>& files);

}  // namespace aqd::tidy

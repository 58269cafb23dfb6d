#pragma once

#include <aqd/wasm/validate.h>

#include <cstdint>
#include <string>

namespace aqd::wasm {

/// A listing for people: one line an instruction, with its offset in the file, indented by nesting.
/// The index is that of a defined or imported function and must exist.
std::string disassemble_function(const ValidatedModule& module, std::uint32_t function_index);

/// The whole module: types, imports, globals, exports, segments, then every function.
std::string disassemble(const ValidatedModule& module);

}  // namespace aqd::wasm

#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

namespace aqd::codegen {

/// The line table of a linked module from its DWARF sections. Offsets are from the content of the
/// code section plus `code_offset`. A row of line 0 ends what a function's own rows cover.
Result<abi::LineTable> read_lines(BytesView linked, std::size_t code_offset);

}  // namespace aqd::codegen

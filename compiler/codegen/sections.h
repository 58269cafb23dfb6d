#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <string_view>
#include <vector>

namespace aqd::codegen {

/// A section of a WebAssembly file: offsets of its head and of its content.
struct Section {
    std::uint8_t id = 0;
    std::size_t begin = 0;
    std::size_t content = 0;
    std::size_t end = 0;
};

/// Splits a module that the linker wrote.
Result<std::vector<Section>> split_sections(BytesView wasm);

/// Without its custom sections.
Result<Bytes> strip_custom_sections(BytesView wasm);

/// Where the content of the code section begins; 0 if there is none.
Result<std::size_t> code_offset(BytesView wasm);

void append_custom_section(Bytes& wasm, std::string_view name, BytesView content);

}  // namespace aqd::codegen

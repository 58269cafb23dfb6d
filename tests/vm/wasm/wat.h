#pragma once

#include <aqd/base/bytes.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <string_view>

namespace aqd::test {

/// The binary form of a module written as text; wabt's `wat2wasm` makes it. A text that it refuses
/// fails the test.
Bytes wat(std::string_view text);

/// Whether wabt's `wasm-validate` accepts the module, with the features that this engine has.
bool wabt_accepts(BytesView module);

/// Decoded and validated under wide limits; a module that is refused fails the test.
wasm::ValidatedModule valid_module(BytesView module);

}  // namespace aqd::test

#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/wasm/limits.h>
#include <aqd/wasm/module.h>

namespace aqd::wasm {

/// Reads the binary format (core specification, chapter 5) down to, but not into, the instructions
/// of the bodies. Linear in the size, without recursion. Errors: `malformed` with a file offset,
/// `too_large` for each of the limits, `unsupported` for parts of the standard that this engine
/// does not carry out (what `Limits::features` leaves out, reference types beyond `funcref` tables,
/// imports other than functions are refused later).
Result<Module> decode(BytesView file, const Limits& limits = {});

}  // namespace aqd::wasm

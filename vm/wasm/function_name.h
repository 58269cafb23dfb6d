#pragma once

#include <aqd/wasm/module.h>

#include <cstdint>
#include <string>

namespace aqd::wasm {

/// For messages: `function 7`, or `function 7 (balance)` where an export or the name section of the
/// module gives it a name that can be shown. Looks through the module, so only for failures.
std::string describe_function(const Module& module, std::uint32_t index);

}  // namespace aqd::wasm

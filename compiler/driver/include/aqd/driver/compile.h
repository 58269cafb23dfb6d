#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/driver/frontend.h>

#include <chrono>

namespace aqd::driver {

enum class Optimisation : std::uint8_t {
    none,  ///< code that follows the source line by line
    full,  ///< what is deployed
};

/// How long each part took; never part of the module.
struct Timings {
    std::chrono::microseconds check{};
    std::chrono::microseconds generate{};
};

struct CompiledModule {
    Bytes wasm;
    abi::Manifest manifest;
    Timings timings;
};

/// Source to module. Equal sources give equal octets, wherever they lie. `invalid` if the source
/// has mistakes: `frontend` then holds the diagnostics. Other errors are those of reading files and
/// of the limits of a contract. `frontend` must be fresh from `open`.
Result<CompiledModule> compile(Frontend& frontend, Optimisation optimisation = Optimisation::full);

}  // namespace aqd::driver

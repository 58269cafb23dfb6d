#pragma once

#include "tests/vm/exec/oracle/generator.h"

#include <aqd/base/bytes.h>
#include <aqd/exec/instance.h>
#include <aqd/wasm/module.h>

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace aqd::oracle {

struct Comparison {
    std::string difference;  ///< empty if both sides agree
    std::string refusal;     ///< why the module was not run, or empty
    std::uint64_t calls = 0;
    std::uint64_t traps = 0;
    bool met_a_bound = false;  ///< a call ended because of gas or of the bounds of the stack
};

/// What can be seen after a call, or after the initialisation, which has no name.
struct Observation {
    std::string_view name;
    std::uint32_t function = 0;  ///< index
    std::span<const std::uint64_t> arguments;
    const exec::Outcome& outcome;
    std::span<const std::uint8_t> memory;  ///< the first one
    std::span<const std::uint64_t> globals;
    const wasm::Module& module;
};

/// How the calls are made.
struct Manner {
    int rounds = 4;  ///< calls of each exported function
    /// Amounts of gas that often do not suffice. Otherwise there is plenty, a function that fills a
    /// counter (`refuel`, or binaryen's `hangLimitInitializer`) is called before each call, and no
    /// argument is a NaN.
    bool metered = true;
    std::uint64_t plenty = 20'000'000;
    std::function<void(const Observation&)> observer;
};

/// Calls every exported function of the module several times, with chosen arguments and amounts of
/// gas, on the engine and on the oracle side by side, and compares everything that can be observed:
/// results, traps and their places, gas, memory, globals and what the host was told. A reference
/// counts as null or not null.
Comparison compare(BytesView module, Random& random, const Manner& manner = {});

/// Whether an export only fills the counter that makes calls end.
bool is_counter(std::string_view export_name);

}  // namespace aqd::oracle

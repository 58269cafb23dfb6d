#pragma once

#include "compiler/lower/unit.h"

namespace aqd::lower {

/// `void (ptr data)`: reads what was stored of the current case.
llvm::Function* load_case_function(Unit& unit, std::uint32_t procedure);

/// `void (ptr data, i32 found_in, i32 target)`: what comes after a body (docs/abi.md, Checks):
/// stores the case in its new state, moves its timers, runs its invariants. `target` may be
/// `FunctionLowering::stay`.
llvm::Function* store_case_function(Unit& unit, std::uint32_t procedure);

/// Memory for the value that a deadline `at v` had before the body ran.
llvm::GlobalVariable* moment_before(Unit& unit, std::uint32_t procedure, std::uint32_t deadline);

}  // namespace aqd::lower

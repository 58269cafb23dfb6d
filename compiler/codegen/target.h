#pragma once

#include <aqd/base/result.h>

#include <llvm/Target/TargetMachine.h>

#include <memory>

namespace aqd::codegen {

/// WebAssembly 1.0 with sign extension, bulk memory and mutable globals: what the machine runs.
Result<std::unique_ptr<llvm::TargetMachine>> make_target_machine(bool optimise);

}  // namespace aqd::codegen

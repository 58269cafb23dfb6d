#pragma once

#include "compiler/codegen/codegen.h"
#include "compiler/codegen/object.h"
#include "compiler/codegen/temporary_directory.h"

#include <llvm/Target/TargetMachine.h>

namespace aqd::codegen {

/// Links the runtime in, hides everything but the exports, and runs the passes of the level.
Result<void> optimise(llvm::Module& module, llvm::TargetMachine& machine,
                      Optimisation optimisation);

/// The module as a WebAssembly object.
Result<Object> emit_object(llvm::Module& module, llvm::TargetMachine& machine,
                           const TemporaryDirectory& directory);

}  // namespace aqd::codegen

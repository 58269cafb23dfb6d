#pragma once

#include "compiler/program/program.h"
#include "compiler/source/source_set.h"

#include <aqd/base/result.h>

#include <memory>

namespace llvm {
class LLVMContext;
class Module;
}  // namespace llvm

namespace aqd::lower {

/// The checked program as LLVM code for wasm32, one exported function for each entry, as
/// docs/abi.md says. Calls the functions of `stdlib/runtime`, which `codegen` links in. `sources`
/// are those that the program's spans speak of. Errors: `too_large` for a type that no contract
/// memory holds.
Result<std::unique_ptr<llvm::Module>> lower(const program::Program& program,
                                            const source::SourceSet& sources,
                                            llvm::LLVMContext& context);

}  // namespace aqd::lower

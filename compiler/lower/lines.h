#pragma once

#include "compiler/source/source_set.h"

#include <llvm/IR/DIBuilder.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Module.h>

#include <map>
#include <memory>
#include <string>

namespace aqd::lower {

/// Line tables, and nothing else that a debugger could want: a refusal must name its line.
class Lines {
  public:
    Lines(llvm::Module& module, const source::SourceSet& sources, const std::string& main_file);

    llvm::DISubprogram* function(llvm::Function& function, source::Span span);
    llvm::DebugLoc place(source::Span span, llvm::DISubprogram* scope);
    void finish() { builder_.finalize(); }

  private:
    llvm::DIFile* file(source::FileId id);

    const source::SourceSet& sources_;
    llvm::LLVMContext& context_;
    llvm::DIBuilder builder_;
    std::map<source::FileId, llvm::DIFile*> files_;
};

}  // namespace aqd::lower

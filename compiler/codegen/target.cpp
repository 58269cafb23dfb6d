#include "compiler/codegen/target.h"

#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>

#include <mutex>
#include <string>

namespace aqd::codegen {
namespace {

constexpr const char* triple = "wasm32-unknown-unknown";

void initialise_once() {
    static std::once_flag done;
    std::call_once(done, [] {
        LLVMInitializeWebAssemblyTargetInfo();
        LLVMInitializeWebAssemblyTarget();
        LLVMInitializeWebAssemblyTargetMC();
        LLVMInitializeWebAssemblyAsmPrinter();
    });
}

}  // namespace

Result<std::unique_ptr<llvm::TargetMachine>> make_target_machine(bool optimise) {
    initialise_once();
    std::string message;
    const llvm::Target* const target = llvm::TargetRegistry::lookupTarget(triple, message);
    if (target == nullptr) {
        return fail(ErrorCode::unsupported, message);
    }
    llvm::TargetOptions options;
    options.FunctionSections = true;
    options.DataSections = true;
    options.UniqueSectionNames = true;
    return std::unique_ptr<llvm::TargetMachine>(target->createTargetMachine(
        triple, "mvp", "+sign-ext,+bulk-memory,+mutable-globals", options, llvm::Reloc::Static,
        std::nullopt, optimise ? llvm::CodeGenOptLevel::Default : llvm::CodeGenOptLevel::None));
}

}  // namespace aqd::codegen

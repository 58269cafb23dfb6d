#include "compiler/lower/lower.h"

#include "compiler/lower/entry.h"
#include "compiler/lower/function.h"
#include "compiler/lower/unit.h"
#include "stdlib/runtime/embedded.h"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/LLVMContext.h>

#include <string>

namespace aqd::lower {
namespace {

// What the compiler takes on at once: the machine's own limit is 5,000 functions.
constexpr std::size_t most_functions = 4000;

void lower_function(Unit& unit, std::uint32_t index) {
    const program::Function& source = unit.program.functions[index];
    FunctionLowering(unit, unit.function(index), source.span, source.procedure).lower_body(source);
}

void lower_entry(Unit& unit, const program::Entry& entry) {
    auto* const type = llvm::FunctionType::get(llvm::Type::getVoidTy(unit.context),
                                               {llvm::Type::getInt32Ty(unit.context)}, false);
    llvm::Function* const function = unit.make_function(type, "entry." + entry.name);
    function->setLinkage(llvm::GlobalValue::ExternalLinkage);
    function->addFnAttr("wasm-export-name", entry.name);
    EntryLowering(unit, function, entry).make();
}

}  // namespace

Result<std::unique_ptr<llvm::Module>> lower(const program::Program& program,
                                            const source::SourceSet& sources,
                                            llvm::LLVMContext& context) {
    if (program.functions.size() + program.entries.size() > most_functions) {
        return fail(ErrorCode::too_large, "a module has at most " + std::to_string(most_functions) +
                                              " functions and entries");
    }
    auto support = llvm::getLazyBitcodeModule(
        llvm::MemoryBufferRef(llvm::StringRef(as_text(runtime::bitcode())), "runtime"), context);
    if (!support) {
        return fail(ErrorCode::invalid, llvm::toString(support.takeError()));
    }
    auto module = std::make_unique<llvm::Module>("contract", context);
    module->setTargetTriple((*support)->getTargetTriple());
    module->setDataLayout((*support)->getDataLayout());
    Unit unit(program, sources, *module, **support);
    for (std::uint32_t i = 0; i < program.functions.size(); ++i) {
        lower_function(unit, i);
    }
    for (const program::Entry& entry : program.entries) {
        lower_entry(unit, entry);
    }
    if (unit.layouts.too_large()) {
        return fail(ErrorCode::too_large,
                    "a value of this module would need more memory than a contract has");
    }
    unit.lines.finish();
    return module;
}

}  // namespace aqd::lower

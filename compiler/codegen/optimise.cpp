#include "compiler/codegen/optimise.h"

#include "stdlib/runtime/embedded.h"

#include <llvm/Analysis/TargetLibraryInfo.h>
#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/LegacyPassManager.h>
#include <llvm/IR/Module.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Passes/PassBuilder.h>
#include <llvm/Support/raw_ostream.h>
#include <llvm/Transforms/IPO/GlobalDCE.h>
#include <llvm/Transforms/IPO/Internalize.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <set>
#include <string>
#include <string_view>

namespace aqd::codegen {
namespace {

// Facts of the block and of the case that do not change anything: a read that is not used goes
// away.
constexpr std::array pure_reads{"aqd_host_today",      "aqd_host_now",
                                "aqd_host_effective",  "aqd_host_block_height",
                                "aqd_host_case_state", "aqd_host_case_opened"};

Result<void> link_runtime(llvm::Module& module) {
    const BytesView bitcode = runtime::bitcode();
    llvm::Expected<std::unique_ptr<llvm::Module>> support = llvm::getLazyBitcodeModule(
        llvm::MemoryBufferRef(llvm::StringRef(as_text(bitcode)), "runtime"), module.getContext());
    if (!support) {
        return fail(ErrorCode::invalid, llvm::toString(support.takeError()));
    }
    (*support)->setDataLayout(module.getDataLayout());
    if (llvm::Linker::linkModules(module, std::move(*support),
                                  llvm::Linker::Flags::LinkOnlyNeeded)) {
        return fail(ErrorCode::invalid, "the runtime does not link with the contract");
    }
    return {};
}

// A host function reads and writes what it is given a pointer to, and state that nothing else sees.
void describe_host_functions(llvm::Module& module) {
    const std::set<std::string, std::less<>> pure(pure_reads.begin(), pure_reads.end());
    for (llvm::Function& function : module) {
        if (!function.isDeclaration() || !function.hasFnAttribute("wasm-import-module")) {
            continue;
        }
        function.setDoesNotThrow();
        if (function.getName() == "aqd_host_refuse") {
            function.setDoesNotReturn();
            function.addFnAttr(llvm::Attribute::Cold);
            continue;
        }
        // Any host function may refuse, so only the pure reads are known to return.
        if (pure.contains(std::string_view(function.getName()))) {
            function.setWillReturn();
            function.setMemoryEffects(
                llvm::MemoryEffects::inaccessibleMemOnly(llvm::ModRefInfo::Ref));
        } else {
            function.setMemoryEffects(llvm::MemoryEffects::inaccessibleOrArgMemOnly());
        }
    }
}

bool stays_visible(const llvm::GlobalValue& value) {
    const auto* const function = llvm::dyn_cast<llvm::Function>(&value);
    return function != nullptr && function->hasFnAttribute("wasm-export-name");
}

Result<void> verify(const llvm::Module& module) {
    std::string message;
    llvm::raw_string_ostream out(message);
    if (llvm::verifyModule(module, &out)) {
        return fail(ErrorCode::invalid,
                    "the compiler wrote a module that LLVM refuses: " + message);
    }
    return {};
}

// LLVM's report has a line for each function: place and name, octets, "static".
Result<std::uint64_t> sum_of_frames(std::string_view report) {
    std::uint64_t sum = 0;
    while (!report.empty()) {
        const std::string_view line = report.substr(0, report.find('\n'));
        report.remove_prefix(std::min(report.size(), line.size() + 1));
        const std::size_t end = line.rfind('\t');
        const std::size_t begin = end == std::string_view::npos ? end : line.rfind('\t', end - 1);
        std::uint64_t octets = 0;
        if (begin == std::string_view::npos || line.substr(end + 1) != "static" ||
            std::from_chars(line.data() + begin + 1, line.data() + end, octets).ptr !=
                line.data() + end) {
            return fail(ErrorCode::malformed, "LLVM's report of stack frames is not understood");
        }
        sum += octets;
    }
    return sum;
}

}  // namespace

Result<void> optimise(llvm::Module& module, llvm::TargetMachine& machine,
                      Optimisation optimisation) {
    module.setTargetTriple(machine.getTargetTriple().str());
    module.setDataLayout(machine.createDataLayout());
    AQD_CHECK(verify(module));
    AQD_CHECK(link_runtime(module));
    describe_host_functions(module);

    llvm::PipelineTuningOptions tuning;
    tuning.LoopVectorization = false;
    tuning.SLPVectorization = false;
    llvm::PassBuilder builder(&machine, tuning);
    llvm::LoopAnalysisManager loops;
    llvm::FunctionAnalysisManager functions;
    llvm::CGSCCAnalysisManager graphs;
    llvm::ModuleAnalysisManager modules;
    // There is no C library: only the three that become instructions may be invented.
    llvm::TargetLibraryInfoImpl library(machine.getTargetTriple());
    library.disableAllFunctions();
    for (const llvm::LibFunc known :
         {llvm::LibFunc_memcpy, llvm::LibFunc_memmove, llvm::LibFunc_memset}) {
        library.setAvailable(known);
    }
    functions.registerPass([&] { return llvm::TargetLibraryAnalysis(library); });
    builder.registerModuleAnalyses(modules);
    builder.registerCGSCCAnalyses(graphs);
    builder.registerFunctionAnalyses(functions);
    builder.registerLoopAnalyses(loops);
    builder.crossRegisterProxies(loops, functions, graphs, modules);

    llvm::ModulePassManager passes;
    passes.addPass(llvm::InternalizePass(stays_visible));
    passes.addPass(llvm::GlobalDCEPass());
    if (optimisation == Optimisation::full) {
        passes.addPass(builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O2));
    } else {
        passes.addPass(builder.buildO0DefaultPipeline(llvm::OptimizationLevel::O0));
    }
    passes.run(module, modules);
    return {};
}

Result<Object> emit_object(llvm::Module& module, llvm::TargetMachine& machine,
                           const TemporaryDirectory& directory) {
    llvm::SmallVector<char, 0> code;
    llvm::raw_svector_ostream out(code);
    const std::string frames = directory.file("frames");
    machine.Options.StackUsageOutput = frames;
    {
        llvm::legacy::PassManager passes;
        if (machine.addPassesToEmitFile(passes, out, nullptr, llvm::CodeGenFileType::ObjectFile)) {
            return fail(ErrorCode::unsupported, "LLVM cannot write WebAssembly objects");
        }
        passes.run(module);
    }
    Object object;
    object.code.assign(code.begin(), code.end());
    // Without any function the file is not written.
    if (const Result<Bytes> report = read_file(frames)) {
        AQD_TRY(stack_bytes, sum_of_frames(as_text(*report)));
        object.stack_bytes = stack_bytes;
    }
    return object;
}

}  // namespace aqd::codegen

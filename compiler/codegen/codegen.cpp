#include "compiler/codegen/codegen.h"

#include "compiler/codegen/line_table.h"
#include "compiler/codegen/linker.h"
#include "compiler/codegen/optimise.h"
#include "compiler/codegen/sections.h"
#include "compiler/codegen/target.h"
#include "compiler/codegen/temporary_directory.h"
#include "compiler/lower/lower.h"

#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Module.h>

#include <string>

namespace aqd::codegen {
namespace {

// The optimiser's time grows with the square of a function's length: a source that would keep it
// busy for minutes is refused before it begins. What passes takes seconds at most, and what does
// not is far past the octets that a chain takes in one function (wasm::Limits).
constexpr std::size_t most_instructions_of_a_function = 30'000;
constexpr std::size_t most_instructions = 200'000;

Result<> check_size(const llvm::Module& module) {
    std::size_t all = 0;
    for (const llvm::Function& function : module) {
        const std::size_t count = function.getInstructionCount();
        all += count;
        if (count > most_instructions_of_a_function) {
            return fail(ErrorCode::too_large,
                        "`" + function.getName().str() +
                            "` is too long for one function: take parts of it out into others");
        }
    }
    if (all > most_instructions) {
        return fail(ErrorCode::too_large,
                    "the module is too long: take parts of it out into modules of their own");
    }
    return {};
}

// The linker's file with its debug sections becomes the file that is deployed.
Result<Bytes> finish(BytesView linked, const abi::Manifest& manifest) {
    AQD_TRY(wasm, strip_custom_sections(linked));
    AQD_TRY(offset, code_offset(wasm));
    AQD_TRY(lines, read_lines(linked, offset));
    append_custom_section(wasm, abi::manifest_section, abi::encode_manifest(manifest));
    if (!lines.rows.empty()) {
        append_custom_section(wasm, abi::lines_section, abi::encode_lines(lines));
    }
    return wasm;
}

}  // namespace

Result<Bytes> link_module(llvm::Module& module, const abi::Manifest& manifest,
                          const LinkOptions& options) {
    const bool full = options.optimisation == Optimisation::full;
    AQD_CHECK(check_size(module));
    AQD_TRY(machine, make_target_machine(full));
    AQD_CHECK(optimise(module, *machine, options.optimisation));
    AQD_TRY(directory, TemporaryDirectory::create());
    AQD_TRY(object, emit_object(module, *machine, directory));
    AQD_TRY(linked, link_object(object, directory, options.most_pages));
    AQD_TRY(wasm, finish(linked, manifest));
    if (wasm.size() > options.most_octets) {
        return fail(ErrorCode::too_large, "the module has " + std::to_string(wasm.size()) +
                                              " octets, a chain takes " +
                                              std::to_string(options.most_octets) + " at most");
    }
    return wasm;
}

Result<Bytes> build_module(const program::Program& program, const source::SourceSet& sources,
                           const abi::Manifest& manifest, const LinkOptions& options) {
    llvm::LLVMContext context;
    AQD_TRY(module, lower::lower(program, sources, context));
    return link_module(*module, manifest, options);
}

}  // namespace aqd::codegen

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

namespace aqd::codegen {
namespace {

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
    AQD_TRY(machine, make_target_machine(full));
    AQD_CHECK(optimise(module, *machine, options.optimisation));
    AQD_TRY(directory, TemporaryDirectory::create());
    AQD_TRY(object, emit_object(module, *machine, directory));
    AQD_TRY(linked, link_object(object, directory, options.most_pages));
    return finish(linked, manifest);
}

Result<Bytes> build_module(const program::Program& program, const source::SourceSet& sources,
                           const abi::Manifest& manifest, const LinkOptions& options) {
    llvm::LLVMContext context;
    AQD_TRY(module, lower::lower(program, sources, context));
    return link_module(*module, manifest, options);
}

}  // namespace aqd::codegen

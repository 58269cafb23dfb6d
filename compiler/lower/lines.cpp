#include "compiler/lower/lines.h"

#include <llvm/BinaryFormat/Dwarf.h>

namespace aqd::lower {

Lines::Lines(llvm::Module& module, const source::SourceSet& sources, const std::string& main_file)
    : sources_(sources), context_(module.getContext()), builder_(module) {
    module.addModuleFlag(llvm::Module::Warning, "Debug Info Version", llvm::DEBUG_METADATA_VERSION);
    module.addModuleFlag(llvm::Module::Max, "Dwarf Version", 4);
    builder_.createCompileUnit(llvm::dwarf::DW_LANG_C99, builder_.createFile(main_file, ""), "aqd",
                               true, "", 0, "", llvm::DICompileUnit::LineTablesOnly);
}

llvm::DIFile* Lines::file(source::FileId id) {
    llvm::DIFile*& file = files_[id];
    if (file == nullptr) {
        file = builder_.createFile(sources_.file(id).path(), "");
    }
    return file;
}

llvm::DISubprogram* Lines::function(llvm::Function& function, source::Span span) {
    const std::uint32_t line = sources_.file(span.file).position(span.begin).line;
    llvm::DIFile* const where = file(span.file);
    llvm::DISubprogram* const subprogram =
        builder_.createFunction(where, function.getName(), "", where, line,
                                builder_.createSubroutineType(builder_.getOrCreateTypeArray({})),
                                line, llvm::DINode::FlagZero, llvm::DISubprogram::SPFlagDefinition);
    function.setSubprogram(subprogram);
    return subprogram;
}

llvm::DebugLoc Lines::place(source::Span span, llvm::DISubprogram* scope) {
    const source::Position position = sources_.file(span.file).position(span.begin);
    // An expression of another file (a default, a parameter's value) is shown where it is used.
    llvm::DIScope* where = scope;
    if (file(span.file) != scope->getFile()) {
        where = builder_.createLexicalBlockFile(scope, file(span.file));
    }
    return llvm::DILocation::get(context_, position.line, position.column, where);
}

}  // namespace aqd::lower

#include "compiler/codegen/line_table.h"

#include <llvm/DebugInfo/DWARF/DWARFContext.h>
#include <llvm/DebugInfo/DWARF/DWARFDebugLine.h>
#include <llvm/Object/Wasm.h>

#include <algorithm>
#include <map>

namespace aqd::codegen {
namespace {

constexpr std::uint64_t tombstones = 0xFFFF'FF00;

using Rows = std::map<std::uint32_t, abi::LineTable::Row>;

class Files {
  public:
    explicit Files(std::vector<std::string>& names) : names_(names) {}

    std::uint32_t index_of(const llvm::DWARFDebugLine::LineTable& table, std::uint64_t file) {
        std::string name;
        table.getFileNameByIndex(
            file, {}, llvm::DILineInfoSpecifier::FileLineInfoKind::RelativeFilePath, name);
        const auto found = std::ranges::find(names_, name);
        if (found != names_.end()) {
            return static_cast<std::uint32_t>(found - names_.begin());
        }
        names_.push_back(std::move(name));
        return static_cast<std::uint32_t>(names_.size() - 1);
    }

  private:
    std::vector<std::string>& names_;
};

void add_rows(const llvm::DWARFDebugLine::LineTable& table, std::size_t code_offset, Files& files,
              Rows& rows) {
    for (const llvm::DWARFDebugLine::Sequence& sequence : table.Sequences) {
        // A function that the linker dropped keeps a sequence at the tombstone address.
        if (sequence.LowPC == 0 || sequence.LowPC >= tombstones ||
            sequence.HighPC <= sequence.LowPC) {
            continue;
        }
        for (unsigned i = sequence.FirstRowIndex; i < sequence.LastRowIndex; ++i) {
            const llvm::DWARFDebugLine::Row& row = table.Rows[i];
            const auto offset = static_cast<std::uint32_t>(code_offset + row.Address.Address);
            const bool nowhere = row.EndSequence || row.Line == 0;
            const abi::LineTable::Row entry{offset, nowhere ? 0 : files.index_of(table, row.File),
                                            nowhere ? 0 : row.Line, nowhere ? 0U : row.Column};
            // Another function may begin where this one ends.
            if (row.EndSequence) {
                rows.emplace(offset, entry);
            } else {
                rows[offset] = entry;
            }
        }
    }
}

bool same_place(const abi::LineTable::Row& a, const abi::LineTable::Row& b) {
    return a.file == b.file && a.line == b.line && a.column == b.column;
}

}  // namespace

Result<abi::LineTable> read_lines(BytesView linked, std::size_t code_offset) {
    const llvm::MemoryBufferRef buffer(llvm::StringRef(as_text(linked)), "contract");
    auto object = llvm::object::ObjectFile::createWasmObjectFile(buffer);
    if (!object) {
        return fail(ErrorCode::malformed, llvm::toString(object.takeError()));
    }
    std::string problem;
    const auto note = [&](llvm::Error error) { problem = llvm::toString(std::move(error)); };
    const std::unique_ptr<llvm::DWARFContext> context = llvm::DWARFContext::create(
        **object, llvm::DWARFContext::ProcessDebugRelocations::Ignore, nullptr, "", note, note);
    abi::LineTable lines;
    Files files(lines.files);
    Rows rows;
    for (const std::unique_ptr<llvm::DWARFUnit>& unit : context->compile_units()) {
        if (const llvm::DWARFDebugLine::LineTable* const table =
                context->getLineTableForUnit(unit.get())) {
            add_rows(*table, code_offset, files, rows);
        }
    }
    if (!problem.empty()) {
        return fail(ErrorCode::malformed, "the line table cannot be read: " + problem);
    }
    for (const auto& [offset, row] : rows) {
        if (lines.rows.empty() || !same_place(lines.rows.back(), row)) {
            lines.rows.push_back(row);
        }
    }
    return lines;
}

}  // namespace aqd::codegen

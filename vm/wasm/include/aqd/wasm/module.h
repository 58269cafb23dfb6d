#pragma once

#include <aqd/base/bytes.h>
#include <aqd/wasm/limits.h>
#include <aqd/wasm/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::wasm {

/// A piece of the module file.
struct ByteRange {
    std::uint32_t offset = 0;
    std::uint32_t size = 0;
};

enum class ExternalKind : std::uint8_t { function = 0, table = 1, memory = 2, global = 3 };

/// Only the member that `kind` names is meaningful.
struct Import {
    std::string module;
    std::string name;
    ExternalKind kind = ExternalKind::function;
    std::uint32_t type_index = 0;
    TableType table;
    MemoryType memory;
    GlobalType global;
};

struct Export {
    std::string name;
    ExternalKind kind = ExternalKind::function;
    std::uint32_t index = 0;
};

/// The initial value of a global or the offset of a segment.
struct ConstantExpression {
    /// A `program` is more than one instruction: `code`, without its `end`.
    enum class Kind : std::uint8_t { value, global, function, null_reference, program };
    Kind kind = Kind::value;
    ValueType type = ValueType::i32;  ///< of a value or a null reference
    std::uint64_t value = 0;          ///< bits of the value (an i32 zero-extended), or an index
    std::uint32_t offset = 0;         ///< in the file
    ByteRange code;
};

struct Global {
    GlobalType type;
    ConstantExpression initial;
};

enum class SegmentMode : std::uint8_t { active, passive, declarative };

inline constexpr std::uint32_t null_function = 0xffff'ffff;

struct ElementSegment {
    SegmentMode mode = SegmentMode::active;
    std::uint32_t table_index = 0;
    ConstantExpression offset;  ///< active only
    ValueType type = ValueType::funcref;
    std::vector<std::uint32_t> functions;   ///< function indices or `null_function`
    std::vector<ConstantExpression> items;  ///< instead of `functions`, where those are not enough
    std::uint32_t file_offset = 0;
    [[nodiscard]] std::size_t size() const { return functions.size() + items.size(); }
};

struct DataSegment {
    SegmentMode mode = SegmentMode::active;
    std::uint32_t memory_index = 0;
    ConstantExpression offset;  ///< active only
    ByteRange bytes;
    std::uint32_t file_offset = 0;
};

struct LocalGroup {
    std::uint32_t count = 0;
    ValueType type = ValueType::i32;
};

struct FunctionBody {
    ByteRange code;  ///< the instructions, with the final `end`; local declarations left out
    std::vector<LocalGroup> locals;
    std::uint32_t local_count = 0;  ///< sum of the groups
};

struct CustomSection {
    std::string name;
    ByteRange content;
};

/// A decoded module: well formed, not yet known to be valid. Owns a copy of the file, into which
/// every `ByteRange` points. Index spaces start with the imports, as in the standard.
struct Module {
    Bytes bytes;
    Limits limits;  ///< those it was decoded under

    std::vector<FunctionType> types;
    std::vector<Import> imports;
    std::vector<std::uint32_t> functions;  ///< type index of every function, imported ones first
    std::vector<TableType> tables;         ///< imported ones first
    /// Of the tables defined here; without one, elements are null at first.
    std::vector<std::optional<ConstantExpression>> table_initials;
    std::vector<MemoryType> memories;      ///< imported ones first
    std::vector<GlobalType> global_types;  ///< imported ones first
    std::vector<Global> globals;           ///< defined here
    std::vector<Export> exports;
    std::optional<std::uint32_t> start;
    std::vector<ElementSegment> elements;
    std::optional<std::uint32_t> data_count;
    std::vector<DataSegment> data;
    std::vector<FunctionBody> bodies;  ///< of the functions defined here
    std::vector<CustomSection> custom_sections;

    std::uint32_t imported_functions = 0;
    std::uint32_t imported_tables = 0;
    std::uint32_t imported_memories = 0;
    std::uint32_t imported_globals = 0;

    [[nodiscard]] BytesView view(ByteRange range) const {
        return BytesView(bytes).subspan(range.offset, range.size);
    }
    /// The index must be below `functions.size()`.
    [[nodiscard]] const FunctionType& type_of_function(std::uint32_t index) const {
        return types[functions[index]];
    }
    [[nodiscard]] const Export* find_export(std::string_view name) const;
    /// The first custom section of that name.
    [[nodiscard]] std::optional<BytesView> custom_section(std::string_view name) const;
};

}  // namespace aqd::wasm

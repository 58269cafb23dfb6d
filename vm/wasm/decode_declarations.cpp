// Types, imports, exports, and what is declared by its type alone.

#include "vm/wasm/decoder.h"

namespace aqd::wasm {

void Decoder::types(Reader& in) {
    for (std::uint32_t n = count(in, limits_.types, "too many types"); n != 0 && in.ok(); --n) {
        const std::uint32_t at = in.offset();
        const std::uint8_t form = in.octet();
        if (form != 0x60) {
            const bool later =
                form == 0x5f || form == 0x5e || form == 0x50 || form == 0x4f || form == 0x4e;
            in.refuse(later ? ErrorCode::unsupported : ErrorCode::malformed,
                      later ? "types other than function types" : "unknown form of type", at);
            return;
        }
        FunctionType type;
        type.parameters.resize(count(in, limits_.parameters, "too many parameters"));
        for (ValueType& value : type.parameters) {
            value = in.operand_type();
        }
        type.results.resize(count(in, limits_.results, "too many results"));
        for (ValueType& value : type.results) {
            value = in.operand_type();
        }
        module_.types.push_back(std::move(type));
    }
}

void Decoder::imports(Reader& in) {
    for (std::uint32_t n = count(in, limits_.imports, "too many imports"); n != 0 && in.ok(); --n) {
        Import import;
        import.module = in.name();
        import.name = in.name();
        const std::uint32_t at = in.offset();
        const std::uint8_t kind = in.octet();
        import.kind = static_cast<ExternalKind>(kind);
        switch (kind) {
            case 0:
                import.type_index = in.u32();
                module_.functions.push_back(import.type_index);
                ++module_.imported_functions;
                break;
            case 1:
                import.table = table_type(in);
                module_.tables.push_back(import.table);
                ++module_.imported_tables;
                break;
            case 2:
                import.memory = memory_type(in);
                module_.memories.push_back(import.memory);
                ++module_.imported_memories;
                break;
            case 3:
                import.global = global_type(in);
                module_.global_types.push_back(import.global);
                ++module_.imported_globals;
                break;
            default:
                in.refuse(kind == 4 ? ErrorCode::unsupported : ErrorCode::malformed,
                          kind == 4 ? "exceptions" : "unknown kind of import", at);
        }
        module_.imports.push_back(std::move(import));
    }
}

void Decoder::functions(Reader& in) {
    declared_functions_ = count(in, limits_.functions, "too many functions");
    module_.functions.reserve(module_.functions.size() + declared_functions_);
    for (std::uint32_t i = 0; i < declared_functions_; ++i) {
        module_.functions.push_back(in.u32());
    }
}

void Decoder::globals(Reader& in) {
    for (std::uint32_t n = count(in, limits_.globals, "too many globals"); n != 0 && in.ok(); --n) {
        Global global;
        global.type = global_type(in);
        global.initial = constant(in);
        module_.global_types.push_back(global.type);
        module_.globals.push_back(global);
    }
}

void Decoder::exports(Reader& in) {
    for (std::uint32_t n = count(in, limits_.exports, "too many exports"); n != 0 && in.ok(); --n) {
        Export entry;
        entry.name = in.name();
        const std::uint32_t at = in.offset();
        const std::uint8_t kind = in.octet();
        if (kind > 3) {
            in.refuse(kind == 4 ? ErrorCode::unsupported : ErrorCode::malformed,
                      kind == 4 ? "exceptions" : "unknown kind of export", at);
            return;
        }
        entry.kind = static_cast<ExternalKind>(kind);
        entry.index = in.u32();
        module_.exports.push_back(std::move(entry));
    }
}

SizeRange Decoder::size_range(Reader& in, bool& wide) {
    const std::uint32_t at = in.offset();
    const std::uint8_t flags = in.octet();
    wide = (flags & 4U) != 0;
    if (flags > 1 && !((flags & ~5U) == 0 && limits_.features.memory64)) {
        const bool later = flags <= 7;
        in.refuse(later ? ErrorCode::unsupported : ErrorCode::malformed,
                  later ? "shared or 64-bit memories and tables" : "unknown form of limits", at);
        return {};
    }
    SizeRange range;
    range.minimum = wide ? in.u64() : in.u32();
    if ((flags & 1U) != 0) {
        range.maximum = wide ? in.u64() : in.u32();
    }
    return range;
}

/// A table type, or the octets 0x40 0x00, a table type and what fills it.
void Decoder::defined_table(Reader& in) {
    const std::uint32_t at = in.offset();
    const bool filled = in.peek() == 0x40;
    if (filled) {
        in.octet();
        if (!limits_.features.typed_references) {
            in.refuse(ErrorCode::unsupported, "tables with an initial value", at);
        } else if (in.octet() != 0) {
            in.refuse(ErrorCode::malformed, "unknown form of table", at);
        }
    }
    module_.tables.push_back(table_type(in));
    module_.table_initials.emplace_back();
    if (filled) {
        module_.table_initials.back() = constant(in);
    }
}

TableType Decoder::table_type(Reader& in) {
    TableType type;
    const std::uint32_t at = in.offset();
    type.element = in.value_type();
    if (in.ok() && !is_reference(type.element)) {
        in.refuse(ErrorCode::malformed, "a table of something else than references", at);
    }
    type.size = size_range(in, type.wide);
    if (type.size.minimum > limits_.table_elements - table_elements_) {
        const std::uint64_t sum = type.size.minimum + table_elements_;
        in.refuse_over("tables are too large together, in elements",
                       sum < table_elements_ ? type.size.minimum : sum, limits_.table_elements, at);
        return type;
    }
    table_elements_ += type.size.minimum;
    if (module_.tables.size() >= limits_.tables) {
        in.refuse_over("too many tables", module_.tables.size() + 1, limits_.tables, at);
    }
    return type;
}

MemoryType Decoder::memory_type(Reader& in) {
    const std::uint32_t at = in.offset();
    MemoryType type;
    type.pages = size_range(in, type.wide);
    if (type.pages.minimum > limits_.memory_pages - memory_pages_) {
        const std::uint64_t sum = type.pages.minimum + memory_pages_;
        in.refuse_over("memories are too large together, in pages",
                       sum < memory_pages_ ? type.pages.minimum : sum, limits_.memory_pages, at);
        return type;
    }
    memory_pages_ += type.pages.minimum;
    if (!module_.memories.empty() && !limits_.features.multi_memory) {
        in.refuse(ErrorCode::unsupported, "more than one memory", at);
    }
    return type;
}

GlobalType Decoder::global_type(Reader& in) {
    GlobalType type;
    type.type = in.operand_type();
    const std::uint32_t at = in.offset();
    const std::uint8_t mutability = in.octet();
    if (mutability > 1) {
        in.refuse(ErrorCode::malformed, "malformed mutability", at);
    }
    type.is_mutable = mutability == 1;
    return type;
}

}  // namespace aqd::wasm

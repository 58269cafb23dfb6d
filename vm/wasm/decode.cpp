#include "vm/wasm/reader.h"

#include <aqd/wasm/decode.h>

#include <array>
#include <string>

namespace aqd::wasm {
namespace {

/// Sections in the order that the format prescribes; custom sections may stand anywhere.
constexpr std::array<std::uint8_t, 13> section_order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 10};
// section_order[id] is the rank of section `id`: data count (12) comes between elements and code.

class Decoder {
  public:
    Decoder(BytesView file, const Limits& limits) : limits_(limits), reader_({}, {}) {
        module_.bytes = to_bytes(file);
        module_.limits = limits;
        reader_ = Reader(module_.bytes, {0, static_cast<std::uint32_t>(module_.bytes.size())},
                         limits_.features);
    }

    Result<Module> run();

  private:
    bool section(std::uint8_t id, Reader& in);
    void types(Reader& in);
    void imports(Reader& in);
    void functions(Reader& in);
    void globals(Reader& in);
    void exports(Reader& in);
    void elements(Reader& in);
    void element(Reader& in);
    void element_expressions(Reader& in, ElementSegment& segment, std::uint32_t length);
    void bodies(Reader& in);
    void body(Reader& in);
    void data(Reader& in);

    TableType table_type(Reader& in);
    MemoryType memory_type(Reader& in);
    static GlobalType global_type(Reader& in);
    SizeRange size_range(Reader& in, bool& wide);
    void defined_table(Reader& in);
    ConstantExpression constant(Reader& in);
    ConstantExpression constant_instruction(Reader& in);

    /// The length of a vector: bounded by the octets left (an element takes at least one) and by a
    /// limit.
    static std::uint32_t count(Reader& in, std::uint32_t limit, std::string_view too_many) {
        const std::uint32_t at = in.offset();
        const std::uint32_t number = in.u32();
        if (number > limit) {
            in.refuse(ErrorCode::too_large, too_many, at);
            return 0;
        }
        if (number > in.remaining()) {
            in.refuse(ErrorCode::malformed, "unexpected end", at);
            return 0;
        }
        return number;
    }
    Module module_;
    const Limits& limits_;
    Reader reader_;
    std::uint32_t declared_functions_ = 0;
};

Result<Module> Decoder::run() {
    constexpr std::array<std::uint8_t, 8> preamble = {0, 'a', 's', 'm', 1, 0, 0, 0};
    for (std::size_t i = 0; i < preamble.size(); ++i) {
        if (reader_.octet() != preamble[i] && reader_.ok()) {
            reader_.refuse(ErrorCode::malformed,
                           i < 4 ? "not a WebAssembly module" : "unknown binary version",
                           static_cast<std::uint32_t>(i));
        }
    }
    std::uint8_t last_rank = 0;
    while (reader_.ok() && !reader_.at_end()) {
        const std::uint32_t at = reader_.offset();
        const std::uint8_t id = reader_.octet();
        if (id >= section_order.size()) {
            reader_.refuse(id == 13 ? ErrorCode::unsupported : ErrorCode::malformed,
                           id == 13 ? "exceptions" : "unknown section", at);
            break;
        }
        const ByteRange range = reader_.take(reader_.u32());
        if (!reader_.ok()) {
            break;
        }
        if (id != 0) {
            if (section_order[id] <= last_rank) {
                reader_.refuse(ErrorCode::malformed, "a section is repeated or out of order", at);
                break;
            }
            last_rank = section_order[id];
        }
        Reader in(module_.bytes, range, limits_.features);
        if (!section(id, in)) {
            return in.failure();
        }
    }
    if (!reader_.ok()) {
        return reader_.failure();
    }
    if (declared_functions_ != module_.bodies.size()) {
        return fail(ErrorCode::malformed, "function and code section differ in length");
    }
    if (module_.data_count && *module_.data_count != module_.data.size()) {
        return fail(ErrorCode::malformed, "data count and data section differ");
    }
    return std::move(module_);
}

bool Decoder::section(std::uint8_t id, Reader& in) {
    switch (id) {
        case 0: {
            std::string name(in.name());
            const ByteRange rest = in.take(in.remaining());
            if (in.ok()) {
                module_.custom_sections.push_back({std::move(name), rest});
            }
            break;
        }
        case 1:
            types(in);
            break;
        case 2:
            imports(in);
            break;
        case 3:
            functions(in);
            break;
        case 4:
            for (std::uint32_t n = count(in, limits_.tables, "too many tables"); n != 0; --n) {
                defined_table(in);
            }
            break;
        case 5:
            for (std::uint32_t n = count(in, 1'000, "too many memories"); n != 0; --n) {
                module_.memories.push_back(memory_type(in));
            }
            break;
        case 6:
            globals(in);
            break;
        case 7:
            exports(in);
            break;
        case 8:
            module_.start = in.u32();
            break;
        case 9:
            elements(in);
            break;
        case 10:
            bodies(in);
            break;
        case 11:
            data(in);
            break;
        default:
            module_.data_count = in.u32();
    }
    if (in.ok() && !in.at_end()) {
        in.refuse(ErrorCode::malformed, "a section is longer than its content");
    }
    return in.ok();
}

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

void Decoder::elements(Reader& in) {
    for (std::uint32_t n = count(in, limits_.element_segments, "too many element segments");
         n != 0 && in.ok(); --n) {
        element(in);
    }
}

void Decoder::element(Reader& in) {
    ElementSegment segment;
    segment.file_offset = in.offset();
    const std::uint32_t flags = in.u32();
    if (flags > 7) {
        in.refuse(ErrorCode::malformed, "unknown form of element segment", segment.file_offset);
        return;
    }
    const bool explicit_table = (flags & 2U) != 0;
    const bool expressions = (flags & 4U) != 0;
    if ((flags & 1U) == 0) {
        segment.table_index = explicit_table ? in.u32() : 0;
        segment.offset = constant(in);
    } else {
        segment.mode = explicit_table ? SegmentMode::declarative : SegmentMode::passive;
    }
    if (!expressions) {
        segment.type = non_null(ValueType::funcref);
    }
    if ((flags & 3U) != 0) {
        const std::uint32_t at = in.offset();
        if (expressions) {
            segment.type = in.value_type();
            if (in.ok() && !is_reference(segment.type)) {
                in.refuse(ErrorCode::malformed, "elements are not references", at);
            }
        } else if (in.octet() != 0) {
            in.refuse(ErrorCode::malformed, "unknown kind of elements", at);
        }
    }
    const std::uint32_t length = count(in, limits_.table_elements, "too many elements");
    if (expressions) {
        element_expressions(in, segment, length);
    } else {
        segment.functions.resize(length);
        for (std::uint32_t& function : segment.functions) {
            function = in.u32();
        }
    }
    module_.elements.push_back(std::move(segment));
}

/// Functions and nulls become indices; anything else keeps its expression.
void Decoder::element_expressions(Reader& in, ElementSegment& segment, std::uint32_t length) {
    using Kind = ConstantExpression::Kind;
    bool plain = segment.type == ValueType::funcref;
    for (std::uint32_t i = 0; i < length && in.ok(); ++i) {
        const std::uint32_t at = in.offset();
        const ConstantExpression item = constant(in);
        if (item.kind == Kind::value) {
            in.refuse(ErrorCode::invalid, "an element is not a reference", at);
        } else if (item.kind == Kind::global && !limits_.features.references) {
            in.refuse(ErrorCode::unsupported, "globals as elements", at);
        }
        plain &= item.kind == Kind::function ||
                 (item.kind == Kind::null_reference && item.type == ValueType::funcref);
        segment.items.push_back(item);
    }
    if (plain) {
        for (const ConstantExpression& item : segment.items) {
            segment.functions.push_back(item.kind == Kind::function
                                            ? static_cast<std::uint32_t>(item.value)
                                            : null_function);
        }
        segment.items.clear();
    }
}

void Decoder::bodies(Reader& in) {
    const std::uint32_t length = count(in, limits_.functions, "too many functions");
    module_.bodies.reserve(length);
    for (std::uint32_t i = 0; i < length && in.ok(); ++i) {
        body(in);
    }
}

void Decoder::body(Reader& in) {
    const std::uint32_t at = in.offset();
    const std::uint32_t size = in.u32();
    if (size > limits_.function_body_bytes) {
        in.refuse(ErrorCode::too_large, "a function body is too large", at);
        return;
    }
    const ByteRange range = in.take(size);
    if (!in.ok()) {
        return;
    }
    FunctionBody body;
    Reader inner(module_.bytes, range, limits_.features);
    std::uint64_t total = 0;
    const std::uint32_t groups = count(inner, 0xffff'ffff, "");
    body.locals.reserve(groups);
    for (std::uint32_t i = 0; i < groups && inner.ok(); ++i) {
        const std::uint32_t group_at = inner.offset();
        LocalGroup group;
        group.count = inner.u32();
        group.type = inner.operand_type();
        total += group.count;
        if (total > 0xffff'ffff) {
            inner.refuse(ErrorCode::malformed, "too many locals", group_at);
        } else if (total > limits_.locals) {
            inner.refuse(ErrorCode::too_large, "too many locals", group_at);
        }
        if (group.count != 0) {
            body.locals.push_back(group);
        }
    }
    body.local_count = static_cast<std::uint32_t>(total);
    body.code = inner.take(inner.remaining());
    if (!inner.ok()) {
        in = inner;
        return;
    }
    module_.bodies.push_back(std::move(body));
}

void Decoder::data(Reader& in) {
    for (std::uint32_t n = count(in, limits_.data_segments, "too many data segments");
         n != 0 && in.ok(); --n) {
        DataSegment segment;
        segment.file_offset = in.offset();
        const std::uint32_t flags = in.u32();
        if (flags > 2) {
            in.refuse(ErrorCode::malformed, "unknown form of data segment", segment.file_offset);
            return;
        }
        segment.memory_index = flags == 2 ? in.u32() : 0;
        if (segment.memory_index != 0 && !limits_.features.multi_memory) {
            in.refuse(ErrorCode::unsupported, "more than one memory", segment.file_offset);
        }
        if (flags == 1) {
            segment.mode = SegmentMode::passive;
        } else {
            segment.offset = constant(in);
        }
        segment.bytes = in.take(in.u32());
        module_.data.push_back(segment);
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
    if (type.size.minimum > limits_.table_elements) {
        in.refuse(ErrorCode::too_large, "a table is too large", at);
    }
    if (module_.tables.size() >= limits_.tables) {
        in.refuse(ErrorCode::too_large, "too many tables", at);
    }
    return type;
}

MemoryType Decoder::memory_type(Reader& in) {
    const std::uint32_t at = in.offset();
    MemoryType type;
    type.pages = size_range(in, type.wide);
    if (type.pages.minimum > limits_.memory_pages) {
        in.refuse(ErrorCode::too_large, "a memory has too many pages", at);
    }
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

/// One instruction that a constant expression may have.
ConstantExpression Decoder::constant_instruction(Reader& in) {
    ConstantExpression constant;
    constant.offset = in.offset();
    const Opcode opcode = in.opcode();
    switch (opcode) {
        case Opcode::i32_const:
            constant.value = static_cast<std::uint32_t>(in.s32());
            break;
        case Opcode::i64_const:
            constant.type = ValueType::i64;
            constant.value = static_cast<std::uint64_t>(in.s64());
            break;
        case Opcode::f32_const:
        case Opcode::f64_const:
            constant.type = opcode == Opcode::f32_const ? ValueType::f32 : ValueType::f64;
            constant.value = opcode == Opcode::f32_const ? in.f32() : in.f64();
            if (!limits_.features.floats) {
                in.refuse(ErrorCode::unsupported, "floating point", constant.offset);
            }
            break;
        case Opcode::global_get:
            constant.kind = ConstantExpression::Kind::global;
            constant.value = in.u32();
            break;
        case Opcode::ref_func:
            constant.kind = ConstantExpression::Kind::function;
            constant.value = in.u32();
            break;
        case Opcode::ref_null:
            constant.kind = ConstantExpression::Kind::null_reference;
            constant.type = in.heap_type();
            if (constant.type != ValueType::funcref && !limits_.features.references) {
                in.refuse(ErrorCode::unsupported, "references outside of tables", constant.offset);
            }
            break;
        default:
            if (is_constant_arithmetic(opcode)) {
                constant.kind = ConstantExpression::Kind::program;
            } else {
                in.refuse(ErrorCode::invalid, "constant expression required", constant.offset);
            }
    }
    return constant;
}

ConstantExpression Decoder::constant(Reader& in) {
    ConstantExpression constant = constant_instruction(in);
    if (in.ok() && in.peek() == 0x0b && constant.kind != ConstantExpression::Kind::program) {
        in.octet();
        return constant;
    }
    const std::uint32_t second = in.offset();
    while (in.ok() && in.peek() != 0x0b) {
        constant_instruction(in);
    }
    if (in.ok() && !limits_.features.extended_constants) {
        in.refuse(ErrorCode::unsupported, "constant expressions of more than one instruction",
                  second);
    }
    constant.kind = ConstantExpression::Kind::program;
    constant.code = {constant.offset, in.offset() - constant.offset};
    in.octet();
    return constant;
}

}  // namespace

Result<Module> decode(BytesView file, const Limits& limits) {
    if (file.size() > limits.module_bytes) {
        return fail(ErrorCode::too_large,
                    "the module is larger than " + std::to_string(limits.module_bytes) + " octets");
    }
    return Decoder(file, limits).run();
}

}  // namespace aqd::wasm

// Values: numbers, loads and references.

#include "tests/vm/exec/oracle/body_writer.h"

#include <array>
#include <utility>

namespace aqd::oracle {

void BodyWriter::interesting(ValueType type) {
    static constexpr std::array<std::int64_t, 16> favourites = {
        0,          1,           -1,         2,         31,        32,     63, 64,
        0x7fffffff, -0x80000000, 0xffffffff, INT64_MAX, INT64_MIN, 65'536, 8,  255};
    if (is_float(type)) {
        return constant(type,
                        interesting_float(random_, type == ValueType::f32, plan_.shape.one_nan));
    }
    constant(type, random_.one_in(3)
                       ? random_.next()
                       : static_cast<std::uint64_t>(favourites[one_of(favourites.size())]));
}

void BodyWriter::values(const Types& types, int depth) {
    for (const ValueType type : types) {
        value(type, depth);
    }
}

/// Pushes one value.
void BodyWriter::value(ValueType type, int depth) {
    if (wasm::is_reference(type)) {
        return reference(type, depth);
    }
    number(type, depth);
}

void BodyWriter::number(ValueType type, int depth) {
    const std::uint32_t local = local_of(type);
    switch (below(depth <= 0 || is_long() ? 4 : 17)) {
        case 0:
            return interesting(type);
        case 1:
        case 2:
            return local == none ? interesting(type) : op(Opcode::local_get, local);
        case 3:
            return op(Opcode::global_get, plan_.global(random_, type, false));
        case 4:
            return load(type, depth);
        case 5:
            return selected(type, depth);
        case 6:
            value(type, depth - 1);
            return local == none ? op(Opcode::nop) : op(Opcode::local_tee, local);
        case 7:
            return block({}, {type}, depth - 1);
        case 8:
            return call_for(type, depth) ? void() : compute(type, depth);
        case 9:
            // A value that waits while something else happens.
            value(type, depth - 1);
            return statement(depth - 1);
        case 10:
            return is_float(type) ? compute(type, depth) : size_or_growth(type, depth);
        case 11:
            if (type == ValueType::i32 && plan_.shape.features.references) {
                return about_reference(depth);
            }
            return compute(type, depth);
        default:
            return compute(type, depth);
    }
}

void BodyWriter::selected(ValueType type, int depth) {
    value(type, depth - 1);
    value(type, depth - 1);
    value(ValueType::i32, depth - 1);
    const bool typed = plan_.shape.features.references;
    if (!wasm::is_reference(type) && !(typed && random_.one_in(3))) {
        return op(Opcode::select);
    }
    op(Opcode::select_typed, 1);
    append_type(code_, type);
}

void BodyWriter::compute(ValueType type, int depth) {
    const auto& list = computing(type, plan_.shape.features.floats);
    const Opcode opcode = list[one_of(list.size())];
    const wasm::OpcodeFacts& facts = wasm::facts_of(opcode);
    for (const char letter : facts.operands) {
        value(number_of(letter), depth - 1);
    }
    if (facts.gas_class == wasm::GasClass::divide && !random_.one_in(8)) {
        constant(type, 1);
        op(type == ValueType::i32 ? Opcode::i32_or : Opcode::i64_or);
    }
    op(opcode);
    keep_one_nan(type);
}

/// Any NaN becomes the positive canonical one.
void BodyWriter::keep_one_nan(ValueType type) {
    if (!plan_.shape.one_nan || !is_float(type)) {
        return;
    }
    const bool narrow = type == ValueType::f32;
    const std::uint32_t local = nan_locals_ + (narrow ? 0 : 1);
    op(Opcode::local_tee, local);
    constant(type, narrow ? 0x7fc0'0000U : 0x7ff8'0000'0000'0000U);
    op(Opcode::local_get, local);
    op(Opcode::local_get, local);
    op(narrow ? Opcode::f32_eq : Opcode::f64_eq);
    op(Opcode::select);
}

/// How large a memory or table is, or was.
void BodyWriter::size_or_growth(ValueType type, int depth) {
    const bool wide = type == ValueType::i64;
    const std::uint32_t memory = any_memory();
    if (plan_.memories[memory].wide == wide && random_.one_in(2)) {
        if (random_.one_in(2)) {
            return op(Opcode::memory_size, memory);
        }
        constant(type, random_.one_in(8) ? random_.next() : below(4));
        return op(Opcode::memory_grow, memory);
    }
    const std::uint32_t table = one_of(plan_.tables.size());
    if (!plan_.shape.features.references || plan_.tables[table].wide != wide) {
        return compute(type, depth);
    }
    if (random_.one_in(2)) {
        return op(Opcode::table_size, table);
    }
    value(plan_.tables[table].element, depth - 1);
    constant(type, random_.one_in(8) ? random_.next() : below(3));
    op(Opcode::table_grow, table);
}

/// An address that is mostly in bounds.
void BodyWriter::place(bool wide, int depth) {
    const ValueType type = index_type(wide);
    value(type, depth);
    if (random_.one_in(16)) {
        return;
    }
    const Opcode mask = wide ? Opcode::i64_and : Opcode::i32_and;
    constant(type, random_.one_in(4) ? 0xffff : 0xff);
    op(mask);
    if (random_.one_in(3)) {
        value(type, 0);
        constant(type, 7);
        op(mask);
        op(wide ? Opcode::i64_add : Opcode::i32_add);
    }
}

void BodyWriter::access(Opcode opcode, std::uint32_t memory) {
    op(opcode);
    const std::uint32_t log2 = wasm::access_log2(wasm::facts_of(opcode).immediate);
    const std::uint32_t align = below(log2 + 1);
    if (memory != 0) {
        append_unsigned_leb128(code_, align | 0x40U);
        append_unsigned_leb128(code_, memory);
    } else {
        append_unsigned_leb128(code_, align);
    }
    std::uint64_t offset = below(16);
    if (random_.one_in(20)) {
        offset = plan_.memories[memory].wide && random_.one_in(2) ? random_.next()
                                                                  : random_.next() >> 32U;
    }
    append_unsigned_leb128(code_, offset);
}

void BodyWriter::load(ValueType type, int depth) {
    const std::uint32_t memory = any_memory();
    place(plan_.memories[memory].wide, depth - 1);
    if (is_float(type)) {
        access(type == ValueType::f32 ? Opcode::f32_load : Opcode::f64_load, memory);
        return keep_one_nan(type);
    }
    const auto [first, last] = type == ValueType::i32
                                   ? std::pair(Opcode::i32_load8_s, Opcode::i32_load16_u)
                                   : std::pair(Opcode::i64_load8_s, Opcode::i64_load32_u);
    const auto from = static_cast<std::uint32_t>(first);
    const std::uint32_t pick = below(static_cast<std::uint32_t>(last) - from + 2);
    if (pick == 0) {
        return access(type == ValueType::i32 ? Opcode::i32_load : Opcode::i64_load, memory);
    }
    access(static_cast<Opcode>(from + pick - 1), memory);
}

/// Calls a function that has just the one result; false, with nothing written, if none was found.
bool BodyWriter::call_for(ValueType type, int depth) {
    for (int tries = 0; tries < 6; ++tries) {
        const std::uint32_t function = one_of(plan_.functions.size());
        if (plan_.type(function).results == Types{type}) {
            call(function, depth, false);
            return true;
        }
    }
    return false;
}

/// A reference that needs no other value.
void BodyWriter::simple_reference(ValueType type) {
    const std::uint32_t local = local_of(type);
    const std::uint32_t global = plan_.global(random_, type, false);
    if (local != none && random_.one_in(2)) {
        return op(Opcode::local_get, local);
    }
    if (global != none && random_.one_in(3)) {
        return op(Opcode::global_get, global);
    }
    if (type != ValueType::externref && !random_.one_in(4)) {
        const std::uint32_t function =
            type == ValueType::funcref ? one_of(plan_.functions.size())
                                       : plan_.function_of_type(random_, wasm::type_index_of(type));
        if (function != none) {
            return op(Opcode::ref_func, function);
        }
    }
    if (wasm::is_non_null(type)) {
        simple_reference(wasm::nullable(type));
        return op(Opcode::ref_as_non_null);
    }
    op(Opcode::ref_null);
    if (wasm::is_indexed(type)) {
        append_signed_leb128(code_, wasm::type_index_of(type));
    } else {
        code_.push_back(static_cast<std::uint8_t>(type));
    }
}

void BodyWriter::reference(ValueType type, int depth) {
    const std::uint32_t table = plan_.table(random_, type);
    switch (below(depth <= 0 || is_long() ? 1 : 8)) {
        case 0:
        case 1:
            return simple_reference(type);
        case 2:
            return selected(type, depth);
        case 3:
            return block({}, {type}, depth - 1);
        case 4:
            return call_for(type, depth) ? void() : simple_reference(type);
        case 5:
            if (plan_.shape.features.typed_references) {
                // What is null ends the call.
                value(type, depth - 1);
                return op(Opcode::ref_as_non_null);
            }
            return simple_reference(type);
        default:
            if (table == none) {
                return simple_reference(type);
            }
            table_place(table, depth - 1);
            return op(Opcode::table_get, table);
    }
}

/// A number that tells something of a reference.
void BodyWriter::about_reference(int depth) {
    value(random_.one_in(2) ? ValueType::funcref : ValueType::externref, depth - 1);
    op(Opcode::ref_is_null);
}

}  // namespace aqd::oracle

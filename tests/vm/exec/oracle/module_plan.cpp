#include "tests/vm/exec/oracle/module_plan.h"

#include <aqd/base/leb128.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>

namespace aqd::oracle {
namespace {

char letter_of(ValueType type) {
    switch (type) {
        case ValueType::i32:
            return 'i';
        case ValueType::i64:
            return 'I';
        case ValueType::f32:
            return 'f';
        default:
            return 'F';
    }
}

std::vector<Opcode> list_computing(char letter, bool floats) {
    std::vector<Opcode> list;
    for (std::size_t i = 0; i < wasm::opcode_table.size(); ++i) {
        const wasm::OpcodeFacts& facts = wasm::opcode_table[i];
        const bool numbers =
            facts.operands.find_first_not_of(floats ? "iIfF" : "iI") == std::string::npos;
        if (facts.immediate == wasm::Immediate::none && !facts.operands.empty() && numbers &&
            (facts.feature <= wasm::Feature::sign_extension ||
             facts.feature == wasm::Feature::floats) &&
            facts.results.size() == 1 && facts.results[0] == letter) {
            list.push_back(static_cast<Opcode>(i));
        }
    }
    return list;
}

}  // namespace

const std::vector<Opcode>& computing(ValueType type, bool floats) {
    static constexpr std::string_view letters = "iIfF";
    static const std::array<std::vector<Opcode>, 8> lists = [] {
        std::array<std::vector<Opcode>, 8> all;
        for (std::size_t i = 0; i < 4; ++i) {
            all[i] = list_computing(letters[i], false);
            all[i + 4] = list_computing(letters[i], true);
        }
        return all;
    }();
    return lists[letters.find(letter_of(type)) + (floats ? 4 : 0)];
}

ValueType number_of(char letter) {
    switch (letter) {
        case 'i':
            return ValueType::i32;
        case 'I':
            return ValueType::i64;
        case 'f':
            return ValueType::f32;
        default:
            return ValueType::f64;
    }
}

std::uint64_t interesting_float(Random& random, bool narrow, bool one_nan) {
    // Zero, one, one and a half, infinity; the greatest number, the least, the least that is
    // normal; 2^31, 2^32, 2^63, a half, pi; NaN that is canonical, another, and one that signals.
    static constexpr std::array<std::uint64_t, 15> doubles = {
        0,
        0x3ff0'0000'0000'0000,
        0x3ff8'0000'0000'0000,
        0x7ff0'0000'0000'0000,
        0x7fef'ffff'ffff'ffff,
        1,
        0x0010'0000'0000'0000,
        0x41e0'0000'0000'0000,
        0x41f0'0000'0000'0000,
        0x43e0'0000'0000'0000,
        0x3fe0'0000'0000'0000,
        0x4009'21fb'5444'2d18,
        0x7ff8'0000'0000'0000,
        0x7ffc'0000'0000'1234,
        0x7ff0'0000'0000'0001,
    };
    static constexpr std::array<std::uint32_t, 15> singles = {
        0,           0x3f80'0000, 0x3fc0'0000, 0x7f80'0000, 0x7f7f'ffff,
        1,           0x0080'0000, 0x4f00'0000, 0x4f80'0000, 0x5f00'0000,
        0x3f00'0000, 0x4049'0fdb, 0x7fc0'0000, 0x7fe0'1234, 0x7f80'0001};
    const std::uint32_t pick = random.below(one_nan ? 12 : 15);
    std::uint64_t bits = narrow ? singles[pick] : doubles[pick];
    if (random.one_in(3)) {
        bits = random.next() >> (narrow ? 32U : 0U);
        // An exponent of ones only could be a NaN.
        if (one_nan) {
            bits &= narrow ? 0xbfff'ffffU : 0xbfff'ffff'ffff'ffffU;
        }
    } else if (random.one_in(2)) {
        bits ^= std::uint64_t{1} << (narrow ? 31U : 63U);
    }
    return bits;
}

void append_type(Bytes& out, ValueType type) {
    if (!wasm::is_indexed(type) && !wasm::is_non_null(type)) {
        return out.push_back(static_cast<std::uint8_t>(type));
    }
    out.push_back(wasm::is_non_null(type) ? 0x64 : 0x63);
    if (wasm::is_indexed(type)) {
        append_signed_leb128(out, wasm::type_index_of(type));
    } else {
        out.push_back(static_cast<std::uint8_t>(wasm::nullable(type)));
    }
}

void append_opcode(Bytes& out, Opcode opcode) {
    const std::uint16_t code = wasm::facts_of(opcode).code;
    if (code < 0x100) {
        return out.push_back(static_cast<std::uint8_t>(code));
    }
    out.push_back(0xfc);
    append_unsigned_leb128(out, code & 0xffU);
}

void append_constant(Bytes& out, ValueType type, std::uint64_t bits) {
    switch (type) {
        case ValueType::i32:
            append_opcode(out, Opcode::i32_const);
            return append_signed_leb128(out, static_cast<std::int32_t>(bits));
        case ValueType::i64:
            append_opcode(out, Opcode::i64_const);
            return append_signed_leb128(out, static_cast<std::int64_t>(bits));
        default:
            break;
    }
    const bool narrow = type == ValueType::f32;
    append_opcode(out, narrow ? Opcode::f32_const : Opcode::f64_const);
    for (unsigned i = 0; i < (narrow ? 4U : 8U); ++i) {
        out.push_back(static_cast<std::uint8_t>(bits >> 8 * i));
    }
}

Shape random_shape(Random& random) {
    Shape shape;
    wasm::Features& features = shape.features;
    features.floats = random.one_in(2);
    // Half of the modules have nothing else: most of what contracts do.
    if (random.one_in(2)) {
        return shape;
    }
    features.references = random.one_in(2);
    features.typed_references = features.references && random.one_in(2);
    features.tail_calls = random.one_in(2);
    features.extended_constants = random.one_in(2);
    features.multi_memory = random.one_in(3);
    features.memory64 = random.one_in(3);
    shape.wide_tables = features.memory64;
    return shape;
}

ModulePlan::ModulePlan(Random& random, const Shape& wanted) : shape(wanted) {
    const wasm::Features& features = shape.features;
    types = {{{ValueType::i32}, {}}, {{ValueType::i64, ValueType::i32}, {ValueType::i64}}};
    functions = {0, 1};
    choose_functions(random);
    const auto wide = [&](bool allowed) { return allowed && random.one_in(2); };
    memories.push_back({3, wide(features.memory64)});
    if (features.multi_memory) {
        memories.push_back({2, wide(features.memory64)});
    }
    tables.push_back({ValueType::funcref, 10, 12, wide(shape.wide_tables)});
    if (features.references) {
        tables.push_back({ValueType::externref, 5, 8, wide(shape.wide_tables)});
        tables.push_back({ValueType::funcref, 6, 6, wide(shape.wide_tables)});
    }
    Types kinds{ValueType::i32, ValueType::i64};
    if (features.floats) {
        kinds.insert(kinds.end(), {ValueType::f32, ValueType::f64});
    }
    if (features.references) {
        kinds.insert(kinds.end(), {ValueType::funcref, ValueType::externref});
    }
    if (features.typed_references) {
        const std::uint32_t type = functions[host_imports];
        tables.push_back({wasm::reference_to(type), 4, 6, wide(shape.wide_tables)});
        kinds.push_back(wasm::reference_to(type));
    }
    for (const ValueType kind : kinds) {
        globals.push_back({kind, true});
        globals.push_back({kind, false});
    }
    if (shape.ends) {
        fuel_global = static_cast<std::uint32_t>(globals.size());
        globals.push_back({ValueType::i32, true});
    }
}

void ModulePlan::choose_functions(Random& random) {
    const std::uint32_t wanted = 2 + random.below(4);
    for (std::uint32_t i = 0; i < wanted; ++i) {
        FunctionType type;
        type.parameters.resize(random.below(5));
        type.results.resize(random.one_in(6) ? 2 : random.below(2));
        // The first one can be called from outside, and so can most others.
        const bool inner = i != 0 && random.one_in(3);
        for (Types* list : {&type.parameters, &type.results}) {
            std::ranges::generate(*list,
                                  [&] { return inner ? any_type(random) : number_type(random); });
        }
        functions.push_back(type_index(type));
    }
}

std::uint32_t ModulePlan::type_index(const FunctionType& type) {
    const auto found = std::ranges::find(types, type);
    if (found != types.end()) {
        return static_cast<std::uint32_t>(found - types.begin());
    }
    types.push_back(type);
    return static_cast<std::uint32_t>(types.size() - 1);
}

std::uint32_t ModulePlan::function_of_type(Random& random, std::uint32_t type) const {
    const auto count = static_cast<std::uint32_t>(functions.size());
    const std::uint32_t from = random.below(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t function = (from + i) % count;
        if (functions[function] == type) {
            return function;
        }
    }
    return none;
}

std::uint32_t ModulePlan::global(Random& random, ValueType type, bool to_change) const {
    const auto count = static_cast<std::uint32_t>(globals.size());
    const std::uint32_t from = random.below(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t global = (from + i) % count;
        if (globals[global].type == type && global != fuel_global &&
            (globals[global].is_mutable || !to_change)) {
            return global;
        }
    }
    return none;
}

std::uint32_t ModulePlan::table(Random& random, ValueType element) const {
    const auto count = static_cast<std::uint32_t>(tables.size());
    const std::uint32_t from = random.below(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (tables[(from + i) % count].element == element) {
            return (from + i) % count;
        }
    }
    return none;
}

bool ModulePlan::can_be_exported(const FunctionType& type) {
    return std::ranges::none_of(type.parameters, [](ValueType value) {
        return wasm::is_reference(value) && value != ValueType::externref;
    });
}

ValueType ModulePlan::number_type(Random& random) const {
    return number_of("iIfF"[random.below(shape.features.floats ? 4 : 2)]);
}

ValueType ModulePlan::any_type(Random& random) const {
    if (!shape.features.references || !random.one_in(4)) {
        return number_type(random);
    }
    if (shape.features.typed_references && random.one_in(2)) {
        // The types of the host's functions are there from the beginning.
        const std::uint32_t known =
            functions.size() > host_imports ? functions[host_imports] : random.below(host_imports);
        return wasm::reference_to(known);
    }
    return random.one_in(2) ? ValueType::funcref : ValueType::externref;
}

}  // namespace aqd::oracle

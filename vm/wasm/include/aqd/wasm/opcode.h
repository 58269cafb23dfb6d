#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace aqd::wasm {

/// One enumerator for each row of `opcodes.def`, numbered from 0 in the order of the table.
enum class Opcode : std::uint8_t {
#define AQD_OPCODE(id, code, mnemonic, immediate, operands, results, gas_class, feature) id,
#include <aqd/wasm/opcodes.def>
#undef AQD_OPCODE
};

/// What follows an opcode in the binary format.
enum class Immediate : std::uint8_t {
    none,
    block_type,
    label,
    label_table,
    function,
    type_table,  ///< a type index, then a table index
    types,       ///< a vector of value types
    local,
    global,
    table,
    table_table,
    element_table,  ///< an element segment, then a table
    element,
    memory,
    memory_memory,
    data_memory,  ///< a data segment, then a memory
    data,
    access1,  ///< alignment and offset of an access of 1 octet, and so on
    access2,
    access4,
    access8,
    i32,
    i64,
    f32,
    f64,
    reference_type,
    type,
};

/// Gas classes, priced by a `gas::Schedule`.
enum class GasClass : std::uint8_t {
    free,
    simple,
    arithmetic,
    multiply,
    divide,
    load,
    store,
    global,
    branch,
    branch_table,
    call,
    call_indirect,
    memory_size,
    memory_grow,
    bulk,
    table,
    floating,
    floating_divide,
};
inline constexpr std::size_t gas_class_count = 18;

/// The part of the standard an opcode belongs to.
enum class Feature : std::uint8_t {
    core,
    sign_extension,
    bulk_memory,
    references,
    floats,
    tail_calls,
    typed_references
};

struct OpcodeFacts {
    std::uint16_t code;
    std::string_view mnemonic;
    Immediate immediate;
    std::string_view operands;
    std::string_view results;
    GasClass gas_class;
    Feature feature;
};

inline constexpr auto opcode_table = std::to_array<OpcodeFacts>({
#define AQD_OPCODE(id, code, mnemonic, immediate, operands, results, gas_class, feature) \
    {code,                                                                               \
     mnemonic,                                                                           \
     Immediate::immediate,                                                               \
     operands,                                                                           \
     results,                                                                            \
     GasClass::gas_class,                                                                \
     Feature::feature},
#include <aqd/wasm/opcodes.def>
#undef AQD_OPCODE
});
static_assert(opcode_table.size() <= 256);

constexpr const OpcodeFacts& facts_of(Opcode opcode) {
    return opcode_table[static_cast<std::size_t>(opcode)];
}

/// Arithmetic that a constant expression may have.
constexpr bool is_constant_arithmetic(Opcode opcode) {
    return opcode == Opcode::i32_add || opcode == Opcode::i32_sub || opcode == Opcode::i32_mul ||
           opcode == Opcode::i64_add || opcode == Opcode::i64_sub || opcode == Opcode::i64_mul;
}

/// log2 of the size of the access, for the `accessN` immediates.
constexpr std::uint32_t access_log2(Immediate immediate) {
    return static_cast<std::uint32_t>(immediate) - static_cast<std::uint32_t>(Immediate::access1);
}

namespace detail {
inline constexpr std::uint8_t no_opcode = 0xff;
/// Opcode number by first octet, then by octet after 0xfc at 256.
inline constexpr auto opcode_by_code = [] {
    std::array<std::uint8_t, 256 + 32> index{};
    index.fill(no_opcode);
    for (std::size_t i = 0; i < opcode_table.size(); ++i) {
        const std::uint16_t code = opcode_table[i].code;
        index[code < 0x100 ? code : 0x100 + (code & 0xffU)] = static_cast<std::uint8_t>(i);
    }
    return index;
}();
}  // namespace detail

/// The opcode of a one-octet code; none for a code that is not in the table (0xfc itself included).
constexpr std::optional<Opcode> opcode_of(std::uint8_t code) {
    const std::uint8_t index = detail::opcode_by_code[code];
    return index == detail::no_opcode ? std::nullopt : std::optional(static_cast<Opcode>(index));
}

/// The opcode of a number that follows the prefix 0xfc.
constexpr std::optional<Opcode> prefixed_opcode_of(std::uint32_t number) {
    if (number >= 32) {
        return std::nullopt;
    }
    const std::uint8_t index = detail::opcode_by_code[256 + number];
    return index == detail::no_opcode ? std::nullopt : std::optional(static_cast<Opcode>(index));
}

}  // namespace aqd::wasm

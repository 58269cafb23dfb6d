#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace aqd::prepare {

/// Prepared code is a sequence of 16-bit words. An instruction starts with four words that hold its
/// `Form` (linking puts the address of the handler there); its operands follow, each in the form
/// that its `Kind` says:
///
///   slot      one word, the number of a 64-bit slot of the frame
///   constant  two words for an operation of width 32 that is binary or a branch, four words
///   otherwise a, b      none: the value is in an accumulator
///
/// Every result also stays in accumulator A, except one that goes to B; a `move` from slot to slot
/// leaves A alone. Values of 32 bits are zero-extended wherever they are.
///
/// Operands by shape, in their order (`u32` is two words, `u64` four, all little-endian):
///
///   commutative, binary  x y, destination
///   unary, move          x, destination
///   load                 x [y], u32 end, destination      address is x + y (32 bits); `end` is
///   offset + octets read store                x [y], u32 end, value branches             x y, i32
///   target, u32 gas if taken, u32 gas if not jump                 i32 target, u32 gas jump_table
///   x, u32 count, then count + 1 pairs (i32 target, u32 gas), the last for every index >= count
///   call                 u64 function index (linking: its address), slot of the first argument
///   call_indirect        x, u32 type id, u32 table, slot of the first argument
///   call_ref             x, slot of the first argument
///   tail_...             as the call, then u32 count of arguments, slot of the saved words, u64
///   stack cost given back return_              value or nothing, slot of the saved words, u64
///   stack cost given back select               condition, x, y, destination     the condition is
///   in A or in a slot, by operation global_get           u32 global, destination global_set u32
///   global, value memory_size          destination return_many          slot of the first result,
///   u32 count, slot of the saved words, u64 stack cost data_drop, elem_drop u32 segment
///   unreachable, exit    nothing
///   other plain ones     u32 first, u32 second, slot of the first argument and the result; the
///   numbers are those
///                        behind the instruction of WebAssembly in their order, but the segment
///                        comes first, and a load or store has memory + 65536 * operation, then
///                        `end`
///
/// A target counts words from the end of the instruction, or from the start of its pair in a table.
///
/// A frame is: parameters, other locals, two saved words, operands, temporaries. The frame of a
/// callee starts at its first argument among the operands of its caller.
enum class Operation : std::uint8_t {
#define AQD_OPERATION(id, shape, width) op_##id,
#include <aqd/prepare/operations.def>
#undef AQD_OPERATION
};

enum class Shape : std::uint8_t {
    commutative,
    binary,
    unary,
    move,
    load,
    store,
    commutative_branch,
    branch,
    jump,
    jump_table,
    call,
    call_indirect,
    return_,
    select,
    global_get,
    global_set,
    memory_size,
    plain,
};

struct OperationFacts {
    std::string_view name;
    Shape shape;
    std::uint8_t width;
};

inline constexpr auto operation_table = std::to_array<OperationFacts>({
#define AQD_OPERATION(id, shape, width) {#id, Shape::shape, width},
#include <aqd/prepare/operations.def>
#undef AQD_OPERATION
});
inline constexpr std::size_t operation_count = operation_table.size();
static_assert(operation_count <= 256);

constexpr const OperationFacts& facts_of(Operation operation) {
    return operation_table[static_cast<std::size_t>(operation)];
}

/// Computes with floats, by their bits; `exec` does that, under the right environment.
constexpr bool is_float(Operation operation) {
    return operation >= Operation::op_fadd_32 && operation <= Operation::op_promote;
}
/// From one type of number to another.
constexpr bool is_conversion(Operation operation) {
    return operation >= Operation::op_trunc_f32_s32 && operation <= Operation::op_promote;
}
/// Can trap: the value must be in the range of the integer.
constexpr bool is_truncation(Operation operation) {
    return operation >= Operation::op_trunc_f32_s32 && operation <= Operation::op_trunc_f64_u64;
}

/// Where an operand is found or a result goes.
enum class Kind : std::uint8_t { none, a, b, slot, constant };
inline constexpr std::uint32_t kind_count = 5;

/// An operation with the kinds of its operands: one handler each. `destination` is the kind of the
/// result or, for a store, a return or a global.set, of the value.
struct Form {
    Operation operation = Operation::op_exit;
    Kind x = Kind::none;
    Kind y = Kind::none;
    Kind destination = Kind::none;
    bool operator==(const Form&) const = default;
};

/// Dense in the kinds, for tables: below `form_code_count`.
constexpr std::uint32_t code_of(Form form) {
    return ((static_cast<std::uint32_t>(form.operation) * kind_count +
             static_cast<std::uint32_t>(form.x)) *
                kind_count +
            static_cast<std::uint32_t>(form.y)) *
               kind_count +
           static_cast<std::uint32_t>(form.destination);
}
inline constexpr std::size_t form_code_count =
    operation_count * kind_count * kind_count * kind_count;

constexpr Form form_of(std::uint32_t code) {
    constexpr std::uint32_t k = kind_count;
    return {static_cast<Operation>(code / (k * k * k)), static_cast<Kind>(code / (k * k) % k),
            static_cast<Kind>(code / k % k), static_cast<Kind>(code % k)};
}

/// Whether the translator may produce the form. The first operand of a commutative operation is the
/// one in an accumulator, a constant comes second.
constexpr bool is_base_form(Form form) {
    const auto [operation, x, y, d] = form;
    using enum Kind;
    const bool result = d == a || d == b || d == slot;
    const bool stored = d == a || d == slot || d == constant;
    const bool leaf_y = y == slot || y == constant;
    const bool ordered_pair = ((x == a || x == slot) && leaf_y) || (x == b && y == a);
    const bool pair =
        ordered_pair || ((x == slot || x == constant) && y == a) || (x == constant && y == slot);
    const bool single = y == none && (x == a || x == slot);
    const bool address = ordered_pair || (y == none && (x == a || x == slot || x == constant));
    const bool uses_a = x == a || y == a;
    const bool nothing = x == none && y == none && d == none;
    switch (facts_of(operation).shape) {
        case Shape::commutative:
            return ordered_pair && result;
        case Shape::binary:
            return pair && result;
        case Shape::unary:
            return single && result;
        case Shape::move:
            return (single || (x == constant && y == none)) && result;
        case Shape::load:
            return address && result;
        case Shape::store:
            return (address && (d == slot || d == constant)) || (d == a && !uses_a && address) ||
                   (d == a && x == b && (y == none || leaf_y));
        case Shape::commutative_branch:
            return ordered_pair && d == none;
        case Shape::branch:
            return pair && d == none;
        case Shape::jump_table:
        case Shape::call_indirect:
            return single && d == none;
        case Shape::return_:
            return x == none && y == none && (d == none || stored);
        case Shape::select:
            return (x == slot || x == constant) && leaf_y && result;
        case Shape::global_get:
        case Shape::memory_size:
            return x == none && y == none && result;
        case Shape::global_set:
            return x == none && y == none && stored;
        case Shape::jump:
        case Shape::call:
        case Shape::plain:
            return nothing;
    }
    return false;
}

inline constexpr std::size_t base_form_count = [] {
    std::size_t count = 0;
    for (std::uint32_t code = 0; code < form_code_count; ++code) {
        count += is_base_form(form_of(code));
    }
    return count;
}();

/// The codes of the base forms, ascending.
inline constexpr auto base_forms = [] {
    std::array<std::uint32_t, base_form_count> forms{};
    std::size_t next = 0;
    for (std::uint32_t code = 0; code < form_code_count; ++code) {
        if (is_base_form(form_of(code))) {
            forms[next++] = code;
        }
    }
    return forms;
}();

/// Words taken by the form or, later, the handler at the start of an instruction.
inline constexpr std::uint32_t handler_words = 4;

/// More temporaries than any instruction sequence for one expression needs.
inline constexpr std::uint32_t max_temporaries = 64;

}  // namespace aqd::prepare

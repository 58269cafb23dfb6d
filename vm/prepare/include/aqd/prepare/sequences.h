#pragma once

#include <aqd/prepare/instruction.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace aqd::prepare {

// An instruction may stand for several forms that follow one another: it starts with
// `form_code_count` and the number of a sequence instead of a form, and the operands of all of them
// follow in their order. Which sequences there are is a choice of the build (`AQD_SEQUENCES`); no
// result, gas or trap depends on it. A conditional branch may stand anywhere in a sequence, what
// leaves for good only at its end.

/// Forms in one instruction, at most.
inline constexpr std::size_t longest_sequence = 8;

/// The codes of the forms that an instruction consists of, by the number that it starts with.
std::span<const std::uint16_t> forms_of(std::uint32_t code);

/// How many sequences the build knows. Their numbers start at 1.
std::size_t sequence_count();

/// Changes with the list of sequences, and with the numbers of forms: prepared code means something
/// only where this is the same.
std::uint64_t instruction_set_digest();

/// Whether the form always goes on elsewhere than at the instruction behind it.
constexpr bool is_transfer(Operation operation) {
    using enum Operation;
    const Shape shape = facts_of(operation).shape;
    return shape == Shape::jump || shape == Shape::jump_table || shape == Shape::call ||
           shape == Shape::call_indirect || shape == Shape::return_ ||
           operation == op_return_many || operation == op_unreachable || operation == op_exit;
}

namespace detail {
constexpr std::uint32_t words_of(Kind kind, bool narrow) {
    return kind == Kind::slot ? 1 : (kind == Kind::constant ? (narrow ? 2 : 4) : 0);
}
constexpr std::uint32_t plain_words(Operation operation) {
    using enum Operation;
    switch (operation) {
        case op_return_many:
            return 8;
        case op_data_drop:
        case op_elem_drop:
            return 2;
        case op_unreachable:
        case op_exit:
            return 0;
        default:
            return 5;
    }
}
}  // namespace detail

/// How many words the operands of a form take; those of a `jump_table` up to its pairs.
constexpr std::uint32_t operand_words(Form form) {
    using enum Operation;
    const auto [operation, x, y, d] = form;
    const bool narrow = facts_of(operation).width == 32;
    const std::uint32_t destination = d == Kind::slot ? 1 : 0;
    const std::uint32_t value = detail::words_of(d, false);
    const std::uint32_t address = detail::words_of(x, true) + detail::words_of(y, true) + 2;
    const bool tail = operation == op_tail_call || operation == op_tail_call_indirect ||
                      operation == op_tail_call_ref;
    switch (facts_of(operation).shape) {
        case Shape::commutative:
        case Shape::binary:
            return detail::words_of(x, narrow) + detail::words_of(y, narrow) + destination;
        case Shape::unary:
        case Shape::move:
            return detail::words_of(x, false) + destination;
        case Shape::load:
            return address + destination;
        case Shape::store:
            return address + value;
        case Shape::commutative_branch:
        case Shape::branch:
            return detail::words_of(x, narrow) + detail::words_of(y, narrow) + 6;
        case Shape::jump:
            return 4;
        case Shape::jump_table:
            return detail::words_of(x, true) + 2;
        case Shape::call:
            return tail ? 12 : 5;
        case Shape::call_indirect:
            return detail::words_of(x, true) +
                   (operation == op_call_ref || operation == op_tail_call_ref ? 1 : 5) +
                   (tail ? 7 : 0);
        case Shape::return_:
            return value + 5;
        case Shape::select:
            return (operation == op_select_on_slot ? 1 : 0) + detail::words_of(x, false) +
                   detail::words_of(y, false) + destination;
        case Shape::global_get:
            return 2 + destination;
        case Shape::global_set:
            return 2 + value;
        case Shape::memory_size:
            return destination;
        case Shape::plain:
            return detail::plain_words(operation);
    }
    return 0;
}

}  // namespace aqd::prepare

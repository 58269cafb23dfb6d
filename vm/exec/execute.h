#pragma once

#include "vm/exec/context.h"
#include "vm/exec/float_arithmetic.h"

#include <aqd/prepare/arithmetic.h>
#include <aqd/prepare/instruction.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace aqd::exec {

using prepare::Form;
using prepare::Kind;
using prepare::Operation;
using prepare::Shape;

static_assert(std::endian::native == std::endian::little, "memory and code are little-endian");

/// What a handler does next: go on behind the instruction, go on where `at` points, stop, or trap.
enum class Step : std::uint32_t { next = 0, jumped = 1, stopped = 2, trap = 16 };

constexpr Step step_of(Trap trap) {
    return static_cast<Step>(static_cast<std::uint32_t>(Step::trap) +
                             static_cast<std::uint32_t>(trap));
}
constexpr Trap trap_of(Step step) {
    return static_cast<Trap>(static_cast<std::uint32_t>(step) -
                             static_cast<std::uint32_t>(Step::trap));
}

/// The state of the register machine. Both dispatch forms keep it in local variables of a handler,
/// so that a compiler can hold all of it in machine registers.
struct Registers {
    const std::uint16_t* at;  ///< the next word of the instruction
    std::uint64_t* frame;
    std::uint8_t* memory;
    std::uint64_t memory_bytes;
    std::uint64_t a;
    std::uint64_t b;
    Context* context;
    std::int64_t gas;
};

#define AQD_INLINE [[gnu::always_inline]] inline

template <class T>
AQD_INLINE T read(Registers& r) {
    T value;
    std::memcpy(&value, r.at, sizeof value);
    r.at += sizeof(T) / 2;
    return value;
}

AQD_INLINE std::uint64_t& slot(Registers& r) {
    return r.frame[read<std::uint16_t>(r)];
}

template <Kind kind, class T>
AQD_INLINE T get(Registers& r) {
    if constexpr (kind == Kind::a) {
        return static_cast<T>(r.a);
    } else if constexpr (kind == Kind::b) {
        return static_cast<T>(r.b);
    } else if constexpr (kind == Kind::slot) {
        return static_cast<T>(slot(r));
    } else {
        static_assert(kind == Kind::constant);
        return read<T>(r);
    }
}

template <Kind kind>
AQD_INLINE void put(Registers& r, std::uint64_t value) {
    if constexpr (kind == Kind::b) {
        r.b = value;
    } else {
        r.a = value;
        if constexpr (kind == Kind::slot) {
            slot(r) = value;
        }
    }
}

AQD_INLINE bool pay(Registers& r, std::uint64_t cost) {
    r.gas -= static_cast<std::int64_t>(cost);
    return r.gas >= 0;
}

template <Form form>
AQD_INLINE std::uint32_t address(Registers& r) {
    std::uint32_t sum = get<form.x, std::uint32_t>(r);
    if constexpr (form.y != Kind::none) {
        sum += get<form.y, std::uint32_t>(r);
    }
    return sum;
}

template <Form form>
AQD_INLINE Step divide(Registers& r) {
    using enum Operation;
    constexpr Operation operation = form.operation;
    using T =
        std::conditional_t<prepare::facts_of(operation).width == 64, std::uint64_t, std::uint32_t>;
    using Signed = std::make_signed_t<T>;
    const T x = get<form.x, T>(r);
    const T y = get<form.y, T>(r);
    if (y == 0) [[unlikely]] {
        return step_of(Trap::integer_divide_by_zero);
    }
    T result;
    if constexpr (operation == op_div_u_32 || operation == op_div_u_64) {
        result = x / y;
    } else if constexpr (operation == op_rem_u_32 || operation == op_rem_u_64) {
        result = x % y;
    } else if constexpr (operation == op_div_s_32 || operation == op_div_s_64) {
        if (y == static_cast<T>(-1) && x == static_cast<T>(std::numeric_limits<Signed>::min()))
            [[unlikely]] {
            return step_of(Trap::integer_overflow);
        }
        result = static_cast<T>(static_cast<Signed>(x) / static_cast<Signed>(y));
    } else {
        result = y == static_cast<T>(-1)
                     ? 0
                     : static_cast<T>(static_cast<Signed>(x) % static_cast<Signed>(y));
    }
    put<form.destination>(r, result);
    return Step::next;
}

template <Form form>
AQD_INLINE Step binary(Registers& r) {
    using enum Operation;
    constexpr Operation operation = form.operation;
    if constexpr (operation >= op_div_s_32 && operation <= op_rem_u_64) {
        return divide<form>(r);
    } else {
        using T = std::conditional_t<prepare::facts_of(operation).width == 64, std::uint64_t,
                                     std::uint32_t>;
        const T x = get<form.x, T>(r);
        const T y = get<form.y, T>(r);
        if constexpr (prepare::is_float(operation)) {
            put<form.destination>(r, compute_float<operation, T>(x, y));
        } else {
            put<form.destination>(r, prepare::compute<operation, T>(x, y));
        }
        return Step::next;
    }
}

template <Form form>
AQD_INLINE Step unary(Registers& r) {
    constexpr Operation operation = form.operation;
    if constexpr (prepare::is_conversion(operation)) {
        std::uint64_t result = 0;
        const Trap trap = convert<operation>(get<form.x, std::uint64_t>(r), result);
        if (prepare::is_truncation(operation) && trap != Trap::none) [[unlikely]] {
            return step_of(trap);
        }
        put<form.destination>(r, result);
    } else if constexpr (prepare::is_float(operation)) {
        using T = std::conditional_t<prepare::facts_of(operation).width == 64, std::uint64_t,
                                     std::uint32_t>;
        put<form.destination>(r, compute_float<operation, T>(get<form.x, T>(r)));
    } else {
        put<form.destination>(r, prepare::compute<operation>(get<form.x, std::uint64_t>(r)));
    }
    return Step::next;
}

/// What a load reads from memory; a signed one is widened to the type named by the operation.
template <Operation operation>
AQD_INLINE std::uint64_t fetch(const std::uint8_t* from) {
    using enum Operation;
    const auto as = [from]<class T>(T value) {
        std::memcpy(&value, from, sizeof value);
        return value;
    };
    if constexpr (operation == op_load8_u) {
        return *from;
    } else if constexpr (operation == op_load16_u) {
        return as(std::uint16_t{});
    } else if constexpr (operation == op_load32_u) {
        return as(std::uint32_t{});
    } else if constexpr (operation == op_load64) {
        return as(std::uint64_t{});
    } else if constexpr (operation == op_load8_s32) {
        return static_cast<std::uint32_t>(as(std::int8_t{}));
    } else if constexpr (operation == op_load16_s32) {
        return static_cast<std::uint32_t>(as(std::int16_t{}));
    } else if constexpr (operation == op_load8_s64) {
        return static_cast<std::uint64_t>(as(std::int8_t{}));
    } else if constexpr (operation == op_load16_s64) {
        return static_cast<std::uint64_t>(as(std::int16_t{}));
    } else {
        static_assert(operation == op_load32_s64);
        return static_cast<std::uint64_t>(as(std::int32_t{}));
    }
}

template <Form form>
AQD_INLINE Step load(Registers& r) {
    constexpr std::uint32_t octets = prepare::facts_of(form.operation).width / 8;
    const std::uint64_t base = address<form>(r);
    const std::uint64_t end = base + read<std::uint32_t>(r);
    if (end > r.memory_bytes) [[unlikely]] {
        return step_of(Trap::memory_out_of_bounds);
    }
    put<form.destination>(r, fetch<form.operation>(r.memory + end - octets));
    return Step::next;
}

template <Form form>
AQD_INLINE Step store(Registers& r) {
    constexpr std::uint32_t octets = prepare::facts_of(form.operation).width / 8;
    const std::uint64_t base = address<form>(r);
    const std::uint64_t end = base + read<std::uint32_t>(r);
    const auto value = get<form.destination, std::uint64_t>(r);
    if (end > r.memory_bytes) [[unlikely]] {
        return step_of(Trap::memory_out_of_bounds);
    }
    std::memcpy(r.memory + end - octets, &value, octets);
    return Step::next;
}

template <Operation branch>
consteval Operation comparison_of() {
    using enum Operation;
    // Both lists name the same comparisons in two widths each, but in their own order.
    constexpr Operation pairs[][2] = {
        {op_branch_eq_32, op_eq_32},     {op_branch_eq_64, op_eq_64},
        {op_branch_ne_32, op_ne_32},     {op_branch_ne_64, op_ne_64},
        {op_branch_lt_s_32, op_lt_s_32}, {op_branch_lt_s_64, op_lt_s_64},
        {op_branch_lt_u_32, op_lt_u_32}, {op_branch_lt_u_64, op_lt_u_64},
        {op_branch_ge_s_32, op_ge_s_32}, {op_branch_ge_s_64, op_ge_s_64},
        {op_branch_ge_u_32, op_ge_u_32}, {op_branch_ge_u_64, op_ge_u_64},
    };
    for (const auto& pair : pairs) {
        if (pair[0] == branch) {
            return pair[1];
        }
    }
    return op_exit;
}

template <Form form>
AQD_INLINE Step branch(Registers& r) {
    using T = std::conditional_t<prepare::facts_of(form.operation).width == 64, std::uint64_t,
                                 std::uint32_t>;
    const T x = get<form.x, T>(r);
    const T y = get<form.y, T>(r);
    const auto target = read<std::int32_t>(r);
    const auto gas_if_taken = read<std::uint32_t>(r);
    const auto gas_if_not = read<std::uint32_t>(r);
    if (prepare::compute<comparison_of<form.operation>(), T>(x, y) != 0) {
        r.at += target;
        return pay(r, gas_if_taken) ? Step::jumped : step_of(Trap::out_of_gas);
    }
    return pay(r, gas_if_not) ? Step::next : step_of(Trap::out_of_gas);
}

AQD_INLINE Step jump(Registers& r) {
    const auto target = read<std::int32_t>(r);
    const auto cost = read<std::uint32_t>(r);
    r.at += target;
    return pay(r, cost) ? Step::jumped : step_of(Trap::out_of_gas);
}

template <Form form>
AQD_INLINE Step jump_table(Registers& r) {
    auto index = get<form.x, std::uint32_t>(r);
    const auto count = read<std::uint32_t>(r);
    index = index < count ? index : count;
    r.at += std::size_t{index} * 4;
    const std::uint16_t* const pair = r.at;
    const auto target = read<std::int32_t>(r);
    const auto cost = read<std::uint32_t>(r);
    r.at = pair + target;
    return pay(r, cost) ? Step::jumped : step_of(Trap::out_of_gas);
}

/// Enters a function of the module; `r.at` is behind the call.
AQD_INLINE Step enter(Registers& r, const FunctionEntry* entry, std::uint64_t* frame) {
    const std::uint64_t budget = r.context->stack_budget - entry->stack_cost;
    if ((budget & stack_exhausted_bits) != 0) [[unlikely]] {
        return step_of(Trap::stack_exhausted);
    }
    r.context->stack_budget = budget;
    std::uint64_t* zeroed = frame + entry->zero_from;
    for (std::uint32_t left = entry->zero_count; left != 0; --left) {
        *zeroed++ = 0;
#if defined(__GNUC__)
        // Keeps the loop a loop: a call of memset costs more than the few words it is for.
        asm volatile("");
#endif
    }
    std::uint64_t* const saved = frame + entry->saved_slot;
    saved[0] = reinterpret_cast<std::uint64_t>(r.at);
    saved[1] = reinterpret_cast<std::uint64_t>(r.frame);
    r.frame = frame;
    r.at = entry->code;
    return pay(r, entry->entry_gas) ? Step::jumped : step_of(Trap::out_of_gas);
}

AQD_INLINE Step leave(Registers& r) {
    const std::uint64_t* const saved = &slot(r);
    r.context->stack_budget += read<std::uint64_t>(r);
    r.at = reinterpret_cast<const std::uint16_t*>(saved[0]);
    r.frame = reinterpret_cast<std::uint64_t*>(saved[1]);
    return Step::jumped;
}

/// A function that works through the context: gas goes there and comes back.
template <class Work>
AQD_INLINE Step aside(Registers& r, Work work) {
    r.context->gas = r.gas;
    const Trap trap = work(*r.context);
    r.gas = r.context->gas;
    return trap == Trap::none ? Step::next : step_of(trap);
}

AQD_INLINE Step enter_host(Registers& r, const FunctionEntry* entry, std::uint64_t* arguments) {
    const Step step =
        aside(r, [&](Context& context) { return call_host(context, *entry, arguments); });
    r.a = arguments[0];
    return step;
}

template <Form form>
AQD_INLINE Step call_indirect(Registers& r) {
    const auto index = get<form.x, std::uint32_t>(r);
    const auto type_id = read<std::uint32_t>(r);
    const Table& table = r.context->tables[read<std::uint32_t>(r)];
    std::uint64_t* const base = &slot(r);
    if (index >= table.elements.size()) [[unlikely]] {
        return step_of(Trap::undefined_element);
    }
    const FunctionEntry* const entry = table.elements[index];
    if (entry == nullptr) [[unlikely]] {
        return step_of(Trap::uninitialized_element);
    }
    if (entry->type_id != type_id) [[unlikely]] {
        return step_of(Trap::indirect_call_type);
    }
    if (entry->host != nullptr) [[unlikely]] {
        return enter_host(r, entry, base);
    }
    return enter(r, entry, base);
}

template <Form form>
AQD_INLINE Step select(Registers& r) {
    constexpr Kind condition_kind =
        form.operation == Operation::op_select_on_a ? Kind::a : Kind::slot;
    const auto condition = get<condition_kind, std::uint32_t>(r);
    const auto first = get<form.x, std::uint64_t>(r);
    const auto second = get<form.y, std::uint64_t>(r);
    put<form.destination>(r, condition != 0 ? first : second);
    return Step::next;
}

AQD_INLINE Step return_many(Registers& r) {
    const std::uint64_t* const results = &slot(r);
    const auto count = read<std::uint32_t>(r);
    std::uint64_t* const frame = r.frame;
    // The results may cover the saved words: those are read first.
    const Step step = leave(r);
    std::memmove(frame, results, std::size_t{count} * 8);
    return step;
}

/// The operations without kinds.
template <Operation operation>
AQD_INLINE Step plain(Registers& r) {
    using enum Operation;
    if constexpr (operation == op_return_many) {
        return return_many(r);
    } else if constexpr (operation == op_memory_grow) {
        std::uint64_t* const operand = &slot(r);
        const Step step = aside(r, [&](Context& context) { return memory_grow(context, operand); });
        r.memory_bytes = r.context->memory_bytes;
        return step;
    } else if constexpr (operation == op_data_drop) {
        r.context->data_dropped[read<std::uint32_t>(r)] = 1;
        return Step::next;
    } else if constexpr (operation == op_elem_drop) {
        r.context->elements_dropped[read<std::uint32_t>(r)] = 1;
        return Step::next;
    } else if constexpr (operation == op_unreachable) {
        return step_of(Trap::unreachable);
    } else if constexpr (operation == op_exit) {
        return Step::stopped;
    } else {
        const auto first = read<std::uint32_t>(r);
        const auto second = read<std::uint32_t>(r);
        const std::uint64_t* const operands = &slot(r);
        return aside(r, [&](Context& context) {
            if constexpr (operation == op_memory_init) {
                return memory_init(context, first, operands);
            } else if constexpr (operation == op_memory_copy) {
                return memory_copy(context, operands);
            } else if constexpr (operation == op_memory_fill) {
                return memory_fill(context, operands);
            } else if constexpr (operation == op_table_init) {
                return table_init(context, first, second, operands);
            } else {
                static_assert(operation == op_table_copy);
                return table_copy(context, first, second, operands);
            }
        });
    }
}

// Longer than seventy lines: the one place that says what each shape of instruction does.
template <Form form>
AQD_INLINE Step execute(Registers& r) {
    constexpr Shape shape = prepare::facts_of(form.operation).shape;
    if constexpr (shape == Shape::commutative || shape == Shape::binary) {
        return binary<form>(r);
    } else if constexpr (shape == Shape::unary) {
        return unary<form>(r);
    } else if constexpr (shape == Shape::move) {
        const auto x = get<form.x, std::uint64_t>(r);
        if constexpr (form.x == Kind::slot && form.destination == Kind::slot) {
            slot(r) = x;
        } else {
            put<form.destination>(r, x);
        }
        return Step::next;
    } else if constexpr (shape == Shape::load) {
        return load<form>(r);
    } else if constexpr (shape == Shape::store) {
        return store<form>(r);
    } else if constexpr (shape == Shape::commutative_branch || shape == Shape::branch) {
        return branch<form>(r);
    } else if constexpr (shape == Shape::jump) {
        return jump(r);
    } else if constexpr (shape == Shape::jump_table) {
        return jump_table<form>(r);
    } else if constexpr (shape == Shape::call) {
        const auto* const entry = reinterpret_cast<const FunctionEntry*>(read<std::uint64_t>(r));
        std::uint64_t* const base = &slot(r);
        if constexpr (form.operation == Operation::op_call_host) {
            return enter_host(r, entry, base);
        } else {
            return enter(r, entry, base);
        }
    } else if constexpr (shape == Shape::call_indirect) {
        return call_indirect<form>(r);
    } else if constexpr (shape == Shape::return_) {
        if constexpr (form.destination == Kind::none) {
            return leave(r);
        } else {
            const auto result = get<form.destination, std::uint64_t>(r);
            std::uint64_t* const frame = r.frame;
            // In a frame without locals the result takes the place of a saved word: that is read
            // first.
            const Step step = leave(r);
            r.a = frame[0] = result;
            return step;
        }
    } else if constexpr (shape == Shape::select) {
        return select<form>(r);
    } else if constexpr (shape == Shape::global_get) {
        put<form.destination>(r, r.context->globals[read<std::uint32_t>(r)]);
        return Step::next;
    } else if constexpr (shape == Shape::global_set) {
        const auto index = read<std::uint32_t>(r);
        r.context->globals[index] = get<form.destination, std::uint64_t>(r);
        return Step::next;
    } else if constexpr (shape == Shape::memory_size) {
        put<form.destination>(r, r.memory_bytes >> 16U);
        return Step::next;
    } else {
        return plain<form.operation>(r);
    }
}

}  // namespace aqd::exec

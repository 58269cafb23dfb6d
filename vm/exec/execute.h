#pragma once

#include "vm/exec/execute_numeric.h"

namespace aqd::exec {

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

/// A function of the host or of another instance. What the other one did to memories shows here.
AQD_INLINE Step enter_outside(Registers& r, const FunctionEntry* entry, std::uint64_t* arguments) {
    const Step step =
        aside(r, [&](Context& context) { return call_outside(context, *entry, arguments); });
    r.memory_bytes = r.context->memory_bytes();
    r.a = arguments[0];
    return step;
}

AQD_INLINE bool is_outside(const Registers& r, const FunctionEntry* entry) {
    return entry->special && entry->home != r.context;
}

/// What an index in a table stands for; a null pointer with the trap if that is no function of the
/// type.
AQD_INLINE const FunctionEntry* element(Registers& r, std::uint32_t index, Trap& trap) {
    const auto type_id = read<std::uint32_t>(r);
    const Table& table = *r.context->tables[read<std::uint32_t>(r)];
    if (index >= table.elements.size()) [[unlikely]] {
        trap = Trap::undefined_element;
        return nullptr;
    }
    const FunctionEntry* const entry = function_of(table.elements[index]);
    if (entry == nullptr) [[unlikely]] {
        trap = Trap::uninitialized_element;
        return nullptr;
    }
    if (entry->type_id != type_id) [[unlikely]] {
        trap = Trap::indirect_call_type;
        return nullptr;
    }
    return entry;
}

/// Leaves the frame and enters another one in its place. The words behind the call say what to give
/// back.
AQD_INLINE Step replace(Registers& r, const FunctionEntry* entry, const std::uint64_t* arguments) {
    const auto count = read<std::uint32_t>(r);
    const std::uint64_t* const saved = &slot(r);
    r.context->stack_budget += read<std::uint64_t>(r);
    std::uint64_t* const frame = r.frame;
    r.at = reinterpret_cast<const std::uint16_t*>(saved[0]);
    r.frame = reinterpret_cast<std::uint64_t*>(saved[1]);
    std::memmove(frame, arguments, std::size_t{count} * 8);
    if (is_outside(r, entry)) [[unlikely]] {
        const Step step = enter_outside(r, entry, frame);
        return step == Step::next ? Step::jumped : step;
    }
    return enter(r, entry, frame);
}

/// The calls through a reference or a table.
template <Form form>
AQD_INLINE Step call_indirect(Registers& r) {
    using enum Operation;
    constexpr Operation operation = form.operation;
    const FunctionEntry* entry = nullptr;
    if constexpr (operation == op_call_ref || operation == op_tail_call_ref) {
        entry = function_of(get<form.x, std::uint64_t>(r));
        if (entry == nullptr) [[unlikely]] {
            return step_of(Trap::null_reference);
        }
    } else {
        Trap trap = Trap::none;
        const auto index = get<form.x, std::uint32_t>(r);
        entry = element(r, index, trap);
        if (entry == nullptr) [[unlikely]] {
            return step_of(trap);
        }
    }
    std::uint64_t* const base = &slot(r);
    if constexpr (operation == op_tail_call_ref || operation == op_tail_call_indirect) {
        return replace(r, entry, base);
    }
    if (is_outside(r, entry)) [[unlikely]] {
        return enter_outside(r, entry, base);
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

/// The operations on operands at their homes.
template <Operation operation>
AQD_INLINE Trap at_home(Context& context, std::uint32_t first, std::uint32_t second,
                        std::uint64_t* operands) {
    using enum Operation;
    if constexpr (operation == op_memory_init) {
        return memory_init(context, first, second, operands);
    } else if constexpr (operation == op_memory_copy) {
        return memory_copy(context, first, second, operands);
    } else if constexpr (operation == op_memory_fill) {
        return memory_fill(context, first, operands);
    } else if constexpr (operation == op_memory_grow) {
        return memory_grow(context, first, operands);
    } else if constexpr (operation == op_table_init) {
        return table_init(context, first, second, operands);
    } else if constexpr (operation == op_table_copy) {
        return table_copy(context, first, second, operands);
    } else if constexpr (operation == op_table_get) {
        return table_get(context, first, operands);
    } else if constexpr (operation == op_table_set) {
        return table_set(context, first, operands);
    } else if constexpr (operation == op_table_grow) {
        return table_grow(context, first, operands);
    } else if constexpr (operation == op_table_fill) {
        return table_fill(context, first, operands);
    } else if constexpr (operation == op_other_memory_load) {
        return other_memory_load(context, first, second, operands);
    } else if constexpr (operation == op_other_memory_store) {
        return other_memory_store(context, first, second, operands);
    } else if constexpr (operation == op_table_size) {
        operands[0] = context.tables[first]->elements.size();
        return Trap::none;
    } else if constexpr (operation == op_other_memory_size) {
        operands[0] = context.memories[first]->bytes >> 16U;
        return Trap::none;
    } else {
        static_assert(operation == op_null_check);
        return operands[0] == 0 ? Trap::null_reference : Trap::none;
    }
}

/// The operations without kinds.
template <Operation operation>
AQD_INLINE Step plain(Registers& r) {
    using enum Operation;
    if constexpr (operation == op_return_many) {
        return return_many(r);
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
        std::uint64_t* const operands = &slot(r);
        const Step step = aside(r, [&](Context& context) {
            return at_home<operation>(context, first, second, operands);
        });
        if constexpr (operation == op_memory_grow) {
            r.memory_bytes = r.context->memory_bytes();
        }
        return step;
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
        if constexpr (form.operation == Operation::op_tail_call) {
            return replace(r, entry, base);
        } else if constexpr (form.operation == Operation::op_call_host) {
            return enter_outside(r, entry, base);
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
        const auto index = read<std::uint32_t>(r);
        if constexpr (form.operation == Operation::op_imported_global_get) {
            put<form.destination>(r, *r.context->imported_globals[index]);
        } else if constexpr (form.operation == Operation::op_function_reference) {
            put<form.destination>(r, reference_of(r.context->functions + index));
        } else {
            put<form.destination>(r, r.context->globals[index]);
        }
        return Step::next;
    } else if constexpr (shape == Shape::global_set) {
        const auto index = read<std::uint32_t>(r);
        if constexpr (form.operation == Operation::op_imported_global_set) {
            *r.context->imported_globals[index] = get<form.destination, std::uint64_t>(r);
        } else {
            r.context->globals[index] = get<form.destination, std::uint64_t>(r);
        }
        return Step::next;
    } else if constexpr (shape == Shape::memory_size) {
        put<form.destination>(r, r.memory_bytes >> 16U);
        return Step::next;
    } else {
        return plain<form.operation>(r);
    }
}

}  // namespace aqd::exec

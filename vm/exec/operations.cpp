// Operations that leave the register machine: functions from outside, bulk memory and tables.

#include "vm/exec/context.h"

#include <algorithm>
#include <cstring>

namespace aqd::exec {
namespace {

bool pay(Context& context, std::uint64_t cost) {
    if (context.gas < 0 || cost > static_cast<std::uint64_t>(context.gas)) {
        context.gas = -1;
        return false;
    }
    context.gas -= static_cast<std::int64_t>(cost);
    return true;
}

/// Where to, from where (or what to fill with) and how much. An i32 is zero-extended, so it is the
/// same number.
struct Operands {
    std::uint64_t to;
    std::uint64_t from;
    std::uint64_t size;
    explicit Operands(const std::uint64_t* words) : to(words[0]), from(words[1]), size(words[2]) {}
};

bool inside(std::uint64_t at, std::uint64_t size, std::uint64_t whole) {
    return size <= whole && at <= whole - size;
}

/// -1 in the type of an index.
std::uint64_t refused(bool wide) {
    return wide ? ~std::uint64_t{0} : 0xffff'ffffU;
}

Trap call_host(Context& context, const FunctionEntry& entry, std::uint64_t* arguments) {
    const HostFunction& host = *entry.host;
    if (!pay(context, host.gas)) {
        return Trap::out_of_gas;
    }
    HostCall call({arguments, host.type.parameters.size()},
                  {context.memory(), static_cast<std::size_t>(context.memory_bytes())},
                  static_cast<std::uint64_t>(context.gas), host.data);
    if (context.uses_floats) {
        context.floats.leave();
    }
    const Trap trap = host.callback(context.host_context, call);
    if (context.uses_floats) {
        context.floats.enter();
    }
    if (call.exhausted()) {
        context.gas = -1;
        return Trap::out_of_gas;
    }
    context.gas = static_cast<std::int64_t>(call.gas_left());
    if (trap == Trap::none && !host.type.results.empty()) {
        arguments[0] = is_narrow(host.type.results[0]) ? static_cast<std::uint32_t>(call.result())
                                                       : call.result();
    }
    return trap;
}

/// A function of another instance: a run inside of this one, on the same stack and from the same
/// budgets. There are never more of them than calls.
Trap call_instance(Context& context, const FunctionEntry& entry, std::uint64_t* frame) {
    Context& callee = *entry.home;
    const std::uint64_t budget = context.stack_budget - entry.stack_cost;
    if ((budget & stack_exhausted_bits) != 0) {
        return Trap::stack_exhausted;
    }
    if (!pay(context, entry.entry_gas)) {
        return Trap::out_of_gas;
    }
    // The callee may be under way already, further down.
    const std::uint64_t outer_budget = callee.stack_budget;
    callee.stack_budget = budget;
    callee.gas = context.gas;
    callee.trap = Trap::none;
    callee.host_context = context.host_context;
    callee.floats = context.floats;
    run(callee, entry, frame, callee.exit);
    context.floats = callee.floats;
    context.gas = callee.gas;
    callee.stack_budget = outer_budget;
    return callee.trap;
}

}  // namespace

Trap call_outside(Context& context, const FunctionEntry& entry, std::uint64_t* arguments) {
    return entry.host != nullptr ? call_host(context, entry, arguments)
                                 : call_instance(context, entry, arguments);
}

Trap memory_grow(Context& context, std::uint32_t index, std::uint64_t* operand) {
    Memory& memory = *context.memories[index];
    const std::uint64_t pages = *operand;
    const std::uint64_t old_pages = memory.bytes / wasm::page_size_bytes;
    if (pages > memory.most_bytes / wasm::page_size_bytes - old_pages) {
        *operand = refused(memory.type.wide);
        return Trap::none;
    }
    if (!pay(context, context.schedule->grow_cost(pages))) {
        return Trap::out_of_gas;
    }
    memory.bytes += pages * wasm::page_size_bytes;
    *operand = old_pages;
    return Trap::none;
}

Trap memory_init(Context& context, std::uint32_t segment, std::uint32_t index,
                 const std::uint64_t* words) {
    const Operands operands(words);
    const Memory& memory = *context.memories[index];
    const BytesView data = context.data_dropped[segment] != 0 ? BytesView() : context.data[segment];
    if (!inside(operands.from, operands.size, data.size()) ||
        !inside(operands.to, operands.size, memory.bytes)) {
        return Trap::memory_out_of_bounds;
    }
    if (!pay(context, context.schedule->bulk_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(operands.from), operands.size,
                memory.reserved.data() + operands.to);
    return Trap::none;
}

Trap memory_copy(Context& context, std::uint32_t to_index, std::uint32_t from_index,
                 const std::uint64_t* words) {
    const Operands operands(words);
    const Memory& to = *context.memories[to_index];
    const Memory& from = *context.memories[from_index];
    if (!inside(operands.from, operands.size, from.bytes) ||
        !inside(operands.to, operands.size, to.bytes)) {
        return Trap::memory_out_of_bounds;
    }
    if (!pay(context, context.schedule->bulk_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    if (operands.size != 0) {
        std::memmove(to.reserved.data() + operands.to, from.reserved.data() + operands.from,
                     operands.size);
    }
    return Trap::none;
}

Trap memory_fill(Context& context, std::uint32_t index, const std::uint64_t* words) {
    const Operands operands(words);
    const Memory& memory = *context.memories[index];
    if (!inside(operands.to, operands.size, memory.bytes)) {
        return Trap::memory_out_of_bounds;
    }
    if (!pay(context, context.schedule->bulk_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    if (operands.size != 0) {
        std::memset(memory.reserved.data() + operands.to, static_cast<int>(operands.from & 0xffU),
                    operands.size);
    }
    return Trap::none;
}

Trap table_init(Context& context, std::uint32_t segment, std::uint32_t table,
                const std::uint64_t* words) {
    const Operands operands(words);
    const auto elements = context.elements_dropped[segment] != 0 ? std::span<const Reference>()
                                                                 : context.elements[segment];
    auto& to = context.tables[table]->elements;
    if (!inside(operands.from, operands.size, elements.size()) ||
        !inside(operands.to, operands.size, to.size())) {
        return Trap::table_out_of_bounds;
    }
    if (!pay(context, context.schedule->element_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    std::copy_n(elements.begin() + static_cast<std::ptrdiff_t>(operands.from), operands.size,
                to.begin() + static_cast<std::ptrdiff_t>(operands.to));
    return Trap::none;
}

Trap table_copy(Context& context, std::uint32_t to_table, std::uint32_t from_table,
                const std::uint64_t* words) {
    const Operands operands(words);
    auto& to = context.tables[to_table]->elements;
    const auto& from = context.tables[from_table]->elements;
    if (!inside(operands.from, operands.size, from.size()) ||
        !inside(operands.to, operands.size, to.size())) {
        return Trap::table_out_of_bounds;
    }
    if (!pay(context, context.schedule->element_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    if (operands.size != 0) {
        std::memmove(to.data() + operands.to, from.data() + operands.from,
                     operands.size * sizeof(Reference));
    }
    return Trap::none;
}

Trap table_get(Context& context, std::uint32_t table, std::uint64_t* operand) {
    const auto& elements = context.tables[table]->elements;
    if (*operand >= elements.size()) {
        return Trap::table_out_of_bounds;
    }
    *operand = elements[*operand];
    return Trap::none;
}

Trap table_set(Context& context, std::uint32_t table, const std::uint64_t* operands) {
    auto& elements = context.tables[table]->elements;
    if (operands[0] >= elements.size()) {
        return Trap::table_out_of_bounds;
    }
    elements[operands[0]] = operands[1];
    return Trap::none;
}

Trap table_grow(Context& context, std::uint32_t index, std::uint64_t* operands) {
    Table& table = *context.tables[index];
    const std::uint64_t more = operands[1];
    const std::uint64_t old_size = table.elements.size();
    if (more > table.most - old_size) {
        operands[0] = refused(table.type.wide);
        return Trap::none;
    }
    if (!pay(context, context.schedule->element_cost(more))) {
        return Trap::out_of_gas;
    }
    table.elements.resize(old_size + more, operands[0]);
    operands[0] = old_size;
    return Trap::none;
}

Trap table_fill(Context& context, std::uint32_t table, const std::uint64_t* words) {
    const Operands operands(words);
    auto& elements = context.tables[table]->elements;
    if (!inside(operands.to, operands.size, elements.size())) {
        return Trap::table_out_of_bounds;
    }
    if (!pay(context, context.schedule->element_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    std::fill_n(elements.begin() + static_cast<std::ptrdiff_t>(operands.to), operands.size,
                operands.from);
    return Trap::none;
}

}  // namespace aqd::exec

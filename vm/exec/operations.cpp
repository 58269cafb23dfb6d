// Operations that leave the register machine: host functions, bulk memory and tables.

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

struct Operands {
    std::uint64_t to;
    std::uint64_t from;  ///< or the value to fill with
    std::uint64_t size;
    explicit Operands(const std::uint64_t* words)
        : to(static_cast<std::uint32_t>(words[0])),
          from(static_cast<std::uint32_t>(words[1])),
          size(static_cast<std::uint32_t>(words[2])) {}
};

}  // namespace

Trap call_host(Context& context, const FunctionEntry& entry, std::uint64_t* arguments) {
    const HostFunction& host = *entry.host;
    if (!pay(context, host.gas)) {
        return Trap::out_of_gas;
    }
    HostCall call({arguments, host.type.parameters.size()},
                  {context.memory, static_cast<std::size_t>(context.memory_bytes)},
                  static_cast<std::uint64_t>(context.gas));
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

Trap memory_grow(Context& context, std::uint64_t* operand) {
    const std::uint64_t pages = static_cast<std::uint32_t>(*operand);
    const std::uint64_t old_pages = context.memory_bytes / wasm::page_size_bytes;
    if (old_pages + pages > context.most_memory_bytes / wasm::page_size_bytes) {
        *operand = 0xffff'ffff;
        return Trap::none;
    }
    if (!pay(context, context.schedule->grow_cost(pages))) {
        return Trap::out_of_gas;
    }
    context.memory_bytes += pages * wasm::page_size_bytes;
    *operand = old_pages;
    return Trap::none;
}

Trap memory_init(Context& context, std::uint32_t segment, const std::uint64_t* words) {
    const Operands operands(words);
    const BytesView data = context.data_dropped[segment] != 0 ? BytesView() : context.data[segment];
    if (operands.from + operands.size > data.size() ||
        operands.to + operands.size > context.memory_bytes) {
        return Trap::memory_out_of_bounds;
    }
    if (!pay(context, context.schedule->bulk_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(operands.from), operands.size,
                context.memory + operands.to);
    return Trap::none;
}

Trap memory_copy(Context& context, const std::uint64_t* words) {
    const Operands operands(words);
    if (operands.from + operands.size > context.memory_bytes ||
        operands.to + operands.size > context.memory_bytes) {
        return Trap::memory_out_of_bounds;
    }
    if (!pay(context, context.schedule->bulk_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    if (operands.size != 0) {
        std::memmove(context.memory + operands.to, context.memory + operands.from, operands.size);
    }
    return Trap::none;
}

Trap memory_fill(Context& context, const std::uint64_t* words) {
    const Operands operands(words);
    if (operands.to + operands.size > context.memory_bytes) {
        return Trap::memory_out_of_bounds;
    }
    if (!pay(context, context.schedule->bulk_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    if (operands.size != 0) {
        std::memset(context.memory + operands.to, static_cast<int>(operands.from & 0xffU),
                    operands.size);
    }
    return Trap::none;
}

Trap table_init(Context& context, std::uint32_t segment, std::uint32_t table,
                const std::uint64_t* words) {
    const Operands operands(words);
    const auto elements = context.elements_dropped[segment] != 0
                              ? std::span<const FunctionEntry* const>()
                              : context.elements[segment];
    auto& to = context.tables[table].elements;
    if (operands.from + operands.size > elements.size() ||
        operands.to + operands.size > to.size()) {
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
    auto& to = context.tables[to_table].elements;
    const auto& from = context.tables[from_table].elements;
    if (operands.from + operands.size > from.size() || operands.to + operands.size > to.size()) {
        return Trap::table_out_of_bounds;
    }
    if (!pay(context, context.schedule->element_cost(operands.size))) {
        return Trap::out_of_gas;
    }
    if (operands.size != 0) {
        std::memmove(to.data() + operands.to, from.data() + operands.from,
                     operands.size * sizeof(const FunctionEntry*));
    }
    return Trap::none;
}

}  // namespace aqd::exec

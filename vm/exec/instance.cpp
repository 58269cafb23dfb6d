#include "vm/exec/instance_state.h"

#include <aqd/base/assert.h>
#include <aqd/exec/instance.h>
#include <aqd/prepare/instruction.h>

#include <algorithm>
#include <limits>
#include <string>

namespace aqd::exec {

/// Everything but the memories, as it is before the segments are applied.
void Instance::State::fill() {
    globals = parts().globals;
    for (std::size_t i = 0; i < own_tables.size(); ++i) {
        const std::uint64_t size = tables[parts().imported_tables.size() + i]->type.size.minimum;
        own_tables[i]->elements.assign(size, parts().table_initials[i]);
    }
    for (const auto& memory : own_memories) {
        memory->bytes = memory->type.pages.minimum * wasm::page_size_bytes;
    }
    data_dropped.assign(parts().data.size(), 0);
    elements_dropped.assign(parts().elements.size(), 0);
    context.globals = globals.data();
    context.data_dropped = data_dropped.data();
    context.elements_dropped = elements_dropped.data();
    initialised = false;
}

/// What stays as it is for the life of the instance.
Result<> Instance::State::prepare() {
    const wasm::Module& module = wasm_module();
    tables = parts().imported_tables;
    for (std::size_t i = tables.size(); i < module.tables.size(); ++i) {
        auto table = std::make_unique<Table>();
        table->type = module.tables[i];
        table->type.element = parts().named(table->type.element);
        const auto most =
            table->type.size.maximum.value_or(std::numeric_limits<std::uint64_t>::max());
        table->most = std::max(std::min<std::uint64_t>(most, module.limits.table_elements),
                               table->type.size.minimum);
        tables.push_back(table.get());
        own_tables.push_back(std::move(table));
    }
    memories = parts().imported_memories;
    for (std::size_t i = memories.size(); i < module.memories.size(); ++i) {
        auto memory = std::make_unique<Memory>();
        memory->type = module.memories[i];
        const wasm::SizeRange& pages = memory->type.pages;
        const auto allowed = std::min<std::uint64_t>(module.limits.memory_pages, most_memory_pages);
        const std::uint64_t most = std::min(pages.maximum.value_or(allowed), allowed);
        memory->most_bytes = std::max(most, pages.minimum) * wasm::page_size_bytes;
        AQD_CHECK(memory->reserved.reserve(memory->most_bytes));
        memories.push_back(memory.get());
        own_memories.push_back(std::move(memory));
    }
    stack = std::make_unique_for_overwrite<std::uint64_t[]>(stack_slots);
    context.tables = tables;
    context.memories = memories;
    context.imported_globals = parts().imported_globals;
    context.functions = parts().functions.data();
    context.schedule = &parts().code.schedule;
    context.uses_floats |= parts().code.uses_floats;
    context.data = parts().data;
    context.elements = parts().elements;
    context.exit = parts().exit.data();
    fill();
    return {};
}

Result<Instance> Instance::create(std::shared_ptr<const LinkedModule> module) {
    auto state = std::make_unique<State>();
    state->linked = std::move(module);
    AQD_CHECK(state->prepare());
    return Instance(std::move(state));
}

Instance::Instance(std::unique_ptr<State> state) : state_(std::move(state)) {}
Instance::Instance(Instance&&) noexcept = default;
Instance& Instance::operator=(Instance&&) noexcept = default;
Instance::~Instance() = default;

Trap Instance::State::apply_segments() {
    const wasm::Module& module = wasm_module();
    for (std::size_t i = 0; i < module.elements.size(); ++i) {
        const wasm::ElementSegment& segment = module.elements[i];
        if (segment.mode == wasm::SegmentMode::active) {
            const auto& from = parts().elements[i];
            auto& to = tables[segment.table_index]->elements;
            const std::uint64_t at = parts().value_of(segment.offset);
            if (from.size() > to.size() || at > to.size() - from.size()) {
                return Trap::table_out_of_bounds;
            }
            std::ranges::copy(from, to.begin() + static_cast<std::ptrdiff_t>(at));
        }
        elements_dropped[i] = segment.mode != wasm::SegmentMode::passive;
    }
    for (std::size_t i = 0; i < module.data.size(); ++i) {
        const wasm::DataSegment& segment = module.data[i];
        if (segment.mode == wasm::SegmentMode::active) {
            const BytesView from = parts().data[i];
            const Memory& to = *memories[segment.memory_index];
            const std::uint64_t at = parts().value_of(segment.offset);
            if (from.size() > to.bytes || at > to.bytes - from.size()) {
                return Trap::memory_out_of_bounds;
            }
            std::ranges::copy(from, to.reserved.data() + at);
            data_dropped[i] = 1;
        }
    }
    return Trap::none;
}

Location Instance::State::location_of(const std::uint16_t* instruction, std::uint32_t form) const {
    const prepare::PreparedCode& code = parts().code;
    const auto word = static_cast<std::uint32_t>(instruction - code.words.data());
    const auto after =
        std::ranges::upper_bound(code.functions, word, {}, &prepare::PreparedFunction::code);
    const auto body = static_cast<std::uint32_t>(after - code.functions.begin() - 1);
    return {wasm_module().imported_functions + body, prepare::origin_of(code, word, form)};
}

/// A function of the module whose arguments lie at the start of the stack.
void Instance::State::enter(const FunctionEntry& entry, Outcome& outcome) {
    const auto start = [&] {
        const wasm::Module& module = wasm_module();
        return Location{entry.index,
                        module.bodies[entry.index - module.imported_functions].code.offset};
    };
    const std::uint64_t budget = whole_stack_budget - entry.stack_cost;
    if ((budget & stack_exhausted_bits) != 0) {
        outcome.trap = Trap::stack_exhausted;
        outcome.where = start();
        return;
    }
    context.stack_budget = budget;
    context.gas -= entry.entry_gas;
    if (context.gas < 0) {
        outcome.trap = Trap::out_of_gas;
        outcome.where = start();
        return;
    }
    context.trap = Trap::none;
    run(context, entry, stack.get(), parts().exit.data());
    outcome.trap = context.trap;
    if (outcome.trap != Trap::none) {
        outcome.where = location_of(context.trap_at, context.trap_form);
    }
}

Outcome Instance::State::call(const FunctionEntry& entry, std::span<const std::uint64_t> arguments,
                              std::uint64_t gas_limit, void* host_context) {
    AQD_ASSERT(!running);
    const wasm::FunctionType& type = *parts().function_types[entry.index];
    AQD_ASSERT(arguments.size() == type.parameters.size());
    running = true;
    gas_limit = std::min<std::uint64_t>(gas_limit, std::numeric_limits<std::int64_t>::max());
    context.gas = static_cast<std::int64_t>(gas_limit);
    context.host_context = host_context;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        stack[i] =
            is_narrow(type.parameters[i]) ? static_cast<std::uint32_t>(arguments[i]) : arguments[i];
    }
    Outcome outcome;
    if (context.uses_floats) {
        context.floats.enter();
    }
    if (entry.special && entry.home != &context) {
        context.stack_budget = whole_stack_budget;
        outcome.trap = call_outside(context, entry, stack.get());
    } else {
        enter(entry, outcome);
    }
    if (context.uses_floats) {
        context.floats.leave();
    }
    outcome.gas_used = outcome.trap == Trap::out_of_gas
                           ? gas_limit
                           : gas_limit - static_cast<std::uint64_t>(context.gas);
    if (outcome.trap == Trap::none && !type.results.empty()) {
        outcome.results.assign(stack.get(), stack.get() + type.results.size());
    }
    running = false;
    return outcome;
}

Outcome Instance::initialise(std::uint64_t gas_limit, void* host_context) {
    AQD_ASSERT(!state_->initialised);
    Outcome outcome;
    outcome.trap = state_->apply_segments();
    if (outcome.trap != Trap::none) {
        return outcome;
    }
    if (const auto start = state_->wasm_module().start) {
        outcome = state_->call(state_->parts().functions[*start], {}, gas_limit, host_context);
    }
    state_->initialised = outcome.trap == Trap::none;
    return outcome;
}

Outcome Instance::invoke(std::uint32_t function_index, std::span<const std::uint64_t> arguments,
                         std::uint64_t gas_limit, void* host_context) {
    AQD_ASSERT(state_->initialised);
    AQD_ASSERT(function_index < state_->parts().functions.size());
    return state_->call(state_->parts().functions[function_index], arguments, gas_limit,
                        host_context);
}

Outcome Instance::invoke(std::string_view export_name, std::span<const std::uint64_t> arguments,
                         std::uint64_t gas_limit, void* host_context) {
    const auto function = check_call(export_name, arguments.size());
    AQD_ASSERT(function.has_value());
    return invoke(*function, arguments, gas_limit, host_context);
}

Result<std::uint32_t> Instance::check_call(std::string_view export_name,
                                           std::size_t argument_count) const {
    const auto& exported = state_->parts().exported_functions;
    const auto found = std::ranges::lower_bound(exported, export_name, {},
                                                &std::pair<std::string_view, std::uint32_t>::first);
    if (found == exported.end() || found->first != export_name) {
        return fail(ErrorCode::not_found, "no exported function " + std::string(export_name));
    }
    const std::size_t parameters =
        state_->wasm_module().type_of_function(found->second).parameters.size();
    if (parameters != argument_count) {
        return fail(ErrorCode::invalid, std::string(export_name) + " takes " +
                                            std::to_string(parameters) + " arguments");
    }
    return found->second;
}

void Instance::reset() {
    AQD_ASSERT(!state_->in_store);
    // A memory never shrinks, so its size is the high-water mark.
    for (const auto& memory : state_->own_memories) {
        memory->reserved.clear(memory->bytes);
    }
    state_->fill();
}

std::span<std::uint8_t> Instance::memory() {
    return {state_->context.memory(), static_cast<std::size_t>(state_->context.memory_bytes())};
}

std::uint64_t Instance::global(std::uint32_t index) const {
    const auto& imported = state_->parts().imported_globals;
    return index < imported.size() ? *imported[index] : state_->globals[index];
}

const LinkedModule& Instance::module() const {
    return *state_->linked;
}

}  // namespace aqd::exec

#include "vm/exec/linked_module.h"
#include "vm/exec/reserved_memory.h"

#include <aqd/base/assert.h>
#include <aqd/exec/instance.h>
#include <aqd/prepare/instruction.h>

#include <algorithm>
#include <limits>
#include <string>

namespace aqd::exec {
namespace {

/// Frames overlap, so all of them together take what the counters allow, two saved words for each
/// call, and the temporaries of the last one.
constexpr std::size_t stack_slots =
    max_stack_bytes / 8 + 2 * max_call_depth + 2 + prepare::max_temporaries;

constexpr std::uint64_t whole_stack_budget = std::uint64_t{max_call_depth} << 32U | max_stack_bytes;

static_assert(max_stack_bytes == prepare::max_frame_bytes);

}  // namespace

struct Instance::State {
    std::shared_ptr<const LinkedModule> linked;
    Context context;
    ReservedMemory memory;
    std::vector<std::uint64_t> globals;
    std::vector<Table> tables;
    std::vector<std::uint8_t> data_dropped;
    std::vector<std::uint8_t> elements_dropped;
    std::unique_ptr<std::uint64_t[]> stack;
    bool initialised = false;
    bool running = false;

    [[nodiscard]] const LinkedModule::Parts& parts() const { return linked->parts(); }
    [[nodiscard]] const wasm::Module& wasm_module() const { return parts().code.module.module(); }
    void fill();
    Trap apply_segments();
    Outcome call(const FunctionEntry& entry, std::span<const std::uint64_t> arguments,
                 std::uint64_t gas_limit, void* host_context);
    void enter(const FunctionEntry& entry, Outcome& outcome);
    [[nodiscard]] Location location_of(const std::uint16_t* instruction) const;
    [[nodiscard]] std::uint64_t offset_value(const wasm::ConstantExpression& expression) const {
        return expression.kind == wasm::ConstantExpression::Kind::global
                   ? static_cast<std::uint32_t>(globals[expression.value])
                   : expression.value;
    }
};

/// Everything but the memory, as it is before the segments are applied.
void Instance::State::fill() {
    globals = parts().globals;
    const auto& types = wasm_module().tables;
    tables.resize(types.size());
    for (std::size_t i = 0; i < types.size(); ++i) {
        tables[i].elements.assign(types[i].size.minimum, nullptr);
    }
    data_dropped.assign(parts().data.size(), 0);
    elements_dropped.assign(parts().elements.size(), 0);
    context.globals = globals.data();
    context.tables = tables;
    context.memory = memory.data();
    context.memory_bytes = parts().memory_bytes;
    context.most_memory_bytes = parts().most_memory_bytes;
    context.schedule = &parts().code.schedule;
    context.uses_floats = parts().code.uses_floats;
    context.data = parts().data;
    context.elements = parts().elements;
    context.data_dropped = data_dropped.data();
    context.elements_dropped = elements_dropped.data();
    initialised = false;
}

Result<Instance> Instance::create(std::shared_ptr<const LinkedModule> module) {
    auto state = std::make_unique<State>();
    state->linked = std::move(module);
    AQD_CHECK(state->memory.reserve(state->parts().most_memory_bytes));
    state->stack = std::make_unique_for_overwrite<std::uint64_t[]>(stack_slots);
    state->fill();
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
            auto& to = tables[segment.table_index].elements;
            const std::uint64_t at = offset_value(segment.offset);
            if (at + from.size() > to.size()) {
                return Trap::table_out_of_bounds;
            }
            std::copy(from.begin(), from.end(), to.begin() + static_cast<std::ptrdiff_t>(at));
        }
        elements_dropped[i] = segment.mode != wasm::SegmentMode::passive;
    }
    for (std::size_t i = 0; i < module.data.size(); ++i) {
        const wasm::DataSegment& segment = module.data[i];
        if (segment.mode == wasm::SegmentMode::active) {
            const BytesView from = parts().data[i];
            const std::uint64_t at = offset_value(segment.offset);
            if (at + from.size() > context.memory_bytes) {
                return Trap::memory_out_of_bounds;
            }
            std::copy(from.begin(), from.end(), context.memory + at);
            data_dropped[i] = 1;
        }
    }
    return Trap::none;
}

Location Instance::State::location_of(const std::uint16_t* instruction) const {
    const prepare::PreparedCode& code = parts().code;
    const auto word = static_cast<std::uint32_t>(instruction - code.words.data());
    const auto after =
        std::ranges::upper_bound(code.functions, word, {}, &prepare::PreparedFunction::code);
    const auto body = static_cast<std::uint32_t>(after - code.functions.begin() - 1);
    return {wasm_module().imported_functions + body, prepare::origin_of(code, word)};
}

/// A function of the module whose arguments lie at the start of the stack.
void Instance::State::enter(const FunctionEntry& entry, Outcome& outcome) {
    const wasm::Module& module = wasm_module();
    const Location start{entry.index,
                         module.bodies[entry.index - module.imported_functions].code.offset};
    const std::uint64_t budget = whole_stack_budget - entry.stack_cost;
    if ((budget & stack_exhausted_bits) != 0) {
        outcome.trap = Trap::stack_exhausted;
        outcome.where = start;
        return;
    }
    context.stack_budget = budget;
    context.gas -= entry.entry_gas;
    if (context.gas < 0) {
        outcome.trap = Trap::out_of_gas;
        outcome.where = start;
        return;
    }
    context.trap = Trap::none;
    run(context, entry, stack.get(), parts().exit.data());
    outcome.trap = context.trap;
    if (outcome.trap != Trap::none) {
        outcome.where = location_of(context.trap_at);
    }
}

Outcome Instance::State::call(const FunctionEntry& entry, std::span<const std::uint64_t> arguments,
                              std::uint64_t gas_limit, void* host_context) {
    AQD_ASSERT(!running);
    const wasm::FunctionType& type = wasm_module().type_of_function(entry.index);
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
    if (entry.host != nullptr) {
        outcome.trap = call_host(context, entry, stack.get());
    } else {
        enter(entry, outcome);
    }
    if (context.uses_floats) {
        context.floats.leave();
    }
    outcome.gas_used = outcome.trap == Trap::out_of_gas
                           ? gas_limit
                           : gas_limit - static_cast<std::uint64_t>(context.gas);
    if (outcome.trap == Trap::none) {
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
    // A memory never shrinks, so its size is the high-water mark.
    state_->memory.clear(state_->context.memory_bytes);
    state_->fill();
}

std::span<std::uint8_t> Instance::memory() {
    return {state_->context.memory, static_cast<std::size_t>(state_->context.memory_bytes)};
}

std::uint64_t Instance::global(std::uint32_t index) const {
    return state_->globals[index];
}

const LinkedModule& Instance::module() const {
    return *state_->linked;
}

}  // namespace aqd::exec

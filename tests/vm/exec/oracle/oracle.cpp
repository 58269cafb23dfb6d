#include "tests/vm/exec/oracle/oracle.h"

#include <aqd/wasm/code_reader.h>

#include <algorithm>
#include <utility>

namespace aqd::oracle {

using exec::Trap;
using wasm::CodeReader;
using wasm::Opcode;

Oracle::Oracle(wasm::ValidatedModule module, const gas::Schedule& schedule,
               std::span<const exec::HostFunction> host_functions)
    : module_(std::move(module)), schedule_(schedule) {
    for (const wasm::Import& import : module_->imports) {
        const auto host =
            std::ranges::find_if(host_functions, [&](const exec::HostFunction& candidate) {
                return candidate.module == import.module && candidate.name == import.name;
            });
        hosts_.push_back(*host);
    }
    for (std::uint32_t i = 0; i < module_->bodies.size(); ++i) {
        scan(i);
    }
    if (!module_->memories.empty()) {
        memory_.resize(module_->memories[0].pages.minimum * wasm::page_size_bytes);
    }
    for (const wasm::Global& global : module_->globals) {
        globals_.push_back(global.initial.kind == wasm::ConstantExpression::Kind::global
                               ? globals_[global.initial.value]
                               : global.initial.value);
    }
    for (const wasm::TableType& table : module_->tables) {
        tables_.emplace_back(table.size.minimum, wasm::null_function);
    }
    data_dropped_.resize(module_->data.size());
    elements_dropped_.resize(module_->elements.size());
}

/// Finds where each block ends.
void Oracle::scan(std::uint32_t index) {
    Body body;
    for (const gas::RegionCost& region : gas::region_costs(module_, index, schedule_)) {
        body.costs[region.code_offset] = region.cost;
    }
    std::vector<std::uint32_t> open;
    CodeReader in(module_.module(), module_->bodies[index]);
    while (!in.at_end()) {
        const std::uint32_t at = in.offset();
        const Opcode opcode = in.opcode();
        in.skip(wasm::facts_of(opcode).immediate);
        if (opcode == Opcode::block || opcode == Opcode::loop || opcode == Opcode::if_) {
            open.push_back(at);
        } else if (opcode == Opcode::else_) {
            body.blocks[open.back()].else_start = in.offset();
        } else if (opcode == Opcode::end && !open.empty()) {
            body.blocks[open.back()].behind = in.offset();
            open.pop_back();
        }
    }
    bodies_.push_back(std::move(body));
}

exec::Outcome Oracle::initialise(std::uint64_t gas_limit, void* host_context) {
    exec::Outcome outcome;
    const auto value = [&](const wasm::ConstantExpression& expression) {
        return expression.kind == wasm::ConstantExpression::Kind::global
                   ? globals_[expression.value]
                   : expression.value;
    };
    for (std::size_t i = 0; i < module_->elements.size(); ++i) {
        const wasm::ElementSegment& segment = module_->elements[i];
        if (segment.mode == wasm::SegmentMode::active) {
            auto& table = tables_[segment.table_index];
            const std::uint64_t at = value(segment.offset);
            if (at + segment.functions.size() > table.size()) {
                outcome.trap = Trap::table_out_of_bounds;
                return outcome;
            }
            for (std::size_t k = 0; k < segment.functions.size(); ++k) {
                table[at + k] = segment.functions[k];
            }
        }
        elements_dropped_[i] = segment.mode != wasm::SegmentMode::passive;
    }
    for (std::size_t i = 0; i < module_->data.size(); ++i) {
        const wasm::DataSegment& segment = module_->data[i];
        if (segment.mode == wasm::SegmentMode::active) {
            const std::uint64_t at = value(segment.offset);
            if (at + segment.bytes.size > memory_.size()) {
                outcome.trap = Trap::memory_out_of_bounds;
                return outcome;
            }
            for (std::uint32_t k = 0; k < segment.bytes.size; ++k) {
                memory_[at + k] = module_->bytes[segment.bytes.offset + k];
            }
            data_dropped_[i] = true;
        }
    }
    return module_->start ? start_call(*module_->start, {}, gas_limit, host_context) : outcome;
}

exec::Outcome Oracle::invoke(std::uint32_t function_index, std::span<const std::uint64_t> arguments,
                             std::uint64_t gas_limit, void* host_context) {
    return start_call(function_index, arguments, gas_limit, host_context);
}

exec::Outcome Oracle::start_call(std::uint32_t function, std::span<const std::uint64_t> arguments,
                                 std::uint64_t gas_limit, void* host_context) {
    stack_.clear();
    frames_.clear();
    stack_bytes_ = 0;
    gas_left_ = gas_limit;
    host_context_ = host_context;
    trap_ = Trap::none;
    const wasm::FunctionType& type = module_->type_of_function(function);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        push(is_narrow(type.parameters[i]) ? arguments[i] & 0xffff'ffffU : arguments[i]);
    }
    const bool host = function < module_->imported_functions;
    location_ = {function,
                 host ? 0 : module_->bodies[function - module_->imported_functions].code.offset};
    call(function);
    run();
    exec::Outcome outcome;
    outcome.trap = trap_;
    outcome.gas_used = trap_ == Trap::out_of_gas ? gas_limit : gas_limit - gas_left_;
    if (trap_ == Trap::none) {
        outcome.results = stack_;
    } else if (!host) {
        outcome.where = location_;
    }
    return outcome;
}

void Oracle::run() {
    while (trap_ == Trap::none && !frames_.empty()) {
        step();
    }
}

void Oracle::trap(Trap trap) {
    if (trap_ == Trap::none) {
        trap_ = trap;
    }
}

void Oracle::charge(std::uint64_t cost) {
    if (cost > gas_left_) {
        trap(Trap::out_of_gas);
    } else {
        gas_left_ -= cost;
    }
}

std::uint64_t Oracle::pop() {
    const std::uint64_t value = stack_.back();
    stack_.pop_back();
    return value;
}

void Oracle::enter_region(std::uint32_t offset) {
    charge(body().costs.at(offset));
}

void Oracle::step() {
    CodeReader in(module_.module(),
                  module_->bodies[frame().function - module_->imported_functions]);
    in.seek(frame().at);
    location_ = {frame().function, in.offset()};
    const Opcode opcode = in.opcode();
    const std::size_t frames = frames_.size();
    if (step_control(opcode, in)) {
        return;
    }
    if (!step_variable(opcode, in) && !step_memory(opcode, in) && !step_bulk(opcode, in) &&
        !step_float(opcode, in)) {
        step_numeric(opcode, in);
    }
    if (frames == frames_.size()) {
        frame().at = in.offset();
    }
}

void Oracle::open(Opcode opcode, CodeReader& in) {
    const BlockEnds ends = body().blocks.at(location_.code_offset);
    const auto [parameters, results] = in.block_arity(module_.module());
    frame().at = in.offset();
    if (opcode == Opcode::if_) {
        const bool condition = pop32() != 0;
        if (!condition) {
            frame().at = ends.else_start != 0 ? ends.else_start : ends.behind;
        }
        enter_region(frame().at);
        if (!condition && ends.else_start == 0) {
            return;
        }
    }
    const bool loop = opcode == Opcode::loop;
    frame().labels.push_back({loop, stack_.size() - parameters, loop ? parameters : results,
                              loop ? in.offset() : ends.behind});
}

void Oracle::branch(std::uint32_t depth) {
    auto& labels = frame().labels;
    if (depth == labels.size()) {
        give_back();
        return;
    }
    labels.resize(labels.size() - depth);
    const Label label = labels.back();
    std::vector<std::uint64_t> values(stack_.end() - static_cast<std::ptrdiff_t>(label.arity),
                                      stack_.end());
    stack_.resize(label.height);
    stack_.insert(stack_.end(), values.begin(), values.end());
    if (!label.is_loop) {
        labels.pop_back();
    }
    frame().at = label.target;
    enter_region(label.target);
}

void Oracle::give_back() {
    const std::size_t count = module_->type_of_function(frame().function).results.size();
    std::vector<std::uint64_t> values(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                      stack_.end());
    stack_.resize(frame().height);
    stack_.insert(stack_.end(), values.begin(), values.end());
    stack_bytes_ -= frame().bytes;
    frames_.pop_back();
}

void Oracle::call_host(std::uint32_t function) {
    const exec::HostFunction& host = hosts_[function];
    const std::size_t count = host.type.parameters.size();
    charge(host.gas);
    if (trap_ != Trap::none) {
        return;
    }
    std::vector<std::uint64_t> arguments(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                         stack_.end());
    stack_.resize(stack_.size() - count);
    exec::HostCall call(arguments, memory_, gas_left_);
    const Trap result = host.callback(host_context_, call);
    if (call.exhausted()) {
        return trap(Trap::out_of_gas);
    }
    gas_left_ = call.gas_left();
    if (result != Trap::none) {
        return trap(result);
    }
    if (!host.type.results.empty()) {
        push(is_narrow(host.type.results[0]) ? call.result() & 0xffff'ffffU : call.result());
    }
}

void Oracle::call(std::uint32_t function) {
    if (function < module_->imported_functions) {
        return call_host(function);
    }
    const std::uint32_t index = function - module_->imported_functions;
    const wasm::FunctionBody& code = module_->bodies[index];
    const std::size_t parameters = module_->type_of_function(function).parameters.size();
    Frame next;
    next.function = function;
    next.at = code.code.offset;
    next.bytes =
        8 * (std::uint64_t{code.local_count} + parameters + module_.facts(index).max_height);
    if (frames_.size() == exec::max_call_depth ||
        stack_bytes_ + next.bytes > exec::max_stack_bytes) {
        return trap(Trap::stack_exhausted);
    }
    next.locals.assign(stack_.end() - static_cast<std::ptrdiff_t>(parameters), stack_.end());
    next.locals.resize(parameters + code.local_count);
    stack_.resize(stack_.size() - parameters);
    next.height = stack_.size();
    stack_bytes_ += next.bytes;
    frames_.push_back(std::move(next));
    enter_region(code.code.offset);
}

// Longer than seventy lines: a case for each instruction that moves control.
bool Oracle::step_control(Opcode opcode, CodeReader& in) {
    switch (opcode) {
        case Opcode::unreachable:
            trap(Trap::unreachable);
            return true;
        case Opcode::block:
        case Opcode::loop:
        case Opcode::if_:
            open(opcode, in);
            return true;
        case Opcode::else_: {
            const Label label = frame().labels.back();
            frame().labels.pop_back();
            frame().at = label.target;
            enter_region(label.target);
            return true;
        }
        case Opcode::end:
            if (frame().labels.empty()) {
                give_back();
            } else {
                frame().labels.pop_back();
                frame().at = in.offset();
            }
            return true;
        case Opcode::br:
            branch(in.u32());
            return true;
        case Opcode::br_if: {
            const std::uint32_t depth = in.u32();
            if (pop32() != 0) {
                branch(depth);
            } else {
                frame().at = in.offset();
                enter_region(in.offset());
            }
            return true;
        }
        case Opcode::br_table: {
            const std::uint32_t count = in.u32();
            const std::uint32_t index = std::min(pop32(), count);
            std::uint32_t depth = 0;
            for (std::uint64_t i = 0; i <= index; ++i) {
                depth = in.u32();
            }
            branch(depth);
            return true;
        }
        case Opcode::return_:
            give_back();
            return true;
        case Opcode::call: {
            const std::uint32_t function = in.u32();
            frame().at = in.offset();
            call(function);
            return true;
        }
        case Opcode::call_indirect: {
            const std::uint32_t type = in.u32();
            const auto& table = tables_[in.u32()];
            frame().at = in.offset();
            const std::uint32_t index = pop32();
            if (index >= table.size()) {
                trap(Trap::undefined_element);
            } else if (table[index] == wasm::null_function) {
                trap(Trap::uninitialized_element);
            } else if (module_->type_of_function(table[index]) != module_->types[type]) {
                trap(Trap::indirect_call_type);
            } else {
                call(table[index]);
            }
            return true;
        }
        default:
            return false;
    }
}

bool Oracle::step_variable(Opcode opcode, CodeReader& in) {
    switch (opcode) {
        case Opcode::nop:
            return true;
        case Opcode::drop:
            pop();
            return true;
        case Opcode::select: {
            const bool first = pop32() != 0;
            const std::uint64_t b = pop();
            const std::uint64_t a = pop();
            push(first ? a : b);
            return true;
        }
        case Opcode::local_get:
            push(frame().locals[in.u32()]);
            return true;
        case Opcode::local_set:
            frame().locals[in.u32()] = pop();
            return true;
        case Opcode::local_tee:
            frame().locals[in.u32()] = stack_.back();
            return true;
        case Opcode::global_get:
            push(globals_[in.u32()]);
            return true;
        case Opcode::global_set:
            globals_[in.u32()] = pop();
            return true;
        default:
            return false;
    }
}

bool Oracle::step_bulk(Opcode opcode, CodeReader& in) {
    if (opcode == Opcode::data_drop) {
        data_dropped_[in.u32()] = true;
        return true;
    }
    if (opcode == Opcode::elem_drop) {
        elements_dropped_[in.u32()] = true;
        return true;
    }
    if (opcode < Opcode::memory_init || opcode > Opcode::table_copy) {
        return false;
    }
    const std::uint32_t first = in.u32();
    const std::uint32_t second = opcode == Opcode::memory_fill ? 0 : in.u32();
    const std::uint64_t size = pop32();
    const std::uint64_t from = pop32();
    const std::uint64_t to = pop32();
    // One octet or element after the other, from the end that keeps overlapping copies right.
    const auto copy = [&](auto get, auto set) {
        for (std::uint64_t i = 0; i < size; ++i) {
            const std::uint64_t k = to <= from ? i : size - 1 - i;
            set(to + k, get(from + k));
        }
    };
    const bool tables = opcode == Opcode::table_init || opcode == Opcode::table_copy;
    std::uint64_t from_size = memory_.size();
    if (opcode == Opcode::memory_init) {
        from_size = data_dropped_[first] ? 0 : module_->data[first].bytes.size;
    } else if (opcode == Opcode::table_init) {
        from_size = elements_dropped_[first] ? 0 : module_->elements[first].functions.size();
    } else if (opcode == Opcode::table_copy) {
        from_size = tables_[second].size();
    }
    const std::uint32_t table = opcode == Opcode::table_init ? second : first;
    const std::uint64_t to_size = tables ? tables_[table].size() : memory_.size();
    if (to + size > to_size || (opcode != Opcode::memory_fill && from + size > from_size)) {
        trap(tables ? Trap::table_out_of_bounds : Trap::memory_out_of_bounds);
        return true;
    }
    charge(tables ? schedule_.element_cost(size) : schedule_.bulk_cost(size));
    if (trap_ != Trap::none) {
        return true;
    }
    const auto set_octet = [&](std::uint64_t at, std::uint8_t value) { memory_[at] = value; };
    const auto set_element = [&](std::uint64_t at, std::uint32_t value) {
        tables_[table][at] = value;
    };
    if (opcode == Opcode::memory_fill) {
        copy([&](std::uint64_t) { return static_cast<std::uint8_t>(from); }, set_octet);
    } else if (opcode == Opcode::memory_copy) {
        copy([&](std::uint64_t at) { return memory_[at]; }, set_octet);
    } else if (opcode == Opcode::memory_init) {
        const BytesView data = module_->view(module_->data[first].bytes);
        copy([&](std::uint64_t at) { return data[at]; }, set_octet);
    } else if (opcode == Opcode::table_init) {
        copy([&](std::uint64_t at) { return module_->elements[first].functions[at]; }, set_element);
    } else {
        copy([&](std::uint64_t at) { return tables_[second][at]; }, set_element);
    }
    return true;
}

}  // namespace aqd::oracle

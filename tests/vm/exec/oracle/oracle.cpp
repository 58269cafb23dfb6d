#include "tests/vm/exec/oracle/oracle.h"

#include <aqd/wasm/code_reader.h>
#include <aqd/wasm/constant_reader.h>

#include <algorithm>
#include <utility>

namespace aqd::oracle {

using exec::Trap;
using wasm::CodeReader;
using wasm::Opcode;

Oracle::Oracle(wasm::ValidatedModule module, const gas::Schedule& schedule,
               std::span<const exec::HostFunction> host_functions,
               const std::map<std::string, Oracle*>& others)
    : module_(std::move(module)), schedule_(schedule) {
    for (const wasm::Import& import : module_->imports) {
        const auto host =
            std::ranges::find_if(host_functions, [&](const exec::HostFunction& candidate) {
                return candidate.module == import.module && candidate.name == import.name;
            });
        if (import.kind == wasm::ExternalKind::function && host != host_functions.end()) {
            hosts_.push_back(*host);
            own_functions_.push_back(std::make_unique<Function>(this, 0, &hosts_.back()));
            functions_.push_back(own_functions_.back().get());
        } else {
            import_one(import, others);
        }
    }
    define();
    for (std::uint32_t i = 0; i < module_->bodies.size(); ++i) {
        scan(i);
    }
}

void Oracle::import_one(const wasm::Import& import, const std::map<std::string, Oracle*>& others) {
    const Oracle& other = *others.at(import.module);
    const std::uint32_t index = other.module_->find_export(import.name)->index;
    switch (import.kind) {
        case wasm::ExternalKind::function:
            functions_.push_back(other.functions_[index]);
            break;
        case wasm::ExternalKind::table:
            tables_.push_back(other.tables_[index]);
            break;
        case wasm::ExternalKind::memory:
            memories_.push_back(other.memories_[index]);
            break;
        case wasm::ExternalKind::global:
            globals_.push_back(other.globals_[index]);
            break;
    }
}

/// What the module itself defines.
void Oracle::define() {
    for (std::uint32_t i = module_->imported_functions; i < module_->functions.size(); ++i) {
        own_functions_.push_back(std::make_unique<Function>(this, i, nullptr));
        functions_.push_back(own_functions_.back().get());
    }
    for (std::size_t i = module_->imported_memories; i < module_->memories.size(); ++i) {
        const wasm::MemoryType& type = module_->memories[i];
        memories_.push_back(std::make_shared<Memory>());
        memories_.back()->octets.resize(type.pages.minimum * wasm::page_size_bytes);
        memories_.back()->most_pages =
            std::ranges::min({type.pages.maximum.value_or(65'535),
                              std::uint64_t{module_->limits.memory_pages}, std::uint64_t{65'535}});
        memories_.back()->wide = type.wide;
    }
    for (const wasm::Global& global : module_->globals) {
        globals_.push_back(std::make_shared<std::uint64_t>(value_of(global.initial)));
    }
    for (std::size_t i = module_->imported_tables; i < module_->tables.size(); ++i) {
        const wasm::TableType& type = module_->tables[i];
        const auto& initial = module_->table_initials[i - module_->imported_tables];
        tables_.push_back(std::make_shared<Table>());
        tables_.back()->elements.resize(type.size.minimum, initial ? value_of(*initial) : 0);
        tables_.back()->most = std::min<std::uint64_t>(
            type.size.maximum.value_or(~std::uint64_t{0}), module_->limits.table_elements);
        tables_.back()->wide = type.wide;
    }
    data_dropped_.resize(module_->data.size());
    elements_dropped_.resize(module_->elements.size());
}

std::uint64_t Oracle::value_of(const wasm::ConstantExpression& expression) const {
    return wasm::evaluate(module_.module(), expression,
                          [this](const wasm::ConstantExpression& one) {
                              switch (one.kind) {
                                  case wasm::ConstantExpression::Kind::global:
                                      return *globals_[one.value];
                                  case wasm::ConstantExpression::Kind::function:
                                      return reference_to(functions_[one.value]);
                                  default:
                                      return one.value;
                              }
                          });
}

std::uint64_t Oracle::element_of(const wasm::ElementSegment& segment, std::size_t k) const {
    if (!segment.items.empty()) {
        return value_of(segment.items[k]);
    }
    const std::uint32_t function = segment.functions[k];
    return function == wasm::null_function ? 0 : reference_to(functions_[function]);
}

/// Structure against structure. A type refers to earlier types, or to itself.
bool Oracle::same_type(const wasm::Module& a, std::uint32_t type_a, const wasm::Module& b,
                       std::uint32_t type_b) {
    const auto same = [&](wasm::ValueType x, wasm::ValueType y) {
        if (!is_indexed(x) || !is_indexed(y)) {
            return x == y;
        }
        const std::uint32_t i = type_index_of(x);
        const std::uint32_t k = type_index_of(y);
        if (is_non_null(x) != is_non_null(y) || (i == type_a) != (k == type_b)) {
            return false;
        }
        return i == type_a || same_type(a, i, b, k);
    };
    const wasm::FunctionType& x = a.types[type_a];
    const wasm::FunctionType& y = b.types[type_b];
    return std::ranges::equal(x.parameters, y.parameters, same) &&
           std::ranges::equal(x.results, y.results, same);
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
    for (std::size_t i = 0; i < module_->elements.size(); ++i) {
        const wasm::ElementSegment& segment = module_->elements[i];
        if (segment.mode == wasm::SegmentMode::active) {
            auto& table = tables_[segment.table_index]->elements;
            const std::uint64_t at = value_of(segment.offset);
            if (at > table.size() || segment.size() > table.size() - at) {
                outcome.trap = Trap::table_out_of_bounds;
                return outcome;
            }
            for (std::size_t k = 0; k < segment.size(); ++k) {
                table[at + k] = element_of(segment, k);
            }
        }
        elements_dropped_[i] = segment.mode != wasm::SegmentMode::passive;
    }
    for (std::size_t i = 0; i < module_->data.size(); ++i) {
        const wasm::DataSegment& segment = module_->data[i];
        if (segment.mode == wasm::SegmentMode::active) {
            auto& memory = memories_[segment.memory_index]->octets;
            const std::uint64_t at = value_of(segment.offset);
            if (at > memory.size() || segment.bytes.size > memory.size() - at) {
                outcome.trap = Trap::memory_out_of_bounds;
                return outcome;
            }
            for (std::uint32_t k = 0; k < segment.bytes.size; ++k) {
                memory[at + k] = module_->bytes[segment.bytes.offset + k];
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
    outside_ = false;
    const bool host = function < module_->imported_functions;
    location_ = {function,
                 host ? 0 : module_->bodies[function - module_->imported_functions].code.offset};
    call(*functions_[function]);
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
    const wasm::Module& module = self().module();
    CodeReader in(module, module.bodies[frame().function - module.imported_functions]);
    in.seek(frame().at);
    outside_ = outside_ && frames_.size() > inside_;
    at_ = in.offset();
    if (!outside_) {
        location_ = {frame().function, at_};
    }
    const Opcode opcode = in.opcode();
    const std::size_t frames = frames_.size();
    if (step_control(opcode, in)) {
        return;
    }
    if (!step_variable(opcode, in) && !step_memory(opcode, in) && !step_bulk(opcode, in) &&
        !step_float(opcode, in) && !step_reference(opcode, in)) {
        step_numeric(opcode, in);
    }
    if (frames == frames_.size()) {
        frame().at = in.offset();
    }
}

void Oracle::open(Opcode opcode, CodeReader& in) {
    const BlockEnds ends = body().blocks.at(at_);
    const auto [parameters, results] = in.block_arity(self().module());
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

void Oracle::leave_frame() {
    stack_bytes_ -= frame().bytes;
    frames_.pop_back();
}

void Oracle::give_back() {
    const std::size_t count = self().module_->type_of_function(frame().function).results.size();
    std::vector<std::uint64_t> values(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                      stack_.end());
    stack_.resize(frame().height);
    stack_.insert(stack_.end(), values.begin(), values.end());
    leave_frame();
}

void Oracle::call_host(const exec::HostFunction& host) {
    const std::size_t count = host.type.parameters.size();
    charge(host.gas);
    if (trap_ != Trap::none) {
        return;
    }
    std::vector<std::uint64_t> arguments(stack_.end() - static_cast<std::ptrdiff_t>(count),
                                         stack_.end());
    stack_.resize(stack_.size() - count);
    Oracle& caller = frames_.empty() ? *this : self();
    exec::HostCall call(arguments,
                        caller.memories_.empty() ? std::span<std::uint8_t>()
                                                 : std::span(caller.memories_[0]->octets),
                        gas_left_);
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

void Oracle::call(const Function& function) {
    if (function.host != nullptr) {
        return call_host(*function.host);
    }
    const wasm::ValidatedModule& module = function.owner->module_;
    const std::uint32_t index = function.index - module->imported_functions;
    const wasm::FunctionBody& code = module->bodies[index];
    const std::size_t parameters = module->type_of_function(function.index).parameters.size();
    Frame next;
    next.owner = function.owner;
    next.function = function.index;
    next.at = code.code.offset;
    next.bytes =
        8 * (std::uint64_t{code.local_count} + parameters + module.facts(index).max_height);
    if (frames_.size() == exec::max_call_depth ||
        stack_bytes_ + next.bytes > exec::max_stack_bytes) {
        return trap(Trap::stack_exhausted);
    }
    if (!outside_ && function.owner != this) {
        outside_ = true;
        inside_ = frames_.size();
    }
    next.locals.assign(stack_.end() - static_cast<std::ptrdiff_t>(parameters), stack_.end());
    next.locals.resize(parameters + code.local_count);
    stack_.resize(stack_.size() - parameters);
    next.height = stack_.size();
    stack_bytes_ += next.bytes;
    frames_.push_back(std::move(next));
    enter_region(code.code.offset);
}

/// Calls of every kind. A tail call takes its arguments from a frame that is gone.
bool Oracle::step_call(Opcode opcode, CodeReader& in) {
    const Function* callee = nullptr;
    switch (opcode) {
        case Opcode::call:
        case Opcode::return_call:
            callee = self().functions_[in.u32()];
            break;
        case Opcode::call_indirect:
        case Opcode::return_call_indirect: {
            const std::uint32_t type = in.u32();
            const auto& table = self().tables_[in.u32()]->elements;
            const std::uint64_t index = pop();
            if (index >= table.size()) {
                trap(Trap::undefined_element);
                return true;
            }
            callee = function_of(table[index]);
            if (callee == nullptr) {
                trap(Trap::uninitialized_element);
                return true;
            }
            const wasm::Module& owner = callee->owner->module();
            const bool same =
                callee->host != nullptr
                    ? callee->host->type == self().module_->types[type]
                    : same_type(owner, owner.functions[callee->index], self().module(), type);
            if (!same) {
                trap(Trap::indirect_call_type);
                return true;
            }
            break;
        }
        case Opcode::call_ref:
        case Opcode::return_call_ref:
            in.u32();
            callee = function_of(pop());
            if (callee == nullptr) {
                trap(Trap::null_reference);
                return true;
            }
            break;
        default:
            return false;
    }
    frame().at = in.offset();
    if (wasm::facts_of(opcode).feature == wasm::Feature::tail_calls) {
        const std::size_t count =
            callee->host != nullptr
                ? callee->host->type.parameters.size()
                : callee->owner->module_->type_of_function(callee->index).parameters.size();
        stack_.erase(stack_.begin() + static_cast<std::ptrdiff_t>(frame().height),
                     stack_.end() - static_cast<std::ptrdiff_t>(count));
        leave_frame();
    }
    call(*callee);
    return true;
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
        case Opcode::br_on_null:
        case Opcode::br_on_non_null: {
            const std::uint32_t depth = in.u32();
            const std::uint64_t reference = pop();
            const bool when_null = opcode == Opcode::br_on_null;
            if ((reference != 0) == when_null) {
                if (when_null) {
                    push(reference);
                }
                frame().at = in.offset();
                enter_region(in.offset());
            } else {
                if (!when_null) {
                    push(reference);
                }
                branch(depth);
            }
            return true;
        }
        default:
            return step_call(opcode, in);
    }
}

bool Oracle::step_variable(Opcode opcode, CodeReader& in) {
    switch (opcode) {
        case Opcode::nop:
            return true;
        case Opcode::drop:
            pop();
            return true;
        case Opcode::select_typed:
            in.skip(wasm::Immediate::types);
            [[fallthrough]];
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
            push(*self().globals_[in.u32()]);
            return true;
        case Opcode::global_set:
            *self().globals_[in.u32()] = pop();
            return true;
        default:
            return false;
    }
}

}  // namespace aqd::oracle

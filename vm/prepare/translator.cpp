#include "vm/prepare/translator.h"

#include <aqd/base/assert.h>

#include <algorithm>

namespace aqd::prepare {
namespace {

using wasm::Opcode;

/// A larger tree is computed at once. Bounds recursion, temporaries and the time of
/// `Expressions::reads`.
constexpr std::uint16_t largest_tree = 16;

/// So many operands at the top of the stack may be trees; deeper ones are sent home, which keeps
/// translation linear.
constexpr std::uint32_t widest_window = 32;

}  // namespace

Translator::Translator(const wasm::ValidatedModule& module, const gas::Schedule& schedule,
                       PreparedCode& out)
    : module_(module.module()),
      schedule_(schedule),
      out_(out),
      in_(module_, wasm::FunctionBody{}),
      meter_(schedule),
      code_(out),
      emitter_(code_, nodes_) {
    constant_global_.resize(module_.global_types.size());
    for (std::size_t i = 0; i < module_.globals.size(); ++i) {
        constant_global_[module_.imported_globals + i] =
            !module_.globals[i].type.is_mutable &&
            module_.globals[i].initial.kind == wasm::ConstantExpression::Kind::value;
    }
}

PreparedFunction Translator::translate(std::uint32_t body_index) {
    const wasm::FunctionBody& body = module_.bodies[body_index];
    const std::uint32_t index = module_.imported_functions + body_index;
    type_ = &module_.type_of_function(index);
    parameters_ = static_cast<std::uint32_t>(type_->parameters.size());
    locals_ = parameters_ + body.local_count;
    const std::uint64_t frame = std::uint64_t{locals_} + out_.module.facts(body_index).max_height;

    PreparedFunction function;
    function.code = code_.position();
    function.parameters = parameters_;
    function.locals = locals_;
    function.results = static_cast<std::uint32_t>(type_->results.size());
    function.type_id = out_.type_ids[module_.functions[index]];
    if (frame * 8 > max_frame_bytes) {
        // It can never be entered: its frame alone is more than the whole stack.
        function.frame_cost_bytes = max_frame_bytes + 8;
        function.first_zeroed = function.zeroed_end = parameters_;
        code_.begin({Operation::op_unreachable}, body.code.offset);
        code_.finish_function(meter_);
        function.code_words = code_.position() - function.code;
        return function;
    }
    function.frame_cost_bytes = stack_cost_bytes_ = static_cast<std::uint32_t>(frame * 8);

    in_ = wasm::CodeReader(module_, body);
    meter_.begin_function(body.local_count);
    nodes_.clear();
    stack_.clear();
    blocks_.clear();
    local_seen_.assign(locals_, 0);
    std::fill_n(local_seen_.begin(), parameters_, std::uint8_t{1});
    zero_from_ = zero_to_ = parameters_;
    settled_ = conditional_blocks_ = dead_depth_ = table_epoch_ = 0;
    dead_ = false;
    emitter_.begin_function(home(out_.module.facts(body_index).max_height));
    blocks_.push_back({Opcode::block, false, 0, 0, function.results, 0, 0});
    while (!blocks_.empty()) {
        at_ = in_.offset();
        const Opcode opcode = in_.opcode();
        if (dead_) {
            skip_dead(opcode);
        } else {
            meter_.add(opcode);
            step(opcode);
        }
    }
    code_.finish_function(meter_);
    function.code_words = code_.position() - function.code;
    function.entry_gas = meter_.cost({});
    function.first_zeroed = zero_from_;
    function.zeroed_end = zero_to_;
    function.frame_slots =
        home(out_.module.facts(body_index).max_height) + emitter_.most_temporaries();
    return function;
}

/// Code behind an unconditional transfer is never reached: only the nesting matters.
void Translator::skip_dead(Opcode opcode) {
    in_.skip(wasm::facts_of(opcode).immediate);
    switch (opcode) {
        case Opcode::block:
        case Opcode::loop:
        case Opcode::if_:
            ++dead_depth_;
            break;
        case Opcode::else_:
            if (dead_depth_ == 0) {
                begin_else(false);
            }
            break;
        case Opcode::end:
            if (dead_depth_ != 0) {
                --dead_depth_;
            } else {
                close_block(false);
            }
            break;
        default:
            break;
    }
}

// ---- the stack of operands ----

void Translator::push(NodeIndex node) {
    stack_.push_back(node);
    if (nodes_[node].size > largest_tree) {
        settle(height() - 1);
    }
    if (height() - settled_ > widest_window) {
        settle(settled_);
    }
}

NodeIndex Translator::pop() {
    const NodeIndex node = stack_.back();
    stack_.pop_back();
    settled_ = std::min(settled_, height());
    return node;
}

void Translator::shrink(std::uint32_t to) {
    stack_.resize(to);
    settled_ = std::min(settled_, to);
}

/// Sends the operand home; first everything whose meaning or order that would change.
void Translator::settle(std::uint32_t position) {
    const std::uint32_t slot = home(position);
    if (!nodes_.is_slot(stack_[position], slot)) {
        if (nodes_[stack_[position]].ordered) {
            settle_ordered(position);
        }
        // Only operands below can read this home, by the invariant of the class.
        for (std::uint32_t lower = settled_; lower < position; ++lower) {
            if (nodes_.reads(stack_[lower], slot)) {
                settle(lower);
            }
        }
        emitter_.to_slot(stack_[position], slot);
        emitter_.release_temporaries();
        stack_[position] = nodes_.slot(slot);
    }
    if (position == settled_) {
        ++settled_;
    }
}

void Translator::settle_all() {
    for (std::uint32_t position = settled_; position < height(); ++position) {
        settle(position);
    }
}

/// Computes every operand below a height that must not be overtaken, in order.
void Translator::settle_ordered(std::uint32_t below) {
    for (std::uint32_t position = settled_; position < below; ++position) {
        if (nodes_[stack_[position]].ordered) {
            settle(position);
        }
    }
}

/// Computes every operand that reads a slot which is about to change.
void Translator::settle_readers(std::uint32_t slot) {
    for (std::uint32_t position = settled_; position < height(); ++position) {
        if (nodes_.reads(stack_[position], slot)) {
            settle(position);
        }
    }
}

void Translator::settle_top(std::uint32_t count) {
    for (std::uint32_t position = height() - count; position < height(); ++position) {
        settle(position);
    }
}

// ---- variables ----

/// A local must be zeroed at entry unless its first mention is a `set` that every path passes.
void Translator::note_local(std::uint32_t local, bool set) {
    if (local_seen_[local] == 0) {
        local_seen_[local] = 1;
        if (!set || conditional_blocks_ != 0) {
            zero_from_ = zero_from_ == zero_to_ ? local : std::min(zero_from_, local);
            zero_to_ = std::max(zero_to_, local + 1);
        }
    }
}

void Translator::get_local(std::uint32_t local) {
    note_local(local, false);
    push(nodes_.slot(local));
}

void Translator::set_local(std::uint32_t local, bool keep) {
    note_local(local, true);
    const NodeIndex node = pop();
    if (!nodes_.is_slot(node, local)) {
        if (nodes_[node].ordered) {
            settle_ordered(height());
        }
        settle_readers(local);
        emitter_.to_slot(node, local);
        emitter_.release_temporaries();
    }
    if (keep) {
        push(nodes_.slot(local));
    }
}

void Translator::get_global(std::uint32_t global) {
    if (constant_global_[global]) {
        const wasm::Global& found = module_.globals[global - module_.imported_globals];
        push(nodes_.constant(is_narrow(found.type.type) ? 32 : 64, found.initial.value));
    } else {
        push(nodes_.global(global < module_.imported_globals ? Operation::op_imported_global_get
                                                             : Operation::op_global_get,
                           global, at_));
    }
}

void Translator::set_global(std::uint32_t global) {
    const NodeIndex node = pop();
    settle_ordered(height());
    const Emitter::Operand value = emitter_.operand(node);
    const bool imported = global < module_.imported_globals;
    code_.begin({imported ? Operation::op_imported_global_set : Operation::op_global_set,
                 Kind::none, Kind::none, value.kind},
                at_);
    code_.u32(global);
    emitter_.words(value, false);
    emitter_.release_temporaries();
}

}  // namespace aqd::prepare

// Calls of every kind, references, tables, and memories as a whole.

#include "vm/prepare/translator.h"

namespace aqd::prepare {

using wasm::Opcode;

/// Brings arguments to their homes. The callee's frame lies over every home from the first on.
std::uint32_t Translator::arrange(const wasm::FunctionType& type) {
    const auto arguments = static_cast<std::uint32_t>(type.parameters.size());
    const std::uint32_t base = height() - arguments;
    for (std::uint32_t position = settled_; position < base; ++position) {
        const Node& node = nodes_[stack_[position]];
        if (node.ordered || node.highest_slot > home(base)) {
            settle(position);
        }
    }
    settle_top(arguments);
    return base;
}

void Translator::call(std::uint32_t function, bool tail) {
    const wasm::FunctionType& type = module_.type_of_function(function);
    const std::uint32_t base = arrange(type);
    const bool host = function < module_.imported_functions;
    if (tail) {
        code_.begin({Operation::op_tail_call}, at_);
        code_.u64(function);
    } else {
        code_.begin({host ? Operation::op_call_host : Operation::op_call}, at_);
        code_.u64(host ? function : function - module_.imported_functions);
    }
    code_.word(home(base));
    finish_call(type, base, tail);
}

void Translator::call_indirect(std::uint32_t type_index, std::uint32_t table, bool tail) {
    NodeIndex index = pop();
    if (module_.tables[table].wide) {
        index = nodes_.unary(Operation::op_clamp, index, at_);
    }
    const wasm::FunctionType& type = module_.types[type_index];
    const std::uint32_t base = arrange(type);
    emitter_.begin_with_operand(
        tail ? Operation::op_tail_call_indirect : Operation::op_call_indirect, index, at_);
    code_.u32(out_.type_ids[type_index]);
    code_.u32(table);
    code_.word(home(base));
    finish_call(type, base, tail);
}

void Translator::call_ref(std::uint32_t type_index, bool tail) {
    const NodeIndex callee = pop();
    const wasm::FunctionType& type = module_.types[type_index];
    const std::uint32_t base = arrange(type);
    emitter_.begin_with_operand(tail ? Operation::op_tail_call_ref : Operation::op_call_ref, callee,
                                at_);
    code_.word(home(base));
    finish_call(type, base, tail);
}

void Translator::finish_call(const wasm::FunctionType& type, std::uint32_t base, bool tail) {
    emitter_.release_temporaries();
    emitter_.forget();
    if (tail) {
        code_.u32(static_cast<std::uint32_t>(type.parameters.size()));
        code_.word(locals_);
        code_.u64(std::uint64_t{1} << 32U | stack_cost_bytes_);
        return transfer();
    }
    shrink(base);
    for (std::size_t i = 0; i < type.results.size(); ++i) {
        push_home();
    }
    if (type.results.size() == 1) {
        emitter_.holds(home(base));
    }
}

bool Translator::step_call(Opcode opcode) {
    switch (opcode) {
        case Opcode::call:
        case Opcode::return_call:
            call(in_.u32(), opcode == Opcode::return_call);
            return true;
        case Opcode::call_indirect:
        case Opcode::return_call_indirect: {
            const std::uint32_t type = in_.u32();
            call_indirect(type, in_.u32(), opcode == Opcode::return_call_indirect);
            return true;
        }
        case Opcode::call_ref:
        case Opcode::return_call_ref:
            call_ref(in_.u32(), opcode == Opcode::return_call_ref);
            return true;
        default:
            return false;
    }
}

/// The branch looks at the reference in its home.
void Translator::branch_on_null(std::uint32_t depth, bool when_null) {
    settle_ordered(height());
    settle(height() - 1);
    const NodeIndex zero = nodes_.constant(64, 0);
    const NodeIndex reference = nodes_.slot(home(height() - 1));
    if (when_null) {
        pop();
        branch_where(nodes_.binary(Operation::op_eq_64, reference, zero, at_), depth);
        push_home();
    } else {
        branch_where(nodes_.binary(Operation::op_ne_64, reference, zero, at_), depth);
        pop();
    }
}

/// An instruction whose operands are at home, where its result goes.
void Translator::at_home(Operation operation, std::uint32_t first, std::uint32_t second,
                         std::uint32_t operands, bool result) {
    settle_ordered(height());
    settle_top(operands);
    const std::uint32_t base = height() - operands;
    if (operands == 0) {
        settle_readers(home(base));
    }
    code_.begin({operation}, at_);
    code_.u32(first);
    code_.u32(second);
    code_.word(home(base));
    shrink(base);
    if (result) {
        emitter_.forget();
        push_home();
    }
}

bool Translator::step_memory(Opcode opcode) {
    const auto pair = [this](Operation operation, std::uint32_t operands) {
        const std::uint32_t first = in_.u32();
        at_home(operation, first, in_.u32(), operands, false);
    };
    switch (opcode) {
        case Opcode::memory_size: {
            const std::uint32_t memory = in_.u32();
            if (memory != 0) {
                at_home(Operation::op_other_memory_size, memory, 0, 0, true);
                return true;
            }
            settle_readers(home(height()));
            push_home();
            code_.begin({Operation::op_memory_size, Kind::none, Kind::none, Kind::slot}, at_);
            code_.word(home(height() - 1));
            emitter_.holds(home(height() - 1));
            return true;
        }
        case Opcode::memory_grow:
            at_home(Operation::op_memory_grow, in_.u32(), 0, 1, true);
            return true;
        case Opcode::memory_init:
            pair(Operation::op_memory_init, 3);
            return true;
        case Opcode::memory_copy:
            pair(Operation::op_memory_copy, 3);
            return true;
        case Opcode::memory_fill:
            at_home(Operation::op_memory_fill, in_.u32(), 0, 3, false);
            return true;
        case Opcode::table_init:
            pair(Operation::op_table_init, 3);
            return true;
        case Opcode::table_copy:
            pair(Operation::op_table_copy, 3);
            return true;
        case Opcode::data_drop:
        case Opcode::elem_drop:
            settle_ordered(height());
            code_.begin(
                {opcode == Opcode::data_drop ? Operation::op_data_drop : Operation::op_elem_drop},
                at_);
            code_.u32(in_.u32());
            return true;
        default:
            return false;
    }
}

void Translator::step_reference(Opcode opcode) {
    switch (opcode) {
        case Opcode::table_get:
            return at_home(Operation::op_table_get, in_.u32(), 0, 1, true);
        case Opcode::table_set:
            return at_home(Operation::op_table_set, in_.u32(), 0, 2, false);
        case Opcode::table_size:
            return at_home(Operation::op_table_size, in_.u32(), 0, 0, true);
        case Opcode::table_grow:
            return at_home(Operation::op_table_grow, in_.u32(), 0, 2, true);
        case Opcode::table_fill:
            return at_home(Operation::op_table_fill, in_.u32(), 0, 3, false);
        case Opcode::ref_null:
            in_.skip(wasm::Immediate::reference_type);
            return push(nodes_.constant(64, 0));
        case Opcode::ref_is_null:
            push(nodes_.constant(64, 0));
            return binary(Operation::op_eq_64);
        case Opcode::ref_func:
            return push(nodes_.global(Operation::op_function_reference, in_.u32(), at_));
        case Opcode::ref_as_non_null:
            return at_home(Operation::op_null_check, 0, 0, 1, true);
        case Opcode::br_on_null:
            return branch_on_null(in_.u32(), true);
        case Opcode::br_on_non_null:
            return branch_on_null(in_.u32(), false);
        default:
            // The selection that names its type.
            in_.skip(wasm::Immediate::types);
            return select();
    }
}

}  // namespace aqd::prepare

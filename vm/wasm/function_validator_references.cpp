// Instructions on variables, tables, memories as a whole, and references; calls of every kind.

#include "vm/wasm/function_validator.h"

namespace aqd::wasm {

std::uint32_t FunctionValidator::table_index() {
    const std::uint32_t index = in_.u32();
    if (index >= module_.tables.size()) {
        problem("unknown table");
        return 0;
    }
    return index;
}

std::uint32_t FunctionValidator::memory_index() {
    const std::uint32_t index = in_.u32();
    if (index >= module_.memories.size()) {
        problem("unknown memory");
        return 0;
    }
    return index;
}

std::uint32_t FunctionValidator::data_index() {
    const std::uint32_t index = in_.u32();
    if (!module_.data_count) {
        in_.refuse(ErrorCode::malformed, "data count section required", at_);
    } else if (index >= *module_.data_count) {
        problem("unknown data segment");
    }
    return index;
}

std::uint32_t FunctionValidator::element_index() {
    const std::uint32_t index = in_.u32();
    if (index >= module_.elements.size()) {
        problem("unknown element segment");
        return 0;
    }
    return index;
}

std::uint32_t FunctionValidator::type_index() {
    const std::uint32_t index = in_.u32();
    if (index >= module_.types.size()) {
        problem("unknown type");
        return 0;
    }
    return index;
}

ValueType FunctionValidator::pop_reference() {
    const ValueType type = pop();
    if (type == unknown_type) {
        return unknown_reference;
    }
    if (!is_reference(type)) {
        problem("type mismatch: a reference is expected");
    }
    return type;
}

/// A tail call leaves the function with the results of the callee.
void FunctionValidator::call(const FunctionType& type, bool tail) {
    pop(type.parameters);
    if (!tail) {
        push(type.results);
        // Two octets can push a thousand operands: their number is bounded apart from the size.
        if (operands_.size() > most_operands) {
            in_.refuse(ErrorCode::too_large, "too many operands at once", at_);
        }
        return;
    }
    const Types results = controls_.front().results;
    if (!std::ranges::equal(type.results, results,
                            [this](ValueType a, ValueType b) { return rules_.matches(a, b); })) {
        problem("type mismatch: results of a tail call");
    }
    unreachable();
}

bool FunctionValidator::calls(Opcode opcode) {
    const bool tail = facts_of(opcode).feature == Feature::tail_calls;
    switch (opcode) {
        case Opcode::call:
        case Opcode::return_call: {
            const std::uint32_t index = in_.u32();
            if (index >= module_.functions.size()) {
                problem("unknown function");
            } else if (in_.ok()) {
                call(module_.type_of_function(index), tail);
            }
            return true;
        }
        case Opcode::call_indirect:
        case Opcode::return_call_indirect: {
            const std::uint32_t type = type_index();
            const std::uint32_t table = table_index();
            if (in_.ok()) {
                if (!rules_.matches(module_.tables[table].element, ValueType::funcref)) {
                    problem("type mismatch: a table without functions");
                }
                pop(index_type(module_.tables[table].wide));
                call(module_.types[type], tail);
            }
            return true;
        }
        case Opcode::call_ref:
        case Opcode::return_call_ref: {
            const std::uint32_t type = type_index();
            if (!module_.limits.features.typed_references) {
                in_.refuse(ErrorCode::unsupported, later_parts, at_);
            }
            if (in_.ok()) {
                pop(reference_to(type));
                call(module_.types[type], tail);
            }
            return true;
        }
        default:
            return false;
    }
}

bool FunctionValidator::null_branches(Opcode opcode) {
    switch (opcode) {
        case Opcode::br_on_null: {
            const Types types = label(in_.u32());
            const ValueType reference = pop_reference();
            pop(types);
            push(types);
            push(non_null(reference));
            return true;
        }
        case Opcode::br_on_non_null: {
            const Types types = label(in_.u32());
            if (types.empty() || !is_reference(types.back())) {
                problem("type mismatch: the label takes no reference");
                return true;
            }
            const ValueType reference = pop_reference();
            if (!rules_.matches(non_null(reference), types.back())) {
                problem("type mismatch");
            }
            pop(types.first(types.size() - 1));
            push(types.first(types.size() - 1));
            return true;
        }
        default:
            return false;
    }
}

void FunctionValidator::local(Opcode opcode) {
    const std::uint32_t index = in_.u32();
    if (index >= locals_.size()) {
        return problem("unknown local");
    }
    if (opcode == Opcode::local_get) {
        if (!all_have_values_ && !has_value_[index]) {
            return problem("uninitialized local");
        }
        return push(locals_[index]);
    }
    take(locals_[index]);
    if (!all_have_values_ && !has_value_[index]) {
        has_value_[index] = true;
        given_.push_back(index);
    }
    if (opcode == Opcode::local_tee) {
        push(locals_[index]);
    }
}

void FunctionValidator::variable(Opcode opcode) {
    switch (opcode) {
        case Opcode::global_get:
        case Opcode::global_set: {
            const std::uint32_t index = in_.u32();
            if (index >= module_.global_types.size()) {
                return problem("unknown global");
            }
            const GlobalType& global = module_.global_types[index];
            if (opcode == Opcode::global_get) {
                return push(global.type);
            }
            if (!global.is_mutable) {
                return problem("global is immutable");
            }
            pop(global.type);
            return;
        }
        case Opcode::memory_size:
        case Opcode::memory_grow:
        case Opcode::memory_init:
        case Opcode::memory_copy:
        case Opcode::memory_fill:
            return memories(opcode);
        case Opcode::select_typed:
        case Opcode::ref_null:
        case Opcode::ref_is_null:
        case Opcode::ref_func:
        case Opcode::ref_as_non_null:
            return references(opcode);
        default:
            return tables(opcode);
    }
}

void FunctionValidator::memories(Opcode opcode) {
    const std::uint32_t data = opcode == Opcode::memory_init ? data_index() : 0;
    const std::uint32_t memory = memory_index();
    const std::uint32_t source = opcode == Opcode::memory_copy ? memory_index() : memory;
    if (!in_.ok()) {
        return;
    }
    static_cast<void>(data);
    const ValueType index = index_type(module_.memories[memory].wide);
    const ValueType source_index = index_type(module_.memories[source].wide);
    switch (opcode) {
        case Opcode::memory_size:
            return push(index);
        case Opcode::memory_grow:
            pop(index);
            return push(index);
        case Opcode::memory_fill:
            pop(index);
            pop(ValueType::i32);
            break;
        case Opcode::memory_copy:
            pop(index == source_index ? index : ValueType::i32);
            pop(source_index);
            break;
        default:
            pop(ValueType::i32);
            pop(ValueType::i32);
    }
    pop(index);
}

// Longer than seventy lines: a case for each instruction on tables.
void FunctionValidator::tables(Opcode opcode) {
    const std::uint32_t segment = opcode == Opcode::table_init ? element_index() : 0;
    const std::uint32_t table = table_index();
    const std::uint32_t source = opcode == Opcode::table_copy ? table_index() : table;
    if (!in_.ok()) {
        return;
    }
    const TableType& type = module_.tables[table];
    const ValueType index = index_type(type.wide);
    const ValueType source_index = index_type(module_.tables[source].wide);
    switch (opcode) {
        case Opcode::table_get:
            pop(index);
            return push(type.element);
        case Opcode::table_set:
            pop(type.element);
            break;
        case Opcode::table_size:
            return push(index);
        case Opcode::table_grow:
            pop(index);
            pop(type.element);
            return push(index);
        case Opcode::table_fill:
            pop(index);
            pop(type.element);
            break;
        case Opcode::table_copy:
            if (!rules_.matches(module_.tables[source].element, type.element)) {
                return problem("type mismatch: tables of different elements");
            }
            pop(index == source_index ? index : ValueType::i32);
            pop(source_index);
            break;
        case Opcode::table_init:
            if (!rules_.matches(module_.elements[segment].type, type.element)) {
                return problem("type mismatch: a segment of other elements");
            }
            pop(ValueType::i32);
            pop(ValueType::i32);
            break;
        default:
            in_.refuse(ErrorCode::unsupported, "this instruction", at_);
            return;
    }
    pop(index);
}

void FunctionValidator::select_typed() {
    const std::uint32_t count = in_.u32();
    if (count != 1) {
        return problem("a selection of other than one type");
    }
    const ValueType type = in_.operand_type();
    if (!rules_.is_known(type)) {
        return problem("unknown type");
    }
    pop(ValueType::i32);
    pop(type);
    pop(type);
    push(type);
}

void FunctionValidator::references(Opcode opcode) {
    switch (opcode) {
        case Opcode::select_typed:
            return select_typed();
        case Opcode::ref_null: {
            const ValueType type = in_.heap_type();
            if (!rules_.is_known(type)) {
                return problem("unknown type");
            }
            return push(type);
        }
        case Opcode::ref_is_null:
            pop_reference();
            return push(ValueType::i32);
        case Opcode::ref_func: {
            const std::uint32_t index = in_.u32();
            if (index >= module_.functions.size()) {
                return problem("unknown function");
            }
            if (!declared_[index]) {
                return problem("undeclared function reference");
            }
            return push(non_null(reference_to(module_.functions[index])));
        }
        default:
            return push(non_null(pop_reference()));
    }
}

}  // namespace aqd::wasm

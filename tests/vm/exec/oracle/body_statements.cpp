// Control, calls and everything that leaves the stack as it was.

#include "tests/vm/exec/oracle/body_writer.h"

#include <algorithm>

namespace aqd::oracle {

BodyWriter::BodyWriter(Random& random, ModulePlan& plan, std::uint32_t function)
    : random_(random), plan_(plan), results_(plan.type(function).results) {
    locals_ = plan.type(function).parameters;
    parameters_ = locals_.size();
    for (std::uint32_t n = below(6); n != 0; --n) {
        locals_.push_back(any_type());
    }
    labels_.push_back(results_);
}

Bytes BodyWriter::write() {
    Types declared(locals_.begin() + static_cast<std::ptrdiff_t>(parameters_), locals_.end());
    if (plan_.shape.one_nan && plan_.shape.features.floats) {
        nan_locals_ = static_cast<std::uint32_t>(locals_.size());
        declared.insert(declared.end(), {ValueType::f32, ValueType::f64});
    }
    burn_fuel();
    statements(4, 2 + below(8));
    values(results_, 3);
    op(Opcode::end);
    Bytes body;
    append_unsigned_leb128(body, declared.size());
    for (const ValueType type : declared) {
        append_unsigned_leb128(body, 1);
        append_type(body, type);
    }
    append(body, code_);
    return body;
}

void BodyWriter::burn_fuel() {
    if (!plan_.shape.ends) {
        return;
    }
    const std::uint32_t global = plan_.fuel_global;
    op(Opcode::global_get, global);
    op(Opcode::i32_eqz);
    op(Opcode::if_);
    code_.push_back(0x40);
    op(Opcode::unreachable);
    op(Opcode::end);
    op(Opcode::global_get, global);
    constant(ValueType::i32, 1);
    op(Opcode::i32_sub);
    op(Opcode::global_set, global);
}

std::uint32_t BodyWriter::local_of(ValueType type) {
    for (int tries = 0; tries < 8 && !locals_.empty(); ++tries) {
        const std::uint32_t local = one_of(locals_.size());
        if (locals_[local] == type) {
            return local;
        }
    }
    return none;
}

Types BodyWriter::any_types(std::uint32_t most) {
    Types types(below(most + 1));
    std::ranges::generate(types, [this] { return any_type(); });
    return types;
}

void BodyWriter::statements(int depth, std::uint32_t count) {
    for (; count != 0; --count) {
        statement(depth);
    }
}

/// Leaves the stack as it was.
void BodyWriter::statement(int depth) {
    if (depth <= 0 || is_long()) {
        const ValueType type = any_type();
        value(type, 0);
        return consume(type);
    }
    switch (below(plan_.shape.features.references ? 16 : 13)) {
        case 0:
        case 1: {
            const Types types = any_types(3);
            values(types, depth);
            return consume(types);
        }
        case 2:
        case 3:
            return store(depth);
        case 4: {
            const Types parameters = any_types(2);
            const Types results = any_types(2);
            values(parameters, depth - 1);
            block(parameters, results, depth);
            return consume(results);
        }
        case 5:
            return counted_loop(depth);
        case 6:
        case 7:
            return branch(depth);
        case 8: {
            const std::uint32_t function = one_of(plan_.functions.size());
            const Types results = plan_.type(function).results;
            call(function, depth, false);
            return consume(results);
        }
        case 9:
            return bulk(depth);
        case 10:
            return leave(depth);
        case 13:
        case 14:
            return table_statement(depth);
        case 15:
            return plan_.shape.features.typed_references ? branch_on_null(depth)
                                                         : table_statement(depth);
        default: {
            // Values that wait while statements run.
            const Types types = any_types(4);
            values(types, depth - 1);
            statements(depth - 1, 1 + below(2));
            return consume(types);
        }
    }
}

/// Sometimes the end of the call.
void BodyWriter::leave(int depth) {
    if (random_.one_in(6)) {
        values(results_, depth - 1);
        return op(Opcode::return_);
    }
    if (random_.one_in(12)) {
        return op(Opcode::unreachable);
    }
    if (plan_.shape.features.tail_calls && random_.one_in(3)) {
        // In a branch, mostly, so that not all ends here.
        value(ValueType::i32, depth - 1);
        op(Opcode::if_);
        code_.push_back(0x40);
        labels_.emplace_back();
        tail_call(depth - 1);
        labels_.pop_back();
        return op(Opcode::end);
    }
    op(Opcode::nop);
}

void BodyWriter::tail_call(int depth) {
    for (int tries = 0; tries < 6; ++tries) {
        const std::uint32_t function = one_of(plan_.functions.size());
        if (plan_.type(function).results == results_) {
            return call(function, depth, true);
        }
    }
    op(Opcode::nop);
}

/// Leaves the results on the stack.
void BodyWriter::call(std::uint32_t function, int depth, bool tail) {
    values(plan_.type(function).parameters, depth - 1);
    const std::uint32_t type = plan_.functions[function];
    if (plan_.shape.features.typed_references && random_.one_in(4)) {
        value(wasm::reference_to(type), depth - 1);
        return op(tail ? Opcode::return_call_ref : Opcode::call_ref, type);
    }
    if (!random_.one_in(3)) {
        return op(tail ? Opcode::return_call : Opcode::call, function);
    }
    const ValueType element = plan_.shape.features.typed_references && random_.one_in(4)
                                  ? wasm::reference_to(plan_.functions[host_imports])
                                  : ValueType::funcref;
    const std::uint32_t table = plan_.table(random_, element);
    table_place(table, depth - 1);
    op(tail ? Opcode::return_call_indirect : Opcode::call_indirect, type, table);
}

/// Consumes one value.
void BodyWriter::consume(ValueType type) {
    const std::uint32_t local = local_of(type);
    const std::uint32_t global = plan_.global(random_, type, true);
    if (local != none && !random_.one_in(4)) {
        op(Opcode::local_set, local);
    } else if (global != none && random_.one_in(3)) {
        op(Opcode::global_set, global);
    } else {
        op(Opcode::drop);
    }
}

void BodyWriter::consume(const Types& types) {
    for (std::size_t i = types.size(); i != 0; --i) {
        consume(types[i - 1]);
    }
}

void BodyWriter::block_type(const Types& parameters, const Types& results) {
    if (parameters.empty() && results.empty()) {
        code_.push_back(0x40);
    } else if (parameters.empty() && results.size() == 1) {
        append_type(code_, results[0]);
    } else {
        append_signed_leb128(code_, plan_.type_index({parameters, results}));
    }
}

/// A block, loop or conditional that pops the parameters and pushes the results.
void BodyWriter::block(const Types& parameters, const Types& results, int depth) {
    const std::uint32_t kind = below(3);
    if (kind == 0) {
        op(Opcode::block);
    } else if (kind == 1) {
        op(Opcode::loop);
    } else {
        value(ValueType::i32, depth - 1);
        op(Opcode::if_);
    }
    block_type(parameters, results);
    labels_.push_back(kind == 1 ? parameters : results);
    if (kind == 1) {
        burn_fuel();
    }
    const auto side = [&] {
        consume(parameters);
        statements(depth - 1, below(4));
        values(results, depth - 1);
    };
    side();
    if (kind == 2 && (parameters != results || random_.one_in(2))) {
        op(Opcode::else_);
        side();
    }
    labels_.pop_back();
    op(Opcode::end);
}

void BodyWriter::counted_loop(int depth) {
    const std::uint32_t counter = local_of(ValueType::i32);
    if (counter == none) {
        return bulk(depth);
    }
    constant(ValueType::i32, 1 + below(9));
    op(Opcode::local_set, counter);
    op(Opcode::loop);
    code_.push_back(0x40);
    labels_.emplace_back();
    burn_fuel();
    statements(depth - 1, 1 + below(3));
    op(Opcode::local_get, counter);
    constant(ValueType::i32, 1);
    op(Opcode::i32_sub);
    op(Opcode::local_tee, counter);
    constant(ValueType::i32, 0);
    op(random_.one_in(2) ? Opcode::i32_gt_s : Opcode::i32_ne);
    op(Opcode::br_if, 0);
    labels_.pop_back();
    op(Opcode::end);
}

void BodyWriter::branch(int depth) {
    const std::uint32_t label = one_of(labels_.size());
    const Types types = labels_[labels_.size() - 1 - label];
    values(types, depth - 1);
    const std::uint32_t kind = below(8);
    if (kind == 0) {
        return op(Opcode::br, label);
    }
    value(ValueType::i32, depth - 1);
    if (kind != 1) {
        op(Opcode::br_if, label);
        return consume(types);
    }
    // Every label of a table takes the same values.
    std::vector<std::uint32_t> labels;
    for (std::uint32_t n = random_.one_in(30) ? 100 + below(200) : below(5); n != 0; --n) {
        const std::uint32_t other = one_of(labels_.size());
        labels.push_back(labels_[labels_.size() - 1 - other] == types ? other : label);
    }
    op(Opcode::br_table, static_cast<std::uint32_t>(labels.size()));
    for (const std::uint32_t other : labels) {
        append_unsigned_leb128(code_, other);
    }
    append_unsigned_leb128(code_, label);
}

/// A block that a reference leaves if it is null, or if it is not.
void BodyWriter::branch_on_null(int depth) {
    ValueType type = any_type();
    if (!wasm::is_reference(type)) {
        type = random_.one_in(2) ? ValueType::externref : ValueType::funcref;
    }
    const bool when_null = random_.one_in(2);
    const Types carried = when_null ? Types{} : Types{type};
    op(Opcode::block);
    block_type({}, carried);
    labels_.push_back(carried);
    statements(depth - 1, below(2));
    value(type, depth - 1);
    if (when_null) {
        op(Opcode::br_on_null, 0);
        consume(type);
    } else {
        op(Opcode::br_on_non_null, 0);
        value(type, depth - 1);
    }
    labels_.pop_back();
    op(Opcode::end);
    consume(carried);
}

}  // namespace aqd::oracle

// Stores, and everything about whole memories, tables and segments.

#include "tests/vm/exec/oracle/body_writer.h"

#include <array>
#include <utility>

namespace aqd::oracle {

void BodyWriter::store(int depth) {
    static constexpr std::array<std::pair<Opcode, ValueType>, 9> stores = {{
        {Opcode::i32_store, ValueType::i32},
        {Opcode::i64_store, ValueType::i64},
        {Opcode::i32_store8, ValueType::i32},
        {Opcode::i32_store16, ValueType::i32},
        {Opcode::i64_store8, ValueType::i64},
        {Opcode::i64_store16, ValueType::i64},
        {Opcode::i64_store32, ValueType::i64},
        {Opcode::f32_store, ValueType::f32},
        {Opcode::f64_store, ValueType::f64},
    }};
    const auto [opcode, type] = stores[below(plan_.shape.features.floats ? 9 : 7)];
    const std::uint32_t memory = any_memory();
    place(plan_.memories[memory].wide, depth - 1);
    value(type, depth - 1);
    access(opcode, memory);
}

/// A number that is mostly below the bound.
void BodyWriter::small(ValueType type, std::uint32_t bound, int depth) {
    if (!random_.one_in(3)) {
        return constant(type, below(bound));
    }
    value(type, depth - 1);
    constant(type, bound > 16 ? 31 : 7);
    op(type == ValueType::i64 ? Opcode::i64_and : Opcode::i32_and);
}

/// An index that is mostly inside the table.
void BodyWriter::table_place(std::uint32_t table, int depth) {
    const TablePlan& plan = plan_.tables[table];
    const ValueType type = index_type(plan.wide);
    if (random_.one_in(10)) {
        return value(type, depth);
    }
    if (random_.one_in(3)) {
        return constant(type, below(plan.size + 1));
    }
    value(type, depth);
    constant(type, plan.size > 7 ? 7 : 3);
    op(plan.wide ? Opcode::i64_and : Opcode::i32_and);
}

void BodyWriter::bulk(int depth) {
    const std::uint32_t memory = any_memory();
    const bool wide = plan_.memories[memory].wide;
    const ValueType index = index_type(wide);
    // Of the tables with functions that `table.init` and `table.copy` can work on.
    const std::uint32_t table = plan_.table(random_, ValueType::funcref);
    const std::uint32_t source = plan_.table(random_, ValueType::funcref);
    switch (below(7)) {
        case 0:
            place(wide, depth - 1);
            value(ValueType::i32, depth - 1);
            small(index, 60, depth);
            return op(Opcode::memory_fill, memory);
        case 1: {
            const std::uint32_t other = any_memory();
            const bool both = wide && plan_.memories[other].wide;
            place(wide, depth - 1);
            place(plan_.memories[other].wide, depth - 1);
            small(index_type(both), 60, depth);
            return op(Opcode::memory_copy, memory, other);
        }
        case 2:
            place(wide, depth - 1);
            small(ValueType::i32, passive_data_bytes, depth);
            small(ValueType::i32, passive_data_bytes / 2, depth);
            return op(Opcode::memory_init, 1, memory);
        case 3: {
            const bool both = plan_.tables[table].wide && plan_.tables[source].wide;
            table_place(table, depth - 1);
            table_place(source, depth - 1);
            small(index_type(both), 4, depth);
            return op(Opcode::table_copy, table, source);
        }
        case 4:
            table_place(table, depth - 1);
            small(ValueType::i32, passive_elements, depth);
            small(ValueType::i32, 3, depth);
            return op(Opcode::table_init, 1, table);
        case 5:
            return random_.one_in(4) ? op(Opcode::data_drop, 1) : op(Opcode::nop);
        default:
            return random_.one_in(4) ? op(Opcode::elem_drop, 1) : op(Opcode::nop);
    }
}

void BodyWriter::table_statement(int depth) {
    const std::uint32_t table = one_of(plan_.tables.size());
    const TablePlan& plan = plan_.tables[table];
    table_place(table, depth - 1);
    value(plan.element, depth - 1);
    if (random_.one_in(3)) {
        small(index_type(plan.wide), 4, depth);
        return op(Opcode::table_fill, table);
    }
    op(Opcode::table_set, table);
}

}  // namespace aqd::oracle

// References, tables, and memories as a whole.

#include "tests/vm/exec/oracle/oracle.h"

namespace aqd::oracle {

using exec::Trap;
using wasm::CodeReader;
using wasm::Opcode;

bool Oracle::step_bulk(Opcode opcode, CodeReader& in) {
    if (opcode == Opcode::data_drop) {
        self().data_dropped_[in.u32()] = true;
        return true;
    }
    if (opcode == Opcode::elem_drop) {
        self().elements_dropped_[in.u32()] = true;
        return true;
    }
    const bool fills = opcode == Opcode::memory_fill || opcode == Opcode::table_fill;
    if (!fills && (opcode < Opcode::memory_init || opcode > Opcode::table_copy)) {
        return false;
    }
    const bool tables = opcode >= Opcode::table_init;
    const bool inits = opcode == Opcode::memory_init || opcode == Opcode::table_init;
    const std::uint32_t first = in.u32();
    const std::uint32_t second = fills ? first : in.u32();
    const std::uint64_t size = pop();
    const std::uint64_t from = pop();
    const std::uint64_t to = pop();
    Oracle& owner = self();
    // Where the octets or elements go, and where they are from.
    const std::uint32_t target = inits ? second : first;
    const std::uint64_t to_size =
        tables ? owner.tables_[target]->elements.size() : owner.memories_[target]->octets.size();
    std::uint64_t from_size = 0;
    if (opcode == Opcode::memory_init) {
        from_size = owner.data_dropped_[first] ? 0 : owner.module_->data[first].bytes.size;
    } else if (opcode == Opcode::table_init) {
        from_size = owner.elements_dropped_[first] ? 0 : owner.module_->elements[first].size();
    } else {
        from_size = tables ? owner.tables_[second]->elements.size()
                           : owner.memories_[second]->octets.size();
    }
    const auto beyond = [size](std::uint64_t at, std::uint64_t whole) {
        return at > whole || size > whole - at;
    };
    if (beyond(to, to_size) || (!fills && beyond(from, from_size))) {
        trap(tables ? Trap::table_out_of_bounds : Trap::memory_out_of_bounds);
        return true;
    }
    charge(tables ? schedule_.element_cost(size) : schedule_.bulk_cost(size));
    if (trap_ != Trap::none) {
        return true;
    }
    // One octet or element after the other, from the end that keeps overlapping copies right.
    for (std::uint64_t i = 0; i < size; ++i) {
        const std::uint64_t k = to <= from || fills ? i : size - 1 - i;
        if (tables) {
            auto& elements = owner.tables_[target]->elements;
            elements[to + k] = fills   ? from
                               : inits ? owner.element_of(owner.module_->elements[first], from + k)
                                       : owner.tables_[second]->elements[from + k];
        } else {
            auto& octets = owner.memories_[target]->octets;
            octets[to + k] = fills ? static_cast<std::uint8_t>(from)
                             : inits
                                 ? owner.module_->view(owner.module_->data[first].bytes)[from + k]
                                 : owner.memories_[second]->octets[from + k];
        }
    }
    return true;
}

void Oracle::grow_table(Table& table) {
    const std::uint64_t more = pop();
    const std::uint64_t value = pop();
    const std::uint64_t old = table.elements.size();
    if (old > table.most || more > table.most - old) {
        return push(table.wide ? ~std::uint64_t{0} : 0xffff'ffffU);
    }
    charge(schedule_.element_cost(more));
    if (trap_ == Trap::none) {
        table.elements.resize(old + more, value);
        push(old);
    }
}

bool Oracle::step_reference(Opcode opcode, CodeReader& in) {
    const auto table = [&]() -> Table& { return *self().tables_[in.u32()]; };
    switch (opcode) {
        case Opcode::table_get: {
            const auto& elements = table().elements;
            const std::uint64_t index = pop();
            if (index >= elements.size()) {
                trap(Trap::table_out_of_bounds);
            } else {
                push(elements[index]);
            }
            return true;
        }
        case Opcode::table_set: {
            auto& elements = table().elements;
            const std::uint64_t value = pop();
            const std::uint64_t index = pop();
            if (index >= elements.size()) {
                trap(Trap::table_out_of_bounds);
            } else {
                elements[index] = value;
            }
            return true;
        }
        case Opcode::table_size:
            push(table().elements.size());
            return true;
        case Opcode::table_grow:
            grow_table(table());
            return true;
        case Opcode::ref_null:
            in.skip(wasm::Immediate::reference_type);
            push(0);
            return true;
        case Opcode::ref_is_null:
            push(pop() == 0);
            return true;
        case Opcode::ref_func:
            push(reference_to(self().functions_[in.u32()]));
            return true;
        case Opcode::ref_as_non_null:
            if (stack_.back() == 0) {
                trap(Trap::null_reference);
            }
            return true;
        default:
            return false;
    }
}

}  // namespace aqd::oracle

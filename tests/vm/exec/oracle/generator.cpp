// Puts a module together.

#include "tests/vm/exec/oracle/generator.h"

#include "tests/vm/exec/oracle/body_writer.h"
#include "tests/vm/exec/oracle/module_plan.h"

#include <aqd/base/leb128.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace aqd::oracle {
namespace {

constexpr std::uint32_t active_data_bytes = 100;

/// A vector of the binary format: its length, then its items.
class List {
  public:
    Bytes& add() {
        ++count_;
        return items_;
    }
    [[nodiscard]] Bytes content() const {
        Bytes out;
        append_unsigned_leb128(out, count_);
        append(out, items_);
        return out;
    }

  private:
    std::uint32_t count_ = 0;
    Bytes items_;
};

void section(Bytes& out, std::uint8_t id, const Bytes& content) {
    out.push_back(id);
    append_unsigned_leb128(out, content.size());
    append(out, content);
}

void name(Bytes& out, std::string_view text) {
    append_unsigned_leb128(out, text.size());
    append(out, as_bytes(text));
}

Bytes type_section(const ModulePlan& plan) {
    List list;
    for (const FunctionType& type : plan.types) {
        Bytes& out = list.add();
        out.push_back(0x60);
        for (const Types* types : {&type.parameters, &type.results}) {
            append_unsigned_leb128(out, types->size());
            for (const ValueType value : *types) {
                append_type(out, value);
            }
        }
    }
    return list.content();
}

Bytes import_section() {
    Bytes out{host_imports};
    name(out, "env");
    name(out, "note");
    append(out, Bytes{0, 0});
    name(out, "env");
    name(out, "mix");
    append(out, Bytes{0, 1});
    return out;
}

Bytes table_section(const ModulePlan& plan) {
    List list;
    for (const TablePlan& table : plan.tables) {
        Bytes& out = list.add();
        append_type(out, table.element);
        out.push_back(table.wide ? 5 : 1);
        append_unsigned_leb128(out, table.size);
        append_unsigned_leb128(out, table.most);
    }
    return list.content();
}

Bytes memory_section(const ModulePlan& plan) {
    List list;
    for (const MemoryPlan& memory : plan.memories) {
        append(list.add(), Bytes{static_cast<std::uint8_t>(memory.wide ? 5 : 1), 1,
                                 static_cast<std::uint8_t>(memory.most)});
    }
    return list.content();
}

/// An integer, as one constant or as a sum.
void offset(Bytes& out, Random& random, const ModulePlan& plan, bool wide, std::uint32_t value) {
    const ValueType type = wide ? ValueType::i64 : ValueType::i32;
    if (plan.shape.features.extended_constants && random.one_in(2)) {
        const std::uint64_t part = random.next();
        append_constant(out, type, part);
        append_constant(out, type, value - part);
        append_opcode(out, wide ? Opcode::i64_add : Opcode::i32_add);
    } else {
        append_constant(out, type, value);
    }
    append_opcode(out, Opcode::end);
}

Bytes global_section(Random& random, const ModulePlan& plan) {
    List list;
    for (std::uint32_t i = 0; i < plan.globals.size(); ++i) {
        const wasm::GlobalType& global = plan.globals[i];
        Bytes& out = list.add();
        append_type(out, global.type);
        out.push_back(global.is_mutable ? 1 : 0);
        if (i == plan.fuel_global) {
            append_constant(out, ValueType::i32, fuel);
        } else if (global.type == ValueType::i32 || global.type == ValueType::i64) {
            offset(out, random, plan, global.type == ValueType::i64, random.below(200));
            continue;
        } else if (is_float(global.type)) {
            append_constant(
                out, global.type,
                interesting_float(random, global.type == ValueType::f32, plan.shape.one_nan));
        } else if (global.type == ValueType::externref || random.one_in(3)) {
            append_opcode(out, Opcode::ref_null);
            if (wasm::is_indexed(global.type)) {
                append_signed_leb128(out, wasm::type_index_of(global.type));
            } else {
                out.push_back(static_cast<std::uint8_t>(global.type));
            }
        } else {
            append_opcode(out, Opcode::ref_func);
            // The first function is of the type that typed references are about.
            append_unsigned_leb128(out, host_imports);
        }
        append_opcode(out, Opcode::end);
    }
    return list.content();
}

void functions(Bytes& out, Random& random, const ModulePlan& plan, std::uint32_t count) {
    append_unsigned_leb128(out, count);
    for (std::uint32_t i = 0; i < count; ++i) {
        append_unsigned_leb128(out,
                               random.below(static_cast<std::uint32_t>(plan.functions.size())));
    }
}

Bytes element_section(Random& random, const ModulePlan& plan) {
    // An active segment, a passive one, and all functions, so that bodies may refer to them.
    const bool typed = plan.shape.features.typed_references;
    Bytes out{static_cast<std::uint8_t>(typed ? 4 : 3), 0};
    offset(out, random, plan, plan.tables[0].wide, 0);
    functions(out, random, plan, plan.tables[0].size - 3);
    append(out, Bytes{1, 0});
    functions(out, random, plan, passive_elements);
    append(out, Bytes{3, 0});
    append_unsigned_leb128(out, plan.functions.size());
    for (std::uint32_t i = 0; i < plan.functions.size(); ++i) {
        append_unsigned_leb128(out, i);
    }
    if (typed) {
        // The first function in the table that takes only those of its type.
        const auto table = static_cast<std::uint8_t>(plan.tables.size() - 1);
        append(out, Bytes{6, table});
        offset(out, random, plan, plan.tables[table].wide, 1);
        append_type(out, plan.tables[table].element);
        append(out, Bytes{1, 0xd2, host_imports, 0x0b});
    }
    return out;
}

Bytes data_section(Random& random, const ModulePlan& plan) {
    Bytes out{2, 0};
    offset(out, random, plan, plan.memories[0].wide, 16);
    const auto octets = [&](std::uint32_t count) {
        out.push_back(static_cast<std::uint8_t>(count));
        for (std::uint32_t i = 0; i < count; ++i) {
            out.push_back(static_cast<std::uint8_t>(random.next() >> 40U));
        }
    };
    octets(active_data_bytes);
    out.push_back(1);
    octets(passive_data_bytes);
    return out;
}

/// Fills the counter that makes calls end.
Bytes refuel(const ModulePlan& plan) {
    Bytes body{0};
    append_constant(body, ValueType::i32, fuel);
    append_opcode(body, Opcode::global_set);
    append_unsigned_leb128(body, plan.fuel_global);
    append_opcode(body, Opcode::end);
    return body;
}

void export_one(List& list, const std::string& text, std::uint8_t kind, std::uint32_t index) {
    Bytes& out = list.add();
    name(out, text);
    out.push_back(kind);
    append_unsigned_leb128(out, index);
}

Bytes export_section(const ModulePlan& plan, std::uint32_t defined) {
    List list;
    for (std::uint32_t i = 0; i < defined; ++i) {
        if (ModulePlan::can_be_exported(plan.type(host_imports + i))) {
            export_one(list, "f" + std::to_string(i), 0, host_imports + i);
        }
    }
    if (plan.shape.ends) {
        export_one(list, "refuel", 0, host_imports + defined);
    }
    if (plan.shape.one_nan) {
        for (std::uint32_t i = 0; i < plan.memories.size(); ++i) {
            export_one(list, "m" + std::to_string(i), 2, i);
        }
        for (std::uint32_t i = 0; i < plan.globals.size(); ++i) {
            export_one(list, "g" + std::to_string(i), 3, i);
        }
    }
    return list.content();
}

}  // namespace

Bytes random_module(Random& random, const Shape& shape) {
    ModulePlan plan(random, shape);
    const std::uint32_t defined = plan.defined();
    List code;
    const auto add_body = [&](const Bytes& body) {
        Bytes& out = code.add();
        append_unsigned_leb128(out, body.size());
        append(out, body);
    };
    for (std::uint32_t i = 0; i < defined; ++i) {
        add_body(BodyWriter(random, plan, host_imports + i).write());
    }
    if (shape.ends) {
        add_body(refuel(plan));
        plan.functions.push_back(plan.type_index({}));
    }
    List declared;
    for (std::size_t i = host_imports; i < plan.functions.size(); ++i) {
        append_unsigned_leb128(declared.add(), plan.functions[i]);
    }
    const std::uint32_t start = plan.function_of_type(random, plan.type_index({}));
    Bytes out{0, 'a', 's', 'm', 1, 0, 0, 0};
    section(out, 1, type_section(plan));
    section(out, 2, import_section());
    section(out, 3, declared.content());
    section(out, 4, table_section(plan));
    section(out, 5, memory_section(plan));
    section(out, 6, global_section(random, plan));
    section(out, 7, export_section(plan, defined));
    // The functions of a host in another engine see no memory before the start is over.
    if (start != none && !shape.ends && random.one_in(4)) {
        Bytes index;
        append_unsigned_leb128(index, start);
        section(out, 8, index);
    }
    section(out, 9, element_section(random, plan));
    section(out, 12, {2});
    section(out, 10, code.content());
    section(out, 11, data_section(random, plan));
    return out;
}

}  // namespace aqd::oracle

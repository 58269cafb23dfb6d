#include "tests/vm/exec/oracle/generator_types.h"

#include <aqd/base/leb128.h>
#include <aqd/wasm/opcode.h>
#include <aqd/wasm/types.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

namespace aqd::oracle {
namespace {

using wasm::FunctionType;
using wasm::Immediate;
using wasm::Opcode;
using wasm::ValueType;

using Types = std::vector<ValueType>;

constexpr std::uint32_t passive_data_size = 40;
constexpr std::uint32_t passive_elements = 6;
constexpr std::uint32_t table_size = 10;
constexpr std::uint32_t imports = 2;
// Globals 0 to 3: i32 and i64 that change, i32 and i64 that do not; 4 to 7: the same with f32 and
// f64, where the module uses floats.

/// Puts a module together. Types are collected while bodies are made.
class Module {
  public:
    std::vector<FunctionType> types;
    std::vector<std::uint32_t> functions;  ///< type index, imports first
    bool floats = false;

    std::uint32_t type_index(const FunctionType& type) {
        const auto found = std::ranges::find(types, type);
        if (found != types.end()) {
            return static_cast<std::uint32_t>(found - types.begin());
        }
        types.push_back(type);
        return static_cast<std::uint32_t>(types.size() - 1);
    }
    const FunctionType& type(std::uint32_t function) { return types[functions[function]]; }
};

/// Writes the body of one function. Whatever is written leaves the stack as it found it, but for
/// the values that it says it pushes, so that the parts can be put together at will, also where
/// they can never be reached.
class BodyWriter {
  public:
    BodyWriter(Random& random, Module& module, std::uint32_t function)
        : random_(random), module_(module), results_(module.type(function).results) {
        locals_ = module.type(function).parameters;
        parameters_ = locals_.size();
        for (std::uint32_t n = random_.below(6); n != 0; --n) {
            locals_.push_back(any_type());
        }
        labels_.push_back(results_);
    }

    Bytes write() {
        statements(4, 2 + random_.below(8));
        values(results_, 3);
        op(Opcode::end);
        Bytes body;
        append_unsigned_leb128(body, locals_.size() - parameters_);
        for (std::size_t i = parameters_; i < locals_.size(); ++i) {
            append_unsigned_leb128(body, 1);
            body.push_back(static_cast<std::uint8_t>(locals_[i]));
        }
        append(body, code_);
        return body;
    }

  private:
    ValueType any_type() { return random_type(random_, module_.floats); }

    void op(Opcode opcode) {
        const std::uint16_t code = wasm::facts_of(opcode).code;
        if (code >= 0x100) {
            code_.push_back(0xfc);
            append_unsigned_leb128(code_, code & 0xffU);
        } else {
            code_.push_back(static_cast<std::uint8_t>(code));
        }
    }
    void op(Opcode opcode, std::uint32_t index) {
        op(opcode);
        append_unsigned_leb128(code_, index);
    }
    void constant(ValueType type, std::int64_t value) {
        op(type == ValueType::i32 ? Opcode::i32_const : Opcode::i64_const);
        append_signed_leb128(code_,
                             type == ValueType::i32 ? static_cast<std::int32_t>(value) : value);
    }
    void interesting(ValueType type) {
        static constexpr std::array<std::int64_t, 16> favourites = {
            0,          1,           -1,         2,         31,        32,     63, 64,
            0x7fffffff, -0x80000000, 0xffffffff, INT64_MAX, INT64_MIN, 65'536, 8,  255};
        if (type == ValueType::f32 || type == ValueType::f64) {
            return interesting_float(type);
        }
        constant(type, random_.one_in(3) ? static_cast<std::int64_t>(random_.next())
                                         : favourites[random_.below(favourites.size())]);
    }
    void interesting_float(ValueType type) {
        // Zero, one, one and a half, infinity, NaN that is canonical, another, and one that
        // signals; the greatest number, the least, the least that is normal; 2^31, 2^32, 2^63, a
        // half, pi.
        static constexpr std::array<std::uint64_t, 15> doubles = {0,
                                                                  0x3ff0'0000'0000'0000,
                                                                  0x3ff8'0000'0000'0000,
                                                                  0x7ff0'0000'0000'0000,
                                                                  0x7ff8'0000'0000'0000,
                                                                  0x7ffc'0000'0000'1234,
                                                                  0x7ff0'0000'0000'0001,
                                                                  0x7fef'ffff'ffff'ffff,
                                                                  1,
                                                                  0x0010'0000'0000'0000,
                                                                  0x41e0'0000'0000'0000,
                                                                  0x41f0'0000'0000'0000,
                                                                  0x43e0'0000'0000'0000,
                                                                  0x3fe0'0000'0000'0000,
                                                                  0x4009'21fb'5444'2d18};
        static constexpr std::array<std::uint32_t, 15> singles = {
            0,           0x3f80'0000, 0x3fc0'0000, 0x7f80'0000, 0x7fc0'0000,
            0x7fe0'1234, 0x7f80'0001, 0x7f7f'ffff, 1,           0x0080'0000,
            0x4f00'0000, 0x4f80'0000, 0x5f00'0000, 0x3f00'0000, 0x4049'0fdb};
        const bool narrow = type == ValueType::f32;
        const std::uint32_t pick = random_.below(15);
        std::uint64_t bits = narrow ? singles[pick] : doubles[pick];
        if (random_.one_in(3)) {
            bits = random_.next();
        } else if (random_.one_in(2)) {
            bits ^= std::uint64_t{1} << (narrow ? 31U : 63U);
        }
        op(narrow ? Opcode::f32_const : Opcode::f64_const);
        for (unsigned i = 0; i < (narrow ? 4 : 8); ++i) {
            code_.push_back(static_cast<std::uint8_t>(bits >> 8 * i));
        }
    }
    static std::uint32_t global_of(ValueType type) {
        return static_cast<std::uint32_t>(std::string_view("iI--fF").find(letter_of(type)));
    }
    std::uint32_t local_of(ValueType type) {
        for (int tries = 0; tries < 8 && !locals_.empty(); ++tries) {
            const std::uint32_t local = random_.below(static_cast<std::uint32_t>(locals_.size()));
            if (locals_[local] == type) {
                return local;
            }
        }
        return none;
    }
    static constexpr std::uint32_t none = 0xffff'ffff;

    void values(const Types& types, int depth) {
        for (const ValueType type : types) {
            value(type, depth);
        }
    }

    /// Pushes one value.
    void value(ValueType type, int depth) {
        const std::uint32_t local = local_of(type);
        const std::uint32_t choice = random_.below(depth <= 0 || code_.size() > 3'000 ? 4 : 16);
        switch (choice) {
            case 0:
                return interesting(type);
            case 1:
            case 2:
                return local == none ? interesting(type) : op(Opcode::local_get, local);
            case 3:
                return op(Opcode::global_get, global_of(type) + 2 * random_.below(2));
            case 4:
                return load(type, depth);
            case 5:
                value(type, depth - 1);
                value(type, depth - 1);
                value(ValueType::i32, depth - 1);
                return op(Opcode::select);
            case 6:
                value(type, depth - 1);
                return local == none ? op(Opcode::nop) : op(Opcode::local_tee, local);
            case 7:
                return block({}, {type}, depth - 1);
            case 8:
                return call_for(type, depth);
            case 9:
                // A value that waits while something else happens.
                value(type, depth - 1);
                statement(depth - 1);
                return;
            case 10:
                if (type == ValueType::i32) {
                    if (random_.one_in(2)) {
                        return op(Opcode::memory_size, 0);
                    }
                    constant(type, random_.below(4));
                    return op(Opcode::memory_grow, 0);
                }
                return compute(type, depth);
            default:
                return compute(type, depth);
        }
    }

    void compute(ValueType type, int depth) {
        const auto& list = computing(type, module_.floats);
        const Opcode opcode = list[random_.below(static_cast<std::uint32_t>(list.size()))];
        const wasm::OpcodeFacts& facts = wasm::facts_of(opcode);
        for (const char letter : facts.operands) {
            value(type_of(letter), depth - 1);
        }
        if (facts.gas_class == wasm::GasClass::divide && !random_.one_in(8)) {
            constant(type, 1);
            op(type == ValueType::i32 ? Opcode::i32_or : Opcode::i64_or);
        }
        op(opcode);
    }

    /// An address that is mostly in bounds.
    void place(int depth) {
        value(ValueType::i32, depth);
        if (!random_.one_in(16)) {
            constant(ValueType::i32, random_.one_in(4) ? 0xffff : 0xff);
            op(Opcode::i32_and);
            if (random_.one_in(3)) {
                value(ValueType::i32, 0);
                constant(ValueType::i32, 7);
                op(Opcode::i32_and);
                op(Opcode::i32_add);
            }
        }
    }
    void access(Opcode opcode) {
        op(opcode);
        const std::uint32_t log2 = wasm::access_log2(wasm::facts_of(opcode).immediate);
        append_unsigned_leb128(code_, random_.below(log2 + 1));
        append_unsigned_leb128(code_,
                               random_.one_in(20) ? random_.next() >> 32U : random_.below(16));
    }
    void load(ValueType type, int depth) {
        place(depth - 1);
        if (type == ValueType::f32 || type == ValueType::f64) {
            return access(type == ValueType::f32 ? Opcode::f32_load : Opcode::f64_load);
        }
        const auto [first, last] = type == ValueType::i32
                                       ? std::pair(Opcode::i32_load8_s, Opcode::i32_load16_u)
                                       : std::pair(Opcode::i64_load8_s, Opcode::i64_load32_u);
        const auto from = static_cast<std::uint32_t>(first);
        const std::uint32_t pick = random_.below(static_cast<std::uint32_t>(last) - from + 2);
        if (pick == 0) {
            return access(type == ValueType::i32 ? Opcode::i32_load : Opcode::i64_load);
        }
        access(static_cast<Opcode>(from + pick - 1));
    }
    void store(int depth) {
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
        const auto [opcode, type] = stores[random_.below(module_.floats ? 9 : 7)];
        place(depth - 1);
        value(type, depth - 1);
        access(opcode);
    }

    void call_for(ValueType type, int depth) {
        for (int tries = 0; tries < 6; ++tries) {
            const std::uint32_t function =
                random_.below(static_cast<std::uint32_t>(module_.functions.size()));
            const FunctionType callee = module_.type(function);
            if (callee.results != Types{type}) {
                continue;
            }
            return call(function, depth);
        }
        compute(type, depth);
    }
    /// Leaves the results on the stack.
    void call(std::uint32_t function, int depth) {
        const FunctionType callee = module_.type(function);
        values(callee.parameters, depth - 1);
        if (random_.one_in(3)) {
            value(ValueType::i32, depth - 1);
            if (!random_.one_in(6)) {
                constant(ValueType::i32, 7);
                op(Opcode::i32_and);
            }
            op(Opcode::call_indirect, module_.functions[function]);
            append_unsigned_leb128(code_, 0);
        } else {
            op(Opcode::call, function);
        }
    }

    /// Consumes one value.
    void consume(ValueType type) {
        const std::uint32_t local = local_of(type);
        if (local != none && !random_.one_in(4)) {
            op(Opcode::local_set, local);
        } else if (random_.one_in(3)) {
            op(Opcode::global_set, global_of(type));
        } else {
            op(Opcode::drop);
        }
    }
    void consume(const Types& types) {
        for (std::size_t i = types.size(); i != 0; --i) {
            consume(types[i - 1]);
        }
    }

    void block_type(const Types& parameters, const Types& results) {
        if (parameters.empty() && results.empty()) {
            code_.push_back(0x40);
        } else if (parameters.empty() && results.size() == 1) {
            code_.push_back(static_cast<std::uint8_t>(results[0]));
        } else {
            append_signed_leb128(code_, module_.type_index({parameters, results}));
        }
    }

    /// A block, loop or conditional that pops the parameters and pushes the results.
    void block(const Types& parameters, const Types& results, int depth) {
        const std::uint32_t kind = random_.below(3);
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
        const auto side = [&] {
            consume(parameters);
            statements(depth - 1, random_.below(4));
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

    void branch(int depth) {
        const auto label = random_.below(static_cast<std::uint32_t>(labels_.size()));
        const Types types = labels_[labels_.size() - 1 - label];
        values(types, depth - 1);
        const std::uint32_t kind = random_.below(8);
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
        for (std::uint32_t n = random_.below(5); n != 0; --n) {
            const auto other = random_.below(static_cast<std::uint32_t>(labels_.size()));
            labels.push_back(labels_[labels_.size() - 1 - other] == types ? other : label);
        }
        op(Opcode::br_table, static_cast<std::uint32_t>(labels.size()));
        for (const std::uint32_t other : labels) {
            append_unsigned_leb128(code_, other);
        }
        append_unsigned_leb128(code_, label);
    }

    void bulk(int depth) {
        const auto small = [&](std::uint32_t bound) {
            if (random_.one_in(3)) {
                value(ValueType::i32, depth - 1);
                constant(ValueType::i32, 15);
                return op(Opcode::i32_and);
            }
            constant(ValueType::i32, random_.below(bound));
        };
        switch (random_.below(7)) {
            case 0:
                place(depth - 1);
                value(ValueType::i32, depth - 1);
                small(60);
                return op(Opcode::memory_fill, 0);
            case 1:
                place(depth - 1);
                place(depth - 1);
                small(60);
                op(Opcode::memory_copy, 0);
                return append_unsigned_leb128(code_, 0);
            case 2:
                place(depth - 1);
                small(passive_data_size);
                small(passive_data_size / 2);
                op(Opcode::memory_init, 1);
                return append_unsigned_leb128(code_, 0);
            case 3:
                small(table_size);
                small(table_size);
                small(4);
                op(Opcode::table_copy, 0);
                return append_unsigned_leb128(code_, 0);
            case 4:
                small(table_size);
                small(passive_elements);
                small(3);
                op(Opcode::table_init, 1);
                return append_unsigned_leb128(code_, 0);
            case 5:
                return random_.one_in(4) ? op(Opcode::data_drop, 1) : op(Opcode::nop);
            default:
                return random_.one_in(4) ? op(Opcode::elem_drop, 1) : op(Opcode::nop);
        }
    }

    Types any_types(std::uint32_t most) {
        Types types(random_.below(most + 1));
        std::ranges::generate(types, [this] { return any_type(); });
        return types;
    }

    void statements(int depth, std::uint32_t count) {
        for (; count != 0; --count) {
            statement(depth);
        }
    }

    /// Leaves the stack as it was.
    void statement(int depth) {
        if (depth <= 0 || code_.size() > 3'000) {
            const ValueType type = any_type();
            value(type, 0);
            return consume(type);
        }
        switch (random_.below(13)) {
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
                const std::uint32_t function =
                    random_.below(static_cast<std::uint32_t>(module_.functions.size()));
                const Types results = module_.type(function).results;
                call(function, depth);
                return consume(results);
            }
            case 9:
                return bulk(depth);
            case 10:
                if (random_.one_in(6)) {
                    values(results_, depth - 1);
                    return op(Opcode::return_);
                }
                if (random_.one_in(12)) {
                    return op(Opcode::unreachable);
                }
                return op(Opcode::nop);
            default: {
                // Values that wait while statements run.
                const Types types = any_types(4);
                values(types, depth - 1);
                statements(depth - 1, 1 + random_.below(2));
                return consume(types);
            }
        }
    }

    void counted_loop(int depth) {
        const std::uint32_t counter = local_of(ValueType::i32);
        if (counter == none) {
            return bulk(depth);
        }
        constant(ValueType::i32, 1 + random_.below(9));
        op(Opcode::local_set, counter);
        op(Opcode::loop);
        code_.push_back(0x40);
        labels_.push_back({});
        statements(depth - 1, 1 + random_.below(3));
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

    Random& random_;
    Module& module_;
    Types results_;
    Types locals_;
    std::size_t parameters_ = 0;
    std::vector<Types> labels_;
    Bytes code_;
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

Bytes type_section(const Module& module) {
    Bytes out;
    append_unsigned_leb128(out, module.types.size());
    for (const FunctionType& type : module.types) {
        out.push_back(0x60);
        for (const Types* types : {&type.parameters, &type.results}) {
            append_unsigned_leb128(out, types->size());
            for (const ValueType value : *types) {
                out.push_back(static_cast<std::uint8_t>(value));
            }
        }
    }
    return out;
}

Bytes import_section() {
    Bytes out{imports};
    name(out, "env");
    name(out, "note");
    append(out, Bytes{0, 0});
    name(out, "env");
    name(out, "mix");
    append(out, Bytes{0, 1});
    return out;
}

Bytes global_section(bool floats) {
    Bytes out{4,    0x7f, 1,    0x41, 7,    0x0b, 0x7e, 1,    0x42, 0x7d, 0x0b,
              0x7f, 0,    0x41, 0x2a, 0x0b, 0x7e, 0,    0x42, 0x05, 0x0b};
    if (floats) {
        out[0] = 8;
        for (const std::uint8_t changes : {std::uint8_t{1}, std::uint8_t{0}}) {
            append(out, Bytes{0x7d, changes, 0x43, 0, 0, 0xc0, 0x3f, 0x0b});
            append(out, Bytes{0x7c, changes, 0x44, 0, 0, 0, 0, 0, 0, 0x20, 0xc0, 0x0b});
        }
    }
    return out;
}

Bytes element_section(Random& random, std::uint32_t functions) {
    Bytes out{2, 0, 0x41, 0, 0x0b, table_size - 3};
    for (std::uint32_t i = 0; i < table_size - 3; ++i) {
        append_unsigned_leb128(out, random.below(functions));
    }
    append(out, Bytes{1, 0, passive_elements});
    for (std::uint32_t i = 0; i < passive_elements; ++i) {
        append_unsigned_leb128(out, random.below(functions));
    }
    return out;
}

Bytes data_section(Random& random) {
    Bytes out{2, 0, 0x41, 16, 0x0b, 100};
    for (std::uint32_t i = 0; i < 100; ++i) {
        out.push_back(static_cast<std::uint8_t>(random.next() >> 40U));
    }
    append(out, Bytes{1, passive_data_size});
    for (std::uint32_t i = 0; i < passive_data_size; ++i) {
        out.push_back(static_cast<std::uint8_t>(random.next() >> 40U));
    }
    return out;
}

}  // namespace

Bytes random_module(Random& random) {
    Module module;
    module.types = {{{ValueType::i32}, {}}, {{ValueType::i64, ValueType::i32}, {ValueType::i64}}};
    module.functions = {0, 1};
    module.floats = random.one_in(2);
    const std::uint32_t defined = 2 + random.below(4);
    for (std::uint32_t i = 0; i < defined; ++i) {
        FunctionType type;
        type.parameters.resize(random.below(5));
        type.results.resize(random.one_in(6) ? 2 : random.below(2));
        for (Types* types : {&type.parameters, &type.results}) {
            std::ranges::generate(*types, [&] { return random_type(random, module.floats); });
        }
        module.functions.push_back(module.type_index(type));
    }
    Bytes code;
    append_unsigned_leb128(code, defined);
    for (std::uint32_t i = 0; i < defined; ++i) {
        const Bytes body = BodyWriter(random, module, imports + i).write();
        append_unsigned_leb128(code, body.size());
        append(code, body);
    }
    Bytes functions;
    Bytes exports;
    append_unsigned_leb128(functions, defined);
    append_unsigned_leb128(exports, defined);
    for (std::uint32_t i = 0; i < defined; ++i) {
        append_unsigned_leb128(functions, module.functions[imports + i]);
        name(exports, "f" + std::to_string(i));
        exports.push_back(0);
        append_unsigned_leb128(exports, imports + i);
    }
    Bytes out{0, 'a', 's', 'm', 1, 0, 0, 0};
    section(out, 1, type_section(module));
    section(out, 2, import_section());
    section(out, 3, functions);
    section(out, 4, {1, 0x70, 0, table_size});
    section(out, 5, {1, 1, 1, 3});
    section(out, 6, global_section(module.floats));
    section(out, 7, exports);
    section(out, 9, element_section(random, static_cast<std::uint32_t>(module.functions.size())));
    section(out, 12, {2});
    section(out, 10, code);
    section(out, 11, data_section(random));
    return out;
}

}  // namespace aqd::oracle

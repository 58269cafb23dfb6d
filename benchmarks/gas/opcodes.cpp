#include "benchmarks/gas/opcodes.h"

#include <cstdint>
#include <utility>

namespace aqd::benchmarks {
namespace {

using wasm::GasClass;
using wasm::Opcode;

constexpr std::uint32_t base_address = 4'096;
constexpr int chain = 8;

struct Pair {
    Local a;
    Local b;
};

Pair locals_of(char letter) {
    switch (letter) {
        case 'I':
            return {x_a, x_b};
        case 'f':
            return {f_a, f_b};
        case 'F':
            return {d_a, d_b};
        default:
            return {i_a, i_b};
    }
}

bool is_float(const wasm::OpcodeFacts& facts) {
    return facts.feature == wasm::Feature::floats;
}

Code& constant(Code& code, char letter) {
    switch (letter) {
        case 'I':
            return code.i64(7);
        case 'f':
            return code.f32(1.5F);
        case 'F':
            return code.f64(1.5);
        default:
            return code.i32(7);
    }
}

/// Arithmetic and comparisons.
void add_numeric(std::vector<Fragment>& out, Opcode opcode) {
    const wasm::OpcodeFacts& facts = wasm::facts_of(opcode);
    const char operand = facts.operands.front();
    const char result = facts.results.front();
    const Pair in = locals_of(operand);
    const Pair to = locals_of(result);
    const std::string name(facts.mnemonic);
    const bool divides = facts.gas_class == GasClass::divide;
    if (facts.operands.size() == 1 && operand == result) {
        Code code;
        code.get(in.a);
        for (int i = 0; i < chain; ++i) {
            code.op(opcode);
        }
        out.push_back({name + " chain", opcode, code.set(in.a)});
    } else if (facts.operands.size() == 1) {
        out.push_back({name, opcode, Code().get(in.a).op(opcode).set(to.b)});
    } else {
        if (operand == result && !divides) {
            Code code;
            code.get(in.a);
            for (int i = 0; i < chain; ++i) {
                constant(code, operand).op(opcode);
            }
            out.push_back({name + " chain", opcode, code.set(in.a)});
        }
        Code once;
        once.get(in.a).get(in.b).op(opcode);
        if (divides) {
            once.op(Opcode::drop);
        } else {
            once.set(to.a == in.a ? to.b : to.a);
        }
        out.push_back({name, opcode, once});
        if (divides) {
            // The dividend stays great, and each one waits for the last.
            Code code;
            code.get(in.a);
            for (int i = 0; i < chain; ++i) {
                constant(code, operand).op(opcode);
                (operand == 'I' ? code.i64(INT64_MAX) : code.i32(INT32_MAX));
                code.op(operand == 'I' ? Opcode::i64_xor : Opcode::i32_xor);
            }
            out.push_back({name + " chain", opcode, code.set(in.a)});
        }
    }
}

void add_memory(std::vector<Fragment>& out, Opcode opcode) {
    const wasm::OpcodeFacts& facts = wasm::facts_of(opcode);
    const std::string name(facts.mnemonic);
    if (facts.gas_class == GasClass::load) {
        const Pair to = locals_of(facts.results.front());
        out.push_back({name, opcode, Code().i32(base_address).op(opcode, 0, 8).set(to.b)});
        if (opcode == Opcode::i32_load) {
            Code code;
            code.get(i_c);
            for (int i = 0; i < chain; ++i) {
                code.op(opcode, 0, 0);
            }
            out.push_back({name + " chase", opcode, code.set(i_c), true});
        }
    } else {
        const Pair value = locals_of(facts.operands.back());
        out.push_back({name, opcode, Code().i32(base_address).get(value.a).op(opcode, 0, 8)});
    }
}

void add_bulk(std::vector<Fragment>& out) {
    for (const std::int32_t size : {0, 1, 16, 256, 4'096}) {
        const std::string octets = " " + std::to_string(size);
        out.push_back({"memory.copy" + octets, Opcode::memory_copy,
                       Code()
                           .i32(base_address)
                           .i32(3 * base_address)
                           .i32(size)
                           .op(Opcode::memory_copy, 0, 0)});
        out.push_back({"memory.fill" + octets, Opcode::memory_fill,
                       Code().i32(base_address).i32(1).i32(size).op(Opcode::memory_fill, 0)});
    }
    for (const std::int32_t size : {0, 1, 64}) {
        out.push_back({"memory.init " + std::to_string(size), Opcode::memory_init,
                       Code().i32(base_address).i32(0).i32(size).op(Opcode::memory_init, 0, 0)});
    }
    out.push_back({"memory.size", Opcode::memory_size, Code().op(Opcode::memory_size, 0).set(i_b)});
    out.push_back({"memory.grow 0", Opcode::memory_grow,
                   Code().i32(0).op(Opcode::memory_grow, 0).op(Opcode::drop)});
}

void add_control(std::vector<Fragment>& out) {
    out.push_back({"br", Opcode::br, Code().open(Opcode::block).op(Opcode::br, 0).end()});
    out.push_back({"br_if taken", Opcode::br_if,
                   Code().open(Opcode::block).get(i_a).op(Opcode::br_if, 0).end()});
    out.push_back(
        {"br_if not taken", Opcode::br_if,
         Code().open(Opcode::block).get(i_a).op(Opcode::i32_eqz).op(Opcode::br_if, 0).end()});
    out.push_back({"if", Opcode::if_, Code().get(i_a).open(Opcode::if_).end()});
    out.push_back(
        {"if else", Opcode::else_, Code().get(i_a).open(Opcode::if_).op(Opcode::else_).end()});
    out.push_back({"call", Opcode::call, Code().op(Opcode::call, empty_function)});
    out.push_back({"call with result", Opcode::call,
                   Code().get(i_a).op(Opcode::call, identity_function).set(i_b)});
    out.push_back({"call_indirect", Opcode::call_indirect,
                   Code().i32(1).op(Opcode::call_indirect, nothing_type, 0)});
}

void add_variables(std::vector<Fragment>& out) {
    out.push_back({"local.get local.set", Opcode::local_set, Code().get(i_a).set(i_b)});
    out.push_back(
        {"local.tee", Opcode::local_tee, Code().get(x_a).op(Opcode::local_tee, x_b).set(x_a)});
    out.push_back({"i64.const local.set", Opcode::i64_const, Code().i64(77).set(x_b)});
    out.push_back({"global.get", Opcode::global_get, Code().op(Opcode::global_get, 1).set(x_b)});
    out.push_back({"global.set", Opcode::global_set, Code().get(x_a).op(Opcode::global_set, 1)});
    out.push_back(
        {"select", Opcode::select, Code().get(x_a).get(x_b).get(i_a).op(Opcode::select).set(x_b)});
}

/// A jump table whose index changes so that a processor cannot foresee it.
Code random_table(std::uint32_t labels) {
    Code code;
    for (std::uint32_t i = 0; i < labels; ++i) {
        code.open(Opcode::block);
    }
    code.get(i_c).i32(1'664'525).op(Opcode::i32_mul).i32(1'013'904'223).op(Opcode::i32_add);
    code.op(Opcode::local_tee, i_c).i32(26).op(Opcode::i32_shr_u);
    code.table(labels);
    for (std::uint32_t i = 0; i < labels; ++i) {
        code.end();
    }
    return code;
}

Code random_number() {
    return Code()
        .get(i_c)
        .i32(1'664'525)
        .op(Opcode::i32_mul)
        .i32(1'013'904'223)
        .op(Opcode::i32_add)
        .op(Opcode::local_tee, i_c);
}

Code setup() {
    return Code()
        .i32(0x7fff'fff1)
        .set(i_a)
        .i32(7)
        .set(i_b)
        .i64(0x7fff'ffff'ffff'fff1)
        .set(x_a)
        .i64(7)
        .set(x_b)
        .f32(1.25F)
        .set(f_a)
        .f32(0.75F)
        .set(f_b)
        .f64(1.25)
        .set(d_a)
        .f64(0.75)
        .set(d_b);
}

}  // namespace

std::vector<Fragment> fragments(bool floats) {
    std::vector<Fragment> out;
    for (std::size_t i = 0; i < wasm::opcode_table.size(); ++i) {
        const auto opcode = static_cast<Opcode>(i);
        const wasm::OpcodeFacts& facts = wasm::facts_of(opcode);
        if ((is_float(facts) && !floats) || facts.operands == "*" || facts.operands.empty()) {
            continue;
        }
        if (facts.gas_class == GasClass::load || facts.gas_class == GasClass::store) {
            add_memory(out, opcode);
        } else if (!facts.results.empty()) {
            add_numeric(out, opcode);
        }
    }
    add_bulk(out);
    add_control(out);
    add_variables(out);
    return out;
}

// Longer than seventy lines: a list.
std::vector<Adversary> adversaries() {
    std::vector<Adversary> out;
    out.reserve(32);
    const auto add = [&](std::string name, Code body) -> Adversary& {
        Program program;
        program.before = setup();
        program.body = std::move(body);
        out.push_back({std::move(name), std::move(program)});
        return out.back();
    };
    Code loads;
    loads.get(i_c);
    for (int i = 0; i < 16; ++i) {
        loads.op(Opcode::i32_load, 0, 0);
    }
    add("loads of loads through 1 MiB", loads.set(i_c)).chase = true;
    Code stores;
    for (int i = 0; i < 8; ++i) {
        stores.append(random_number())
            .i32(memory_octets - 64)
            .op(Opcode::i32_and)
            .get(x_a)
            .op(Opcode::i64_store, 0, 3);
    }
    add("stores anywhere in 1 MiB, across lines", stores);
    Code split;
    for (int i = 0; i < 8; ++i) {
        split.i32(base_address - 4).op(Opcode::i64_load, 0, 0).set(x_b);
    }
    add("loads across pages", split);
    add("br_table that nobody foresees", random_table(64));
    Code indirect;
    for (int i = 0; i < 8; ++i) {
        indirect.append(random_number())
            .i32(26)
            .op(Opcode::i32_shr_u)
            .op(Opcode::call_indirect, nothing_type, 0);
    }
    add("call_indirect", indirect);
    Code unforeseen;
    for (int i = 0; i < 8; ++i) {
        unforeseen.append(random_number()).open(Opcode::if_).end();
        unforeseen.get(i_c).i32(0).op(Opcode::i32_lt_s).open(Opcode::if_).end();
    }
    add("branches that nobody foresees", unforeseen);
    Code wide;
    for (int i = 0; i < 8; ++i) {
        wide.i64(INT64_MAX).get(x_b).op(Opcode::i64_rem_s).i64(1).op(Opcode::i64_or).set(x_b);
    }
    add("division", wide);
    add("deep calls", Code().i32(200).op(Opcode::call, deep_function));
    add("many locals", Code().op(Opcode::call, zeroing_function));
    Adversary& growth =
        add("memory growth", Code().i32(15).op(Opcode::memory_grow, 0).op(Opcode::drop));
    growth.program.initial_pages = 1;
    growth.fresh_instances = true;
    Code touched;
    touched.i32(15).op(Opcode::memory_grow, 0).op(Opcode::drop);
    for (int page = 1; page < 16; ++page) {
        for (int part = 0; part < 16; ++part) {
            touched.i32(page * 65'536 + part * 4'096).get(x_a).op(Opcode::i64_store, 0, 0);
        }
    }
    Adversary& used = add("memory growth, every host page touched", touched);
    used.program.initial_pages = 1;
    used.fresh_instances = true;
    Adversary& small = add("a fresh instance that fills one page",
                           Code().i32(0).i32(1).i32(65'536).op(Opcode::memory_fill, 0));
    small.program.initial_pages = 1;
    small.fresh_instances = true;
    return out;
}

Program repeated(const Fragment& fragment, int times) {
    return sequence(std::vector<const Fragment*>(static_cast<std::size_t>(times), &fragment));
}

Program sequence(const std::vector<const Fragment*>& list) {
    Program program;
    program.before = setup();
    for (const Fragment* fragment : list) {
        program.body.append(fragment->code);
    }
    return program;
}

}  // namespace aqd::benchmarks

#include "benchmarks/load/generated_module.h"

#include "benchmarks/load/module_writer.h"

#include <cstdint>
#include <string_view>

namespace aqd::benchmarks {
namespace {

/// Indices in the module: the import, the three exports, then what fills it.
constexpr std::uint32_t first_filling = 4;
constexpr std::uint32_t parameters = 2;
constexpr std::uint32_t narrow_locals = 8;  ///< parameters included
constexpr std::uint32_t wide_locals = 2;
constexpr std::uint32_t statements_of_a_function = 14;

enum Code : std::uint8_t {
    code_block = 0x02,
    code_loop = 0x03,
    code_if = 0x04,
    code_else = 0x05,
    code_end = 0x0b,
    code_br = 0x0c,
    code_br_if = 0x0d,
    code_call = 0x10,
    code_drop = 0x1a,
    code_get = 0x20,
    code_set = 0x21,
    code_tee = 0x22,
    code_load = 0x28,
    code_load8 = 0x2d,
    code_store = 0x36,
    code_store8 = 0x3a,
    code_const = 0x41,
    code_const64 = 0x42,
    code_eqz = 0x45,
    code_eq = 0x46,
    code_add = 0x6a,
    code_sub = 0x6b,
    code_add64 = 0x7c,
    code_wrap = 0xa7,
    code_extend = 0xad,
    type_i32 = 0x7f,
    type_i64 = 0x7e,
    type_none = 0x40,
    type_function = 0x60,
};

class Body {
  public:
    Body(std::uint64_t& seed, std::uint32_t function) : seed_(seed), function_(function) {}

    Bytes write() {
        out_.number(2);
        out_.number(narrow_locals - parameters);
        out_.put(type_i32);
        out_.number(wide_locals);
        out_.put(type_i64);
        for (std::uint32_t i = 0; i < statements_of_a_function; ++i) {
            statement(0);
        }
        expression(2);
        out_.put(code_end);
        return std::move(out_.octets);
    }

  private:
    std::uint32_t draw(std::uint32_t below) {
        seed_ = seed_ * 6'364'136'223'846'793'005U + 1'442'695'040'888'963'407U;
        return static_cast<std::uint32_t>(seed_ >> 33U) % below;
    }
    void local(Code code) {
        out_.put(code);
        out_.number(draw(narrow_locals));
    }
    void constant() {
        out_.put(code_const);
        // Most constants are small; some are addresses.
        out_.signed_number(draw(4) == 0 ? std::int64_t{draw(100'000)}
                                        : std::int64_t{draw(100)} - 20);
    }
    void access(Code code, std::uint32_t alignment) {
        out_.put(code);
        out_.number(alignment);
        out_.number(draw(3) == 0 ? draw(5'000) : draw(64));
    }
    void wide_expression() {
        out_.put(code_get);
        out_.number(narrow_locals + draw(wide_locals));
        if (draw(2) == 0) {
            out_.put(code_const64);
            out_.signed_number(draw(1'000'000));
        } else {
            expression(0);
            out_.put(code_extend);
        }
        out_.put(code_add64 + draw(3));
    }
    void expression(std::uint32_t depth) {
        switch (depth == 0 ? draw(3) : draw(10)) {
            case 0:
            case 1:
                return local(code_get);
            case 2:
                return constant();
            case 3:
            case 4:
                expression(depth - 1);
                return access(draw(4) == 0 ? code_load8 : code_load, 0);
            case 5:
                expression(depth - 1);
                return local(code_tee);
            case 6:
                expression(depth - 1);
                return out_.put(code_eqz);
            case 7:
                wide_expression();
                return out_.put(code_wrap);
            default:
                expression(depth - 1);
                expression(draw(2));
                // Divisions and their kind stay out: from `add` to `mul`, from `and` to `shr_u`.
                return out_.put(draw(3) != 0 ? code_add + draw(3) : 0x71 + draw(6));
        }
    }
    void condition() {
        expression(1);
        expression(1);
        out_.put(code_eq + draw(10));
    }
    // The depth of statements is bounded by `nesting`.
    void statement(std::uint32_t nesting) {  // NOLINT(misc-no-recursion)
        switch (draw(nesting < 3 ? 12 : 8)) {
            case 0:
            case 1:
            case 2:
            case 3:
                expression(2);
                return local(code_set);
            case 4:
                wide_expression();
                out_.put(code_set);
                return out_.number(narrow_locals + draw(wide_locals));
            case 5:
            case 6:
                expression(1);
                expression(2);
                return access(draw(4) == 0 ? code_store8 : code_store, 0);
            case 7:
                // A function calls those before it only, so that nothing recurs.
                expression(1);
                expression(1);
                out_.put(code_call);
                out_.number(function_ == 0 ? 0 : first_filling + draw(function_));
                return local(code_set);
            case 8:
            case 9:
                return conditional(nesting);
            case 10:
                out_.put(code_block);
                out_.put(type_none);
                condition();
                out_.put(code_br_if);
                out_.number(draw(nesting + 1));
                statement(nesting + 1);
                return out_.put(code_end);
            default:
                out_.put(code_loop);
                out_.put(type_none);
                statement(nesting + 1);
                statement(nesting + 1);
                condition();
                out_.put(code_br_if);
                out_.number(0);
                return out_.put(code_end);
        }
    }
    void conditional(std::uint32_t nesting) {  // NOLINT(misc-no-recursion)
        condition();
        out_.put(code_if);
        out_.put(type_none);
        statement(nesting + 1);
        if (draw(3) == 0) {
            out_.put(code_else);
            statement(nesting + 1);
        }
        out_.put(code_end);
    }

    std::uint64_t& seed_;
    std::uint32_t function_;
    ModuleWriter out_;
};

Bytes body_of_first() {
    return {0, code_const, 20, code_const, 22, code_add, code_end};
}

/// do { host.add(n, n) } while (--n)
Bytes body_of_calls() {
    return {0,         code_loop, type_none, code_get,   0, code_get,   0,
            code_call, 0,         code_drop, code_get,   0, code_const, 1,
            code_sub,  code_tee,  0,         code_br_if, 0, code_end,   code_end};
}

void section(ModuleWriter& file, std::uint32_t id, const ModuleWriter& contents) {
    file.put(id);
    file.sized(contents.octets);
}

void write_declarations(ModuleWriter& file, std::uint32_t filling) {
    ModuleWriter types;
    types.number(4);
    for (const Bytes& type :
         {Bytes{type_function, 2, type_i32, type_i32, 1, type_i32}, Bytes{type_function, 0, 0},
          Bytes{type_function, 0, 1, type_i32}, Bytes{type_function, 1, type_i32, 0}}) {
        types.append(type);
    }
    section(file, 1, types);
    ModuleWriter imports;
    imports.number(1);
    imports.text("host");
    imports.text("add");
    imports.append({0, 0});
    section(file, 2, imports);
    ModuleWriter functions;
    functions.number(filling + first_filling - 1);
    functions.append({1, 2, 3});
    functions.octets.resize(functions.octets.size() + filling);
    section(file, 3, functions);
    ModuleWriter memory;
    memory.append({1, 1, 1, 16});
    section(file, 5, memory);
    ModuleWriter exports;
    exports.number(3);
    std::uint32_t index = 1;
    for (const std::string_view name : {"empty", "first", "calls"}) {
        exports.text(name);
        exports.put(0);
        exports.number(index++);
    }
    section(file, 7, exports);
}

}  // namespace

Bytes generated_module(std::size_t octets) {
    std::uint64_t seed = 1;
    ModuleWriter bodies;
    std::uint32_t filling = 0;
    do {
        bodies.sized(Body(seed, filling).write());
        ++filling;
    } while (bodies.octets.size() + filling < octets);
    ModuleWriter file;
    file.append({0, 'a', 's', 'm', 1, 0, 0, 0});
    write_declarations(file, filling);
    ModuleWriter code;
    code.number(filling + first_filling - 1);
    code.sized({0, code_end});
    code.sized(body_of_first());
    code.sized(body_of_calls());
    code.append(bodies.octets);
    section(file, 10, code);
    ModuleWriter data;
    data.append({1, 0, code_const, 0, code_end});
    data.sized(Bytes(256, 42));
    section(file, 11, data);
    return std::move(file.octets);
}

}  // namespace aqd::benchmarks

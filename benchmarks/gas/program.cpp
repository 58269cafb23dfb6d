#include "benchmarks/gas/program.h"

#include <aqd/base/leb128.h>

#include <bit>
#include <initializer_list>
#include <string_view>

namespace aqd::benchmarks {
namespace {

using wasm::Opcode;

constexpr std::uint8_t i32_type = 0x7f;
constexpr std::uint8_t i64_type = 0x7e;
constexpr std::uint8_t f32_type = 0x7d;
constexpr std::uint8_t f64_type = 0x7c;
constexpr std::uint32_t many_locals = 1'000;

void number(Bytes& out, std::uint64_t value) {
    append_unsigned_leb128(out, value);
}

void section(Bytes& out, std::uint8_t id, const Bytes& content) {
    out.push_back(id);
    number(out, content.size());
    append(out, content);
}

void export_of(Bytes& out, std::string_view name, std::uint8_t kind, std::uint32_t index) {
    number(out, name.size());
    out.insert(out.end(), name.begin(), name.end());
    out.push_back(kind);
    number(out, index);
}

void function(Bytes& out, const Bytes& locals, const Code& code) {
    number(out, locals.size() + code.bytes().size() + 1);
    append(out, locals);
    append(out, code.bytes());
    out.push_back(0x0b);
}

Code loop_of(const Program& program) {
    Code code;
    code.append(program.before);
    code.open(Opcode::loop);
    code.append(program.body);
    code.get(counter).i32(1).op(Opcode::i32_sub).op(Opcode::local_tee, counter);
    code.op(Opcode::br_if, 0).end();
    code.append(program.after);
    return code.get(x_a);
}

Code zeroing_code() {
    Code code;
    // A look at the first and the last: all between must have been zeroed.
    return code.get(0).op(Opcode::drop).get(many_locals - 1).op(Opcode::drop);
}

Code deep_code() {
    Code code;
    code.get(0).open(Opcode::if_);
    code.get(0).i32(1).op(Opcode::i32_sub).op(Opcode::call, deep_function);
    return code.end();
}

}  // namespace

Code& Code::op(Opcode opcode) {
    const std::uint16_t code = wasm::facts_of(opcode).code;
    if (code >= 0xfc00) {
        bytes_.push_back(0xfc);
        number(bytes_, code - 0xfc00U);
    } else {
        bytes_.push_back(static_cast<std::uint8_t>(code));
    }
    return *this;
}

Code& Code::op(Opcode opcode, std::uint64_t first) {
    op(opcode);
    number(bytes_, first);
    return *this;
}

Code& Code::op(Opcode opcode, std::uint64_t first, std::uint64_t second) {
    op(opcode, first);
    number(bytes_, second);
    return *this;
}

Code& Code::i32(std::int32_t value) {
    op(Opcode::i32_const);
    append_signed_leb128(bytes_, value);
    return *this;
}

Code& Code::i64(std::int64_t value) {
    op(Opcode::i64_const);
    append_signed_leb128(bytes_, value);
    return *this;
}

Code& Code::f32(float value) {
    op(Opcode::f32_const);
    const auto bits = std::bit_cast<std::uint32_t>(value);
    for (int i = 0; i < 4; ++i) {
        bytes_.push_back(static_cast<std::uint8_t>(bits >> 8 * i));
    }
    return *this;
}

Code& Code::f64(double value) {
    op(Opcode::f64_const);
    const auto bits = std::bit_cast<std::uint64_t>(value);
    for (int i = 0; i < 8; ++i) {
        bytes_.push_back(static_cast<std::uint8_t>(bits >> 8 * i));
    }
    return *this;
}

Code& Code::open(Opcode opcode) {
    op(opcode);
    bytes_.push_back(0x40);
    return *this;
}

Code& Code::table(std::uint32_t labels) {
    op(Opcode::br_table, labels - 1);
    for (std::uint32_t label = 0; label < labels; ++label) {
        number(bytes_, label);
    }
    return *this;
}

Code& Code::append(const Code& other) {
    aqd::append(bytes_, other.bytes_);
    return *this;
}

Bytes module_of(const Program& program) {
    Bytes out{0, 'a', 's', 'm', 1, 0, 0, 0};
    section(out, 1,
            {4, 0x60, 1, i32_type, 1, i64_type, 0x60, 0, 0, 0x60, 1, i32_type, 0, 0x60, 1, i32_type,
             1, i32_type});
    section(out, 3, {5, run_type, nothing_type, nothing_type, number_type, identity_type});
    section(out, 4, {1, 0x70, 0, table_size});
    section(out, 5, {1, 1, static_cast<std::uint8_t>(program.initial_pages), 16});
    section(out, 6, {2, i32_type, 1, 0x41, 0, 0x0b, i64_type, 1, 0x42, 0, 0x0b});
    Bytes exports{2};
    export_of(exports, "run", 0, run_function);
    export_of(exports, "memory", 2, 0);
    section(out, 7, exports);
    Bytes elements{1, 0, 0x41, 0, 0x0b, table_size};
    elements.insert(elements.end(), table_size, static_cast<std::uint8_t>(empty_function));
    section(out, 9, elements);
    section(out, 12, {1});
    Bytes code{5};
    function(code, {4, 3, i32_type, 2, i64_type, 2, f32_type, 2, f64_type}, loop_of(program));
    function(code, {0}, {});
    Bytes many{1};
    number(many, many_locals);
    many.push_back(i64_type);
    function(code, many, zeroing_code());
    function(code, {0}, deep_code());
    function(code, {0}, Code().get(0));
    section(out, 10, code);
    Bytes data{1, 1};
    number(data, 64);
    data.insert(data.end(), 64, 'x');
    section(out, 11, data);
    return out;
}

}  // namespace aqd::benchmarks

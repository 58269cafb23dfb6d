// Constant expressions: initial values of globals and tables, places of segments, elements.

#include "vm/wasm/decoder.h"

namespace aqd::wasm {

/// One instruction that a constant expression may have.
ConstantExpression Decoder::constant_instruction(Reader& in) {
    ConstantExpression constant;
    constant.offset = in.offset();
    const Opcode opcode = in.opcode();
    switch (opcode) {
        case Opcode::i32_const:
            constant.value = static_cast<std::uint32_t>(in.s32());
            break;
        case Opcode::i64_const:
            constant.type = ValueType::i64;
            constant.value = static_cast<std::uint64_t>(in.s64());
            break;
        case Opcode::f32_const:
        case Opcode::f64_const:
            constant.type = opcode == Opcode::f32_const ? ValueType::f32 : ValueType::f64;
            constant.value = opcode == Opcode::f32_const ? in.f32() : in.f64();
            if (!limits_.features.floats) {
                in.refuse(ErrorCode::unsupported, "floating point", constant.offset);
            }
            break;
        case Opcode::global_get:
            constant.kind = ConstantExpression::Kind::global;
            constant.value = in.u32();
            break;
        case Opcode::ref_func:
            constant.kind = ConstantExpression::Kind::function;
            constant.value = in.u32();
            break;
        case Opcode::ref_null:
            constant.kind = ConstantExpression::Kind::null_reference;
            constant.type = in.heap_type();
            if (constant.type != ValueType::funcref && !limits_.features.references) {
                in.refuse(ErrorCode::unsupported, "references outside of tables", constant.offset);
            }
            break;
        default:
            if (is_constant_arithmetic(opcode)) {
                constant.kind = ConstantExpression::Kind::program;
            } else {
                in.refuse(ErrorCode::invalid, "constant expression required", constant.offset);
            }
    }
    return constant;
}

ConstantExpression Decoder::constant(Reader& in) {
    ConstantExpression constant = constant_instruction(in);
    if (in.ok() && in.peek() == 0x0b && constant.kind != ConstantExpression::Kind::program) {
        in.octet();
        return constant;
    }
    const std::uint32_t second = in.offset();
    while (in.ok() && in.peek() != 0x0b) {
        constant_instruction(in);
    }
    if (in.ok() && !limits_.features.extended_constants) {
        in.refuse(ErrorCode::unsupported, "constant expressions of more than one instruction",
                  second);
    }
    constant.kind = ConstantExpression::Kind::program;
    constant.code = {constant.offset, in.offset() - constant.offset};
    in.octet();
    return constant;
}

}  // namespace aqd::wasm

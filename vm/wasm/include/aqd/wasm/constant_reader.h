#pragma once

#include <aqd/wasm/code_reader.h>
#include <aqd/wasm/module.h>
#include <aqd/wasm/opcode.h>

#include <vector>

namespace aqd::wasm {

/// Walks over a constant expression of more than one instruction, which `decode` has checked.
class ConstantReader {
  public:
    ConstantReader(const Module& module, ByteRange code) : in_(module, FunctionBody{code, {}, 0}) {}

    struct Step {
        bool arithmetic = false;  ///< `opcode` on two values of the type of `constant`
        Opcode opcode = Opcode::nop;
        ConstantExpression constant;  ///< otherwise
    };
    [[nodiscard]] bool at_end() const { return in_.at_end(); }
    Step next() {
        Step step;
        step.constant.offset = in_.offset();
        step.opcode = in_.opcode();
        ConstantExpression& constant = step.constant;
        switch (step.opcode) {
            case Opcode::i32_const:
                constant.value = static_cast<std::uint32_t>(in_.s32());
                break;
            case Opcode::i64_const:
                constant.type = ValueType::i64;
                constant.value = static_cast<std::uint64_t>(in_.s64());
                break;
            case Opcode::f32_const:
                constant.type = ValueType::f32;
                constant.value = in_.f32();
                break;
            case Opcode::f64_const:
                constant.type = ValueType::f64;
                constant.value = in_.f64();
                break;
            case Opcode::global_get:
                constant.kind = ConstantExpression::Kind::global;
                constant.value = in_.u32();
                break;
            case Opcode::ref_func:
                constant.kind = ConstantExpression::Kind::function;
                constant.value = in_.u32();
                break;
            case Opcode::ref_null:
                // Whether its type is right was not looked at: only a number can be computed with.
                constant.kind = ConstantExpression::Kind::null_reference;
                constant.type = ValueType::funcref;
                in_.s64();
                break;
            default:
                step.arithmetic = true;
                constant.type = step.opcode < Opcode::i64_clz ? ValueType::i32 : ValueType::i64;
        }
        return step;
    }

  private:
    CodeReader in_;
};

/// The value of a constant expression. `of_constant` gives that of one instruction.
template <class OfConstant>
std::uint64_t evaluate(const Module& module, const ConstantExpression& expression,
                       OfConstant of_constant) {
    if (expression.kind != ConstantExpression::Kind::program) {
        return of_constant(expression);
    }
    std::vector<std::uint64_t> stack;
    ConstantReader in(module, expression.code);
    while (!in.at_end()) {
        const ConstantReader::Step step = in.next();
        if (!step.arithmetic) {
            stack.push_back(of_constant(step.constant));
            continue;
        }
        const std::uint64_t y = stack.back();
        stack.pop_back();
        std::uint64_t& x = stack.back();
        if (step.opcode == Opcode::i32_add || step.opcode == Opcode::i64_add) {
            x += y;
        } else if (step.opcode == Opcode::i32_sub || step.opcode == Opcode::i64_sub) {
            x -= y;
        } else {
            x *= y;
        }
        if (is_narrow(step.constant.type)) {
            x = static_cast<std::uint32_t>(x);
        }
    }
    return stack.back();
}

}  // namespace aqd::wasm

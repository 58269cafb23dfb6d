#pragma once

#include "vm/wasm/operand_stack.h"
#include "vm/wasm/reader.h"
#include "vm/wasm/type_rules.h"

#include <aqd/wasm/validate.h>

#include <algorithm>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace aqd::wasm {

using Types = std::span<const ValueType>;

/// The most operands that calls may leave on the stack of one function.
inline constexpr std::size_t most_operands = 1'000'000;

/// A letter of the opcode table.
constexpr ValueType type_of_letter(char letter) {
    switch (letter) {
        case 'i':
            return ValueType::i32;
        case 'I':
            return ValueType::i64;
        case 'f':
            return ValueType::f32;
        default:
            return ValueType::f64;
    }
}

/// A block that is open (the appendix of the specification calls it a control frame).
struct Control {
    Opcode opcode = Opcode::block;
    bool unreachable = false;
    std::uint32_t height = 0;
    Types parameters;
    Types results;
    std::uint32_t initialised = 0;  ///< how many locals without default had a value outside
    [[nodiscard]] Types label() const { return opcode == Opcode::loop ? parameters : results; }
};

/// The validation algorithm of the appendix of the core specification, for one function after
/// another; the buffers are reused.
class FunctionValidator {
  public:
    /// `declared`: the functions that a body may refer to.
    FunctionValidator(const Module& module, const TypeRules& rules,
                      const std::vector<bool>& declared)
        : module_(module), rules_(rules), declared_(declared), in_({}, {}) {}

    Result<FunctionFacts> check(std::uint32_t body_index);

  private:
    void plain_sailing();
    void instruction(Opcode opcode);
    void control(Opcode opcode);
    void end();
    void branch_table();
    void call(const FunctionType& type, bool tail);
    bool calls(Opcode opcode);
    bool null_branches(Opcode opcode);
    void references(Opcode opcode);
    void tables(Opcode opcode);
    void memories(Opcode opcode);
    void plain(Opcode opcode);
    bool access(Immediate size);
    bool permitted(Opcode opcode);
    void local(Opcode opcode);
    void select_typed();
    ValueType index_type(bool wide) { return wide ? ValueType::i64 : ValueType::i32; }
    ValueType pop_reference();
    std::uint32_t table_index();
    std::uint32_t memory_index();
    std::uint32_t data_index();
    std::uint32_t element_index();
    std::uint32_t type_index();
    Types single(ValueType type);
    void leave_block(const Control& frame);
    void variable(Opcode opcode);
    void select();

    void problem(std::string_view text) { in_.refuse(ErrorCode::invalid, text, at_); }

    void push(ValueType type) {
        operands_.push_back(type);
        highest_ = std::max(highest_, operands_.size());
    }
    /// What `pop(expected)` does, without a call where all is well.
    void take(ValueType expected) {
        if (operands_.size() > floor_ && operands_.back() == expected) [[likely]] {
            operands_.pop_back();
        } else {
            pop(expected);
        }
    }
    void push(Types types) {
        for (const ValueType type : types) {
            push(type);
        }
    }
    ValueType pop() {
        if (operands_.size() == floor_) {
            if (!controls_.back().unreachable) {
                problem("type mismatch: an operand is missing");
            }
            return unknown_type;
        }
        const ValueType type = operands_.back();
        operands_.pop_back();
        return type;
    }
    ValueType pop(ValueType expected) {
        const ValueType actual = pop();
        if (actual != expected && !rules_.matches(actual, expected)) {
            problem("type mismatch");
        }
        return actual;
    }
    void pop(Types types) {
        for (std::size_t i = types.size(); i != 0; --i) {
            pop(types[i - 1]);
        }
    }
    void push_control(Opcode opcode, Types parameters, Types results) {
        if (controls_.size() > module_.limits.nesting) {
            in_.refuse_over("blocks are nested too deeply", controls_.size(),
                            module_.limits.nesting, at_);
            return;
        }
        controls_.push_back({opcode, false, static_cast<std::uint32_t>(operands_.size()),
                             parameters, results, static_cast<std::uint32_t>(given_.size())});
        floor_ = operands_.size();
        push(parameters);
    }
    void unreachable() {
        operands_.shrink(controls_.back().height);
        controls_.back().unreachable = true;
    }
    /// The types that a branch to the label carries; empty after an error.
    Types label(std::uint32_t depth) {
        if (depth >= controls_.size()) {
            problem("unknown label");
            return {};
        }
        return controls_[controls_.size() - 1 - depth].label();
    }
    Control block_type(Opcode opcode);

    const Module& module_;
    const TypeRules& rules_;
    const std::vector<bool>& declared_;
    Reader in_;
    std::uint32_t at_ = 0;
    std::size_t highest_ = 0;
    std::size_t floor_ = 0;  ///< height of the innermost block
    bool uses_floats_ = false;
    std::vector<ValueType> locals_;
    bool all_have_values_ = true;
    std::vector<bool> has_value_;       ///< by local: false where a value must be set first
    std::vector<std::uint32_t> given_;  ///< locals that got their value, in order
    std::map<ValueType, ValueType> singles_;
    OperandStack operands_;
    std::vector<Control> controls_;
};

}  // namespace aqd::wasm

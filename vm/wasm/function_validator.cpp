#include "vm/wasm/function_validator.h"

#include <string>

namespace aqd::wasm {
namespace {

/// Words for a part of the standard that the limits leave out; empty if they do not.
std::string_view missing_feature(Feature feature, const Features& features) {
    switch (feature) {
        case Feature::floats:
            return features.floats ? "" : "floating point";
        case Feature::references:
            return features.references ? "" : "reference instructions";
        case Feature::tail_calls:
            return features.tail_calls ? "" : later_parts;
        case Feature::typed_references:
            return features.typed_references ? "" : later_parts;
        default:
            return "";
    }
}

}  // namespace

Result<FunctionFacts> FunctionValidator::check(std::uint32_t body_index) {
    const FunctionBody& body = module_.bodies[body_index];
    const FunctionType& type = module_.type_of_function(module_.imported_functions + body_index);
    locals_.assign(type.parameters.begin(), type.parameters.end());
    has_value_.assign(locals_.size(), true);
    all_have_values_ = true;
    for (const LocalGroup& group : body.locals) {
        if (!rules_.is_known(group.type)) {
            return fail(ErrorCode::invalid, "unknown type of a local", body.code.offset);
        }
        locals_.insert(locals_.end(), group.count, group.type);
        has_value_.resize(locals_.size(), !is_non_null(group.type));
        all_have_values_ &= !is_non_null(group.type);
    }
    given_.clear();
    operands_.shrink(0);
    controls_.clear();
    highest_ = 0;
    uses_floats_ = false;
    in_ = Reader(module_.bytes, body.code, module_.limits.features);
    controls_.push_back({Opcode::block, false, 0, {}, type.results, 0});
    floor_ = 0;
    while (in_.ok() && !controls_.empty()) {
        plain_sailing();
        at_ = in_.offset();
        instruction(in_.opcode());
    }
    if (in_.ok() && !in_.at_end()) {
        in_.refuse(ErrorCode::malformed, "instructions after the end of a function");
    }
    if (!in_.ok()) {
        return in_.failure();
    }
    return FunctionFacts{static_cast<std::uint32_t>(highest_), uses_floats_};
}

/// Whether the limits let functions use the opcode.
bool FunctionValidator::permitted(Opcode opcode) {
    const Feature feature = facts_of(opcode).feature;
    const std::string_view missing = missing_feature(feature, module_.limits.features);
    if (!missing.empty()) {
        in_.refuse(ErrorCode::unsupported, missing, at_);
        return false;
    }
    uses_floats_ |= feature == Feature::floats;
    return true;
}

void FunctionValidator::instruction(Opcode opcode) {
    const OpcodeFacts& facts = facts_of(opcode);
    if (facts.feature >= Feature::references && !permitted(opcode)) [[unlikely]] {
        return;
    }
    if (facts.operands.starts_with('*')) {
        control(opcode);
    } else {
        plain(opcode);
    }
}

/// Instructions whose types stand in the table.
void FunctionValidator::plain(Opcode opcode) {
    const OpcodeFacts& facts = facts_of(opcode);
    bool is_access = false;
    bool wide = false;
    switch (facts.immediate) {
        case Immediate::none:
            break;
        case Immediate::i32:
            in_.s32();
            break;
        case Immediate::i64:
            in_.s64();
            break;
        case Immediate::f32:
            in_.f32();
            break;
        case Immediate::f64:
            in_.f64();
            break;
        case Immediate::data:
            data_index();
            break;
        case Immediate::element:
            element_index();
            break;
        default:
            is_access = true;
            wide = access(facts.immediate);
    }
    for (std::size_t i = facts.operands.size(); i != 0; --i) {
        // The address comes first and has the type that the memory asks for.
        const bool address = is_access && i == 1;
        take(address ? index_type(wide) : type_of_letter(facts.operands[i - 1]));
    }
    for (const char letter : facts.results) {
        push(type_of_letter(letter));
    }
}

/// Alignment and offset of a load or store; whether the memory has addresses of 64 bits.
bool FunctionValidator::access(Immediate size) {
    const std::uint32_t flags = in_.u32();
    std::uint32_t memory = 0;
    if ((flags & 0x40U) != 0 && flags < 0x80) [[unlikely]] {
        if (!module_.limits.features.multi_memory) {
            in_.refuse(ErrorCode::unsupported, "more than one memory", at_);
            return false;
        }
        memory = in_.u32();
    }
    if (memory >= module_.memories.size()) [[unlikely]] {
        problem("unknown memory");
        return false;
    }
    const bool wide = module_.memories[memory].wide;
    if (wide) {
        in_.u64();
    } else {
        in_.u32();
    }
    const std::uint32_t alignment = flags < 0x80 ? flags & 0x3fU : flags;
    if (alignment >= 0x40) {
        in_.refuse(ErrorCode::malformed, "malformed alignment", at_);
    } else if (alignment > access_log2(size)) {
        problem("alignment must not be larger than natural");
    }
    return wide;
}

Types FunctionValidator::single(ValueType type) {
    const ValueType& kept = singles_.try_emplace(type, type).first->second;
    return {&kept, 1};
}

Control FunctionValidator::block_type(Opcode opcode) {
    Control block{opcode, false, 0, {}, {}, 0};
    const std::uint8_t first = in_.peek();
    if (first == 0x40) {
        in_.octet();
        return block;
    }
    if (first > 0x40 && first < 0x80) {
        const ValueType type = in_.operand_type();
        if (!rules_.is_known(type)) {
            problem("unknown type");
        }
        block.results = single(type);
        return block;
    }
    const std::int64_t code = in_.s33();
    if (code < 0) {
        in_.refuse(ErrorCode::malformed, "malformed block type", at_);
    } else if (static_cast<std::uint64_t>(code) >= module_.types.size()) {
        problem("unknown type");
    } else if (in_.ok()) {
        const FunctionType& type = module_.types[static_cast<std::size_t>(code)];
        block.parameters = type.parameters;
        block.results = type.results;
    }
    return block;
}

/// Locals that got their value inside the block are without one again.
void FunctionValidator::leave_block(const Control& frame) {
    for (; given_.size() > frame.initialised; given_.pop_back()) {
        has_value_[given_.back()] = false;
    }
    controls_.pop_back();
    floor_ = controls_.empty() ? 0 : controls_.back().height;
}

/// Instructions with rules of their own.
void FunctionValidator::control(Opcode opcode) {
    switch (opcode) {
        case Opcode::local_get:
        case Opcode::local_set:
        case Opcode::local_tee:
            return local(opcode);
        case Opcode::unreachable:
            return unreachable();
        case Opcode::block:
        case Opcode::loop:
        case Opcode::if_: {
            const Control block = block_type(opcode);
            if (opcode == Opcode::if_) {
                pop(ValueType::i32);
            }
            pop(block.parameters);
            return push_control(opcode, block.parameters, block.results);
        }
        case Opcode::else_: {
            const Control frame = controls_.back();
            if (frame.opcode != Opcode::if_) {
                return problem("else without if");
            }
            pop(frame.results);
            if (operands_.size() != frame.height) {
                return problem("type mismatch: operands are left over");
            }
            leave_block(frame);
            return push_control(Opcode::else_, frame.parameters, frame.results);
        }
        case Opcode::end:
            return end();
        case Opcode::br:
            pop(label(in_.u32()));
            return unreachable();
        case Opcode::br_if: {
            const Types types = label(in_.u32());
            pop(ValueType::i32);
            pop(types);
            return push(types);
        }
        case Opcode::br_table:
            return branch_table();
        case Opcode::return_:
            pop(controls_.front().results);
            return unreachable();
        case Opcode::drop:
            pop();
            return;
        case Opcode::select:
            return select();
        default:
            if (!calls(opcode) && !null_branches(opcode)) {
                variable(opcode);
            }
    }
}

void FunctionValidator::end() {
    const Control frame = controls_.back();
    pop(frame.results);
    if (operands_.size() != frame.height) {
        return problem("type mismatch: operands are left over");
    }
    // An `if` without `else` passes its parameters on.
    if (frame.opcode == Opcode::if_ &&
        !std::ranges::equal(frame.parameters, frame.results,
                            [this](ValueType a, ValueType b) { return rules_.matches(a, b); })) {
        return problem("type mismatch: if without else");
    }
    leave_block(frame);
    push(frame.results);
}

void FunctionValidator::branch_table() {
    const std::uint32_t labels = in_.u32();
    if (labels > module_.limits.branch_table_labels) {
        in_.refuse_over("a branch table is too long", labels, module_.limits.branch_table_labels,
                        at_);
        return;
    }
    pop(ValueType::i32);
    // Every label is checked against the operands without popping them; in reachable code that is
    // the same as comparing the labels, and costs their arity each.
    std::size_t arity = 0;
    for (std::uint64_t i = 0; i <= labels && in_.ok(); ++i) {
        const Types types = label(in_.u32());
        if (i == 0) {
            arity = types.size();
        } else if (types.size() != arity) {
            return problem("type mismatch: labels of different arity");
        }
        const Control& frame = controls_.back();
        const std::size_t available = operands_.size() - frame.height;
        if (available < arity && !frame.unreachable) {
            return problem("type mismatch: an operand is missing");
        }
        for (std::size_t k = 0; k < std::min(arity, available); ++k) {
            const ValueType actual = operands_[operands_.size() - 1 - k];
            if (!rules_.matches(actual, types[arity - 1 - k])) {
                return problem("type mismatch");
            }
        }
    }
    unreachable();
}

void FunctionValidator::select() {
    pop(ValueType::i32);
    const ValueType second = pop();
    const ValueType first = pop();
    const bool known = first != unknown_type && second != unknown_type;
    if ((first != second && known) || is_reference(first) || is_reference(second)) {
        return problem("type mismatch");
    }
    push(first == unknown_type ? second : first);
}

}  // namespace aqd::wasm

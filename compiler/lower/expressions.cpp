#include "compiler/lower/constants.h"
#include "compiler/lower/effects.h"
#include "compiler/lower/function.h"

#include <aqd/base/assert.h>

namespace aqd::lower {

using program::Expr;
using program::Kind;
using program::TypeId;

llvm::Value* FunctionLowering::evaluate(const Expr& expr) {
    return layout(expr.type).scalar ? evaluate_scalar(expr) : borrow(expr);
}

void FunctionLowering::evaluate_to(const Expr& expr, llvm::Value* address) {
    if (layout(expr.type).scalar) {
        b.CreateStore(evaluate_scalar(expr), address);
    } else {
        evaluate_memory(expr, address);
    }
}

llvm::Value* FunctionLowering::case_field(std::uint32_t index) {
    AQD_ASSERT(case_data_ != nullptr && procedure_.has_value());
    return field(unit.case_data(*procedure_), case_data_, index);
}

// The address of a value that exists already, nullptr if the expression makes one.
llvm::Value* FunctionLowering::address_of_part(const Expr& expr) {
    at(expr.span);
    if (const auto* const node = expr.as<program::LocalRead>()) {
        return slots_[static_cast<std::size_t>(node->slot)];
    }
    if (const auto* const node = expr.as<program::CaseFieldRead>()) {
        return case_field(node->field);
    }
    if (const auto* const node = expr.as<program::ConstantRead>()) {
        const Expr& value = *unit.program.constants[node->constant].value;
        if (llvm::Constant* const constant = constant_of(unit, value)) {
            return unit.constant_memory(constant);
        }
        return borrow(value);
    }
    if (const auto* const node = expr.as<program::Get>()) {
        return field(node->operand->type, borrow(*node->operand), node->index);
    }
    if (const auto* const node = expr.as<program::VariantGet>()) {
        return variant_field(node->operand->type, borrow(*node->operand), node->variant,
                             node->index);
    }
    if (const auto* const node = expr.as<program::OptionValue>()) {
        return option_value(*node);
    }
    if (const auto* const node = expr.as<program::Index>()) {
        return kind(node->operand->type) == Kind::bytes ? nullptr : address_of_element(*node);
    }
    if (const auto* const node = expr.as<program::Widen>()) {
        return layout(node->operand->type).type == layout(expr.type).type &&
                       kind(expr.type) != Kind::list
                   ? borrow(*node->operand)
                   : nullptr;
    }
    return nullptr;
}

llvm::Value* FunctionLowering::borrow(const Expr& expr) {
    AQD_ASSERT(!layout(expr.type).scalar);
    if (llvm::Value* const address = address_of_part(expr)) {
        return address;
    }
    return own(expr);
}

// A value of its own: what happens to variables later does not touch it.
llvm::Value* FunctionLowering::own(const Expr& expr) {
    if (layout(expr.type).scalar) {
        return evaluate_scalar(expr);
    }
    llvm::Value* const out = temporary(expr.type);
    evaluate_memory(expr, out);
    return out;
}

llvm::Value* FunctionLowering::evaluate_before(const Expr& expr, bool others_assign) {
    return others_assign ? own(expr) : evaluate(expr);
}

llvm::Value* FunctionLowering::choose(const program::Choose& node, TypeId type, llvm::Value* out) {
    llvm::Value* const condition = evaluate(*node.condition);
    if (out != nullptr) {
        if_else(
            condition, [&] { evaluate_to(*node.then_value, out); },
            [&] { evaluate_to(*node.else_value, out); });
        return nullptr;
    }
    llvm::BasicBlock* const yes = block("then");
    llvm::BasicBlock* const no = block("else");
    llvm::BasicBlock* const after = block("after");
    b.CreateCondBr(condition, yes, no);
    continue_in(yes);
    llvm::Value* const then_value = evaluate_scalar(*node.then_value);
    llvm::BasicBlock* const then_end = b.GetInsertBlock();
    b.CreateBr(after);
    continue_in(no);
    llvm::Value* const else_value = evaluate_scalar(*node.else_value);
    llvm::BasicBlock* const else_end = b.GetInsertBlock();
    go_to(after);
    llvm::PHINode* const value = b.CreatePHI(layout(type).type, 2);
    value->addIncoming(then_value, then_end);
    value->addIncoming(else_value, else_end);
    return value;
}

llvm::Value* FunctionLowering::call_function(const program::Call& node, llvm::Value* out) {
    const program::Function& callee = unit.program.functions[node.function];
    std::vector<llvm::Value*> arguments;
    if (callee.procedure) {
        arguments.push_back(case_data_);
    }
    if (out != nullptr) {
        arguments.push_back(out);
    }
    for (std::size_t i = 0; i < node.arguments.size(); ++i) {
        bool later = false;
        for (std::size_t j = i + 1; j < node.arguments.size(); ++j) {
            later = later || assigns(*node.arguments[j]);
        }
        arguments.push_back(evaluate_before(*node.arguments[i], later));
    }
    llvm::Value* const result = call(unit.function(node.function), arguments);
    return kind(callee.result) == Kind::unit ? i1(false) : result;
}

llvm::Value* FunctionLowering::fact(const program::FactRead& node) {
    switch (node.fact) {
        case program::Fact::today:
            return host("today");
        case program::Fact::now:
            return host("now");
        case program::Fact::effective:
            return host("effective");
        case program::Fact::case_opened:
            return host("case_opened");
        case program::Fact::caller_account: {
            // Neither changes during a call, so that one place for each is enough.
            llvm::Value* const out = unit.scratch(20, "caller_account");
            host("caller_account", {out});
            return out;
        }
        case program::Fact::case_id: {
            llvm::Value* const out = unit.scratch(20, "case_id");
            host("case_id", {out});
            return out;
        }
        case program::Fact::caller_person: {
            llvm::Value* const out = support("aqd_allocate", {i32(32)});
            host("caller_person", {out});
            return out;
        }
        case program::Fact::caller_body:
            break;
    }
    AQD_ASSERT(false);
    return nullptr;
}

llvm::Value* FunctionLowering::parameter(const program::ParameterRead& node) {
    const program::Parameter& source = unit.program.parameters[node.parameter];
    llvm::Value* const date = b.CreateLoad(b.getInt32Ty(), unit.rule_date());
    const auto value_of = [&](const Expr& expr) -> llvm::Value* {
        llvm::Constant* const constant = constant_of(unit, expr);
        if (constant == nullptr) {
            return evaluate(expr);
        }
        return layout(expr.type).scalar ? constant : unit.constant_memory(constant);
    };
    llvm::Value* value = value_of(*source.values.front().value);
    for (std::size_t i = 1; i < source.values.size(); ++i) {
        const program::Parameter::Value& next = source.values[i];
        llvm::Value* const in_force =
            b.CreateICmpSGE(date, b.getInt32(static_cast<std::uint32_t>(next.from)));
        value = b.CreateSelect(in_force, value_of(*next.value), value);
    }
    return value;
}

llvm::Value* FunctionLowering::state_is(const program::CaseStateIs& node) {
    llvm::Value* const state = b.CreateLoad(b.getInt32Ty(), unit.case_state());
    return b.CreateICmpEQ(state, i32(node.state ? *node.state : UINT32_MAX));
}

// Longer than seventy lines: one row for each kind of expression.
llvm::Value* FunctionLowering::evaluate_scalar(const Expr& expr) {
    at(expr.span);
    if (llvm::Constant* const constant = constant_of(unit, expr)) {
        return constant;
    }
    if (llvm::Value* const address = address_of_part(expr)) {
        return b.CreateLoad(layout(expr.type).type, address);
    }
    if (const auto* const node = expr.as<program::ParameterRead>()) {
        return parameter(*node);
    }
    if (const auto* const node = expr.as<program::CaseStateIs>()) {
        return state_is(*node);
    }
    if (const auto* const node = expr.as<program::FactRead>()) {
        return fact(*node);
    }
    if (const auto* const node = expr.as<program::Unary>()) {
        return unary(*node);
    }
    if (const auto* const node = expr.as<program::Binary>()) {
        return binary(*node);
    }
    if (const auto* const node = expr.as<program::DateShift>()) {
        return date_shift(*node);
    }
    if (const auto* const node = expr.as<program::TimeShift>()) {
        return time_shift(*node);
    }
    if (const auto* const node = expr.as<program::Difference>()) {
        return difference(*node);
    }
    if (const auto* const node = expr.as<program::DatePartOf>()) {
        return date_part(*node);
    }
    if (const auto* const node = expr.as<program::Due>()) {
        return due(*node);
    }
    if (const auto* const node = expr.as<program::Convert>()) {
        return convert(*node, expr.type);
    }
    if (const auto* const node = expr.as<program::OptionHas>()) {
        return is_present(node->operand->type, borrow(*node->operand));
    }
    if (const auto* const node = expr.as<program::VariantIs>()) {
        return b.CreateICmpEQ(ordinal(node->operand->type, evaluate(*node->operand)),
                              i32(node->variant));
    }
    if (const auto* const node = expr.as<program::Construct>()) {
        // Only a plain enumeration is a scalar that is constructed, and that is a constant.
        return i32(node->variant);
    }
    if (const auto* const node = expr.as<program::AttributeGet>()) {
        llvm::Value* const out = temporary(expr.type);
        attribute(*node, out);
        return value_at(expr.type, out);
    }
    if (const auto* const node = expr.as<program::Index>()) {
        return octet_at(*node);
    }
    if (const auto* const node = expr.as<program::Length>()) {
        return length(*node);
    }
    if (const auto* const node = expr.as<program::Contains>()) {
        return contains(*node);
    }
    if (const auto* const node = expr.as<program::ReadBigEndian>()) {
        return read_big_endian(*node);
    }
    if (const auto* const node = expr.as<program::Sha256>()) {
        return sha256(*node);
    }
    if (const auto* const node = expr.as<program::Commitment>()) {
        return evaluate(*node->operand);
    }
    if (const auto* const node = expr.as<program::RegisterGet>()) {
        llvm::Value* const out = temporary(expr.type);
        register_get(*node, out);
        return value_at(expr.type, out);
    }
    if (const auto* const node = expr.as<program::RegisterHas>()) {
        return register_has(*node);
    }
    if (const auto* const node = expr.as<program::RegisterNext>()) {
        return register_next(*node);
    }
    if (const auto* const node = expr.as<program::Call>()) {
        return call_function(*node, nullptr);
    }
    if (const auto* const node = expr.as<program::Choose>()) {
        return choose(*node, expr.type, nullptr);
    }
    if (const auto* const node = expr.as<program::BlockValue>()) {
        lower_block(node->block);
        return node->value == nullptr ? llvm::PoisonValue::get(layout(expr.type).type)
                                      : evaluate_scalar(*node->value);
    }
    AQD_ASSERT(false);
    return nullptr;
}

// Longer than seventy lines: one row for each kind of expression.
void FunctionLowering::evaluate_memory(const Expr& expr, llvm::Value* out) {
    at(expr.span);
    if (const auto* const node = expr.as<program::Construct>()) {
        construct(expr, *node, out);
    } else if (const auto* const repeated = expr.as<program::Repeat>()) {
        repeat_element(expr, *repeated, out);
    } else if (llvm::Constant* const constant = constant_of(unit, expr)) {
        copy(expr.type, out, unit.constant_memory(constant));
    } else if (llvm::Value* const address = address_of_part(expr)) {
        copy(expr.type, out, address);
    } else if (const auto* const read = expr.as<program::ParameterRead>()) {
        copy(expr.type, out, parameter(*read));
    } else if (expr.as<program::FactRead>() != nullptr) {
        // The body of the last matched mandate is the only fact that is not a scalar.
        b.CreateStore(support("aqd_caller_body", {field(expr.type, out, 1)}),
                      field(expr.type, out, 0));
    } else if (const auto* const widened = expr.as<program::Widen>()) {
        // Only the room of a list differs: what is in use is copied.
        copy(widened->operand->type, out, borrow(*widened->operand));
    } else if (const auto* const body = expr.as<program::ToBody>()) {
        to_body(body->operand->type, evaluate(*body->operand), out);
    } else if (const auto* const some = expr.as<program::Some>()) {
        evaluate_to(*some->operand, field(expr.type, out, 1));
        b.CreateStore(i1(true), field(expr.type, out, 0));
    } else if (const auto* const get = expr.as<program::AttributeGet>()) {
        attribute(*get, out);
    } else if (const auto* const big = expr.as<program::WriteBigEndian>()) {
        llvm::Value* const value = evaluate(*big->value);
        support("aqd_bytes_big_endian",
                {b.CreateZExtOrTrunc(value, b.getInt64Ty()), i32(big->width), out});
    } else if (expr.as<program::ZeroBytes>() != nullptr) {
        support("aqd_bytes_zero", {i32(shape(expr.type).size), out});
    } else if (const auto* const of = expr.as<program::BytesOf>()) {
        bytes_of(*of, out);
    } else if (const auto* const joined = expr.as<program::Concatenate>()) {
        llvm::Value* const left = evaluate_before(*joined->left, assigns(*joined->right));
        support("aqd_slice_join", {left, borrow(*joined->right), out});
    } else if (const auto* const part = expr.as<program::Slice>()) {
        slice(*part, out);
    } else if (const auto* const raw = expr.as<program::RawBytes>()) {
        store_slice(out,
                    {evaluate(*raw->operand), i32(Layouts::fixed_size(kind(raw->operand->type)))});
    } else if (const auto* const row = expr.as<program::RegisterGet>()) {
        register_get(*row, out);
    } else if (const auto* const called = expr.as<program::Call>()) {
        call_function(*called, out);
    } else if (const auto* const chosen = expr.as<program::Choose>()) {
        choose(*chosen, expr.type, out);
    } else if (const auto* const inside = expr.as<program::BlockValue>()) {
        lower_block(inside->block);
        if (inside->value != nullptr) {
            evaluate_to(*inside->value, out);
        }
    } else if (const auto* const recipients = expr.as<program::Sent>()) {
        sent(*recipients, out);
    } else {
        AQD_ASSERT(false);
    }
}

}  // namespace aqd::lower

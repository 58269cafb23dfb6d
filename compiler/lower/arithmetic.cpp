#include "compiler/lower/effects.h"
#include "compiler/lower/function.h"

#include <aqd/base/assert.h>

#include <llvm/IR/Intrinsics.h>

// Checked arithmetic (semantics 28).

namespace aqd::lower {

using program::BinaryOp;
using program::Kind;
using program::TypeId;

namespace {

bool is_signed(const program::Type& type) {
    return type.kind != Kind::unsigned_integer && type.kind != Kind::boolean;
}

}  // namespace

llvm::Value* FunctionLowering::overflowing(unsigned intrinsic, llvm::Value* left,
                                           llvm::Value* right) {
    llvm::Value* const both =
        b.CreateBinaryIntrinsic(static_cast<llvm::Intrinsic::ID>(intrinsic), left, right);
    refuse_if(b.CreateExtractValue(both, 1), abi::Refusal::Overflow);
    return b.CreateExtractValue(both, 0);
}

llvm::Value* FunctionLowering::unary(const program::Unary& node) {
    llvm::Value* const operand = evaluate(*node.operand);
    if (node.op == program::UnaryOp::negate) {
        return overflowing(llvm::Intrinsic::ssub_with_overflow,
                           llvm::Constant::getNullValue(operand->getType()), operand);
    }
    return b.CreateNot(operand);
}

llvm::Value* FunctionLowering::multiply(llvm::Value* left, llvm::Value* right, bool signs) {
    const unsigned bits = left->getType()->getIntegerBitWidth();
    if (bits < 64) {
        return overflowing(
            signs ? llvm::Intrinsic::smul_with_overflow : llvm::Intrinsic::umul_with_overflow, left,
            right);
    }
    // What LLVM would call for the wide product costs more than looking at the factors first.
    llvm::Value* const out = temporary(left->getType(), "product");
    const std::string_view name = bits == 64 ? (signs ? "aqd_multiply_i64" : "aqd_multiply_u64")
                                             : (signs ? "aqd_multiply_i128" : "aqd_multiply_u128");
    refuse_if(support(name, {left, right, out}), abi::Refusal::Overflow);
    return b.CreateLoad(left->getType(), out);
}

llvm::Value* FunctionLowering::divide(BinaryOp op, llvm::Value* left, llvm::Value* right,
                                      bool signs) {
    refuse_if(b.CreateICmpEQ(right, llvm::Constant::getNullValue(right->getType())),
              abi::Refusal::DivisionByZero);
    if (!signs) {
        return op == BinaryOp::divide ? b.CreateUDiv(left, right) : b.CreateURem(left, right);
    }
    auto* const type = llvm::cast<llvm::IntegerType>(left->getType());
    llvm::Value* const least =
        llvm::ConstantInt::get(type, llvm::APInt::getSignedMinValue(type->getBitWidth()));
    llvm::Value* const minus_one = llvm::Constant::getAllOnesValue(type);
    refuse_if(b.CreateAnd(b.CreateICmpEQ(left, least), b.CreateICmpEQ(right, minus_one)),
              abi::Refusal::Overflow);
    return op == BinaryOp::divide ? b.CreateSDiv(left, right) : b.CreateSRem(left, right);
}

llvm::Value* FunctionLowering::arithmetic(BinaryOp op, TypeId type, llvm::Value* left,
                                          llvm::Value* right) {
    const bool signs = is_signed(shape(type));
    switch (op) {
        case BinaryOp::add:
            return overflowing(
                signs ? llvm::Intrinsic::sadd_with_overflow : llvm::Intrinsic::uadd_with_overflow,
                left, right);
        case BinaryOp::subtract:
            return overflowing(
                signs ? llvm::Intrinsic::ssub_with_overflow : llvm::Intrinsic::usub_with_overflow,
                left, right);
        case BinaryOp::multiply:
            return multiply(left, right, signs);
        case BinaryOp::divide:
        case BinaryOp::remainder:
            return divide(op, left, right, signs);
        case BinaryOp::wrapping_add:
            return b.CreateAdd(left, right);
        case BinaryOp::wrapping_subtract:
            return b.CreateSub(left, right);
        case BinaryOp::wrapping_multiply:
            return b.CreateMul(left, right);
        case BinaryOp::bit_and:
            return b.CreateAnd(left, right);
        case BinaryOp::bit_or:
            return b.CreateOr(left, right);
        case BinaryOp::bit_xor:
            return b.CreateXor(left, right);
        default:
            AQD_ASSERT(false);
            return nullptr;
    }
}

llvm::Value* FunctionLowering::shift(const program::Binary& node, llvm::Value* left,
                                     llvm::Value* right) {
    auto* const type = llvm::cast<llvm::IntegerType>(left->getType());
    auto* const count_type = llvm::cast<llvm::IntegerType>(right->getType());
    llvm::Value* const width = llvm::ConstantInt::get(count_type, type->getBitWidth());
    refuse_if(b.CreateICmpUGE(right, width), abi::Refusal::BadShift);
    llvm::Value* const count = b.CreateZExtOrTrunc(right, type);
    return node.op == BinaryOp::shift_left ? b.CreateShl(left, count) : b.CreateLShr(left, count);
}

llvm::Value* FunctionLowering::short_circuit(const program::Binary& node) {
    const bool is_and = node.op == BinaryOp::logical_and;
    llvm::Value* const left = evaluate(*node.left);
    llvm::BasicBlock* const before = b.GetInsertBlock();
    llvm::BasicBlock* const more = block("right");
    llvm::BasicBlock* const after = block("after");
    b.CreateCondBr(left, is_and ? more : after, is_and ? after : more);
    continue_in(more);
    llvm::Value* const right = evaluate(*node.right);
    llvm::BasicBlock* const right_end = b.GetInsertBlock();
    go_to(after);
    llvm::PHINode* const value = b.CreatePHI(b.getInt1Ty(), 2);
    value->addIncoming(i1(!is_and), before);
    value->addIncoming(right, right_end);
    return value;
}

llvm::Value* FunctionLowering::compare(const program::Binary& node) {
    const TypeId type = node.left->type;
    llvm::Value* left = evaluate_before(*node.left, assigns(*node.right));
    llvm::Value* right = evaluate(*node.right);
    if (node.op == BinaryOp::equal) {
        return equal(type, left, right);
    }
    if (node.op == BinaryOp::not_equal) {
        return b.CreateNot(equal(type, left, right));
    }
    bool signs = is_signed(shape(type));
    if (!layout(type).scalar) {
        const Region a = load_slice(left);
        const Region c = load_slice(right);
        left = support("aqd_octets_compare", {a.data, a.size, c.data, c.size});
        right = i32(0);
        signs = true;
    }
    switch (node.op) {
        case BinaryOp::less:
            return signs ? b.CreateICmpSLT(left, right) : b.CreateICmpULT(left, right);
        case BinaryOp::less_equal:
            return signs ? b.CreateICmpSLE(left, right) : b.CreateICmpULE(left, right);
        case BinaryOp::greater:
            return signs ? b.CreateICmpSGT(left, right) : b.CreateICmpUGT(left, right);
        default:
            return signs ? b.CreateICmpSGE(left, right) : b.CreateICmpUGE(left, right);
    }
}

llvm::Value* FunctionLowering::binary(const program::Binary& node) {
    switch (node.op) {
        case BinaryOp::logical_and:
        case BinaryOp::logical_or:
            return short_circuit(node);
        case BinaryOp::equal:
        case BinaryOp::not_equal:
        case BinaryOp::less:
        case BinaryOp::less_equal:
        case BinaryOp::greater:
        case BinaryOp::greater_equal:
            return compare(node);
        default:
            break;
    }
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const left = evaluate(*node.left);
    llvm::Value* const right = evaluate(*node.right);
    // A refusal belongs to the operation, not to its last operand.
    b.SetCurrentDebugLocation(here);
    if (node.op == BinaryOp::shift_left || node.op == BinaryOp::shift_right) {
        return shift(node, left, right);
    }
    return arithmetic(node.op, node.left->type, left, right);
}

// Between integers of any width and the durations, which are signed integers of 64 bits.
llvm::Value* FunctionLowering::convert(const program::Convert& node, TypeId to) {
    const program::Type& source = shape(node.operand->type);
    const program::Type& target = shape(to);
    llvm::Value* const value = evaluate(*node.operand);
    auto* const source_type = llvm::cast<llvm::IntegerType>(value->getType());
    auto* const target_type = llvm::cast<llvm::IntegerType>(layout(to).type);
    const unsigned have = source_type->getBitWidth();
    const unsigned want = target_type->getBitWidth();
    const bool from_signed = is_signed(source);
    const bool to_signed = is_signed(target);
    llvm::Value* const result = from_signed ? b.CreateSExtOrTrunc(value, target_type)
                                            : b.CreateZExtOrTrunc(value, target_type);
    if (from_signed && to_signed) {
        if (want < have) {
            refuse_if(b.CreateICmpNE(b.CreateSExt(result, source_type), value),
                      abi::Refusal::OutOfRange);
        }
    } else if (from_signed && want >= have) {
        refuse_if(b.CreateICmpSLT(value, llvm::ConstantInt::get(source_type, 0)),
                  abi::Refusal::OutOfRange);
    } else {
        // As an unsigned number, a negative one is above every maximum of a narrower type.
        const unsigned usable = to_signed ? want - 1 : want;
        if (usable < have) {
            refuse_if(
                b.CreateICmpUGT(value, llvm::ConstantInt::get(
                                           source_type, llvm::APInt::getLowBitsSet(have, usable))),
                abi::Refusal::OutOfRange);
        }
    }
    return result;
}

}  // namespace aqd::lower

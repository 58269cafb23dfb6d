#include "compiler/lower/constants.h"

#include <llvm/ADT/APInt.h>
#include <llvm/IR/Constants.h>

#include <vector>

namespace aqd::lower {

using program::Expr;
using program::Kind;
using program::TypeId;

namespace {

llvm::Constant* number(llvm::Type* type, const program::NumberLiteral& literal) {
    llvm::APInt value(128, {low_half(literal.magnitude), high_half(literal.magnitude)});
    if (literal.negative) {
        value.negate();
    }
    return llvm::ConstantInt::get(type, value.trunc(type->getIntegerBitWidth()));
}

llvm::Constant* structure(llvm::Type* type, llvm::ArrayRef<llvm::Constant*> parts) {
    auto* const shape = llvm::cast<llvm::StructType>(type);
    if (parts.empty()) {
        return llvm::ConstantAggregateZero::get(shape);
    }
    return llvm::ConstantStruct::get(shape, parts);
}

llvm::Constant* of_parts(Unit& unit, const Expr& expr, const program::Construct& node) {
    const Layout& layout = unit.layouts[expr.type];
    llvm::Type* const i32 = llvm::Type::getInt32Ty(unit.context);
    const Kind kind = unit.program.types.kind(expr.type);
    if (kind == Kind::enumeration) {
        // A payload is memory of another type, which only code can fill.
        if (!node.parts.empty()) {
            return nullptr;
        }
        llvm::Constant* const ordinal = llvm::ConstantInt::get(i32, node.variant);
        if (layout.scalar) {
            return ordinal;
        }
        auto* const payload = llvm::cast<llvm::StructType>(layout.type)->getElementType(1);
        return structure(layout.type, {ordinal, llvm::Constant::getNullValue(payload)});
    }
    if (kind == Kind::list) {
        llvm::Constant* const elements = constant_elements(unit, expr);
        auto* const room = llvm::cast<llvm::ArrayType>(
            llvm::cast<llvm::StructType>(layout.type)->getElementType(1));
        if (elements == nullptr) {
            return nullptr;
        }
        std::vector<llvm::Constant*> filled(room->getNumElements(),
                                            llvm::Constant::getNullValue(room->getElementType()));
        for (std::size_t i = 0; i < node.parts.size(); ++i) {
            filled[i] = elements->getAggregateElement(static_cast<unsigned>(i));
        }
        return structure(layout.type, {llvm::ConstantInt::get(i32, node.parts.size()),
                                       llvm::ConstantArray::get(room, filled)});
    }
    if (kind == Kind::array) {
        return constant_elements(unit, expr);
    }
    std::vector<llvm::Constant*> parts;
    for (const program::ExprPtr& part : node.parts) {
        parts.push_back(constant_of(unit, *part));
        if (parts.back() == nullptr) {
            return nullptr;
        }
    }
    return structure(layout.type, parts);
}

llvm::Constant* repeated(Unit& unit, const Expr& expr, const program::Repeat& node) {
    llvm::Constant* const element = constant_of(unit, *node.element);
    auto* const type = llvm::cast<llvm::ArrayType>(unit.layouts[expr.type].type);
    if (element == nullptr) {
        return nullptr;
    }
    if (element->isNullValue()) {
        return llvm::ConstantAggregateZero::get(type);
    }
    return llvm::ConstantArray::get(type,
                                    std::vector<llvm::Constant*>(type->getNumElements(), element));
}

}  // namespace

llvm::Constant* constant_elements(Unit& unit, const Expr& expr) {
    const auto* const node = expr.as<program::Construct>();
    if (node == nullptr) {
        return nullptr;
    }
    std::vector<llvm::Constant*> elements;
    for (const program::ExprPtr& part : node->parts) {
        elements.push_back(constant_of(unit, *part));
        if (elements.back() == nullptr) {
            return nullptr;
        }
    }
    llvm::Type* const item = unit.layouts[unit.program.types.item(expr.type)].type;
    return llvm::ConstantArray::get(llvm::ArrayType::get(item, elements.size()), elements);
}

llvm::Constant* constant_of(Unit& unit, const Expr& expr) {
    // The layout of recipients and the like is never asked for here.
    llvm::Type* const type = unit.layouts[expr.type].type;
    llvm::LLVMContext& context = unit.context;
    if (expr.as<program::UnitLiteral>() != nullptr) {
        return llvm::ConstantInt::getFalse(context);
    }
    if (const auto* const literal = expr.as<program::BoolLiteral>()) {
        return llvm::ConstantInt::getBool(context, literal->value);
    }
    if (const auto* const literal = expr.as<program::NumberLiteral>()) {
        return number(type, *literal);
    }
    if (const auto* const literal = expr.as<program::MonthsLiteral>()) {
        return structure(type,
                         {llvm::ConstantInt::get(llvm::Type::getInt64Ty(context), literal->count),
                          llvm::ConstantInt::get(llvm::Type::getInt32Ty(context),
                                                 static_cast<std::uint64_t>(literal->rounding))});
    }
    if (const auto* const literal = expr.as<program::TextLiteral>()) {
        return structure(
            type, {unit.octets(literal->value),
                   llvm::ConstantInt::get(llvm::Type::getInt32Ty(context), literal->value.size())});
    }
    if (expr.as<program::NoneLiteral>() != nullptr) {
        return llvm::Constant::getNullValue(type);
    }
    if (const auto* const node = expr.as<program::Some>()) {
        llvm::Constant* const value = constant_of(unit, *node->operand);
        return value == nullptr ? nullptr
                                : structure(type, {llvm::ConstantInt::getTrue(context), value});
    }
    if (const auto* const node = expr.as<program::Construct>()) {
        return of_parts(unit, expr, *node);
    }
    if (const auto* const node = expr.as<program::Repeat>()) {
        return repeated(unit, expr, *node);
    }
    if (const auto* const node = expr.as<program::Widen>()) {
        // Texts and bytes are held alike whatever their bound.
        return unit.layouts[node->operand->type].type == type ? constant_of(unit, *node->operand)
                                                              : nullptr;
    }
    if (const auto* const node = expr.as<program::ConstantRead>()) {
        return constant_of(unit, *unit.program.constants[node->constant].value);
    }
    return nullptr;
}

}  // namespace aqd::lower

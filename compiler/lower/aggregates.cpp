#include "compiler/lower/constants.h"
#include "compiler/lower/effects.h"
#include "compiler/lower/function.h"

#include <aqd/base/assert.h>

// Tuples, records, options, enumerations, lists and arrays.

namespace aqd::lower {

using program::Expr;
using program::Kind;
using program::TypeId;

namespace {

// From so many constant elements on, one copy from data beats a store for each.
constexpr std::size_t worth_a_table = 4;

}  // namespace

void FunctionLowering::construct_sequence(const Expr& expr, const program::Construct& node,
                                          llvm::Value* out) {
    const bool is_list = kind(expr.type) == Kind::list;
    const TypeId item = unit.program.types.item(expr.type);
    if (is_list) {
        b.CreateStore(i32(node.parts.size()), field(expr.type, out, 0));
    }
    if (node.parts.size() >= worth_a_table) {
        if (llvm::Constant* const elements = constant_elements(unit, expr)) {
            const llvm::MaybeAlign alignment =
                unit.module.getDataLayout().getABITypeAlign(layout(item).type);
            b.CreateMemCpy(element(expr.type, out, i32(0)), alignment,
                           unit.constant_memory(elements), alignment,
                           node.parts.size() * layout(item).size);
            return;
        }
    }
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
        evaluate_to(*node.parts[i], element(expr.type, out, i32(i)));
    }
}

void FunctionLowering::construct(const Expr& expr, const program::Construct& node,
                                 llvm::Value* out) {
    switch (kind(expr.type)) {
        case Kind::list:
        case Kind::array:
            construct_sequence(expr, node, out);
            return;
        case Kind::enumeration:
            b.CreateStore(i32(node.variant), field(expr.type, out, 0));
            for (std::uint32_t i = 0; i < node.parts.size(); ++i) {
                evaluate_to(*node.parts[i], variant_field(expr.type, out, node.variant, i));
            }
            return;
        default:
            for (std::uint32_t i = 0; i < node.parts.size(); ++i) {
                evaluate_to(*node.parts[i], field(expr.type, out, i));
            }
    }
}

void FunctionLowering::repeat_element(const Expr& expr, const program::Repeat& node,
                                      llvm::Value* out) {
    const program::Type& array = shape(expr.type);
    llvm::Constant* const constant = constant_of(unit, *node.element);
    if (constant != nullptr && constant->isNullValue()) {
        b.CreateMemSet(out, b.getInt8(0), layout(expr.type).size,
                       unit.module.getDataLayout().getABITypeAlign(layout(expr.type).type));
        return;
    }
    llvm::Value* const value = own(*node.element);
    repeat(i32(array.size), [&](llvm::Value* index) {
        store(array.items[0], value, element(expr.type, out, index));
    });
}

llvm::Value* FunctionLowering::option_value(const program::OptionValue& node) {
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const option = borrow(*node.operand);
    b.SetCurrentDebugLocation(here);
    if (!node.proven) {
        refuse_unless(is_present(node.operand->type, option), abi::Refusal::MissingValue);
    }
    return field(node.operand->type, option, 1);
}

// An index as 64 bits, so that a large one does not wrap.
llvm::Value* FunctionLowering::index_of(const Expr& index) {
    return b.CreateZExt(evaluate(index), b.getInt64Ty());
}

void FunctionLowering::check_index(llvm::Value* index, llvm::Value* count) {
    refuse_if(b.CreateICmpUGE(index, b.CreateZExt(count, b.getInt64Ty())),
              abi::Refusal::IndexOutOfBounds);
}

llvm::Value* FunctionLowering::address_of_element(const program::Index& node) {
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    const TypeId type = node.operand->type;
    llvm::Value* const sequence = evaluate_before(*node.operand, assigns(*node.index));
    llvm::Value* const index = index_of(*node.index);
    b.SetCurrentDebugLocation(here);
    check_index(index, element_count(type, sequence));
    return element(type, sequence, b.CreateTrunc(index, b.getInt32Ty()));
}

llvm::Value* FunctionLowering::octet_at(const program::Index& node) {
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    const Region bytes = evaluate_slice(*node.operand);
    llvm::Value* const index = index_of(*node.index);
    b.SetCurrentDebugLocation(here);
    check_index(index, bytes.size);
    return b.CreateLoad(b.getInt8Ty(), b.CreateInBoundsGEP(b.getInt8Ty(), bytes.data,
                                                           b.CreateTrunc(index, b.getInt32Ty())));
}

llvm::Value* FunctionLowering::contains(const program::Contains& node) {
    const TypeId type = node.operand->type;
    const TypeId item = unit.program.types.item(type);
    llvm::Value* const sequence = evaluate_before(*node.operand, assigns(*node.value));
    llvm::Value* const wanted = evaluate(*node.value);
    llvm::Value* const found = temporary(b.getInt1Ty(), "found");
    b.CreateStore(i1(false), found);
    repeat(element_count(type, sequence), [&](llvm::Value* index) {
        llvm::Value* const here = value_at(item, element(type, sequence, index));
        if_then(equal(item, here, wanted), [&] { b.CreateStore(i1(true), found); });
    });
    return b.CreateLoad(b.getInt1Ty(), found);
}

llvm::Value* FunctionLowering::length(const program::Length& node) {
    const TypeId type = node.operand->type;
    if (kind(type) == Kind::text) {
        const Region text = evaluate_slice(*node.operand);
        return support("aqd_text_length", {text.data, text.size});
    }
    if (kind(type) == Kind::bytes) {
        return evaluate_slice(*node.operand).size;
    }
    return element_count(type, borrow(*node.operand));
}

void FunctionLowering::attribute(const program::AttributeGet& node, llvm::Value* out) {
    const TypeId authority = node.operand->type;
    const program::NamedType& named = unit.program.named_type(authority);
    llvm::Value* const value = evaluate(*node.operand);
    const Region keys = encode(authority, value);
    llvm::Value* const row = temporary(unit.layouts.slice(), "attributes");
    refuse_unless(support("aqd_body_attributes",
                          {i32(named.module), i64(named.id), keys.data, keys.size, row}),
                  abi::Refusal::UnknownBody);
    const Region attributes = load_slice(row);
    support("aqd_read_begin", {attributes.data, attributes.size});
    support("aqd_read_array", {i32(named.attributes.size())});
    for (std::uint32_t i = 0; i < node.index; ++i) {
        support("aqd_read_skip");
    }
    read(named.attributes[node.index].type, out);
}

}  // namespace aqd::lower

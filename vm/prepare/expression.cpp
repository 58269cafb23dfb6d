#include "vm/prepare/expression.h"

#include <aqd/base/assert.h>
#include <aqd/prepare/arithmetic.h>

#include <algorithm>

namespace aqd::prepare {

void Expressions::inherit(Node& parent, NodeIndex child) const {
    const Node& node = nodes_[child];
    parent.ordered |= node.ordered;
    parent.needs_b |= node.needs_b;
    parent.size = static_cast<std::uint16_t>(parent.size + node.size);
    parent.slot_mask |= node.slot_mask;
    parent.highest_slot = std::max(parent.highest_slot, node.highest_slot);
}

NodeIndex Expressions::constant(std::uint8_t width, std::uint64_t value) {
    Node node;
    node.width = width;
    node.value = width == 32 ? static_cast<std::uint32_t>(value) : value;
    return add(node);
}

NodeIndex Expressions::slot(std::uint32_t slot) {
    Node node;
    node.type = Node::Type::slot;
    node.value = slot;
    node.slot_mask = std::uint64_t{1} << (slot & 63U);
    node.highest_slot = slot + 1;
    return add(node);
}

NodeIndex Expressions::binary(Operation operation, NodeIndex a, NodeIndex b,
                              std::uint32_t code_offset) {
    Node node;
    node.type = Node::Type::binary;
    node.width = facts_of(operation).width;
    node.operation = operation;
    node.a = a;
    node.b = b;
    node.code_offset = code_offset;
    node.needs_b = !is_leaf(a) && !is_leaf(b);
    inherit(node, a);
    inherit(node, b);
    if (is_division(operation)) {
        const bool is_signed =
            operation == Operation::op_div_s_32 || operation == Operation::op_div_s_64;
        const std::uint64_t minus_one = node.width == 32 ? 0xffff'ffffU : ~std::uint64_t{0};
        node.ordered |=
            !is_constant(b) || is_constant(b, 0) || (is_signed && is_constant(b, minus_one));
    }
    return add(node);
}

NodeIndex Expressions::unary(Operation operation, NodeIndex a, std::uint32_t code_offset) {
    Node node;
    node.type = Node::Type::unary;
    node.width = facts_of(operation).width;
    node.operation = operation;
    node.a = a;
    node.code_offset = code_offset;
    inherit(node, a);
    node.ordered |= is_truncation(operation);
    return add(node);
}

NodeIndex Expressions::load(Operation operation, NodeIndex address, std::uint32_t end,
                            std::uint32_t code_offset) {
    Node node;
    node.type = Node::Type::load;
    node.operation = operation;
    node.a = address;
    node.value = end;
    node.code_offset = code_offset;
    inherit(node, address);
    node.ordered = true;
    return add(node);
}

NodeIndex Expressions::select(NodeIndex condition, NodeIndex a, NodeIndex b,
                              std::uint32_t code_offset) {
    Node node;
    node.type = Node::Type::select;
    node.operation = Operation::op_select_on_a;
    node.a = a;
    node.b = b;
    node.c = condition;
    node.code_offset = code_offset;
    inherit(node, a);
    inherit(node, b);
    inherit(node, condition);
    return add(node);
}

NodeIndex Expressions::global(Operation operation, std::uint32_t index, std::uint32_t code_offset) {
    Node node;
    node.type = Node::Type::global;
    node.operation = operation;
    node.value = index;
    node.code_offset = code_offset;
    node.ordered = true;
    return add(node);
}

bool Expressions::reads_slowly(NodeIndex n, std::uint32_t slot) const {
    const Node& node = nodes_[n];
    switch (node.type) {
        case Node::Type::constant:
        case Node::Type::global:
            return false;
        case Node::Type::slot:
            return node.value == slot;
        case Node::Type::unary:
        case Node::Type::load:
            return reads(node.a, slot);
        case Node::Type::binary:
            return reads(node.a, slot) || reads(node.b, slot);
        case Node::Type::select:
            return reads(node.a, slot) || reads(node.b, slot) || reads(node.c, slot);
    }
    return false;
}

std::uint64_t fold(Operation operation, std::uint64_t x, std::uint64_t y) {
    const auto apply = [&]<Operation op, int width>() -> std::uint64_t {
        constexpr Shape shape = facts_of(op).shape;
        constexpr bool foldable = (shape == Shape::commutative || shape == Shape::binary) &&
                                  !is_division(op) && !is_float(op);
        if constexpr (foldable && width == 32) {
            return compute<op>(static_cast<std::uint32_t>(x), static_cast<std::uint32_t>(y));
        } else if constexpr (foldable && width == 64) {
            return compute<op>(x, y);
        } else {
            AQD_ASSERT(false);
            return 0;
        }
    };
    switch (operation) {
#define AQD_OPERATION(id, shape, width) \
    case Operation::op_##id:            \
        return apply.template operator()<Operation::op_##id, width>();
#include <aqd/prepare/operations.def>
#undef AQD_OPERATION
    }
    return 0;
}

std::uint64_t fold(Operation operation, std::uint64_t x) {
    const auto apply = [&]<Operation op>() -> std::uint64_t {
        if constexpr (facts_of(op).shape == Shape::unary && !is_float(op)) {
            return compute<op>(x);
        } else {
            AQD_ASSERT(false);
            return 0;
        }
    };
    switch (operation) {
#define AQD_OPERATION(id, shape, width) \
    case Operation::op_##id:            \
        return apply.template operator()<Operation::op_##id>();
#include <aqd/prepare/operations.def>
#undef AQD_OPERATION
    }
    return 0;
}

}  // namespace aqd::prepare

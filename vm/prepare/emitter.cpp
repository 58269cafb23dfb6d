#include "vm/prepare/emitter.h"

#include <aqd/base/assert.h>

#include <algorithm>
#include <utility>

namespace aqd::prepare {

std::uint32_t Emitter::temporary() {
    AQD_ASSERT(temporaries_ < max_temporaries);
    most_temporaries_ = std::max(most_temporaries_, temporaries_ + 1);
    return first_temporary_ + temporaries_++;
}

Emitter::Operand Emitter::leaf(NodeIndex index) const {
    const Node& node = nodes_[index];
    if (node.type == Node::Type::constant) {
        return {Kind::constant, 0, node.value};
    }
    const auto slot = static_cast<std::uint32_t>(node.value);
    return {held_ == slot ? Kind::a : Kind::slot, slot, 0};
}

Emitter::Operand Emitter::operand(NodeIndex node) {
    if (nodes_.is_leaf(node)) {
        return leaf(node);
    }
    to_a(node);
    return {Kind::a, 0, 0};
}

void Emitter::words(const Operand& operand, bool narrow) {
    if (operand.kind == Kind::slot) {
        code_.word(operand.slot);
    } else if (operand.kind == Kind::constant) {
        if (narrow) {
            code_.u32(static_cast<std::uint32_t>(operand.value));
        } else {
            code_.u64(operand.value);
        }
    }
}

void Emitter::finish(Kind destination, std::uint32_t slot) {
    if (destination == Kind::slot) {
        code_.word(slot);
        held_ = slot;
    } else if (destination == Kind::a) {
        held_.reset();
    }
}

/// Brings two operands into a pair that an instruction can have, evaluating `a` before `b`.
Emitter::Pair Emitter::pair(NodeIndex a, NodeIndex b, bool commutative, bool b_is_free) {
    Pair result;
    auto& [x, y] = result;
    if (nodes_.is_leaf(a) && nodes_.is_leaf(b)) {
        x = leaf(a);
        y = leaf(b);
        if (x.kind == Kind::a && y.kind == Kind::a) {
            y.kind = Kind::slot;
        }
        if (x.kind == Kind::constant && y.kind == Kind::constant) {
            emit_move(a, Kind::a, 0);
            x = {Kind::a, 0, 0};
        }
    } else if (nodes_.is_leaf(b)) {
        emit(a, Kind::a, 0, b_is_free);
        x = {Kind::a, 0, 0};
        y = leaf(b);
    } else if (nodes_.is_leaf(a)) {
        emit(b, Kind::a, 0, b_is_free);
        x = leaf(a);
        y = {Kind::a, 0, 0};
    } else if (b_is_free && !nodes_[b].needs_b) {
        emit(a, Kind::b, 0, true);
        emit(b, Kind::a, 0, false);
        x = {Kind::b, 0, 0};
        y = {Kind::a, 0, 0};
    } else {
        const std::uint32_t slot = temporary();
        emit(a, Kind::slot, slot, b_is_free);
        emit(b, Kind::a, 0, b_is_free);
        x = {Kind::slot, slot, 0};
        y = {Kind::a, 0, 0};
    }
    if (commutative && x.kind != Kind::b && (y.kind == Kind::a || x.kind == Kind::constant)) {
        std::swap(x, y);
    }
    return result;
}

Emitter::Pair Emitter::address(NodeIndex index, bool b_is_free) {
    index = nodes_.without_wrap(index);
    const Node& node = nodes_[index];
    if (node.type == Node::Type::binary && node.operation == Operation::op_add_32) {
        return pair(nodes_.without_wrap(node.a), nodes_.without_wrap(node.b), true, b_is_free);
    }
    if (nodes_.is_leaf(index)) {
        return {leaf(index), {}};
    }
    emit(index, Kind::a, 0, b_is_free);
    return {{Kind::a, 0, 0}, {}};
}

/// Computes a node into A, B or a slot. A subtree may use B only if it is free.
void Emitter::emit(NodeIndex index, Kind destination, std::uint32_t slot, bool b_is_free) {
    const Node& node = nodes_[index];
    switch (node.type) {
        case Node::Type::constant:
        case Node::Type::slot:
            return emit_move(index, destination, slot);
        case Node::Type::binary: {
            const bool narrow = node.width == 32;
            const NodeIndex a = narrow ? nodes_.without_wrap(node.a) : node.a;
            const NodeIndex b = narrow ? nodes_.without_wrap(node.b) : node.b;
            const bool commutative = facts_of(node.operation).shape == Shape::commutative;
            const auto [x, y] = pair(a, b, commutative, b_is_free);
            code_.begin({node.operation, x.kind, y.kind, destination}, node.code_offset);
            words(x, narrow);
            words(y, narrow);
            return finish(destination, slot);
        }
        case Node::Type::unary:
            return emit_unary(index, destination, slot, b_is_free);
        case Node::Type::load: {
            const auto [x, y] = address(node.a, b_is_free);
            code_.begin({node.operation, x.kind, y.kind, destination}, node.code_offset);
            words(x, true);
            words(y, true);
            code_.u32(static_cast<std::uint32_t>(node.value));
            return finish(destination, slot);
        }
        case Node::Type::select:
            return emit_select(index, destination, slot, b_is_free);
        case Node::Type::global:
            code_.begin({node.operation, Kind::none, Kind::none, destination}, node.code_offset);
            code_.u32(static_cast<std::uint32_t>(node.value));
            return finish(destination, slot);
    }
}

void Emitter::emit_move(NodeIndex index, Kind destination, std::uint32_t slot) {
    const Operand source = leaf(index);
    if (source.kind == Kind::constant) {
        code_.begin({Operation::op_move, Kind::constant, Kind::none, destination}, 0);
        words(source, false);
        return finish(destination, slot);
    }
    if ((destination == Kind::slot && source.slot == slot) ||
        (destination == Kind::a && source.kind == Kind::a)) {
        return;
    }
    code_.begin({Operation::op_move, source.kind, Kind::none, destination}, 0);
    words(source, false);
    if (destination == Kind::slot) {
        code_.word(slot);
        if (source.kind == Kind::a) {
            held_ = slot;
        } else {
            overwritten(slot);
        }
    } else if (destination == Kind::a) {
        held_ = source.slot;
    }
}

void Emitter::emit_unary(NodeIndex index, Kind destination, std::uint32_t slot, bool b_is_free) {
    const Node& node = nodes_[index];
    const NodeIndex a = node.width == 32 ? nodes_.without_wrap(node.a) : node.a;
    Operand x;
    if (nodes_.is_leaf(a) && !nodes_.is_constant(a)) {
        x = leaf(a);
    } else {
        emit(a, Kind::a, 0, b_is_free);
        x = {Kind::a, 0, 0};
    }
    code_.begin({node.operation, x.kind, Kind::none, destination}, node.code_offset);
    words(x, false);
    finish(destination, slot);
}

void Emitter::emit_select(NodeIndex index, Kind destination, std::uint32_t slot, bool b_is_free) {
    const Node& node = nodes_[index];
    const auto settle = [&](NodeIndex part) -> Operand {
        if (nodes_.is_leaf(part)) {
            Operand found = leaf(part);
            // A is for the condition.
            found.kind = found.kind == Kind::a ? Kind::slot : found.kind;
            return found;
        }
        const std::uint32_t place = temporary();
        emit(part, Kind::slot, place, b_is_free);
        return {Kind::slot, place, 0};
    };
    const Operand first = settle(node.a);
    const Operand second = settle(node.b);
    const NodeIndex condition_node = nodes_.without_wrap(node.c);
    Operand condition;
    if (nodes_.is_leaf(condition_node) && !nodes_.is_constant(condition_node)) {
        condition = leaf(condition_node);
    } else {
        emit(condition_node, Kind::a, 0, b_is_free);
        condition = {Kind::a, 0, 0};
    }
    code_.begin(
        {condition.kind == Kind::a ? Operation::op_select_on_a : Operation::op_select_on_slot,
         first.kind, second.kind, destination},
        node.code_offset);
    words(condition, true);
    words(first, false);
    words(second, false);
    finish(destination, slot);
}

void Emitter::branch(Operation operation, NodeIndex a, NodeIndex b, Label label,
                     std::optional<gas::RegionMeter::Head> fall, std::uint32_t code_offset) {
    const OperationFacts& facts = facts_of(operation);
    const bool narrow = facts.width == 32;
    if (narrow) {
        a = nodes_.without_wrap(a);
        b = nodes_.without_wrap(b);
    }
    const auto [x, y] = pair(a, b, facts.shape == Shape::commutative_branch, true);
    code_.begin({operation, x.kind, y.kind, Kind::none}, code_offset);
    words(x, narrow);
    words(y, narrow);
    code_.target(label, 2);
    if (fall) {
        code_.gas(*fall);
    } else {
        code_.u32(0);
    }
    release_temporaries();
}

void Emitter::begin_with_operand(Operation operation, NodeIndex index, std::uint32_t code_offset) {
    index = nodes_.without_wrap(index);
    Operand x;
    if (nodes_.is_leaf(index) && !nodes_.is_constant(index)) {
        x = leaf(index);
    } else {
        to_a(index);
        x = {Kind::a, 0, 0};
    }
    code_.begin({operation, x.kind, Kind::none, Kind::none}, code_offset);
    words(x, true);
}

void Emitter::store(Operation operation, NodeIndex target, NodeIndex value, std::uint32_t end,
                    std::uint32_t code_offset) {
    target = nodes_.without_wrap(target);
    if (operation != Operation::op_store64) {
        value = nodes_.without_wrap(value);
    }
    Pair at;
    Operand stored;
    if (nodes_.is_leaf(value)) {
        at = address(target, true);
        stored = leaf(value);
        if (stored.kind == Kind::a && (at.x.kind == Kind::a || at.y.kind == Kind::a)) {
            stored.kind = Kind::slot;
        }
    } else {
        // The address comes first; the part of it that is no leaf waits in B or in a temporary.
        NodeIndex base = target;
        std::optional<NodeIndex> index;
        const Node& node = nodes_[target];
        if (node.type == Node::Type::binary && node.operation == Operation::op_add_32) {
            NodeIndex a = nodes_.without_wrap(node.a);
            NodeIndex b = nodes_.without_wrap(node.b);
            if (nodes_.is_leaf(a)) {
                std::swap(a, b);
            }
            if (nodes_.is_leaf(b)) {
                base = a;
                index = b;
            }
        }
        bool in_b = false;
        std::optional<std::uint32_t> waiting;
        if (!nodes_.is_leaf(base)) {
            in_b = !nodes_[value].needs_b;
            if (in_b) {
                emit(base, Kind::b, 0, true);
            } else {
                waiting = temporary();
                emit(base, Kind::slot, *waiting, true);
            }
        }
        emit(value, Kind::a, 0, !in_b);
        stored = {Kind::a, 0, 0};
        at.x = in_b ? Operand{Kind::b, 0, 0}
                    : (waiting ? Operand{Kind::slot, *waiting, 0} : leaf(base));
        if (index) {
            at.y = leaf(*index);
            if (at.x.kind == Kind::constant && at.y.kind == Kind::constant) {
                at.x.value = static_cast<std::uint32_t>(at.x.value + at.y.value);
                at.y = {};
            } else if (at.x.kind == Kind::constant) {
                std::swap(at.x, at.y);
            }
        }
    }
    code_.begin({operation, at.x.kind, at.y.kind, stored.kind}, code_offset);
    words(at.x, true);
    words(at.y, true);
    code_.u32(end);
    words(stored, false);
    release_temporaries();
}

}  // namespace aqd::prepare

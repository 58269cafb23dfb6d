#pragma once

#include <aqd/prepare/instruction.h>

#include <cstdint>
#include <vector>

namespace aqd::prepare {

using NodeIndex = std::uint32_t;

/// A value that was not computed yet: a constant, a slot, or an operation on other such values. The
/// stack of the translator holds these instead of values; code is emitted when a value is needed.
struct Node {
    enum class Type : std::uint8_t { constant, slot, binary, unary, load, select, global };
    Type type = Type::constant;
    std::uint8_t width = 64;  ///< of a constant: how it is spelled
    Operation operation = Operation::op_move;
    /// It must keep its place among traps, stores, calls and branches.
    bool ordered = false;
    /// Evaluating it takes accumulator B.
    bool needs_b = false;
    std::uint16_t size = 1;  ///< nodes in the tree
    NodeIndex a = 0, b = 0, c = 0;
    std::uint64_t value = 0;         ///< constant; slot; end of a load; index of a global
    std::uint64_t slot_mask = 0;     ///< bit (n mod 64) is set for every slot n that it reads
    std::uint32_t highest_slot = 0;  ///< one more than the highest slot that it reads
    std::uint32_t code_offset = 0;   ///< of the instruction, for trap locations
};

/// The nodes of one function. Sizes of trees are bounded by the translator, so the recursions here
/// are shallow.
class Expressions {
  public:
    const Node& operator[](NodeIndex index) const { return nodes_[index]; }
    void clear() { nodes_.clear(); }
    [[nodiscard]] std::size_t count() const { return nodes_.size(); }

    NodeIndex constant(std::uint8_t width, std::uint64_t value);
    NodeIndex slot(std::uint32_t slot);
    NodeIndex binary(Operation operation, NodeIndex a, NodeIndex b, std::uint32_t code_offset);
    NodeIndex unary(Operation operation, NodeIndex a, std::uint32_t code_offset);
    NodeIndex load(Operation operation, NodeIndex address, std::uint32_t end,
                   std::uint32_t code_offset);
    NodeIndex select(NodeIndex condition, NodeIndex a, NodeIndex b, std::uint32_t code_offset);
    /// Something that the context holds, by its index: a global, or a reference to a function.
    NodeIndex global(Operation operation, std::uint32_t index, std::uint32_t code_offset);

    [[nodiscard]] bool is_constant(NodeIndex n) const {
        return nodes_[n].type == Node::Type::constant;
    }
    [[nodiscard]] bool is_constant(NodeIndex n, std::uint64_t value) const {
        return is_constant(n) && nodes_[n].value == value;
    }
    [[nodiscard]] bool is_slot(NodeIndex n, std::uint32_t slot) const {
        return nodes_[n].type == Node::Type::slot && nodes_[n].value == slot;
    }
    [[nodiscard]] bool is_leaf(NodeIndex n) const { return nodes_[n].type <= Node::Type::slot; }
    /// Below any `wrap`: for readers that look at the lower half only.
    [[nodiscard]] NodeIndex without_wrap(NodeIndex n) const {
        while (nodes_[n].type == Node::Type::unary && nodes_[n].operation == Operation::op_wrap) {
            n = nodes_[n].a;
        }
        return n;
    }
    [[nodiscard]] bool reads(NodeIndex n, std::uint32_t slot) const {
        const Node& node = nodes_[n];
        return (node.slot_mask >> (slot & 63U) & 1U) != 0 && slot < node.highest_slot &&
               reads_slowly(n, slot);
    }

  private:
    [[nodiscard]] bool reads_slowly(NodeIndex n, std::uint32_t slot) const;
    NodeIndex add(Node node) {
        nodes_.push_back(node);
        return static_cast<NodeIndex>(nodes_.size() - 1);
    }
    void inherit(Node& parent, NodeIndex child) const;

    std::vector<Node> nodes_;
};

/// The value of a binary operation on constants; only for operations that cannot trap.
std::uint64_t fold(Operation operation, std::uint64_t x, std::uint64_t y);
/// The value of a unary operation on a constant.
std::uint64_t fold(Operation operation, std::uint64_t x);

constexpr bool is_division(Operation operation) {
    return operation >= Operation::op_div_s_32 && operation <= Operation::op_rem_u_64;
}

}  // namespace aqd::prepare

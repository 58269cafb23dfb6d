#pragma once

#include <aqd/prepare/sequences.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace aqd::prepare {

/// The sequences of the build by their forms, one after another.
class SequenceTree {
  public:
    static const SequenceTree& of_build();

    static constexpr std::uint32_t root = 1;
    /// The node behind `form`; 0 if no sequence goes on like this.
    [[nodiscard]] std::uint32_t next(std::uint32_t node, std::uint16_t form) const {
        if ((nodes_[node].forms & bit_of(form)) == 0) {
            return 0;
        }
        const std::uint32_t key = key_of(node, form);
        std::size_t place = place_of(key);
        while (edges_[place].to != 0) {
            if (edges_[place].key == key) {
                return edges_[place].to;
            }
            place = (place + 1) & (edges_.size() - 1);
        }
        return 0;
    }
    /// The sequence that ends at the node, or 0.
    [[nodiscard]] std::uint32_t sequence(std::uint32_t node) const { return nodes_[node].sequence; }

  private:
    struct Node {
        std::uint64_t forms = 0;  ///< a bit for each form that leads on, several share one
        std::uint32_t sequence = 0;
    };
    struct Edge {
        std::uint32_t key = 0;
        std::uint32_t to = 0;
    };

    SequenceTree();
    std::uint32_t grow(std::uint32_t node, std::uint16_t form);
    static std::uint64_t bit_of(std::uint16_t form) {
        return std::uint64_t{1} << ((form * 0x9e37'79b9U) >> 26U);
    }
    static std::uint32_t key_of(std::uint32_t node, std::uint16_t form) {
        return node << 15U | form;
    }
    [[nodiscard]] std::size_t place_of(std::uint32_t key) const {
        return static_cast<std::size_t>((key * 0x9e37'79b9'7f4a'7c15U) >> 32U) &
               (edges_.size() - 1);
    }

    std::vector<Node> nodes_;
    std::vector<Edge> edges_;  ///< open addressing, at most half full
};

/// An instruction of a function that is being written, and where it goes.
struct Item {
    std::uint16_t form = 0;      ///< code
    bool starts_block = false;   ///< a label is here: no sequence may run over it
    std::uint8_t length = 1;     ///< chosen: items in the instruction that starts here
    std::uint32_t sequence = 0;  ///< chosen: 0 if the instruction is just this form
    std::uint32_t operands = 0;  ///< first word among the operands of the function
    std::uint32_t code_offset = 0;
};

/// Divides the items of a function among sequences so that as few instructions as possible remain.
/// Linear time.
class Chooser {
  public:
    void choose(std::span<Item> items);

  private:
    std::vector<std::uint32_t> left_;  ///< instructions from an item to the end
};

}  // namespace aqd::prepare

#pragma once

#include "vm/prepare/code_buffer.h"
#include "vm/prepare/expression.h"

#include <cstdint>
#include <optional>

namespace aqd::prepare {

/// Turns expression trees into instructions. Knows what is in the accumulators; knows nothing of
/// blocks.
class Emitter {
  public:
    Emitter(CodeBuffer& code, const Expressions& nodes) : code_(code), nodes_(nodes) {}

    /// `first_temporary` is the first slot behind all others of the frame.
    void begin_function(std::uint32_t first_temporary) {
        first_temporary_ = first_temporary;
        temporaries_ = most_temporaries_ = 0;
        held_.reset();
    }
    [[nodiscard]] std::uint32_t most_temporaries() const { return most_temporaries_; }

    /// Temporaries of the last expression may be used again.
    void release_temporaries() { temporaries_ = 0; }
    /// At a label nothing is known about accumulator A.
    void forget() { held_.reset(); }
    /// Accumulator A and the slot hold the same value.
    void holds(std::uint32_t slot) { held_ = slot; }
    /// The slot is written by something else than these functions.
    void overwritten(std::uint32_t slot) {
        if (held_ == slot) {
            held_.reset();
        }
    }

    void to_slot(NodeIndex node, std::uint32_t slot) { emit(node, Kind::slot, slot, true); }
    void to_a(NodeIndex node) { emit(node, Kind::a, 0, true); }

    /// Compare and branch to `label`; the words for what happens when it is not taken are written
    /// by `fall`.
    void branch(Operation operation, NodeIndex a, NodeIndex b, Label label,
                std::optional<gas::RegionMeter::Head> fall, std::uint32_t code_offset);
    void store(Operation operation, NodeIndex address, NodeIndex value, std::uint32_t end,
               std::uint32_t code_offset);
    /// Starts an instruction whose first operand is a node of 32 bits in A or a slot.
    void begin_with_operand(Operation operation, NodeIndex node, std::uint32_t code_offset);
    /// A value as last operand but the words that the caller adds: in A, a slot or a constant.
    struct Operand {
        Kind kind = Kind::none;
        std::uint32_t slot = 0;
        std::uint64_t value = 0;
    };
    /// Brings a node into A, unless it is a leaf.
    Operand operand(NodeIndex node);
    void words(const Operand& operand, bool narrow);

  private:
    struct Pair {
        Operand x;
        Operand y;
    };
    void emit(NodeIndex node, Kind destination, std::uint32_t slot, bool b_is_free);
    void emit_move(NodeIndex node, Kind destination, std::uint32_t slot);
    void emit_unary(NodeIndex node, Kind destination, std::uint32_t slot, bool b_is_free);
    void emit_select(NodeIndex node, Kind destination, std::uint32_t slot, bool b_is_free);
    Pair pair(NodeIndex a, NodeIndex b, bool commutative, bool b_is_free);
    Pair address(NodeIndex node, bool b_is_free);
    void finish(Kind destination, std::uint32_t slot);
    [[nodiscard]] Operand leaf(NodeIndex node) const;
    std::uint32_t temporary();

    CodeBuffer& code_;
    const Expressions& nodes_;
    std::uint32_t first_temporary_ = 0;
    std::uint32_t temporaries_ = 0;
    std::uint32_t most_temporaries_ = 0;
    std::optional<std::uint32_t> held_;
};

}  // namespace aqd::prepare

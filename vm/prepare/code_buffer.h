#pragma once

#include "vm/prepare/chooser.h"

#include <aqd/gas/regions.h>
#include <aqd/prepare/instruction.h>
#include <aqd/prepare/prepare.h>

#include <cstdint>
#include <vector>

namespace aqd::prepare {

using Label = std::uint32_t;

/// Takes the instructions of a function one after another. `finish_function` joins them to
/// sequences, writes them, and patches what is known only then: where labels lie, what regions
/// cost.
class CodeBuffer {
  public:
    explicit CodeBuffer(PreparedCode& out) : words_(out.words), origins_(out.origins) {}

    /// Where the next function starts, while none is being written.
    [[nodiscard]] std::uint32_t position() const {
        return static_cast<std::uint32_t>(words_.size());
    }
    void begin(Form form, std::uint32_t code_offset) {
        items_.push_back({static_cast<std::uint16_t>(code_of(form)), starts_block_, 1, 0,
                          operand_position(), code_offset});
        starts_block_ = false;
    }
    void word(std::uint32_t value) { operands_.push_back(static_cast<std::uint16_t>(value)); }
    void u32(std::uint32_t value) {
        const std::size_t at = operands_.size();
        operands_.resize(at + 2);
        operands_[at] = static_cast<std::uint16_t>(value);
        operands_[at + 1] = static_cast<std::uint16_t>(value >> 16U);
    }
    void u64(std::uint64_t value) {
        u32(static_cast<std::uint32_t>(value));
        u32(static_cast<std::uint32_t>(value >> 32U));
    }

    Label new_label() {
        labels_.push_back({});
        return static_cast<Label>(labels_.size() - 1);
    }
    /// The label is here; branches to it enter the region at `head`.
    void place(Label label, gas::RegionMeter::Head head) {
        labels_[label] = {static_cast<std::uint32_t>(items_.size()), head};
        starts_block_ = true;
    }
    /// A target word pair and a gas word pair, in this order. The target is counted from the end of
    /// the form's operands, which is `words_after` words behind the gas pair, or from the target
    /// itself in a table.
    void target(Label label, std::uint32_t words_after) {
        branches_.push_back({label, operand_position(), 4 + words_after});
        u32(0);
        u32(0);
    }
    void table_target(Label label) {
        branches_.push_back({label, operand_position(), 0});
        u32(0);
        u32(0);
    }
    /// The cost of a region that may be open still.
    void gas(gas::RegionMeter::Head head) {
        charges_.push_back({operand_position(), head});
        u32(0);
    }

    void finish_function(const gas::RegionMeter& meter);

  private:
    struct Place {
        std::uint32_t item = 0;
        gas::RegionMeter::Head head;
    };
    struct Branch {
        Label label;
        std::uint32_t operand;
        std::uint32_t base;  ///< from the target's own words
    };
    struct Charge {
        std::uint32_t operand;
        gas::RegionMeter::Head head;
    };

    [[nodiscard]] std::uint32_t operand_position() const {
        return static_cast<std::uint32_t>(operands_.size());
    }
    void put_operand(std::uint32_t at, std::uint32_t value) {
        operands_[at] = static_cast<std::uint16_t>(value);
        operands_[at + 1] = static_cast<std::uint16_t>(value >> 16U);
    }
    void lay_out();
    void patch(const gas::RegionMeter& meter);
    void write();

    std::vector<std::uint16_t>& words_;
    std::vector<Origin>& origins_;
    Chooser chooser_;
    bool starts_block_ = false;
    std::vector<Item> items_;
    std::vector<std::uint16_t> operands_;
    std::vector<Place> labels_;
    std::vector<Branch> branches_;
    std::vector<Charge> charges_;
    /// By item: where the instruction that it belongs to starts, counted from the function.
    std::vector<std::uint32_t> places_;
};

}  // namespace aqd::prepare

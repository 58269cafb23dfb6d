#pragma once

#include <aqd/gas/regions.h>
#include <aqd/prepare/instruction.h>
#include <aqd/prepare/prepare.h>

#include <cstdint>
#include <vector>

namespace aqd::prepare {

using Label = std::uint32_t;

/// Writes instructions. What is known only at the end of a function (where labels lie, what regions
/// cost) is patched by `finish_function`.
class CodeBuffer {
  public:
    CodeBuffer(std::vector<std::uint16_t>& words, std::vector<Origin>& origins)
        : words_(words), origins_(origins) {}

    [[nodiscard]] std::uint32_t position() const {
        return static_cast<std::uint32_t>(words_.size());
    }
    void begin(Form form, std::uint32_t code_offset) {
        origins_.push_back({position(), code_offset});
        words_.resize(words_.size() + handler_words);
        put_u32(position() - handler_words, code_of(form));
    }
    void word(std::uint32_t value) { words_.push_back(static_cast<std::uint16_t>(value)); }
    void u32(std::uint32_t value) {
        word(value & 0xffffU);
        word(value >> 16U);
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
    void place(Label label, gas::RegionMeter::Head head) { labels_[label] = {position(), head}; }
    /// A target word pair and a gas word pair, in this order. The target is counted from the end of
    /// the instruction, which is `words_after` words behind the gas pair, or from the target itself
    /// in a table.
    void target(Label label, std::uint32_t words_after) {
        const std::uint32_t at = position();
        branches_.push_back({label, at, at + 4 + words_after});
        u32(0);
        u32(0);
    }
    void table_target(Label label) {
        const std::uint32_t at = position();
        branches_.push_back({label, at, at});
        u32(0);
        u32(0);
    }
    /// The cost of a region that may be open still.
    void gas(gas::RegionMeter::Head head) {
        charges_.push_back({position(), head});
        u32(0);
    }

    void finish_function(const gas::RegionMeter& meter) {
        for (const Branch& branch : branches_) {
            const Place& place = labels_[branch.label];
            put_u32(branch.at, place.position - branch.base);
            put_u32(branch.at + 2, meter.cost(place.head));
        }
        for (const Charge& charge : charges_) {
            put_u32(charge.at, meter.cost(charge.head));
        }
        labels_.clear();
        branches_.clear();
        charges_.clear();
    }

  private:
    struct Place {
        std::uint32_t position = 0;
        gas::RegionMeter::Head head;
    };
    struct Branch {
        Label label;
        std::uint32_t at;
        std::uint32_t base;
    };
    struct Charge {
        std::uint32_t at;
        gas::RegionMeter::Head head;
    };

    void put_u32(std::uint32_t at, std::uint32_t value) {
        words_[at] = static_cast<std::uint16_t>(value);
        words_[at + 1] = static_cast<std::uint16_t>(value >> 16U);
    }

    std::vector<std::uint16_t>& words_;
    std::vector<Origin>& origins_;
    std::vector<Place> labels_;
    std::vector<Branch> branches_;
    std::vector<Charge> charges_;
};

}  // namespace aqd::prepare

#include "vm/prepare/code_buffer.h"

#include <algorithm>

namespace aqd::prepare {

/// Gives every instruction its place.
void CodeBuffer::lay_out() {
    places_.resize(items_.size() + 1);
    std::uint32_t heads = 0;
    for (std::size_t i = 0; i < items_.size();) {
        const Item& first = items_[i];
        const std::uint32_t place = first.operands + heads * handler_words;
        ++heads;
        const std::size_t end = i + first.length;
        for (; i < end; ++i) {
            places_[i] = place;
        }
    }
    places_[items_.size()] = operand_position() + heads * handler_words;
}

void CodeBuffer::patch(const gas::RegionMeter& meter) {
    // Branches lie in the order of their operands.
    std::size_t item = 0;
    std::uint32_t heads = 0;
    for (const Branch& branch : branches_) {
        while (item < items_.size() && items_[item].operands <= branch.operand) {
            ++heads;
            item += items_[item].length;
        }
        const Place& place = labels_[branch.label];
        const std::uint32_t from = branch.operand + branch.base + heads * handler_words;
        put_operand(branch.operand, places_[place.item] - from);
        put_operand(branch.operand + 2, meter.cost(place.head));
    }
    for (const Charge& charge : charges_) {
        put_operand(charge.operand, meter.cost(charge.head));
    }
}

void CodeBuffer::write() {
    const std::uint32_t start = position();
    for (std::size_t i = 0; i < items_.size();) {
        const Item& first = items_[i];
        const std::size_t end = i + first.length;
        const std::uint32_t code =
            first.sequence == 0 ? std::uint32_t{first.form}
                                : static_cast<std::uint32_t>(form_code_count) + first.sequence;
        const std::uint32_t operands_end =
            end < items_.size() ? items_[end].operands : operand_position();
        const std::size_t at = words_.size();
        words_.resize(at + handler_words + (operands_end - first.operands));
        words_[at] = static_cast<std::uint16_t>(code);
        words_[at + 1] = static_cast<std::uint16_t>(code >> 16U);
        std::copy(operands_.begin() + first.operands, operands_.begin() + operands_end,
                  words_.begin() + static_cast<std::ptrdiff_t>(at + handler_words));
        for (; i < end; ++i) {
            origins_.push_back({start + places_[i], items_[i].code_offset});
        }
    }
}

void CodeBuffer::finish_function(const gas::RegionMeter& meter) {
    chooser_.choose(items_);
    lay_out();
    patch(meter);
    write();
    items_.clear();
    operands_.clear();
    labels_.clear();
    branches_.clear();
    charges_.clear();
    starts_block_ = false;
}

}  // namespace aqd::prepare

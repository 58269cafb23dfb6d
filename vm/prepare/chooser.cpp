#include "vm/prepare/chooser.h"

namespace aqd::prepare {

void Chooser::choose(std::span<Item> items) {
    const SequenceTree& tree = SequenceTree::of_build();
    if (sequence_count() == 0) {
        return;
    }
    left_.resize(items.size() + 1);
    left_[items.size()] = 0;
    for (std::size_t i = items.size(); i-- > 0;) {
        Item& item = items[i];
        std::uint32_t fewest = left_[i + 1] + 1;
        std::uint32_t node = tree.next(SequenceTree::root, item.form);
        for (std::size_t end = i + 1; node != 0 && end < items.size() && !items[end].starts_block;
             ++end) {
            node = tree.next(node, items[end].form);
            const std::uint32_t sequence = tree.sequence(node);
            if (sequence != 0 && left_[end + 1] + 1 < fewest) {
                fewest = left_[end + 1] + 1;
                item.length = static_cast<std::uint8_t>(end + 1 - i);
                item.sequence = sequence;
            }
        }
        left_[i] = fewest;
    }
}

}  // namespace aqd::prepare

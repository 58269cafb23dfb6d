#include "vm/prepare/chooser.h"

#include <aqd/base/assert.h>
#include <aqd/prepare/sequence_list.h>
#include <aqd/prepare/sequences.h>

#include <iterator>

namespace aqd::prepare {
namespace {

constexpr auto single_forms = [] {
    std::array<std::uint16_t, form_code_count> codes{};
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = static_cast<std::uint16_t>(i);
    }
    return codes;
}();

/// FNV-1a.
std::uint64_t digest() {
    std::uint64_t hash = 0xcbf2'9ce4'8422'2325;
    const auto take = [&hash](std::uint64_t value) { hash = (hash ^ value) * 0x100'0000'01b3; };
    for (const OperationFacts& facts : operation_table) {
        for (const char letter : facts.name) {
            take(static_cast<std::uint8_t>(letter));
        }
        take(static_cast<std::uint64_t>(facts.shape) << 8U | facts.width);
    }
    for (const Sequence& sequence : sequences) {
        for (std::uint32_t i = 0; i < sequence.length; ++i) {
            take(sequence.forms[i]);
        }
        take(0x1'0000);
    }
    return hash;
}

}  // namespace

std::span<const std::uint16_t> forms_of(std::uint32_t code) {
    if (code < form_code_count) {
        return std::span(single_forms).subspan(code, 1);
    }
    AQD_ASSERT(code - form_code_count < std::size(sequences));
    const Sequence& sequence = sequences[code - form_code_count];
    return std::span(sequence.forms).first(sequence.length);
}

std::size_t sequence_count() {
    return std::size(sequences) - 1;
}

std::uint64_t instruction_set_digest() {
    static const std::uint64_t once = digest();
    return once;
}

SequenceTree::SequenceTree() {
    std::size_t forms = 0;
    for (const Sequence& sequence : sequences) {
        forms += sequence.length;
    }
    std::size_t size = 16;
    while (size < forms * 2) {
        size *= 2;
    }
    edges_.resize(size);
    // Node 0 stands for "no such sequence", node 1 for the empty one.
    nodes_.resize(2);
    for (std::uint32_t number = 1; number < std::size(sequences); ++number) {
        const Sequence& sequence = sequences[number];
        std::uint32_t node = root;
        for (std::uint32_t i = 0; i < sequence.length; ++i) {
            node = grow(node, sequence.forms[i]);
        }
        nodes_[node].sequence = number;
    }
}

std::uint32_t SequenceTree::grow(std::uint32_t node, std::uint16_t form) {
    const std::uint32_t found = next(node, form);
    if (found != 0) {
        return found;
    }
    const auto made = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back({});
    nodes_[node].forms |= bit_of(form);
    AQD_ASSERT(made < 1U << 17U);
    std::size_t place = place_of(key_of(node, form));
    while (edges_[place].to != 0) {
        place = (place + 1) & (edges_.size() - 1);
    }
    edges_[place] = {key_of(node, form), made};
    return made;
}

const SequenceTree& SequenceTree::of_build() {
    static const SequenceTree tree;
    return tree;
}

}  // namespace aqd::prepare

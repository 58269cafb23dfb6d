#include "vm/chain/memory_trie.h"

#include <aqd/proof/trie.h>
#include <aqd/state/memory_state.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>

using namespace aqd;

namespace {

Hash256 root_of(const state::MemoryState& state) {
    std::vector<proof::Leaf> leaves;
    for (const auto& [key, value] : state.rows()) {
        leaves.push_back({proof::trie_key(key), proof::value_hash(value)});
    }
    std::ranges::sort(leaves);
    return proof::subtree_root(leaves);
}

}  // namespace

TEST_CASE("the root of a trie kept up to date is that of its rows") {
    std::mt19937 random(1);
    state::MemoryState state;
    chain::MemoryTrie trie;
    CHECK((trie.root() == Hash256()));
    for (int round = 0; round < 200; ++round) {
        std::vector<state::Write> writes;
        for (std::uint8_t key = 0; key < 60; ++key) {
            if (random() % 4 != 0) {
                continue;
            }
            state::Write write{{key, 1}, std::nullopt};
            if (random() % 2 != 0) {
                write.value = Bytes{static_cast<std::uint8_t>(random() % 250)};
            }
            writes.push_back(std::move(write));
        }
        const state::WriteSet set = state::WriteSet::from(std::move(writes)).value();
        state.apply(set);
        trie.apply(set);
        REQUIRE((trie.root() == root_of(state)));
    }
}

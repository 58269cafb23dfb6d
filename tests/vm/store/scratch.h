#pragma once

#include "tests/scratch_folder.h"

#include <aqd/base/bytes.h>
#include <aqd/proof/trie.h>
#include <aqd/state/memory_state.h>
#include <aqd/store/state_store.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace aqd::store::testing {

/// Room for a store, gone when the test is.
struct Scratch : aqd::testing::ScratchFolder {
    Scratch() : ScratchFolder("store") {}
};

inline state::WriteSet writes(std::vector<state::Write> list) {
    return state::WriteSet::from(std::move(list)).value();
}

/// 0 to `limit` - 1.
inline std::uint32_t below(std::uint32_t limit, std::mt19937& random) {
    return static_cast<std::uint32_t>(random() % limit);
}

/// A key that sorts by number, of a length that differs.
inline Bytes key_of(std::uint32_t number) {
    Bytes key = {1};
    for (unsigned i = 0; i < 4; ++i) {
        key.push_back(static_cast<std::uint8_t>(number >> (24 - 8 * i)));
    }
    key.resize(key.size() + number % 40, 0xaa);
    return key;
}

inline Bytes value_of(std::uint32_t number) {
    Bytes value(number % 70);
    for (std::size_t i = 0; i < value.size(); ++i) {
        value[i] = static_cast<std::uint8_t>(number + i);
    }
    return value;
}

/// The root by definition, from nothing but the rows.
inline Hash256 root_of(const state::MemoryState& state) {
    std::map<Hash256, Hash256> leaves;
    for (const auto& [key, value] : state.rows()) {
        leaves.emplace(proof::trie_key(key), proof::value_hash(value));
    }
    std::vector<proof::Leaf> sorted;
    sorted.reserve(leaves.size());
    for (const auto& [key, value] : leaves) {
        sorted.push_back({key, value});
    }
    return proof::subtree_root(sorted);
}

inline std::unique_ptr<StateStore> open_store(const std::filesystem::path& path,
                                              const Options& options = {}) {
    auto store = StateStore::open(path, options);
    INFO((store ? "" : store.error().message));
    REQUIRE(store);
    return *std::move(store);
}

inline void commit(StateStore& store, const state::WriteSet& state,
                   const state::WriteSet& replay = {}, const CommitRows& rows = {}) {
    auto staged = store.stage(state, replay);
    REQUIRE(staged);
    const std::uint64_t height = store.tip() ? store.tip()->height + 1 : 0;
    const auto committed = store.commit(*std::move(staged), height, rows);
    INFO((committed ? "" : committed.error().message));
    REQUIRE(committed);
}

}  // namespace aqd::store::testing

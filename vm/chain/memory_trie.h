#pragma once

#include <aqd/base/bytes.h>
#include <aqd/proof/trie.h>
#include <aqd/state/write_set.h>

#include <cstdint>
#include <memory>
#include <optional>

namespace aqd::chain {

/// The trie of docs/formats/proof.md in memory, kept up to date write by write: what a replay
/// compares roots with. Made apart from the store's own tree, so that a mistake in one shows
/// against the other.
class MemoryTrie {
  public:
    MemoryTrie();
    ~MemoryTrie();
    MemoryTrie(const MemoryTrie&) = delete;
    MemoryTrie& operator=(const MemoryTrie&) = delete;
    MemoryTrie(MemoryTrie&&) = delete;
    MemoryTrie& operator=(MemoryTrie&&) = delete;

    void apply(const state::WriteSet& writes);
    [[nodiscard]] Hash256 root();

  private:
    struct Node;

    void put(std::unique_ptr<Node>& place, const proof::Leaf& leaf, unsigned depth);
    void remove(std::unique_ptr<Node>& place, const Hash256& key, unsigned depth);
    static const Hash256& hash_of(Node& node);

    std::unique_ptr<Node> root_;
};

}  // namespace aqd::chain

#include "vm/chain/memory_trie.h"

#include <utility>

namespace aqd::chain {

/// A leaf, or an inner node with at least two leaves below it. An inner node may have one side
/// only.
struct MemoryTrie::Node {
    std::optional<proof::Leaf> leaf;
    std::unique_ptr<Node> left;
    std::unique_ptr<Node> right;
    std::optional<Hash256> hash;  ///< nothing: not worked out since the last change

    std::unique_ptr<Node>& side(const Hash256& key, unsigned depth) {
        return proof::goes_right(key, depth) ? right : left;
    }
};

MemoryTrie::MemoryTrie() = default;
MemoryTrie::~MemoryTrie() = default;

// Depth is at most 256, and beyond a few dozen only for keys made to collide.
void MemoryTrie::put(std::unique_ptr<Node>& place, const proof::Leaf& leaf, unsigned depth) {
    if (place == nullptr) {
        place = std::make_unique<Node>();
        place->leaf = leaf;
        return;
    }
    Node& node = *place;
    node.hash.reset();
    if (node.leaf && node.leaf->key == leaf.key) {
        node.leaf = leaf;
        return;
    }
    if (node.leaf) {
        auto inner = std::make_unique<Node>();
        const Hash256 key = node.leaf->key;
        inner->side(key, depth) = std::exchange(place, nullptr);
        place = std::move(inner);
    }
    put(place->side(leaf.key, depth), leaf, depth + 1);
}

void MemoryTrie::remove(std::unique_ptr<Node>& place, const Hash256& key, unsigned depth) {
    if (place == nullptr) {
        return;
    }
    Node& node = *place;
    if (node.leaf) {
        if (node.leaf->key == key) {
            place.reset();
        }
        return;
    }
    node.hash.reset();
    remove(node.side(key, depth), key, depth + 1);
    // A subtree of one leaf is that leaf, at any depth.
    if (node.left == nullptr && node.right == nullptr) {
        place.reset();
    } else if (node.left == nullptr && node.right->leaf) {
        place = std::move(node.right);
    } else if (node.right == nullptr && node.left->leaf) {
        place = std::move(node.left);
    }
}

const Hash256& MemoryTrie::hash_of(Node& node) {
    if (!node.hash) {
        if (node.leaf) {
            node.hash = proof::leaf_hash(*node.leaf);
        } else {
            const Hash256 left = node.left == nullptr ? Hash256() : hash_of(*node.left);
            const Hash256 right = node.right == nullptr ? Hash256() : hash_of(*node.right);
            node.hash = proof::node_hash(left, right);
        }
    }
    return *node.hash;
}

void MemoryTrie::apply(const state::WriteSet& writes) {
    for (const state::Write& write : writes) {
        const Hash256 key = proof::trie_key(write.key);
        if (write.value) {
            put(root_, {key, proof::value_hash(*write.value)}, 0);
        } else {
            remove(root_, key, 0);
        }
    }
}

Hash256 MemoryTrie::root() {
    return root_ == nullptr ? Hash256() : hash_of(*root_);
}

}  // namespace aqd::chain

#pragma once

#include "vm/store/environment.h"
#include "vm/store/keyed_hash.h"

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/proof/trie.h>
#include <aqd/state/write_set.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace aqd::store {

/// What a write does to the set of keys.
enum class Effect : std::uint8_t { nothing, insert, update, remove };

/// A write as the trie sees it.
struct Change {
    Hash256 key;                   ///< trie key
    std::optional<Hash256> value;  ///< value hash; nothing: the key goes
    std::uint32_t write = 0;       ///< index into the write set
    Effect effect = Effect::nothing;
};

/// An order-independent sum of trie keys: compares two tables that should hold the same keys. Each
/// key counts by its keyed hash: a plain sum of hashes could be met by other keys, sought for it.
class KeySum {
  public:
    explicit KeySum(KeyedHash hash) : hash_(hash) {}

    void add(const Hash256& key) {
        sum_ += hash_(key.view());
        ++count_;
    }
    [[nodiscard]] bool same_as(const KeySum& other) const {
        return sum_ == other.sum_ && count_ == other.count_;
    }

  private:
    KeyedHash hash_;
    std::uint64_t sum_ = 0;
    std::uint64_t count_ = 0;
};

/// One trie. Its rows on disk are trie key → value hash ‖ value, so in the order of the trie; the
/// levels above the leaves are an array in memory, `depth` of them, whose lowest hashes stand each
/// for a *bucket*: the few leaves that share their first `depth` bits. The file has no buckets and
/// no depth: both are this process's own affair, and the root does not depend on them. Whatever is
/// read from disk is a bucket, and is checked against a keyed hash of its leaves that was taken
/// when they went into the root; hashing them up again would cost five times as much.
class Tree {
  public:
    Tree(Database rows, KeyedHash tag) : rows_(rows), tag_(tag) { tags_.front() = tag_of({}); }

    [[nodiscard]] Hash256 root() const { return nodes_[1].hash; }
    [[nodiscard]] std::uint64_t count() const { return count_; }
    [[nodiscard]] const KeyedHash& keyed_hash() const { return tag_; }

    /// Makes the array from the leaves on disk. `sum`, if asked for, gets their keys.
    Result<> load(Reader& reader, KeySum* sum);

    /// The value under a trie key, checked. The view dies with the reader's next move and its
    /// lease.
    Result<std::optional<BytesView>> find(Reader& reader, const Hash256& key) const;

    /// The path to where a trie key lies or would lie.
    Result<proof::Path> path(Reader& reader, const Hash256& key) const;

    /// How many leaves a subtree holds, as far as its hash depends on it.
    enum class Fill : std::uint8_t { none, one, several };
    struct Node {
        Hash256 hash;
        Fill fill = Fill::none;
    };
    struct Stage {
        std::vector<Change> changes;  ///< ascending by key, effects filled in
        std::vector<std::pair<std::uint64_t, std::uint64_t>> tags;  ///< by bucket
        std::vector<std::pair<std::uint64_t, Node>> nodes;  ///< by position in the array, root last
        Hash256 root;
        std::uint64_t count = 0;
    };
    /// The root after these changes, which ascend strictly by key. Writes nothing.
    Result<Stage> stage(Reader& reader, std::vector<Change> changes) const;

    /// Writes the rows of a stage, whose values are those of `writes`.
    Result<> write(Writer& writer, const Stage& stage, const state::WriteSet& writes) const;
    /// Takes a stage over once it is on disk.
    void install(const Stage& stage);

    /// Whether buckets have grown so large that a deeper array pays.
    [[nodiscard]] bool is_crowded() const;

  private:
    [[nodiscard]] std::uint64_t bucket_of(const Hash256& key) const;
    [[nodiscard]] bool in_bucket(BytesView key, std::uint64_t bucket) const;
    /// The leaves of a bucket; `value`, if asked for, gets the one under `wanted`.
    Result<> read_bucket(Reader& reader, std::uint64_t bucket, std::vector<proof::Leaf>& out,
                         const Hash256* wanted = nullptr, BytesView* value = nullptr) const;
    void apply_to_bucket(std::span<Change> changes, std::vector<proof::Leaf>& leaves,
                         std::uint64_t& count) const;
    void stage_levels(Stage& stage) const;
    [[nodiscard]] Node node_of(std::span<const proof::Leaf> leaves) const;
    [[nodiscard]] std::uint64_t tag_of(std::span<const proof::Leaf> leaves) const;

    Database rows_;
    KeyedHash tag_;
    unsigned depth_ = 0;
    /// A heap: the children of i are 2i and 2i + 1, the buckets begin at 2^depth; 0 is not used.
    std::vector<Node> nodes_{2};
    std::vector<std::uint64_t> tags_{0};  ///< by bucket
    std::uint64_t count_ = 0;
};

}  // namespace aqd::store

#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace aqd::abi {
class Reader;
class Writer;
}  // namespace aqd::abi

/// The binary Merkle trie over hashed keys (docs/formats/proof.md). Its root depends on the
/// key→value set alone. Pure functions, safe from any thread.
namespace aqd::proof {

/// SHA-256("aqd/key/v1" ‖ store key): where a key lies in the trie, most significant bit first.
Hash256 trie_key(BytesView store_key);

/// SHA-256("aqd/value/v1" ‖ value).
Hash256 value_hash(BytesView value);

/// A key with its value as the trie sees them: hashes only, so that a proof shows no neighbour's
/// data.
struct Leaf {
    Hash256 key;
    Hash256 value;

    auto operator<=>(const Leaf&) const = default;
};

/// SHA-256("aqd/leaf/v1" ‖ key ‖ value): the hash of a subtree that holds one leaf, at any depth.
Hash256 leaf_hash(const Leaf& leaf);

/// SHA-256("aqd/node/v1" ‖ left ‖ right): the hash of a subtree that holds several. An empty
/// subtree is 32 zero octets.
Hash256 node_hash(const Hash256& left, const Hash256& right);

/// Bit `depth` of a trie key, 0 … 255: false goes left.
inline bool goes_right(const Hash256& key, unsigned depth) {
    return ((key.octets[depth / 8] >> (7 - depth % 8)) & 1) != 0;
}

/// The hash of the subtree at `depth` that holds exactly `leaves`: strictly ascending by key and
/// equal in their first `depth` bits.
Hash256 subtree_root(std::span<const Leaf> leaves, unsigned depth = 0);

/// The way from the root to where a key lies or would lie.
struct Path {
    /// By depth from the root; zero where the sibling is empty. At most 256.
    std::vector<Hash256> siblings;
    /// Absence only: the one leaf that stands at the end of the path in the key's stead, if any.
    std::optional<Leaf> other;

    bool operator==(const Path&) const = default;
};

/// The path in a subtree at `depth`, appended to `path`: `leaves` as for `subtree_root`.
void extend_path(Path& path, std::span<const Leaf> leaves, unsigned depth, const Hash256& key);

/// The root that `path` leads to if `key` has `value` (a value hash), or is absent. `invalid` for a
/// path that no trie has: over 256 deep, ending beside an empty sibling, or whose other leaf is the
/// key itself, lies elsewhere, or comes with a value.
Result<Hash256> root_from(const Path& path, const Hash256& key,
                          const std::optional<Hash256>& value);

/// [depth, bitmap of the siblings that are not empty, those siblings, other leaf or null].
void write_path(abi::Writer& out, const Path& path);
/// Canonical CBOR only, exactly one spelling a path; whether a trie can have it is for `root_from`.
Result<Path> read_path(abi::Reader& in);

}  // namespace aqd::proof

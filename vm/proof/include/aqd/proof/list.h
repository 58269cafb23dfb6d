#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <span>
#include <vector>

namespace aqd::abi {
class Reader;
class Writer;
}  // namespace aqd::abi

/// Merkle trees over lists: the transactions, receipts and events of a block. Pure functions, safe
/// from any thread.
namespace aqd::proof {

/// SHA-256(0x00 ‖ item), as RFC 9162, section 2.1.1.
Hash256 list_leaf_hash(BytesView item);

/// The tree of RFC 9162, section 2.1.1, from the hashes of its items: node = SHA-256(0x01 ‖ left ‖
/// right), empty list = SHA-256 of nothing.
Hash256 merkle_tree_hash(std::span<const Hash256> leaves);

/// SHA-256("aqd/list/v1" ‖ count as u64 big-endian ‖ merkle tree hash): the tree alone would leave
/// open how long the list is, and so where an item stands in it.
Hash256 list_root(std::span<const Hash256> leaves);

/// That one item stands at `index` in a list of `count`.
struct ListPath {
    std::uint64_t index = 0;
    std::uint64_t count = 0;
    std::vector<Hash256> siblings;  ///< from the leaf up

    bool operator==(const ListPath&) const = default;
};

/// `index` must lie in the list.
ListPath list_path(std::span<const Hash256> leaves, std::uint64_t index);

/// The `list_root` that the path leads to; `invalid` if `index` is not in the list or the number of
/// siblings is not that of its place.
Result<Hash256> list_root_from(const ListPath& path, const Hash256& leaf);

/// [index, count, siblings joined].
void write_list_path(abi::Writer& out, const ListPath& path);
/// Canonical CBOR only, one spelling a path.
Result<ListPath> read_list_path(abi::Reader& in);

}  // namespace aqd::proof

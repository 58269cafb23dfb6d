#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <span>
#include <vector>

/// Merkle trees over lists (RFC 9162, section 2.1): leaf = SHA-256(0x00 ‖ item), node =
/// SHA-256(0x01 ‖ left ‖ right), empty list = SHA-256 of nothing. Transactions, receipts and events
/// of a block. Pure.
namespace aqd::proof {

Hash256 list_leaf_hash(BytesView item);

/// The root of a list, from the hashes of its items.
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

/// The root that the path leads to; `invalid` if it has not as many siblings as a list of that
/// size.
Result<Hash256> list_root_from(const ListPath& path, const Hash256& leaf);

/// [index, count, siblings joined].
Bytes encode_list_path(const ListPath& path);
/// Canonical CBOR only, nothing behind it, with exactly the siblings that its place calls for.
Result<ListPath> decode_list_path(BytesView bytes);

}  // namespace aqd::proof

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>
#include <aqd/crypto/sha256.h>
#include <aqd/proof/list.h>

#include <bit>

namespace aqd::proof {

namespace {

constexpr std::size_t hash_size = Hash256::size_bytes;

Hash256 list_node(const Hash256& left, const Hash256& right) {
    const std::uint8_t tag = 1;
    return crypto::sha256({BytesView(&tag, 1), left.view(), right.view()});
}

Hash256 with_count(std::uint64_t count, const Hash256& tree) {
    std::array<std::uint8_t, 8> big_endian{};
    for (unsigned i = 0; i < 8; ++i) {
        big_endian[i] = static_cast<std::uint8_t>(count >> (56 - 8 * i));
    }
    return crypto::sha256({as_bytes("aqd/list/v1"), big_endian, tree.view()});
}

/// How many siblings the item at `index` has in a tree of `count` leaves.
std::size_t sibling_count(std::uint64_t index, std::uint64_t count) {
    std::size_t siblings = 0;
    while (count > 1) {
        const std::uint64_t left = std::bit_floor(count - 1);
        count = index < left ? left : count - left;
        index = index < left ? index : index - left;
        ++siblings;
    }
    return siblings;
}

}  // namespace

Hash256 list_leaf_hash(BytesView item) {
    const std::uint8_t tag = 0;
    return crypto::sha256({BytesView(&tag, 1), item});
}

Hash256 merkle_tree_hash(std::span<const Hash256> leaves) {
    if (leaves.empty()) {
        return crypto::sha256(BytesView{});
    }
    if (leaves.size() == 1) {
        return leaves.front();
    }
    const std::size_t left = std::bit_floor(leaves.size() - 1);
    return list_node(merkle_tree_hash(leaves.first(left)), merkle_tree_hash(leaves.subspan(left)));
}

Hash256 list_root(std::span<const Hash256> leaves) {
    return with_count(leaves.size(), merkle_tree_hash(leaves));
}

ListPath list_path(std::span<const Hash256> leaves, std::uint64_t index) {
    AQD_ASSERT(index < leaves.size());
    ListPath path{index, leaves.size(), {}};
    path.siblings.resize(sibling_count(index, leaves.size()));
    for (std::size_t i = path.siblings.size(); i-- > 0;) {
        const std::size_t left = std::bit_floor(leaves.size() - 1);
        const bool in_left = index < left;
        path.siblings[i] = merkle_tree_hash(in_left ? leaves.subspan(left) : leaves.first(left));
        leaves = in_left ? leaves.first(left) : leaves.subspan(left);
        index = in_left ? index : index - left;
    }
    return path;
}

Result<Hash256> list_root_from(const ListPath& path, const Hash256& leaf) {
    if (path.index >= path.count) {
        return fail(ErrorCode::invalid, "the item is not in the list");
    }
    if (path.siblings.size() != sibling_count(path.index, path.count)) {
        return fail(ErrorCode::invalid, "the path has not the length of its place in the list");
    }
    // RFC 9162, section 2.1.3.2.
    std::uint64_t place = path.index;
    std::uint64_t last = path.count - 1;
    Hash256 hash = leaf;
    for (const Hash256& sibling : path.siblings) {
        if ((place & 1) != 0 || place == last) {
            hash = list_node(sibling, hash);
            while ((place & 1) == 0 && place != 0) {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = list_node(hash, sibling);
        }
        place >>= 1;
        last >>= 1;
    }
    return with_count(path.count, hash);
}

void write_list_path(abi::Writer& out, const ListPath& path) {
    Bytes joined;
    joined.reserve(path.siblings.size() * hash_size);
    for (const Hash256& sibling : path.siblings) {
        append(joined, sibling.view());
    }
    out.write_array_header(3);
    out.write_uint(path.index);
    out.write_uint(path.count);
    out.write_bytes(joined);
}

Result<ListPath> read_list_path(abi::Reader& in) {
    const std::uint64_t begin = in.offset();
    AQD_CHECK(in.expect_array(3));
    ListPath path;
    AQD_TRY(index, in.read_uint());
    path.index = index;
    AQD_TRY(count, in.read_uint());
    path.count = count;
    if (index >= count) {
        return fail(ErrorCode::invalid, "the item is not in the list", begin);
    }
    AQD_TRY(joined, in.read_bytes());
    if (joined.size() != sibling_count(index, count) * hash_size) {
        return fail(ErrorCode::invalid, "the path has not the length of its place in the list",
                    begin);
    }
    for (std::size_t at = 0; at < joined.size(); at += hash_size) {
        path.siblings.push_back(Hash256::from(joined.subspan(at, hash_size)));
    }
    return path;
}

}  // namespace aqd::proof

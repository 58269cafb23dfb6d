#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>
#include <aqd/crypto/sha256.h>
#include <aqd/proof/trie.h>

#include <algorithm>
#include <string_view>

namespace aqd::proof {

namespace {

constexpr std::size_t most_siblings = 256;
constexpr std::size_t hash_size = Hash256::size_bytes;

/// One buffer, one call: this is the inner loop of every root.
Hash256 tagged_pair(std::string_view tag, const Hash256& first, const Hash256& second) {
    constexpr std::size_t tag_size = 11;
    std::array<std::uint8_t, tag_size + 2 * hash_size> input{};
    std::memcpy(input.data(), tag.data(), tag_size);
    std::memcpy(input.data() + tag_size, first.octets.data(), hash_size);
    std::memcpy(input.data() + tag_size + hash_size, second.octets.data(), hash_size);
    return crypto::sha256(BytesView(input));
}

/// Where the leaves of the right half begin.
std::size_t split(std::span<const Leaf> leaves, unsigned depth) {
    const auto right = std::ranges::partition_point(
        leaves, [depth](const Leaf& leaf) { return !goes_right(leaf.key, depth); });
    return static_cast<std::size_t>(right - leaves.begin());
}

bool same_prefix(const Hash256& a, const Hash256& b, std::size_t bits) {
    const std::size_t whole = bits / 8;
    if (std::memcmp(a.octets.data(), b.octets.data(), whole) != 0) {
        return false;
    }
    return bits % 8 == 0 || ((a.octets[whole] ^ b.octets[whole]) >> (8 - bits % 8)) == 0;
}

}  // namespace

Hash256 trie_key(BytesView store_key) {
    return crypto::sha256({as_bytes("aqd/key/v1"), store_key});
}

Hash256 value_hash(BytesView value) {
    return crypto::sha256({as_bytes("aqd/value/v1"), value});
}

Hash256 leaf_hash(const Leaf& leaf) {
    return tagged_pair("aqd/leaf/v1", leaf.key, leaf.value);
}

Hash256 node_hash(const Hash256& left, const Hash256& right) {
    return tagged_pair("aqd/node/v1", left, right);
}

Hash256 subtree_root(std::span<const Leaf> leaves, unsigned depth) {
    if (leaves.empty()) {
        return {};
    }
    if (leaves.size() == 1) {
        return leaf_hash(leaves.front());
    }
    AQD_ASSERT(depth < most_siblings);
    const std::size_t right = split(leaves, depth);
    return node_hash(subtree_root(leaves.first(right), depth + 1),
                     subtree_root(leaves.subspan(right), depth + 1));
}

void extend_path(Path& path, std::span<const Leaf> leaves, unsigned depth, const Hash256& key) {
    while (leaves.size() > 1) {
        AQD_ASSERT(depth < most_siblings);
        const std::size_t right = split(leaves, depth);
        const auto left_leaves = leaves.first(right);
        const auto right_leaves = leaves.subspan(right);
        const bool to_right = goes_right(key, depth);
        ++depth;
        path.siblings.push_back(subtree_root(to_right ? left_leaves : right_leaves, depth));
        leaves = to_right ? right_leaves : left_leaves;
    }
    if (!leaves.empty() && leaves.front().key != key) {
        path.other = leaves.front();
    }
}

Result<Hash256> root_from(const Path& path, const Hash256& key,
                          const std::optional<Hash256>& value) {
    const std::size_t depth = path.siblings.size();
    if (depth > most_siblings) {
        return fail(ErrorCode::invalid, "the path is deeper than a trie can be");
    }
    if (depth > 0 && path.siblings.back() == Hash256{}) {
        return fail(ErrorCode::invalid,
                    "the path ends beside an empty subtree, where no trie branches");
    }
    Hash256 hash;
    if (path.other) {
        if (value) {
            return fail(ErrorCode::invalid, "a present key cannot have another leaf in its place");
        }
        if (path.other->key == key || !same_prefix(path.other->key, key, depth)) {
            return fail(ErrorCode::invalid, "the other leaf does not stand in the key's place");
        }
        hash = leaf_hash(*path.other);
    } else if (value) {
        hash = leaf_hash({key, *value});
    }
    for (std::size_t i = depth; i-- > 0;) {
        const Hash256& sibling = path.siblings[i];
        hash = goes_right(key, static_cast<unsigned>(i)) ? node_hash(sibling, hash)
                                                         : node_hash(hash, sibling);
    }
    return hash;
}

void write_path(abi::Writer& out, const Path& path) {
    Bytes bitmap((path.siblings.size() + 7) / 8);
    Bytes joined;
    for (std::size_t i = 0; i < path.siblings.size(); ++i) {
        if (path.siblings[i] != Hash256{}) {
            bitmap[i / 8] = static_cast<std::uint8_t>(bitmap[i / 8] | (0x80U >> (i % 8)));
            append(joined, path.siblings[i].view());
        }
    }
    out.write_array_header(4);
    out.write_uint(path.siblings.size());
    out.write_bytes(bitmap);
    out.write_bytes(joined);
    if (path.other) {
        Bytes leaf = to_bytes(path.other->key.view());
        append(leaf, path.other->value.view());
        out.write_bytes(leaf);
    } else {
        out.write_null();
    }
}

Result<Path> read_path(abi::Reader& in) {
    AQD_CHECK(in.expect_array(4));
    AQD_TRY(depth, in.read_uint_up_to(most_siblings));
    const std::uint64_t bitmap_at = in.offset();
    AQD_TRY(bitmap, in.read_bytes());
    if (bitmap.size() != (depth + 7) / 8) {
        return fail(ErrorCode::malformed, "the bitmap does not have one bit for each level",
                    bitmap_at);
    }
    const std::uint64_t joined_at = in.offset();
    AQD_TRY(joined, in.read_bytes());
    Path path;
    path.siblings.resize(depth);
    std::size_t used = 0;
    for (std::size_t i = 0; i < 8 * bitmap.size(); ++i) {
        if (((bitmap[i / 8] >> (7 - i % 8)) & 1) == 0) {
            continue;
        }
        if (i >= depth) {
            return fail(ErrorCode::non_canonical, "a bit past the last level is set", bitmap_at);
        }
        if (joined.size() - used < hash_size) {
            return fail(ErrorCode::malformed, "a sibling is missing", joined_at);
        }
        path.siblings[i] = Hash256::from(joined.subspan(used, hash_size));
        if (path.siblings[i] == Hash256{}) {
            return fail(ErrorCode::non_canonical, "an empty sibling is written out", joined_at);
        }
        used += hash_size;
    }
    if (used != joined.size()) {
        return fail(ErrorCode::malformed, "there are more siblings than bits", joined_at);
    }
    AQD_TRY(no_other, in.take_null());
    if (!no_other) {
        const std::uint64_t leaf_at = in.offset();
        AQD_TRY(leaf, in.read_bytes());
        if (leaf.size() != 2 * hash_size) {
            return fail(ErrorCode::malformed, "the other leaf is not two hashes", leaf_at);
        }
        path.other = Leaf{Hash256::from(leaf), Hash256::from(leaf.subspan(hash_size))};
    }
    return path;
}

}  // namespace aqd::proof

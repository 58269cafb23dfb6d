#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>
#include <aqd/proof/trie.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace aqd;
using namespace aqd::proof;

namespace {

/// A key whose first bits are those of `first`, the rest zero but for the last octet.
Hash256 key_at(std::uint8_t first, std::uint8_t last = 0) {
    Hash256 key;
    key.octets.front() = first;
    key.octets.back() = last;
    return key;
}

std::vector<Leaf> random_leaves(std::size_t count, std::uint32_t seed) {
    std::mt19937 random(seed);
    std::map<Hash256, Hash256> set;
    while (set.size() < count) {
        Hash256 key;
        Hash256 value;
        for (auto& octet : key.octets) {
            octet = static_cast<std::uint8_t>(random());
        }
        value.octets[0] = static_cast<std::uint8_t>(random());
        set.emplace(key, value);
    }
    std::vector<Leaf> leaves;
    leaves.reserve(set.size());
    for (const auto& [key, value] : set) {
        leaves.push_back({key, value});
    }
    return leaves;
}

Path path_of(const std::vector<Leaf>& leaves, const Hash256& key) {
    Path path;
    extend_path(path, leaves, 0, key);
    return path;
}

Bytes encoded(const Path& path) {
    Bytes bytes;
    abi::Writer out(bytes);
    write_path(out, path);
    return bytes;
}

Result<Path> decoded(BytesView bytes) {
    abi::Reader in(bytes);
    AQD_TRY(path, read_path(in));
    AQD_CHECK(in.finish());
    return path;
}

}  // namespace

TEST_CASE("a path that no trie has is refused") {
    const auto leaves = random_leaves(64, 1);
    const Leaf& leaf = leaves[10];
    const Path good = path_of(leaves, leaf.key);
    REQUIRE(root_from(good, leaf.key, leaf.value).value() == subtree_root(leaves));

    SECTION("deeper than the key") {
        Path path = good;
        path.siblings.resize(257, leaf.key);
        CHECK(root_from(path, leaf.key, leaf.value).error().code == ErrorCode::invalid);
    }
    SECTION("ending beside nothing") {
        Path path = good;
        path.siblings.emplace_back();
        CHECK(root_from(path, leaf.key, leaf.value).error().code == ErrorCode::invalid);
    }
    SECTION("presence with another leaf in its place") {
        Path path = good;
        path.other = leaves[11];
        CHECK(root_from(path, leaf.key, leaf.value).error().code == ErrorCode::invalid);
    }
    SECTION("absence shown by the key's own leaf") {
        Path path = good;
        path.other = leaf;
        CHECK(root_from(path, leaf.key, std::nullopt).error().code == ErrorCode::invalid);
    }
    SECTION("absence shown by a leaf that lies elsewhere") {
        Path path = good;
        path.other = leaves[60];
        CHECK(root_from(path, leaf.key, std::nullopt).error().code == ErrorCode::invalid);
    }
}

TEST_CASE("a present key cannot be shown absent, nor with another value") {
    const auto leaves = random_leaves(200, 2);
    const Hash256 root = subtree_root(leaves);
    for (const Leaf& leaf : leaves) {
        const Path path = path_of(leaves, leaf.key);
        CHECK((root_from(path, leaf.key, std::nullopt).value() != root));
        Hash256 other = leaf.value;
        other.octets[31] ^= 1;
        CHECK((root_from(path, leaf.key, other).value() != root));
    }
}

TEST_CASE("a path has one spelling") {
    const auto leaves = random_leaves(64, 3);
    const Path path = path_of(leaves, leaves[5].key);
    const Bytes good = encoded(path);
    REQUIRE((decoded(good).value() == path));

    SECTION("a sibling written out though it is empty") {
        // One level, one bit, 32 zero octets.
        Bytes bytes = from_hex("840141805820").value();
        bytes.resize(bytes.size() + 32);
        bytes.push_back(0xf6);
        CHECK(decoded(bytes).error().code == ErrorCode::non_canonical);
    }
    SECTION("a bit past the last level") {
        Bytes bytes = from_hex("840141c05840").value();
        bytes.resize(bytes.size() + 64, 7);
        bytes.push_back(0xf6);
        CHECK(decoded(bytes).error().code == ErrorCode::non_canonical);
    }
    SECTION("too few or too many siblings, a bitmap of another size, half a leaf") {
        CHECK_FALSE(decoded(from_hex("8401418040f6").value()));
        CHECK_FALSE(decoded(from_hex("840141004101f6").value()));
        CHECK_FALSE(decoded(from_hex("84014040f6").value()));
        CHECK_FALSE(decoded(from_hex("840040404100").value()));
        CHECK(decoded(from_hex("84004040f6").value()));
    }
    SECTION("too deep") {
        CHECK_FALSE(decoded(from_hex("8419010140f6").value()));
    }
}

TEST_CASE("the empty trie is zero and shows every key absent") {
    CHECK((subtree_root({}) == Hash256{}));
    const Path path = path_of({}, key_at(7));
    CHECK((root_from(path, key_at(7), std::nullopt).value() == Hash256{}));
}

TEST_CASE("roots are hashes of the tags and parts that the format names") {
    const Hash256 value = value_hash(as_bytes("v"));
    CHECK((value == crypto::sha256({as_bytes("aqd/value/v1"), as_bytes("v")})));
    const Leaf left{key_at(0x00), value};
    const Leaf right{key_at(0x80), value};
    const Hash256 left_hash =
        crypto::sha256({as_bytes("aqd/leaf/v1"), left.key.view(), left.value.view()});
    CHECK((subtree_root(std::vector{left}) == left_hash));
    const std::vector two = {left, right};
    CHECK((subtree_root(two) ==
           crypto::sha256({as_bytes("aqd/node/v1"), left_hash.view(), leaf_hash(right).view()})));

    // Two keys that part at the last bit: 255 empty siblings, one that is not.
    const std::vector deep = {Leaf{key_at(1, 0), value}, Leaf{key_at(1, 1), value}};
    const Path path = path_of(deep, deep[1].key);
    CHECK(path.siblings.size() == 256);
    CHECK((root_from(path, deep[1].key, value).value() == subtree_root(deep)));
    CHECK(encoded(path).size() < 80);
}

TEST_CASE("every key of a set is shown present and every other absent") {
    for (const std::size_t count : {1U, 2U, 3U, 17U, 500U}) {
        const auto leaves = random_leaves(count, static_cast<std::uint32_t>(count));
        const Hash256 root = subtree_root(leaves);
        for (const Leaf& leaf : leaves) {
            const Path path = path_of(leaves, leaf.key);
            REQUIRE((root_from(path, leaf.key, leaf.value).value() == root));
            REQUIRE((decoded(encoded(path)).value() == path));
        }
        for (const Leaf& stranger : random_leaves(500, 999)) {
            const Path path = path_of(leaves, stranger.key);
            REQUIRE((root_from(path, stranger.key, std::nullopt).value() == root));
            REQUIRE((root_from(path, stranger.key, stranger.value).value_or(Hash256{}) != root));
            REQUIRE((decoded(encoded(path)).value() == path));
        }
    }
}

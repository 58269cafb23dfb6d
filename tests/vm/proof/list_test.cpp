#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/proof/list.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::proof;

namespace {

std::vector<Hash256> leaves_of(std::size_t count) {
    std::vector<Hash256> leaves;
    leaves.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(list_leaf_hash(as_bytes(std::to_string(i))));
    }
    return leaves;
}

Bytes encoded(const ListPath& path) {
    Bytes bytes;
    abi::Writer out(bytes);
    write_list_path(out, path);
    return bytes;
}

Result<ListPath> decoded(BytesView bytes) {
    abi::Reader in(bytes);
    AQD_TRY(path, read_list_path(in));
    AQD_CHECK(in.finish());
    return path;
}

}  // namespace

TEST_CASE("a list path that does not fit its place is refused") {
    const auto leaves = leaves_of(7);
    const ListPath good = list_path(leaves, 4);
    REQUIRE(list_root_from(good, leaves[4]).value() == list_root(leaves));

    ListPath outside = good;
    outside.index = 7;
    CHECK_FALSE(list_root_from(outside, leaves[4]));
    CHECK_FALSE(decoded(encoded(outside)));

    ListPath longer = good;
    longer.siblings.push_back(leaves[0]);
    CHECK_FALSE(list_root_from(longer, leaves[4]));
    CHECK_FALSE(decoded(encoded(longer)));

    const ListPath empty;
    CHECK_FALSE(list_root_from(empty, leaves[4]));
    CHECK_FALSE(decoded(encoded(empty)));
}

TEST_CASE("an item cannot be shown at another place or in a list of another length") {
    for (const std::size_t count : {1U, 2U, 5U, 6U, 8U, 13U}) {
        const auto leaves = leaves_of(count);
        const Hash256 root = list_root(leaves);
        for (std::size_t i = 0; i < count; ++i) {
            const ListPath path = list_path(leaves, i);
            for (std::uint64_t claimed_count = 1; claimed_count < 20; ++claimed_count) {
                for (std::uint64_t claimed = 0; claimed < claimed_count; ++claimed) {
                    const auto found =
                        list_root_from({claimed, claimed_count, path.siblings}, leaves[i]);
                    const bool is_true = claimed == i && claimed_count == count;
                    REQUIRE(((found && *found == root) == is_true));
                }
            }
        }
    }
}

TEST_CASE("any octet changed in a list path is noticed") {
    const auto leaves = leaves_of(11);
    const Hash256 root = list_root(leaves);
    const Bytes good = encoded(list_path(leaves, 9));
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (unsigned flip = 1; flip < 256; ++flip) {
            Bytes bad = good;
            bad[at] = static_cast<std::uint8_t>(bad[at] ^ flip);
            const auto path = decoded(bad);
            REQUIRE((!path || list_root_from(*path, leaves[9]).value_or(Hash256{}) != root));
        }
    }
}

TEST_CASE("the tree agrees with the published vectors of certificate transparency") {
    // The eight inputs and roots of the reference implementation's merkle tree tests.
    const std::vector<std::string> inputs = {"",
                                             "00",
                                             "10",
                                             "2021",
                                             "3031",
                                             "40414243",
                                             "5051525354555657",
                                             "606162636465666768696a6b6c6d6e6f"};
    const std::vector<std::string> roots = {
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    CHECK(to_hex(merkle_tree_hash({}).view()) ==
          "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    std::vector<Hash256> leaves;
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        leaves.push_back(list_leaf_hash(from_hex(inputs[i]).value()));
        CHECK(to_hex(merkle_tree_hash(leaves).view()) == roots[i]);
    }
}

TEST_CASE("every item of a list is shown in its place") {
    for (std::size_t count = 1; count < 40; ++count) {
        const auto leaves = leaves_of(count);
        const Hash256 root = list_root(leaves);
        for (std::size_t i = 0; i < count; ++i) {
            const ListPath path = list_path(leaves, i);
            REQUIRE((list_root_from(path, leaves[i]).value() == root));
            REQUIRE((decoded(encoded(path)).value() == path));
        }
    }
}

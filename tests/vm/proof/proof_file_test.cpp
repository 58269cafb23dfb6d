#include <aqd/crypto/sha256.h>
#include <aqd/proof/proof_file.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>

using namespace aqd;
using namespace aqd::proof;

namespace {

/// A small chain with one block key, and proofs about its state of 40 keys.
struct World {
    crypto::SecretKey secret = crypto::SecretKey::from_seed(as_bytes("block key"));
    std::vector<Leaf> leaves;
    Header header;
    Trust trust;

    World() {
        std::map<Hash256, Hash256> set;
        for (std::uint8_t i = 0; i < 40; ++i) {
            set[trie_key(Bytes{1, i})] = value_hash(Bytes{i, i});
        }
        for (const auto& [key, value] : set) {
            leaves.push_back({key, value});
        }
        header.chain.octets.fill(0xc4);
        header.height = 12;
        header.time_ns = 1'767'225'600'000'000'000;
        header.previous.octets.fill(9);
        header.state_root = subtree_root(leaves);
        trust = {header.chain, {crypto::derive_public(secret)}, "essai"};
    }

    [[nodiscard]] ProofFile prove(Bytes key, std::optional<Bytes> value) const {
        ProofFile proof{
            header, {sign_header(header, secret)}, std::move(key), std::move(value), {}};
        extend_path(proof.path, leaves, 0, trie_key(proof.key));
        return proof;
    }

    /// An absent key whose path ends at another leaf, or at an empty subtree.
    [[nodiscard]] ProofFile absence(bool at_leaf) const {
        for (std::uint8_t i = 0;; ++i) {
            ProofFile proof = prove({2, i}, std::nullopt);
            if (proof.path.other.has_value() == at_leaf) {
                return proof;
            }
        }
    }
};

/// Every octet replaced by every octet that `flips` makes of it.
void refuse_changes(const Bytes& file, const Trust& trust, const std::vector<unsigned>& flips) {
    REQUIRE(verify(file, trust));
    for (std::size_t at = 0; at < file.size(); ++at) {
        for (const unsigned flip : flips) {
            Bytes bad = file;
            bad[at] = static_cast<std::uint8_t>(bad[at] ^ flip);
            if (verify(bad, trust)) {
                FAIL("octet " << at << " changed by " << flip << " and believed");
            }
        }
    }
    for (std::size_t size = 0; size < file.size(); ++size) {
        REQUIRE_FALSE(verify(BytesView(file).first(size), trust));
    }
    Bytes longer = file;
    longer.push_back(0xf6);
    REQUIRE_FALSE(verify(longer, trust));
}

const std::vector<unsigned> bit_flips = {1, 2, 4, 8, 16, 32, 64, 128, 0xff, 0x55};

}  // namespace

TEST_CASE("a proof of presence with any octet changed is refused") {
    const World world;
    std::vector<unsigned> all;
    for (unsigned flip = 1; flip < 256; ++flip) {
        all.push_back(flip);
    }
    refuse_changes(encode_proof(world.prove({1, 7}, Bytes{7, 7})).value(), world.trust, all);
}

TEST_CASE("a proof of absence with any octet changed is refused") {
    const World world;
    refuse_changes(encode_proof(world.absence(true)).value(), world.trust, bit_flips);
    refuse_changes(encode_proof(world.absence(false)).value(), world.trust, bit_flips);
}

TEST_CASE("a proof on the genesis block with any octet changed is refused") {
    World world;
    world.header.height = 0;
    world.header.chain = {};
    world.header.previous = {};
    world.trust.chain = header_hash(world.header);
    refuse_changes(encode_proof(world.prove({1, 7}, Bytes{7, 7})).value(), world.trust, bit_flips);
}

TEST_CASE("a proof on an empty state with any octet changed is refused") {
    World world;
    world.leaves.clear();
    world.header.state_root = {};
    refuse_changes(encode_proof(world.prove({1, 7}, std::nullopt)).value(), world.trust, bit_flips);
}

TEST_CASE("a change sealed again is refused, or says something true of another absent key") {
    const World world;
    const auto sealed_again = [](Bytes file) {
        const std::size_t front = file.size() - 17;
        const Hash256 seal =
            crypto::sha256({as_bytes("aqd/proof/v1"), BytesView(file).first(front)});
        std::copy_n(seal.octets.begin(), 16, file.begin() + static_cast<std::ptrdiff_t>(front) + 1);
        return file;
    };
    for (const ProofFile& proof :
         {world.prove({1, 7}, Bytes{7, 7}), world.absence(true), world.absence(false)}) {
        const Bytes file = encode_proof(proof).value();
        REQUIRE((sealed_again(file) == file));
        for (std::size_t at = 0; at + 17 < file.size(); ++at) {
            for (const unsigned flip : bit_flips) {
                Bytes bad = file;
                bad[at] = static_cast<std::uint8_t>(bad[at] ^ flip);
                const auto verified = verify(sealed_again(bad), world.trust);
                if (verified && (proof.value || verified->value || verified->key == proof.key)) {
                    FAIL("octet " << at << " changed by " << flip << " and believed");
                }
            }
        }
    }
}

TEST_CASE("each refusal of a proof says what is wrong") {
    World world;
    const auto refusal = [&](const ProofFile& proof) {
        const auto verified = verify(encode_proof(proof).value(), world.trust);
        REQUIRE_FALSE(verified);
        return verified.error();
    };
    SECTION("a value that is not the state's") {
        const Error error = refusal(world.prove({1, 7}, Bytes{7, 8}));
        CHECK(error.code == ErrorCode::invalid);
        CHECK(error.message == "the path does not meet the state root of block 12");
    }
    SECTION("a present key said to be absent") {
        CHECK(refusal(world.prove({1, 7}, std::nullopt)).code == ErrorCode::invalid);
    }
    SECTION("an unknown block key") {
        ProofFile proof = world.prove({1, 7}, Bytes{7, 7});
        proof.signatures = {
            sign_header(proof.header, crypto::SecretKey::from_seed(as_bytes("somebody else")))};
        const Error error = refusal(proof);
        CHECK(error.code == ErrorCode::denied);
        CHECK(error.message.find("not a trusted header key of essai") != std::string::npos);
    }
    SECTION("a trusted key's signature of another header") {
        ProofFile proof = world.prove({1, 7}, Bytes{7, 7});
        proof.header.height = 13;
        const Error error = refusal(proof);
        CHECK(error.code == ErrorCode::denied);
        CHECK(error.message.find("does not fit the header") != std::string::npos);
    }
    SECTION("another chain") {
        const ProofFile proof = world.prove({1, 7}, Bytes{7, 7});
        world.trust.chain.octets.fill(0xc5);
        const Error error = refusal(proof);
        CHECK(error.code == ErrorCode::denied);
        CHECK(error.message.find("chain c4c4") != std::string::npos);
    }
    SECTION("too few signatures") {
        const ProofFile proof = world.prove({1, 7}, Bytes{7, 7});
        world.trust.required_signatures = 2;
        CHECK(refusal(proof).code == ErrorCode::denied);
    }
    SECTION("nobody trusted") {
        const ProofFile proof = world.prove({1, 7}, Bytes{7, 7});
        world.trust.header_keys.clear();
        CHECK(refusal(proof).code == ErrorCode::denied);
    }
}

TEST_CASE("a good signature does not cover for a bad one beside it") {
    World world;
    const auto second = crypto::SecretKey::from_seed(as_bytes("second"));
    world.trust.header_keys.push_back(crypto::derive_public(second));
    ProofFile proof = world.prove({1, 7}, Bytes{7, 7});
    proof.signatures.push_back(sign_header(proof.header, second));
    std::ranges::sort(proof.signatures);
    world.trust.required_signatures = 2;
    REQUIRE(verify(encode_proof(proof).value(), world.trust));
    for (HeaderSignature& one : proof.signatures) {
        ProofFile bad = proof;
        auto& changed = bad.signatures[static_cast<std::size_t>(&one - proof.signatures.data())];
        changed.signature.octets[40] ^= 1;
        CHECK_FALSE(verify(encode_proof(bad).value(), world.trust));
    }
    std::swap(proof.signatures[0], proof.signatures[1]);
    CHECK(encode_proof(proof).error().code == ErrorCode::non_canonical);
    proof.signatures.clear();
    CHECK(encode_proof(proof).error().code == ErrorCode::invalid);
}

TEST_CASE("something else than a proof is refused by name") {
    const World world;
    CHECK_FALSE(verify({}, world.trust));
    CHECK_FALSE(verify(as_bytes("not a proof at all"), world.trust));
    CHECK(verify(Bytes(proof_limit_bytes + 1, 0), world.trust).error().code ==
          ErrorCode::too_large);
    ProofFile proof = world.prove({1, 7}, Bytes{7, 7});
    proof.key.clear();
    CHECK(encode_proof(proof).error().code == ErrorCode::invalid);
    proof.key.resize(481);
    CHECK(encode_proof(proof).error().code == ErrorCode::invalid);
}

TEST_CASE("a proof tells the block, its time, the key and the value") {
    const World world;
    const Verified verified =
        verify(encode_proof(world.prove({1, 7}, Bytes{7, 7})).value(), world.trust).value();
    CHECK(verified.height == 12);
    CHECK(verified.time_ns == world.header.time_ns);
    CHECK((verified.key == Bytes{1, 7}));
    CHECK((verified.value == Bytes{7, 7}));
    CHECK((verified.header == header_hash(world.header)));
    const Verified absent = verify(encode_proof(world.absence(true)).value(), world.trust).value();
    CHECK((!absent.value));
}

#include <aqd/base/hex.h>
#include <aqd/proof/header.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::proof;

namespace {

Hash256 filled(std::uint8_t octet) {
    Hash256 hash;
    hash.octets.fill(octet);
    return hash;
}

Header sample() {
    Header header;
    header.chain = filled(1);
    header.height = 300;
    header.time_ns = 1'767'225'600'000'000'000;
    header.previous = filled(2);
    header.state_root = filled(3);
    header.replay_root = filled(4);
    header.transactions_root = filled(5);
    header.receipts_root = filled(6);
    header.events_root = filled(7);
    return header;
}

}  // namespace

TEST_CASE("a header that no chain can have is refused") {
    Header orphan = sample();
    orphan.previous = {};
    CHECK(decode_header(encode_header(orphan)).error().code == ErrorCode::invalid);
    Header homeless = sample();
    homeless.chain = {};
    CHECK(decode_header(encode_header(homeless)).error().code == ErrorCode::invalid);
    Header genesis = sample();
    genesis.height = 0;
    CHECK(decode_header(encode_header(genesis)).error().code == ErrorCode::invalid);
    genesis.chain = {};
    genesis.previous = {};
    CHECK(decode_header(encode_header(genesis)));
}

TEST_CASE("another header version, octets behind the header, or less than a header are refused") {
    Header later = sample();
    later.version = 2;
    CHECK(decode_header(encode_header(later)).error().code == ErrorCode::unsupported);
    const Bytes good = encode_header(sample());
    Bytes trailing = good;
    trailing.push_back(0);
    CHECK_FALSE(decode_header(trailing));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_FALSE(decode_header(BytesView(good).first(size)));
    }
}

TEST_CASE("a header survives its encoding, and its hash depends on every field") {
    const Header header = sample();
    CHECK((decode_header(encode_header(header)).value() == header));
    const Bytes good = encode_header(header);
    for (std::size_t at = 0; at < good.size(); ++at) {
        Bytes changed = good;
        changed[at] ^= 1;
        const auto decoded = decode_header(changed);
        CHECK((!decoded || header_hash(*decoded) != header_hash(header)));
    }
}

TEST_CASE("a genesis header names its own chain") {
    Header genesis;
    genesis.state_root = filled(3);
    CHECK((chain_of(genesis) == header_hash(genesis)));
    CHECK((chain_of(sample()) == filled(1)));
}

TEST_CASE("times before 1970 survive") {
    Header header = sample();
    header.time_ns = -5;
    CHECK((decode_header(encode_header(header)).value() == header));
}

#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/ledger/transaction.h>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace aqd;
using namespace aqd::ledger;
using aqd::ledger::testing::Actor;

namespace {

const Hash256 chain = Hash256::from(Bytes(32, 7));
const Actor alice("alice");

Transaction sample() {
    Transaction transaction;
    transaction.chain = chain;
    transaction.sender = alice.key;
    transaction.nonce = 3;
    transaction.gas_limit = 1000;
    transaction.valid_until = 99;
    transaction.signed_on = -5;
    transaction.calls.push_back({"test.kit", "run", std::nullopt, {0x80}, std::nullopt});
    Assertion assertion;
    assertion.body = {0x80};
    assertion.level = 2;
    assertion.time = 1000;
    transaction.calls.push_back(
        {"test.kit", "P.step", abi::CaseId::from(Bytes(20, 1)), {0x81, 0x00}, assertion});
    return transaction;
}

Bytes encoded() {
    return encode_signed(sign_transaction(sample(), alice.secret));
}

/// The group order of secp256k1, to make the high half of an s.
Bytes order_minus(BytesView s) {
    const Bytes order = {0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF,
                         0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xBA, 0xAE, 0xDC, 0xE6, 0xAF, 0x48,
                         0xA0, 0x3B, 0xBF, 0xD2, 0x5E, 0x8C, 0xD0, 0x36, 0x41, 0x41};
    Bytes result(32);
    int borrow = 0;
    for (int i = 31; i >= 0; --i) {
        const int value =
            order[static_cast<std::size_t>(i)] - s[static_cast<std::size_t>(i)] - borrow;
        borrow = value < 0 ? 1 : 0;
        result[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(value & 0xFF);
    }
    return result;
}

}  // namespace

TEST_CASE("no octet of a signed transaction can be changed") {
    const Bytes good = encoded();
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::uint8_t flip : {std::uint8_t{1}, std::uint8_t{0x80}}) {
            Bytes bad = good;
            bad[i] = static_cast<std::uint8_t>(bad[i] ^ flip);
            const auto admitted = admit(bad, chain);
            INFO("octet " << i);
            CHECK_FALSE(admitted.has_value());
        }
    }
}

TEST_CASE("a transaction cut short or continued is refused") {
    Bytes bytes = encoded();
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        CHECK_FALSE(decode_signed(BytesView(bytes).first(size)).has_value());
    }
    bytes.push_back(0);
    CHECK_FALSE(decode_signed(bytes).has_value());
}

TEST_CASE("a transaction of another network is refused") {
    const auto admitted = admit(encoded(), Hash256::from(Bytes(32, 8)));
    REQUIRE_FALSE(admitted.has_value());
    CHECK(admitted.error().code == ErrorCode::denied);
}

TEST_CASE("the other spelling of a signature is refused") {
    SignedTransaction transaction = sign_transaction(sample(), alice.secret);
    const Bytes high = order_minus(transaction.signature.view().last(32));
    std::ranges::copy(high, transaction.signature.octets.begin() + 32);
    const auto admitted = admit(encode_signed(transaction), chain);
    REQUIRE_FALSE(admitted.has_value());
    CHECK(admitted.error().code == ErrorCode::denied);
}

TEST_CASE("calls and names keep their limits") {
    Transaction transaction = sample();
    transaction.calls.clear();
    CHECK_FALSE(decode_signed(encode_signed({transaction, {}})).has_value());
    transaction.calls.assign(257, sample().calls.front());
    CHECK_FALSE(decode_signed(encode_signed({transaction, {}})).has_value());
    transaction.calls.assign(256, sample().calls.front());
    CHECK(decode_signed(encode_signed({transaction, {}})).has_value());
    transaction.calls.front().entry = std::string(129, 'x');
    CHECK_FALSE(decode_signed(encode_signed({transaction, {}})).has_value());
    transaction.calls.front().entry = "";
    CHECK_FALSE(decode_signed(encode_signed({transaction, {}})).has_value());
    transaction = sample();
    transaction.calls.front().arguments.resize(transaction_limit_bytes);
    const auto large = decode_signed(encode_signed({transaction, {}}));
    REQUIRE_FALSE(large.has_value());
    CHECK(large.error().code == ErrorCode::too_large);
}

TEST_CASE("a transaction comes back as it was, and its name does not depend on its signature") {
    const auto decoded = decode_signed(encoded());
    REQUIRE(decoded.has_value());
    CHECK((decoded->body == sample()));
    CHECK((encode_signed(*decoded) == encoded()));
    const auto admitted = admit(encoded(), chain);
    REQUIRE(admitted.has_value());
    CHECK((admitted->id() == transaction_id(sample())));
    CHECK((admitted->sender() == alice.account));
}

TEST_CASE("assertions are no part of what they refer to, but part of what the sender signs") {
    Transaction other = sample();
    other.calls[1].assertion->level = 3;
    CHECK((bare_digest(other) == bare_digest(sample())));
    CHECK((transaction_id(other) != transaction_id(sample())));
    other.calls[1].arguments = {0x80};
    CHECK((bare_digest(other) != bare_digest(sample())));
}

TEST_CASE("an audience names one entry of one module, once") {
    const abi::Lineage lineage = abi::lineage_of(chain, "a");
    const Hash256 bare = bare_digest(sample());
    const Hash256 audience = audience_of(chain, lineage, "P.step", bare, 3, 1);
    CHECK((audience != audience_of(chain, lineage, "P.other", bare, 3, 1)));
    CHECK((audience != audience_of(chain, abi::lineage_of(chain, "b"), "P.step", bare, 3, 1)));
    CHECK((audience != audience_of(chain, lineage, "P.step", bare, 4, 1)));
    CHECK((audience != audience_of(chain, lineage, "P.step", bare, 3, 0)));
}

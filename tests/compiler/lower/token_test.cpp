#include "tests/compiler/lower/contract.h"
#include "tests/compiler/lower/notation.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>

#include <catch2/catch.hpp>

#include <fstream>
#include <iterator>

using namespace aqd;
using aqd::lower::testing::Contract;

namespace {

std::string token_source() {
    std::ifstream in(std::string(AQD_SOURCE_DIR) + "/contracts/token/token.aqd");
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

std::string account(char digit) {
    return "h'" + std::string(40, digit) + "'";
}

// Eight words as the contract gives them.
std::string words_of(const Hash256& digest) {
    std::string out = "[";
    for (std::size_t i = 0; i < 32; i += 4) {
        const std::uint32_t word = static_cast<std::uint32_t>(digest.octets[i]) << 24 |
                                   static_cast<std::uint32_t>(digest.octets[i + 1]) << 16 |
                                   static_cast<std::uint32_t>(digest.octets[i + 2]) << 8 |
                                   digest.octets[i + 3];
        out += (i == 0 ? "" : ", ") + std::to_string(word);
    }
    return out + "]";
}

}  // namespace

TEST_CASE("the token moves money and refuses what is not there") {
    Contract c(token_source());
    const auto as = [&](char digit) {
        c.host.account = Bytes(20, static_cast<std::uint8_t>((digit - '0') * 17));
    };
    as('1');
    CHECK(c.refusal("mint", "[" + account('1') + ", 100]") == "NotAuthorised");
    c.host.roles = {c.host.named_by(0, "Minter", "[]")};
    c.value("mint", "[" + account('1') + ", 100]");
    CHECK(c.value("balance_of", "[" + account('1') + "]") == "100");
    CHECK(c.refusal("transfer", "[" + account('2') + ", 101]") == "Insufficient");
    CHECK(c.value("transfer", "[" + account('2') + ", 40]") == "true");
    CHECK(c.value("approve", "[" + account('3') + ", 30]") == "true");
    as('3');
    CHECK(c.value("transfer_from", "[" + account('1') + ", " + account('3') + ", 30]") == "true");
    CHECK(c.refusal("transfer_from", "[" + account('1') + ", " + account('3') + ", 1]") ==
          "NotAllowed");
    CHECK(c.value("balance_of", "[" + account('1') + "]") == "30");
    CHECK(c.value("balance_of", "[" + account('2') + "]") == "40");
    CHECK(c.value("balance_of", "[" + account('3') + "]") == "30");
    CHECK(c.refusal("mint", "[" + account('1') + ", 340282366920938463463374607431768211455]") ==
          "Overflow");
}

TEST_CASE("the token's SHA-256 is SHA-256") {
    Contract c(token_source());
    for (const std::size_t blocks : {0, 1, 5}) {
        Bytes message(64 * blocks);
        for (std::size_t i = 0; i < message.size(); ++i) {
            message[i] = static_cast<std::uint8_t>(i * 7 + 3);
        }
        CHECK(c.value("sha256", "[h'" + to_hex(message) + "']") ==
              words_of(crypto::sha256(message)));
    }
    CHECK(c.call("sha256", "[h'00']").refusal >= 256);
}

#include <aqd/base/bytes.h>
#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>

#include <catch2/catch.hpp>

#include <cstddef>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace aqd::crypto {
namespace {

std::string hash_hex(std::string_view text) {
    return to_hex(sha256(as_bytes(text)).view());
}

TEST_CASE("SHA-256 gives the values of FIPS 180-4") {
    CHECK(hash_hex("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hash_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    CHECK(hash_hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq") ==
          "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    CHECK(hash_hex(std::string(1'000'000, 'a')) ==
          "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST_CASE("pieces, parts and the whole give the same hash at every cut") {
    std::string text;
    for (int i = 0; i < 200; ++i) {
        text.push_back(static_cast<char>(i));
    }
    const Hash256 whole = sha256(as_bytes(text));
    Sha256 pieces;
    for (std::size_t cut = 0; cut <= text.size(); ++cut) {
        const BytesView head = as_bytes(text).first(cut);
        const BytesView tail = as_bytes(text).subspan(cut);
        if ((sha256({head, tail}) != whole) ||
            (pieces.update(head).update(tail).finish() != whole)) {
            FAIL("cut at " << cut);
        }
    }
    SUCCEED();
}

TEST_CASE("a moved hash goes on where it was") {
    Sha256 first;
    first.update(as_bytes("a"));
    Sha256 second = std::move(first);
    CHECK((second.update(as_bytes("bc")).finish() == sha256(as_bytes("abc"))));
}

TEST_CASE("threads do not disturb each other") {
    const Hash256 expected = sha256(as_bytes("abc"));
    std::vector<int> wrong(4, 0);
    {
        std::vector<std::jthread> threads;
        threads.reserve(wrong.size());
        for (int& count : wrong) {
            threads.emplace_back([&] {
                for (int round = 0; round < 2000; ++round) {
                    count += sha256(as_bytes("abc")) == expected ? 0 : 1;
                }
            });
        }
    }
    CHECK((wrong == std::vector<int>(4, 0)));
}

}  // namespace
}  // namespace aqd::crypto

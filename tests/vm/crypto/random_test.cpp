#include <aqd/base/bytes.h>
#include <aqd/crypto/random.h>
#include <aqd/crypto/sha256.h>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <span>

namespace aqd::crypto {
namespace {

TEST_CASE("the system does not repeat itself") {
    SystemRandom source;
    const auto first = source.draw<Hash256>();
    CHECK((first != source.draw<Hash256>()));
    CHECK((first != Hash256{}));
}

TEST_CASE("different seeds give different octets") {
    SeededRandom a(as_bytes("a"));
    SeededRandom b(as_bytes("b"));
    CHECK((a.draw<Hash256>() != b.draw<Hash256>()));
}

TEST_CASE("a seed gives the same octets however the draws are cut") {
    Bytes whole(200);
    SeededRandom(as_bytes("seed")).fill(whole);
    for (const std::size_t cut : {1U, 7U, 31U, 32U, 33U, 64U, 199U}) {
        Bytes pieces(200);
        SeededRandom source(as_bytes("seed"));
        for (std::size_t at = 0; at < pieces.size(); at += cut) {
            source.fill(std::span(pieces).subspan(at, std::min(cut, pieces.size() - at)));
        }
        CHECK(pieces == whole);
    }
}

TEST_CASE("the seeded stream is the documented construction") {
    const Hash256 seed = sha256({as_bytes("aqd/random/v1"), as_bytes("seed")});
    const std::array<std::uint8_t, 8> counter{0, 0, 0, 0, 0, 0, 0, 1};
    SeededRandom source(as_bytes("seed"));
    source.draw<Hash256>();
    CHECK((source.draw<Hash256>() == sha256({seed.view(), counter})));
}

}  // namespace
}  // namespace aqd::crypto

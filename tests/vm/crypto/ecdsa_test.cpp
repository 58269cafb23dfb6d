#include <aqd/base/bytes.h>
#include <aqd/base/hex.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/crypto/sha256.h>

#include <catch2/catch.hpp>

#include <cstdint>
#include <string>
#include <utility>

namespace aqd::crypto {
namespace {

constexpr const char* order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

SecretKey secret_from_hex(const std::string& hex) {
    return SecretKey::from_bytes(from_hex(hex).value()).value();
}

SecretKey small_secret(std::uint8_t value) {
    Bytes octets(32);
    octets[31] = value;
    return SecretKey::from_bytes(octets).value();
}

/// n - s: the other signature that plain ECDSA would accept.
Signature with_high_s(const Signature& signature) {
    const Bytes n = from_hex(order).value();
    Signature flipped = signature;
    int borrow = 0;
    for (std::size_t i = 32; i-- > 0;) {
        const int difference = n[i] - signature.octets[32 + i] - borrow;
        borrow = difference < 0 ? 1 : 0;
        flipped.octets[32 + i] = static_cast<std::uint8_t>(difference & 0xFF);
    }
    return flipped;
}

TEST_CASE("scalars out of range are no secret keys") {
    CHECK_FALSE(SecretKey::from_bytes(Bytes(32)).has_value());
    CHECK_FALSE(SecretKey::from_bytes(Bytes(31, 1)).has_value());
    CHECK_FALSE(SecretKey::from_bytes(Bytes(33, 1)).has_value());
    CHECK_FALSE(SecretKey::from_bytes(from_hex(order).value()).has_value());
    CHECK_FALSE(SecretKey::from_bytes(Bytes(32, 0xFF)).has_value());
}

TEST_CASE("a public key that is no point is refused, and verifies nothing") {
    const SecretKey secret = small_secret(1);
    const Hash256 digest = sha256(as_bytes("x"));
    const Signature signature = sign(secret, digest);
    PublicKey key = derive_public(secret);
    key.octets[0] = 5;
    REQUIRE_FALSE(VerifyingKey::parse(key).has_value());
    CHECK((VerifyingKey::parse(key).error().code == ErrorCode::invalid));
    CHECK_FALSE(verify(key, digest, signature));
    CHECK_FALSE(verify(PublicKey{}, digest, signature));
}

TEST_CASE("a signature with a high s is refused") {
    const SecretKey secret = small_secret(7);
    const Hash256 digest = sha256(as_bytes("malleable"));
    const Signature signature = sign(secret, digest);
    CHECK(verify(derive_public(secret), digest, signature));
    CHECK_FALSE(verify(derive_public(secret), digest, with_high_s(signature)));
}

TEST_CASE("a change of any octet breaks a signature") {
    const SecretKey secret = SecretKey::from_seed(as_bytes("signer"));
    const auto key = VerifyingKey::parse(derive_public(secret)).value();
    const Hash256 digest = sha256(as_bytes("message"));
    const Signature signature = sign(secret, digest);
    for (std::size_t i = 0; i < Signature::size_bytes; ++i) {
        Signature changed = signature;
        changed.octets[i] ^= 1;
        CHECK_FALSE(key.verify(digest, changed));
    }
    for (std::size_t i = 0; i < Hash256::size_bytes; ++i) {
        Hash256 changed = digest;
        changed.octets[i] ^= 1;
        CHECK_FALSE(key.verify(changed, signature));
    }
    CHECK_FALSE(key.verify(digest, Signature{}));
    CHECK(key.verify(digest, signature));
}

TEST_CASE("public keys are the known multiples of the generator") {
    CHECK(to_hex(derive_public(small_secret(1)).view()) ==
          "0279be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798");
    CHECK(to_hex(derive_public(small_secret(2)).view()) ==
          "02c6047f9441ed7d6d3045406e95c07cd85c778e4b8cef3ca7abac09b95c709ee5");
    CHECK(to_hex(derive_public(small_secret(3)).view()) ==
          "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9");
}

TEST_CASE("signatures are the known RFC 6979 ones") {
    // Widely published vectors for secp256k1 with SHA-256 (Trezor, bitcoin-core/secp256k1 users).
    const Hash256 satoshi = sha256(as_bytes("Satoshi Nakamoto"));
    CHECK(to_hex(sign(small_secret(1), satoshi).view()) ==
          "934b1ea10a4b3c1757e2b0c017d0b6143ce3c9a7e6a4a49860d7a6ab210ee3d8"
          "2442ce9d2b916064108014783e923ec36b49743e2ffa1c4496f01a512aafd9e5");
    const Hash256 tears =
        sha256(as_bytes("All those moments will be lost in time, like tears in "
                        "rain. Time to die..."));
    CHECK(to_hex(sign(small_secret(1), tears).view()) ==
          "8600dbd41e348fe5c9465ab92d23e3db8b98b873beecd930736488696438cb6b"
          "547fe64427496db33bf66019dacbf0039c04199abb0122918601db38a72cfc21");
    const SecretKey last =
        secret_from_hex("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364140");
    CHECK(to_hex(sign(last, satoshi).view()) ==
          "fd567d121db66e382991534ada77a6bd3106f0a1098c231e47993447cd6af2d0"
          "6b39cd0eb1bc8603e159ef5c20a5c8ad685a45b06ce9bebed3f153d10d93bed5");
}

TEST_CASE("a seed always gives the same key, and another seed another") {
    CHECK(equal(SecretKey::from_seed(as_bytes("a")).view(),
                SecretKey::from_seed(as_bytes("a")).view()));
    CHECK_FALSE(equal(SecretKey::from_seed(as_bytes("a")).view(),
                      SecretKey::from_seed(as_bytes("b")).view()));
    CHECK(equal(SecretKey::from_seed(as_bytes("a")).view(),
                sha256({as_bytes("aqd/secret-key/v1"), Bytes{0}, as_bytes("a")}).view()));
}

TEST_CASE("a secret that was moved away leaves nothing behind") {
    SecretKey first = small_secret(9);
    const SecretKey second = std::move(first);
    CHECK(equal(second.view(), small_secret(9).view()));
    // NOLINTNEXTLINE(bugprone-use-after-move,clang-analyzer-cplusplus.Move): the point of the test
    CHECK(equal(first.view(), Bytes(32)));
}

}  // namespace
}  // namespace aqd::crypto

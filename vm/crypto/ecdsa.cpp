#include <aqd/base/assert.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/crypto/random.h>
#include <aqd/crypto/sealed_box.h>
#include <aqd/crypto/sha256.h>

#include <secp256k1.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

namespace aqd::crypto {

namespace {

/// Blinded once against side channels; afterwards only read, so all threads share it. The blinding
/// never shows in a signature.
const secp256k1_context* curve() {
    static const secp256k1_context* const context = [] {
        secp256k1_context* fresh = secp256k1_context_create(SECP256K1_CONTEXT_NONE);
        std::array<std::uint8_t, 32> blinding{};
        SystemRandom().fill(blinding);
        AQD_ASSERT(secp256k1_context_randomize(fresh, blinding.data()) == 1);
        return fresh;
    }();
    return context;
}

static_assert(sizeof(secp256k1_pubkey) == 64);

}  // namespace

Result<SecretKey> SecretKey::from_bytes(BytesView octets) {
    if (octets.size() != 32) {
        return fail(ErrorCode::invalid, "a secret key has 32 octets");
    }
    if (secp256k1_ec_seckey_verify(secp256k1_context_static, octets.data()) != 1) {
        return fail(ErrorCode::invalid, "a secret key lies between 1 and the order of the group");
    }
    SecretKey key;
    std::ranges::copy(octets, key.octets_.begin());
    return key;
}

SecretKey SecretKey::from_seed(BytesView seed) {
    for (std::uint8_t attempt = 0;; ++attempt) {
        Hash256 candidate = sha256({as_bytes("aqd/secret-key/v1"), BytesView(&attempt, 1), seed});
        auto key = from_bytes(candidate.view());
        wipe(candidate.octets);
        if (key) {
            return *std::move(key);
        }
        // Two failures in a row would be a break of SHA-256.
        AQD_ASSERT(attempt < 2);
    }
}

SecretKey::SecretKey(SecretKey&& other) noexcept : octets_(other.octets_) {
    wipe(other.octets_);
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
    if (this != &other) {
        octets_ = other.octets_;
        wipe(other.octets_);
    }
    return *this;
}

SecretKey::~SecretKey() {
    wipe(octets_);
}

PublicKey derive_public(const SecretKey& secret) {
    secp256k1_pubkey point;
    AQD_ASSERT(secp256k1_ec_pubkey_create(curve(), &point, secret.view().data()) == 1);
    PublicKey key;
    std::size_t size = PublicKey::size_bytes;
    AQD_ASSERT(secp256k1_ec_pubkey_serialize(curve(), key.octets.data(), &size, &point,
                                             SECP256K1_EC_COMPRESSED) == 1);
    return key;
}

Signature sign(const SecretKey& secret, const Hash256& digest) {
    secp256k1_ecdsa_signature made;
    AQD_ASSERT(secp256k1_ecdsa_sign(curve(), &made, digest.octets.data(), secret.view().data(),
                                    secp256k1_nonce_function_rfc6979, nullptr) == 1);
    Signature signature;
    secp256k1_ecdsa_signature_serialize_compact(curve(), signature.octets.data(), &made);
    return signature;
}

Result<VerifyingKey> VerifyingKey::parse(const PublicKey& key) {
    secp256k1_pubkey point;
    if (secp256k1_ec_pubkey_parse(secp256k1_context_static, &point, key.octets.data(),
                                  PublicKey::size_bytes) != 1) {
        return fail(ErrorCode::invalid, "a public key that is no point of the curve");
    }
    VerifyingKey parsed;
    std::memcpy(parsed.point_.data(), point.data, sizeof point.data);
    return parsed;
}

bool VerifyingKey::verify(const Hash256& digest, const Signature& signature) const {
    secp256k1_pubkey point;
    std::memcpy(point.data, point_.data(), sizeof point.data);
    secp256k1_ecdsa_signature parsed;
    // The library itself refuses a high S when it verifies.
    return secp256k1_ecdsa_signature_parse_compact(secp256k1_context_static, &parsed,
                                                   signature.octets.data()) == 1 &&
           secp256k1_ecdsa_verify(secp256k1_context_static, &parsed, digest.octets.data(),
                                  &point) == 1;
}

bool verify(const PublicKey& key, const Hash256& digest, const Signature& signature) {
    const auto parsed = VerifyingKey::parse(key);
    return parsed && parsed->verify(digest, signature);
}

}  // namespace aqd::crypto

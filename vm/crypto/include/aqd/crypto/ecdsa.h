#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <array>
#include <cstdint>

/// ECDSA over secp256k1 on 32-byte digests; the caller separates domains before hashing. Everything
/// here is safe from any thread.
namespace aqd::crypto {

/// Compressed point, 33 octets (SEC 1, 2.3.3). Not every such string is a point.
using PublicKey = FixedBytes<33, struct PublicKeyTag>;

/// r ‖ s, big-endian, with s in the lower half of the group order.
using Signature = FixedBytes<64, struct SignatureTag>;

/// A scalar between 1 and the group order - 1, wiped on destruction.
class SecretKey {
  public:
    /// `invalid` unless `octets` are 32 and a scalar in range.
    static Result<SecretKey> from_bytes(BytesView octets);
    /// Any seed gives a key, always the same: SHA-256 of seed and a counter until in range.
    static SecretKey from_seed(BytesView seed);

    SecretKey(const SecretKey&) = default;
    SecretKey& operator=(const SecretKey&) = default;
    SecretKey(SecretKey&& other) noexcept;
    SecretKey& operator=(SecretKey&& other) noexcept;
    ~SecretKey();

    [[nodiscard]] BytesView view() const { return octets_; }

  private:
    SecretKey() = default;

    std::array<std::uint8_t, 32> octets_{};
};

PublicKey derive_public(const SecretKey& secret);

/// Deterministic (RFC 6979) and low-S: the same key and digest always give the same octets.
Signature sign(const SecretKey& secret, const Hash256& digest);

/// A public key that was found to be a point: parsing once saves a seventh of each verification.
class VerifyingKey {
  public:
    /// `invalid` unless `key` is a point of the curve in compressed form.
    static Result<VerifyingKey> parse(const PublicKey& key);

    /// False for any signature but a good low-S one.
    [[nodiscard]] bool verify(const Hash256& digest, const Signature& signature) const;

  private:
    VerifyingKey() = default;

    std::array<std::uint8_t, 64> point_{};
};

/// False for a bad key, a high-S or out-of-range signature, and one that does not fit.
[[nodiscard]] bool verify(const PublicKey& key, const Hash256& digest, const Signature& signature);

}  // namespace aqd::crypto

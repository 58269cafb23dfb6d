#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/random.h>

#include <array>
#include <cstdint>
#include <string_view>

/// Authenticated encryption of key files and private records: AES-256-GCM (NIST SP 800-38D).
namespace aqd::crypto {

/// A symmetric key, wiped on destruction.
class SealingKey {
  public:
    static constexpr std::size_t size_bytes = 32;

    static SealingKey random(RandomSource& source);
    /// `invalid` unless `octets` are 32.
    static Result<SealingKey> from_bytes(BytesView octets);

    SealingKey(const SealingKey&) = default;
    SealingKey& operator=(const SealingKey&) = default;
    SealingKey(SealingKey&& other) noexcept;
    SealingKey& operator=(SealingKey&& other) noexcept;
    ~SealingKey();

    [[nodiscard]] BytesView view() const { return octets_; }

  private:
    SealingKey() = default;

    std::array<std::uint8_t, size_bytes> octets_{};
};

/// Overwrites octets in a way that the optimiser keeps.
void wipe(std::span<std::uint8_t> octets);

/// Octets that `seal` adds: a 12-byte nonce in front, a 16-byte tag behind.
inline constexpr std::size_t seal_overhead_bytes = 28;

/// nonce ‖ ciphertext ‖ tag. `associated` is authenticated but not stored: it ties the box to its
/// place, such as a record's identifier.
Bytes seal(const SealingKey& key, BytesView plaintext, BytesView associated, RandomSource& source);

/// `denied` if key, box or associated data are not those of `seal`.
Result<Bytes> open(const SealingKey& key, BytesView box, BytesView associated);

/// scrypt (RFC 7914) parameters: memory is 128 * 2^log_n * r octets.
struct ScryptCost {
    std::uint8_t log_n = 15;
    std::uint8_t r = 8;
    std::uint8_t p = 1;
};

/// `too_large` for a cost over 256 MiB of memory or over 16 times the work of the default.
Result<SealingKey> derive_key(std::string_view password, BytesView salt, const ScryptCost& cost);

/// A self-describing box: "aqdbox" 1 ‖ log_n ‖ r ‖ p ‖ salt[16] ‖ `seal`, whose header is
/// authenticated too.
Result<Bytes> seal_with_password(std::string_view password, BytesView plaintext,
                                 RandomSource& source, const ScryptCost& cost = {});

/// `malformed` for something that is no box, `too_large` for a cost that would stall the reader,
/// `denied` for a wrong password or a changed box.
Result<Bytes> open_with_password(std::string_view password, BytesView box);

}  // namespace aqd::crypto

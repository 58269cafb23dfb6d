#pragma once

#include <aqd/base/bytes.h>

#include <array>
#include <cstddef>
#include <cstdint>

namespace aqd::prepare {

/// What a node's stored code is checked with. Stored code is executable input: whoever can make an
/// entry that passes the check decides what the machine does. So the sum is keyed with octets that
/// the node keeps to itself, and an entry that somebody else made does not pass, however well it is
/// formed.
///
/// The sum is NH, the universal hash of UMAC (RFC 4418, section 5.2.2; here with words of 64 bits),
/// over blocks of 1 KiB, and SHA-256 over the key and the sums of the blocks. Without the key, two
/// inputs of one's choice agree in a block with a probability of 2^-64. It reads 16 octets for one
/// multiplication, ten times as fast as SHA-256 alone.
class StorageKey {
  public:
    /// From 32 octets of the system's randomness.
    explicit StorageKey(const Hash256& secret);

    [[nodiscard]] Hash256 sum(BytesView input) const;

  private:
    static constexpr std::size_t block_words = 128;

    Hash256 secret_;
    std::array<std::uint64_t, block_words> words_{};
};

}  // namespace aqd::prepare

#pragma once

#include <aqd/base/bytes.h>

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace aqd::store {

/// SipHash-2-4 (Aumasson and Bernstein, 2012) under a key that only this process knows: nobody who
/// writes to the file can aim at a given sum. Lives in memory only, never in a file or a root.
class KeyedHash {
  public:
    /// `key`: 16 octets of the system's randomness.
    explicit KeyedHash(const std::array<std::uint8_t, 16>& key) {
        std::memcpy(&k0_, key.data(), 8);
        std::memcpy(&k1_, key.data() + 8, 8);
    }

    [[nodiscard]] std::uint64_t operator()(BytesView input) const {
        std::uint64_t v0 = k0_ ^ 0x736f6d6570736575;
        std::uint64_t v1 = k1_ ^ 0x646f72616e646f6d;
        std::uint64_t v2 = k0_ ^ 0x6c7967656e657261;
        std::uint64_t v3 = k1_ ^ 0x7465646279746573;
        const auto round = [&] {
            v0 += v1;
            v2 += v3;
            v1 = std::rotl(v1, 13) ^ v0;
            v3 = std::rotl(v3, 16) ^ v2;
            v0 = std::rotl(v0, 32) + v3;
            v2 += v1;
            v3 = std::rotl(v3, 21) ^ v0;
            v1 = std::rotl(v1, 17) ^ v2;
            v2 = std::rotl(v2, 32);
        };
        const auto absorb = [&](std::uint64_t word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        };
        std::size_t at = 0;
        for (; at + 8 <= input.size(); at += 8) {
            std::uint64_t word = 0;
            std::memcpy(&word, input.data() + at, 8);
            absorb(word);
        }
        std::uint64_t last = static_cast<std::uint64_t>(input.size()) << 56;
        if (at < input.size()) {
            std::memcpy(&last, input.data() + at, input.size() - at);
        }
        absorb(last);
        v2 ^= 0xff;
        for (int i = 0; i < 4; ++i) {
            round();
        }
        return v0 ^ v1 ^ v2 ^ v3;
    }

  private:
    std::uint64_t k0_ = 0;
    std::uint64_t k1_ = 0;
};

}  // namespace aqd::store

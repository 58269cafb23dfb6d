#pragma once

#include <aqd/base/bytes.h>

#include <cstdint>
#include <span>

namespace aqd::crypto {

/// Where keys, salts and nonces come from. One object serves one thread at a time.
class RandomSource {
  public:
    RandomSource() = default;
    RandomSource(const RandomSource&) = delete;
    RandomSource& operator=(const RandomSource&) = delete;
    RandomSource(RandomSource&&) = delete;
    RandomSource& operator=(RandomSource&&) = delete;
    virtual ~RandomSource() = default;

    virtual void fill(std::span<std::uint8_t> out) = 0;

    template <class Fixed>
    Fixed draw() {
        Fixed value;
        fill(value.octets);
        return value;
    }
};

/// The operating system's generator. Stops the program if the system has none: nothing safe could
/// follow.
class SystemRandom final : public RandomSource {
  public:
    void fill(std::span<std::uint8_t> out) override;
};

/// Reproducible octets for scenarios and tests: SHA-256 of the seed's hash and a counter. What it
/// gives depends only on the seed and the number of octets drawn before, not on how the draws were
/// cut.
class SeededRandom final : public RandomSource {
  public:
    explicit SeededRandom(BytesView seed);

    void fill(std::span<std::uint8_t> out) override;

  private:
    Hash256 seed_;
    Hash256 block_;
    std::uint64_t counter_ = 0;
    std::size_t used_ = Hash256::size_bytes;
};

}  // namespace aqd::crypto

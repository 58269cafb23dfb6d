#pragma once

#include <aqd/base/bytes.h>

#include <cstdint>

namespace aqd::oracle {

/// A reproducible source of choices: the same seed gives the same module everywhere.
class Random {
  public:
    explicit Random(std::uint64_t seed) : state_(seed * 0x9e37'79b9'7f4a'7c15ULL + 1) {}
    std::uint64_t next() {
        state_ ^= state_ << 13U;
        state_ ^= state_ >> 7U;
        state_ ^= state_ << 17U;
        return state_ * 0x2545'f491'4f6c'dd1dULL;
    }
    /// A number below `bound`, which is not 0.
    std::uint32_t below(std::uint32_t bound) {
        return static_cast<std::uint32_t>((next() >> 32U) * bound >> 32U);
    }
    bool one_in(std::uint32_t n) { return below(n) == 0; }

  private:
    std::uint64_t state_;
};

/// A valid module with a few functions that compute, branch, call, and use memory, tables and
/// globals. It imports `env.note (i32) -> ()` and `env.mix (i64 i32) -> i64`, and exports each of
/// its functions as `f0`, `f1`, ….
Bytes random_module(Random& random);

}  // namespace aqd::oracle

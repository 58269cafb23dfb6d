#pragma once

#include <aqd/base/bytes.h>
#include <aqd/wasm/limits.h>

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

/// What a random module may have.
struct Shape {
    wasm::Features features;
    /// Tables with indices of 64 bits, where memories have them too.
    bool wide_tables = false;
    /// Every call ends without a meter: entries of functions and heads of loops count a global
    /// down, and `unreachable` ends what uses it up. The export `refuel` fills it again.
    bool ends = false;
    /// No NaN but the positive canonical one is ever computed, so that machines which are free to
    /// choose one agree; memories and globals are exported.
    bool one_nan = false;
};

/// A shape with any choice of the features, not made to end.
Shape random_shape(Random& random);

/// A valid module with a few functions that compute, branch, call, and use memories, tables,
/// references and globals. It imports `env.note (i32) -> ()` and `env.mix (i64 i32) -> i64`, and
/// exports its functions as `f0`, `f1`, …, but those that take references to functions.
Bytes random_module(Random& random, const Shape& shape);

inline Bytes random_module(Random& random) {
    const Shape shape = random_shape(random);
    return random_module(random, shape);
}

}  // namespace aqd::oracle

#include "stdlib/runtime/wide.h"

// Checked multiplication. These functions return true if the result does not fit.

using namespace aqd::runtime;

namespace {

/// The full product of two magnitudes if it has at most 128 bits.
bool multiply_magnitudes(UInt128 a, UInt128 b, UInt128& out) {
    if (high(a) != 0 && high(b) != 0) {
        return true;
    }
    const UInt128 cross = high(a) != 0 ? multiply64(high(a), low(b)) : multiply64(low(a), high(b));
    const UInt128 product = multiply64(low(a), low(b));
    const uint64_t upper = high(product) + low(cross);
    out = join(upper, low(product));
    return high(cross) != 0 || upper < low(cross);
}

}  // namespace

extern "C" {

/// The common case, two small factors, costs four instructions.
[[gnu::always_inline]] bool aqd_multiply_u64(uint64_t a, uint64_t b, uint64_t* out) {
    *out = a * b;
    return (a | b) >> 32 != 0 && a != 0 && *out / a != b;
}

bool aqd_multiply_i64_slow(int64_t a, int64_t b) {
    const UInt128 product =
        multiply64(static_cast<uint64_t>(a < 0 ? -static_cast<uint64_t>(a) : a),
                   static_cast<uint64_t>(b < 0 ? -static_cast<uint64_t>(b) : b));
    const bool negative = (a < 0) != (b < 0);
    const uint64_t most = negative ? uint64_t{1} << 63 : (uint64_t{1} << 63) - 1;
    return high(product) != 0 || low(product) > most;
}

[[gnu::always_inline]] bool aqd_multiply_i64(int64_t a, int64_t b, int64_t* out) {
    *out = static_cast<int64_t>(static_cast<uint64_t>(a) * static_cast<uint64_t>(b));
    const bool small = a == static_cast<int32_t>(a) && b == static_cast<int32_t>(b);
    return !small && aqd_multiply_i64_slow(a, b);
}

bool aqd_multiply_u128(UInt128 a, UInt128 b, UInt128* out) {
    UInt128 product = 0;
    if (multiply_magnitudes(a, b, product)) {
        return true;
    }
    *out = product;
    return false;
}

bool aqd_multiply_i128(Int128 a, Int128 b, Int128* out) {
    UInt128 product = 0;
    const bool negative = (a < 0) != (b < 0);
    const UInt128 most = (UInt128{1} << 127) - (negative ? 0 : 1);
    if (multiply_magnitudes(magnitude(a), magnitude(b), product) || product > most) {
        return true;
    }
    *out = with_sign(product, negative);
    return false;
}
}

#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

// Arithmetic that WebAssembly has no instruction for. The functions whose names begin with two
// underscores are those that LLVM calls for 128-bit operations; they must not use the operation
// that they carry out. The checked ones return true if the result does not fit.

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

namespace {

uint64_t high(UInt128 value) {
    return static_cast<uint64_t>(value >> 64);
}

uint64_t low(UInt128 value) {
    return static_cast<uint64_t>(value);
}

UInt128 join(uint64_t upper, uint64_t lower) {
    return static_cast<UInt128>(upper) << 64 | lower;
}

// 64 x 64 -> 128 by halves.
UInt128 multiply64(uint64_t a, uint64_t b) {
    const uint64_t a0 = a & 0xFFFFFFFF;
    const uint64_t a1 = a >> 32;
    const uint64_t b0 = b & 0xFFFFFFFF;
    const uint64_t b1 = b >> 32;
    const uint64_t p00 = a0 * b0;
    const uint64_t p10 = a1 * b0 + (p00 >> 32);
    const uint64_t p01 = a0 * b1 + (p10 & 0xFFFFFFFF);
    return join(a1 * b1 + (p10 >> 32) + (p01 >> 32), p01 << 32 | (p00 & 0xFFFFFFFF));
}

UInt128 multiply128(UInt128 a, UInt128 b) {
    const UInt128 product = multiply64(low(a), low(b));
    return join(high(product) + low(a) * high(b) + high(a) * low(b), low(product));
}

struct Division {
    UInt128 quotient;
    UInt128 remainder;
};

// 128 / 64 -> 64 with upper < divisor (Knuth, algorithm D, base 2^32; Hacker's Delight, divlu).
uint64_t divide_step(uint64_t upper, uint64_t lower, uint64_t divisor, uint64_t& remainder) {
    const int shift = __builtin_clzll(divisor);
    const uint64_t v = divisor << shift;
    const uint64_t v1 = v >> 32;
    const uint64_t v0 = v & 0xFFFFFFFF;
    const uint64_t u = shift == 0 ? upper : upper << shift | lower >> (64 - shift);
    const uint64_t rest = lower << shift;
    const uint64_t u1 = rest >> 32;
    const uint64_t u0 = rest & 0xFFFFFFFF;
    uint64_t q1 = u / v1;
    uint64_t r = u % v1;
    while (q1 >> 32 != 0 || q1 * v0 > (r << 32 | u1)) {
        --q1;
        r += v1;
        if (r >> 32 != 0) {
            break;
        }
    }
    const uint64_t middle = (u << 32 | u1) - q1 * v;
    uint64_t q0 = middle / v1;
    r = middle % v1;
    while (q0 >> 32 != 0 || q0 * v0 > (r << 32 | u0)) {
        --q0;
        r += v1;
        if (r >> 32 != 0) {
            break;
        }
    }
    remainder = ((middle << 32 | u0) - q0 * v) >> shift;
    return q1 << 32 | q0;
}

// Division by zero gives zero: the generated code has refused it before.
Division divide(UInt128 a, UInt128 b) {
    if (high(b) == 0) {
        const uint64_t divisor = low(b);
        if (divisor == 0) {
            return {0, 0};
        }
        if (high(a) == 0) {
            return {low(a) / divisor, low(a) % divisor};
        }
        const uint64_t upper = high(a) / divisor;
        uint64_t remainder = high(a) % divisor;
        const uint64_t lower = divide_step(remainder, low(a), divisor, remainder);
        return {join(upper, lower), remainder};
    }
    if (a < b) {
        return {0, a};
    }
    // The quotient has at most 64 bits: shift and subtract.
    const int shift = __builtin_clzll(high(b)) - __builtin_clzll(high(a));
    UInt128 part = b;
    for (int i = 0; i < shift; ++i) {
        part += part;
    }
    uint64_t quotient = 0;
    UInt128 rest = a;
    for (int i = 0; i <= shift; ++i) {
        quotient <<= 1;
        if (rest >= part) {
            rest -= part;
            quotient |= 1;
        }
        part >>= 1;
    }
    return {quotient, rest};
}

UInt128 magnitude(Int128 value) {
    const auto bits = static_cast<UInt128>(value);
    return value < 0 ? UInt128{0} - bits : bits;
}

Int128 with_sign(UInt128 value, bool negative) {
    return static_cast<Int128>(negative ? UInt128{0} - value : value);
}

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

Int128 __multi3(Int128 a, Int128 b) {
    return static_cast<Int128>(multiply128(static_cast<UInt128>(a), static_cast<UInt128>(b)));
}

UInt128 __udivti3(UInt128 a, UInt128 b) {
    return divide(a, b).quotient;
}

UInt128 __umodti3(UInt128 a, UInt128 b) {
    return divide(a, b).remainder;
}

Int128 __divti3(Int128 a, Int128 b) {
    return with_sign(divide(magnitude(a), magnitude(b)).quotient, (a < 0) != (b < 0));
}

Int128 __modti3(Int128 a, Int128 b) {
    return with_sign(divide(magnitude(a), magnitude(b)).remainder, a < 0);
}

// Shifts by a variable amount below 128.
Int128 __ashlti3(Int128 a, int32_t amount) {
    const auto bits = static_cast<UInt128>(a);
    if (amount == 0) {
        return a;
    }
    if (amount >= 64) {
        return static_cast<Int128>(join(low(bits) << (amount - 64), 0));
    }
    return static_cast<Int128>(
        join(high(bits) << amount | low(bits) >> (64 - amount), low(bits) << amount));
}

Int128 __lshrti3(Int128 a, int32_t amount) {
    const auto bits = static_cast<UInt128>(a);
    if (amount == 0) {
        return a;
    }
    if (amount >= 64) {
        return static_cast<Int128>(join(0, high(bits) >> (amount - 64)));
    }
    return static_cast<Int128>(
        join(high(bits) >> amount, low(bits) >> amount | high(bits) << (64 - amount)));
}

Int128 __ashrti3(Int128 a, int32_t amount) {
    const auto bits = static_cast<UInt128>(a);
    const auto upper = static_cast<int64_t>(high(bits));
    if (amount == 0) {
        return a;
    }
    if (amount >= 64) {
        return static_cast<Int128>(join(static_cast<uint64_t>(upper >> 63),
                                        static_cast<uint64_t>(upper >> (amount - 64))));
    }
    return static_cast<Int128>(join(static_cast<uint64_t>(upper >> amount),
                                    low(bits) >> amount | high(bits) << (64 - amount)));
}

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

#pragma once

#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

// 128-bit numbers in halves of 64 bits, without the operations that LLVM would turn into calls.

namespace aqd::runtime {

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

constexpr uint64_t high(UInt128 value) {
    return static_cast<uint64_t>(value >> 64);
}

constexpr uint64_t low(UInt128 value) {
    return static_cast<uint64_t>(value);
}

constexpr UInt128 join(uint64_t upper, uint64_t lower) {
    return static_cast<UInt128>(upper) << 64 | lower;
}

// 64 x 64 -> 128 by halves.
constexpr UInt128 multiply64(uint64_t a, uint64_t b) {
    const uint64_t a0 = a & 0xFFFFFFFF;
    const uint64_t a1 = a >> 32;
    const uint64_t b0 = b & 0xFFFFFFFF;
    const uint64_t b1 = b >> 32;
    const uint64_t p00 = a0 * b0;
    const uint64_t p10 = a1 * b0 + (p00 >> 32);
    const uint64_t p01 = a0 * b1 + (p10 & 0xFFFFFFFF);
    return join(a1 * b1 + (p10 >> 32) + (p01 >> 32), p01 << 32 | (p00 & 0xFFFFFFFF));
}

constexpr UInt128 multiply128(UInt128 a, UInt128 b) {
    const UInt128 product = multiply64(low(a), low(b));
    return join(high(product) + low(a) * high(b) + high(a) * low(b), low(product));
}

constexpr UInt128 magnitude(Int128 value) {
    const auto bits = static_cast<UInt128>(value);
    return value < 0 ? UInt128{0} - bits : bits;
}

constexpr Int128 with_sign(UInt128 value, bool negative) {
    return static_cast<Int128>(negative ? UInt128{0} - value : value);
}

}  // namespace aqd::runtime

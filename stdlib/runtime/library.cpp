#include "stdlib/runtime/wide.h"

// The functions that LLVM calls for what WebAssembly has no instruction for: compiled once, as an
// object that every contract is linked with. They must not use the operation that they carry out.

using namespace aqd::runtime;

namespace {

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

int memcmp(const void* a, const void* b, unsigned long size) {
    const auto* const x = static_cast<const uint8_t*>(a);
    const auto* const y = static_cast<const uint8_t*>(b);
    for (unsigned long i = 0; i < size; ++i) {
        if (x[i] != y[i]) {
            return x[i] < y[i] ? -1 : 1;
        }
    }
    return 0;
}

void* memcpy(void* out, const void* in, unsigned long size) {
    __builtin_memcpy(out, in, size);
    return out;
}

void* memmove(void* out, const void* in, unsigned long size) {
    __builtin_memmove(out, in, size);
    return out;
}

void* memset(void* out, int value, unsigned long size) {
    __builtin_memset(out, value, size);
    return out;
}
}

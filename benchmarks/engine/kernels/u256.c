// Exponentiation modulo 2^255 - 19 with eight limbs of 32 bits.
#include "kernel.h"

typedef struct {
    uint32_t limb[8];
} Number;

/// product = x * y mod 2^256 - 38, not fully reduced.
NOINLINE static void multiply(Number* product, const Number* x, const Number* y) {
    uint32_t wide[16] = {0};
    for (int i = 0; i < 8; ++i) {
        uint64_t carry = 0;
        for (int j = 0; j < 8; ++j) {
            carry += (uint64_t)x->limb[i] * y->limb[j] + wide[i + j];
            wide[i + j] = (uint32_t)carry;
            carry >>= 32;
        }
        wide[i + 8] = (uint32_t)carry;
    }
    uint64_t carry = 0;
    for (int i = 0; i < 8; ++i) {
        carry += (uint64_t)wide[i + 8] * 38 + wide[i];
        product->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    while (carry != 0) {
        carry *= 38;
        for (int i = 0; i < 8; ++i) {
            carry += product->limb[i];
            product->limb[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

NOINLINE static void add(Number* sum, const Number* x, const Number* y) {
    uint64_t carry = 0;
    for (int i = 0; i < 8; ++i) {
        carry += (uint64_t)x->limb[i] + y->limb[i];
        sum->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    while (carry != 0) {
        carry *= 38;
        for (int i = 0; i < 8; ++i) {
            carry += sum->limb[i];
            sum->limb[i] = (uint32_t)carry;
            carry >>= 32;
        }
    }
}

NOINLINE static void reduce(Number* x) {
    for (int round = 0; round < 3; ++round) {
        int64_t borrow = 0;
        Number less;
        for (int i = 0; i < 8; ++i) {
            const uint32_t prime = i == 0 ? 0xffffffed : i == 7 ? 0x7fffffff : 0xffffffff;
            borrow += (int64_t)x->limb[i] - prime;
            less.limb[i] = (uint32_t)borrow;
            borrow >>= 32;
        }
        if (borrow == 0) {
            *x = less;
        }
    }
}

NOINLINE static Number power(Number base, const Number* exponent) {
    Number result = {{1, 0, 0, 0, 0, 0, 0, 0}};
    for (int bit = 254; bit >= 0; --bit) {
        multiply(&result, &result, &result);
        if (exponent->limb[bit >> 5] >> (bit & 31) & 1) {
            multiply(&result, &result, &base);
        }
    }
    reduce(&result);
    return result;
}

EXPORT(run) uint64_t run(uint32_t n) {
    // p - 2: the power is the inverse.
    const Number exponent = {{0xffffffeb, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
                              0xffffffff, 0xffffffff, 0x7fffffff}};
    uint64_t seed = 25519;
    Number x;
    for (int i = 0; i < 8; ++i) {
        x.limb[i] = draw(&seed);
    }
    uint64_t sum = 0;
    for (uint32_t round = 0; round < n; ++round) {
        const Number inverse = power(x, &exponent);
        Number one;
        multiply(&one, &x, &inverse);
        reduce(&one);
        sum = mix(sum, one.limb[0] == 1 ? inverse.limb[round & 7] : 0);
        add(&x, &x, &inverse);
        x.limb[round & 7] ^= draw(&seed);
    }
    return sum;
}

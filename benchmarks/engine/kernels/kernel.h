// Freestanding C for every kernel, on wasm32 and natively: `uint64_t run(uint32_t n)` works n times
// and returns a checksum of everything it computed, `empty` does nothing.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define NOINLINE __attribute__((noinline))

#if defined(__wasm__)
#define EXPORT(name) __attribute__((export_name(#name), visibility("default"), used))

// What the compiler may call where there is no C library.
__attribute__((no_builtin("memcpy"), weak)) void* memcpy(void* to, const void* from, size_t size) {
    uint8_t* t = to;
    const uint8_t* f = from;
    while (size-- != 0) {
        *t++ = *f++;
    }
    return to;
}
__attribute__((no_builtin("memset"), weak)) void* memset(void* to, int value, size_t size) {
    uint8_t* t = to;
    while (size-- != 0) {
        *t++ = (uint8_t)value;
    }
    return to;
}
#else
#define EXPORT(name) __attribute__((visibility("default"), used))
#endif

EXPORT(empty) void empty(void) {}

/// A multiplicative congruential generator with an xor-shift of its output (Steele and Vigna's
/// constants).
static inline uint32_t draw(uint64_t* state) {
    *state = *state * 0xd1342543de82ef95u + 0x2545f4914f6cdd1du;
    uint64_t x = *state;
    x ^= x >> 29;
    return (uint32_t)(x >> 16);
}

static inline uint64_t mix(uint64_t sum, uint64_t value) {
    sum ^= value;
    sum *= 0x100000001b3u;
    return sum ^ (sum >> 32);
}

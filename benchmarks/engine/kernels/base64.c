// Base64 (RFC 4648) there and back.
#include "kernel.h"

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static uint8_t raw[12288], decoded[12288];
static char text[16400];
static uint8_t values[256];

NOINLINE static uint32_t encode(const uint8_t* from, uint32_t size, char* to) {
    const char* const begin = to;
    while (size >= 3) {
        const uint32_t word = (uint32_t)from[0] << 16 | (uint32_t)from[1] << 8 | from[2];
        to[0] = letters[word >> 18];
        to[1] = letters[word >> 12 & 63];
        to[2] = letters[word >> 6 & 63];
        to[3] = letters[word & 63];
        from += 3;
        to += 4;
        size -= 3;
    }
    if (size != 0) {
        const uint32_t word = (uint32_t)from[0] << 16 | (size == 2 ? (uint32_t)from[1] << 8 : 0);
        *to++ = letters[word >> 18];
        *to++ = letters[word >> 12 & 63];
        *to++ = size == 2 ? letters[word >> 6 & 63] : '=';
        *to++ = '=';
    }
    return (uint32_t)(to - begin);
}

/// The number of octets, or -1 where the text is no base64.
NOINLINE static int32_t decode(const char* from, uint32_t size, uint8_t* to) {
    const uint8_t* const begin = to;
    if (size % 4 != 0) {
        return -1;
    }
    for (uint32_t i = 0; i < size; i += 4) {
        uint32_t word = 0;
        int padding = 0;
        for (uint32_t j = 0; j < 4; ++j) {
            const char c = from[i + j];
            if (c == '=' && i + 4 == size && j >= 2) {
                ++padding;
                word <<= 6;
                continue;
            }
            const uint8_t value = values[(uint8_t)c];
            if (value == 255 || padding != 0) {
                return -1;
            }
            word = word << 6 | value;
        }
        *to++ = (uint8_t)(word >> 16);
        if (padding < 2) {
            *to++ = (uint8_t)(word >> 8);
        }
        if (padding < 1) {
            *to++ = (uint8_t)word;
        }
    }
    return (int32_t)(to - begin);
}

EXPORT(run) uint64_t run(uint32_t n) {
    for (int i = 0; i < 256; ++i) {
        values[i] = 255;
    }
    for (int i = 0; i < 64; ++i) {
        values[(uint8_t)letters[i]] = (uint8_t)i;
    }
    uint64_t seed = 4648;
    for (uint32_t i = 0; i < sizeof raw; ++i) {
        raw[i] = (uint8_t)draw(&seed);
    }
    uint64_t sum = 0;
    for (uint32_t round = 0; round < n; ++round) {
        const uint32_t size = sizeof raw - round % 100;
        const uint32_t length = encode(raw, size, text);
        if (round % 5 == 4) {
            text[draw(&seed) % length] = '!';
        }
        const int32_t back = decode(text, length, decoded);
        sum = mix(sum, (uint32_t)back);
        if (back > 0) {
            sum = mix(sum, decoded[draw(&seed) % (uint32_t)back]);
            sum = mix(sum, (uint64_t)text[draw(&seed) % length]);
        }
        raw[round % sizeof raw] ^= (uint8_t)sum;
    }
    return sum;
}

// BLAKE2s (RFC 7693) of messages of growing length.
#include "kernel.h"

static const uint32_t initial[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                    0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
static const uint8_t order[10][16] = {{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15},
                                      {14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3},
                                      {11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4},
                                      {7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8},
                                      {9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13},
                                      {2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9},
                                      {12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11},
                                      {13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10},
                                      {6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5},
                                      {10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0}};

typedef struct {
    uint32_t h[8];
    uint64_t count;
    uint8_t block[64];
    uint32_t filled;
} State;

static uint32_t rotate(uint32_t x, uint32_t by) {
    return x >> by | x << (32 - by);
}

static void quarter(uint32_t* v, int a, int b, int c, int d, uint32_t x, uint32_t y) {
    v[a] += v[b] + x;
    v[d] = rotate(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], 12);
    v[a] += v[b] + y;
    v[d] = rotate(v[d] ^ v[a], 8);
    v[c] += v[d];
    v[b] = rotate(v[b] ^ v[c], 7);
}

NOINLINE static void compress(State* state, int last) {
    uint32_t v[16];
    uint32_t m[16];
    for (int i = 0; i < 8; ++i) {
        v[i] = state->h[i];
        v[i + 8] = initial[i];
    }
    v[12] ^= (uint32_t)state->count;
    v[13] ^= (uint32_t)(state->count >> 32);
    if (last) {
        v[14] = ~v[14];
    }
    for (int i = 0; i < 16; ++i) {
        const uint8_t* p = state->block + 4 * i;
        m[i] = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
    }
    for (int round = 0; round < 10; ++round) {
        const uint8_t* s = order[round];
        quarter(v, 0, 4, 8, 12, m[s[0]], m[s[1]]);
        quarter(v, 1, 5, 9, 13, m[s[2]], m[s[3]]);
        quarter(v, 2, 6, 10, 14, m[s[4]], m[s[5]]);
        quarter(v, 3, 7, 11, 15, m[s[6]], m[s[7]]);
        quarter(v, 0, 5, 10, 15, m[s[8]], m[s[9]]);
        quarter(v, 1, 6, 11, 12, m[s[10]], m[s[11]]);
        quarter(v, 2, 7, 8, 13, m[s[12]], m[s[13]]);
        quarter(v, 3, 4, 9, 14, m[s[14]], m[s[15]]);
    }
    for (int i = 0; i < 8; ++i) {
        state->h[i] ^= v[i] ^ v[i + 8];
    }
}

static void begin(State* state) {
    for (int i = 0; i < 8; ++i) {
        state->h[i] = initial[i];
    }
    state->h[0] ^= 0x01010000 ^ 32;
    state->count = 0;
    state->filled = 0;
}

NOINLINE static void update(State* state, const uint8_t* data, uint32_t size) {
    for (uint32_t i = 0; i < size; ++i) {
        if (state->filled == 64) {
            state->count += 64;
            compress(state, 0);
            state->filled = 0;
        }
        state->block[state->filled++] = data[i];
    }
}

NOINLINE static void finish(State* state) {
    state->count += state->filled;
    while (state->filled < 64) {
        state->block[state->filled++] = 0;
    }
    compress(state, 1);
}

static uint8_t message[4096];

EXPORT(run) uint64_t run(uint32_t n) {
    uint64_t seed = 7693;
    for (uint32_t i = 0; i < sizeof message; ++i) {
        message[i] = (uint8_t)draw(&seed);
    }
    uint64_t sum = 0;
    for (uint32_t round = 0; round < n; ++round) {
        State state;
        begin(&state);
        update(&state, message + (round & 63), 1 + round * 37 % 3000);
        finish(&state);
        message[round & 4095] ^= (uint8_t)state.h[1];
        sum = mix(sum, state.h[0] | (uint64_t)state.h[7] << 32);
    }
    return sum;
}

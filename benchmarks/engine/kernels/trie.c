// A trie of keys of 32 bits in steps of four bits, in a pool of nodes: insertion, look-up, walk.
#include "kernel.h"

typedef struct {
    uint32_t child[16];
    uint32_t value;
    uint32_t count;
} Node;

enum { most = 12000 };
static Node nodes[most];
static uint32_t used;

static uint32_t new_node(void) {
    Node* node = &nodes[used];
    for (int i = 0; i < 16; ++i) {
        node->child[i] = 0;
    }
    node->value = 0;
    node->count = 0;
    return used++;
}

NOINLINE static int insert(uint32_t key, uint32_t value) {
    uint32_t at = 0;
    for (int shift = 28; shift >= 0; shift -= 4) {
        const uint32_t digit = key >> shift & 15;
        ++nodes[at].count;
        if (nodes[at].child[digit] == 0) {
            if (used == most) {
                return 0;
            }
            nodes[at].child[digit] = new_node();
        }
        at = nodes[at].child[digit];
    }
    nodes[at].value = value;
    return 1;
}

NOINLINE static uint32_t find(uint32_t key) {
    uint32_t at = 0;
    for (int shift = 28; shift >= 0; shift -= 4) {
        at = nodes[at].child[key >> shift & 15];
        if (at == 0) {
            return 0;
        }
    }
    return nodes[at].value;
}

NOINLINE static uint64_t walk(uint32_t at, int depth) {
    if (depth == 8) {
        return nodes[at].value;
    }
    uint64_t sum = nodes[at].count;
    for (int i = 0; i < 16; ++i) {
        if (nodes[at].child[i] != 0) {
            sum = mix(sum, walk(nodes[at].child[i], depth + 1) + (uint32_t)i);
        }
    }
    return sum;
}

EXPORT(run) uint64_t run(uint32_t n) {
    uint64_t sum = 0;
    for (uint32_t round = 0; round < n; ++round) {
        uint64_t seed = 1000 + round;
        used = 0;
        new_node();
        uint32_t kept = 0;
        while (insert(draw(&seed) & 0x00ffff0f, kept + 1)) {
            ++kept;
        }
        seed = 1000 + round;
        uint32_t found = 0;
        for (uint32_t i = 0; i < 2 * kept; ++i) {
            const uint32_t key = draw(&seed) & 0x00ffff0f;
            found += find(key ^ (i & 1)) != 0;
        }
        sum = mix(sum, walk(0, 0));
        sum = mix(sum, (uint64_t)kept << 32 | found);
    }
    return sum;
}

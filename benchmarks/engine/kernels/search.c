// Searches a text: Horspool's, Knuth, Morris and Pratt's, and a match with `*` and `?`.
#include "kernel.h"

static char text[8192];

NOINLINE static int32_t horspool(const char* in, int32_t size, const char* word, int32_t length) {
    int32_t shift[256];
    for (int i = 0; i < 256; ++i) {
        shift[i] = length;
    }
    for (int32_t i = 0; i + 1 < length; ++i) {
        shift[(uint8_t)word[i]] = length - 1 - i;
    }
    int32_t at = 0;
    while (at <= size - length) {
        int32_t i = length - 1;
        while (i >= 0 && in[at + i] == word[i]) {
            --i;
        }
        if (i < 0) {
            return at;
        }
        at += shift[(uint8_t)in[at + length - 1]];
    }
    return -1;
}

NOINLINE static uint32_t count_all(const char* in, int32_t size, const char* word, int32_t length) {
    int32_t border[32];
    border[0] = 0;
    for (int32_t i = 1, k = 0; i < length; ++i) {
        while (k > 0 && word[i] != word[k]) {
            k = border[k - 1];
        }
        k += word[i] == word[k];
        border[i] = k;
    }
    uint32_t count = 0;
    for (int32_t i = 0, k = 0; i < size; ++i) {
        while (k > 0 && in[i] != word[k]) {
            k = border[k - 1];
        }
        k += in[i] == word[k];
        if (k == length) {
            ++count;
            k = border[k - 1];
        }
    }
    return count;
}

NOINLINE static int matches(const char* in, const char* end, const char* pattern) {
    const char* star = 0;
    const char* resume = 0;
    while (in != end) {
        if (*pattern == '*') {
            star = pattern++;
            resume = in;
        } else if (*pattern == '?' || *pattern == *in) {
            ++pattern;
            ++in;
        } else if (star != 0) {
            pattern = star + 1;
            in = ++resume;
        } else {
            return 0;
        }
    }
    while (*pattern == '*') {
        ++pattern;
    }
    return *pattern == 0;
}

EXPORT(run) uint64_t run(uint32_t n) {
    uint64_t seed = 1977;
    uint64_t sum = 0;
    for (uint32_t i = 0; i < sizeof text; ++i) {
        text[i] = (char)('a' + (draw(&seed) & draw(&seed) & 7));
    }
    for (uint32_t round = 0; round < n; ++round) {
        char word[17];
        const int32_t length = 3 + (int32_t)(draw(&seed) % 14);
        const uint32_t from = draw(&seed) % (sizeof text - 32);
        for (int32_t i = 0; i < length; ++i) {
            word[i] = text[from + (uint32_t)i];
        }
        word[length - 1] = (char)('a' + (round & 7));
        sum = mix(sum, (uint32_t)horspool(text, sizeof text, word, length));
        sum = mix(sum, count_all(text, sizeof text, word, length < 6 ? length : 5));
        word[0] = '*';
        word[length / 2] = round & 1 ? '?' : '*';
        word[length] = 0;
        sum = mix(sum, (uint32_t)matches(text + from, text + from + 30, word));
        text[from] = (char)('a' + (sum & 3));
    }
    return sum;
}

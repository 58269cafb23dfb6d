#include "stdlib/runtime/memory.h"

// Texts, byte strings, hashes and other octets. Slices are never changed once made.

using aqd::runtime::allocate;
using aqd::runtime::Slice;

namespace {

// Unaligned access is free of charge in WebAssembly; the attribute tells the compiler.
struct [[gnu::packed]] Word {
    uint64_t value;
};

uint64_t word_at(const uint8_t* data) {
    return reinterpret_cast<const Word*>(data)->value;
}

}  // namespace

extern "C" {

bool aqd_octets_equal(const uint8_t* a, const uint8_t* b, uint32_t size) {
    uint32_t at = 0;
    for (; size - at >= 8; at += 8) {
        if (word_at(a + at) != word_at(b + at)) {
            return false;
        }
    }
    for (; at < size; ++at) {
        if (a[at] != b[at]) {
            return false;
        }
    }
    return true;
}

bool aqd_slices_equal(const Slice* a, const Slice* b) {
    return a->size == b->size && aqd_octets_equal(a->data, b->data, a->size);
}

/// Negative, zero or positive: bytewise, the shorter first.
int32_t aqd_octets_compare(const uint8_t* a, uint32_t a_size, const uint8_t* b, uint32_t b_size) {
    const uint32_t common = a_size < b_size ? a_size : b_size;
    for (uint32_t i = 0; i < common; ++i) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return a_size == b_size ? 0 : a_size < b_size ? -1 : 1;
}

void aqd_slice_join(const Slice* a, const Slice* b, Slice* out) {
    const uint32_t size = a->size + b->size;
    uint8_t* const data = allocate(size);
    __builtin_memcpy(data, a->data, a->size);
    __builtin_memcpy(data + a->size, b->data, b->size);
    *out = {data, size};
}

void aqd_bytes_zero(uint32_t size, Slice* out) {
    uint8_t* const data = allocate(size);
    __builtin_memset(data, 0, size);
    *out = {data, size};
}

/// A copy that stays when its source changes.
void aqd_bytes_copy(const uint8_t* source, uint32_t size, Slice* out) {
    uint8_t* const data = allocate(size);
    __builtin_memcpy(data, source, size);
    *out = {data, size};
}

/// `size` octets, most significant first.
uint64_t aqd_load_big_endian(const uint8_t* data, uint32_t size) {
    uint64_t value = 0;
    for (uint32_t i = 0; i < size; ++i) {
        value = value << 8 | data[i];
    }
    return value;
}

uint32_t aqd_load32_big_endian(const uint8_t* data) {
    struct [[gnu::packed]] Half {
        uint32_t value;
    };
    return __builtin_bswap32(reinterpret_cast<const Half*>(data)->value);
}

uint64_t aqd_load64_big_endian(const uint8_t* data) {
    return __builtin_bswap64(word_at(data));
}

void aqd_bytes_big_endian(uint64_t value, uint32_t size, Slice* out) {
    uint8_t* const data = allocate(size);
    for (uint32_t i = 0; i < size; ++i) {
        data[i] = static_cast<uint8_t>(value >> (8 * (size - 1 - i)));
    }
    *out = {data, size};
}
}

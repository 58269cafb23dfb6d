#include "stdlib/runtime/host.h"
#include "stdlib/runtime/memory.h"

// Reads whose length only the host knows. The host writes into the free heap; if that was too short
// the heap grows and the host is asked once more. What was read then belongs to the heap.

using aqd::runtime::heap_top;
using aqd::runtime::reserve;
using aqd::runtime::room;
using aqd::runtime::Slice;

namespace {

// Enough for nearly every row, so that one call of the host is enough.
constexpr uint32_t first_try = 512;

template <class Read>
bool read_slice(Read read, Slice* out) {
    reserve(first_try);
    const uint32_t capacity = room();
    int32_t size = read(heap_top, capacity);
    if (size < 0) {
        return false;
    }
    if (static_cast<uint32_t>(size) > capacity) {
        reserve(static_cast<uint32_t>(size));
        size = read(heap_top, static_cast<uint32_t>(size));
    }
    *out = {heap_top, static_cast<uint32_t>(size)};
    heap_top += size;
    return true;
}

}  // namespace

extern "C" {

void aqd_arguments(uint32_t size, Slice* out) {
    uint8_t* const data = aqd::runtime::allocate(size);
    aqd_host_args_read(data);
    *out = {data, size};
}

bool aqd_register_get(int32_t module, int64_t name, const uint8_t* key, uint32_t key_size,
                      Slice* out) {
    return read_slice(
        [&](uint8_t* data, uint32_t capacity) {
            return aqd_host_register_get(module, name, key, key_size, data, capacity);
        },
        out);
}

bool aqd_body_attributes(int32_t module, int64_t authority, const uint8_t* keys, uint32_t keys_size,
                         Slice* out) {
    return read_slice(
        [&](uint8_t* data, uint32_t capacity) {
            return aqd_host_body_attributes(module, authority, keys, keys_size, data, capacity);
        },
        out);
}

bool aqd_caller_body(Slice* out) {
    return read_slice(
        [](uint8_t* data, uint32_t capacity) { return aqd_host_caller_body(data, capacity); }, out);
}

bool aqd_case_data(Slice* out) {
    return read_slice(
        [](uint8_t* data, uint32_t capacity) { return aqd_host_case_data(data, capacity); }, out);
}

bool aqd_notice_recipients(int32_t module, int64_t notice, Slice* out) {
    return read_slice(
        [&](uint8_t* data, uint32_t capacity) {
            return aqd_host_notice_recipients(module, notice, data, capacity);
        },
        out);
}
}

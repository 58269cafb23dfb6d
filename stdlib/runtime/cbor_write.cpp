#include "stdlib/runtime/host.h"
#include "stdlib/runtime/memory.h"

#include <aqd/abi/cbor_core.h>

// Values to CBOR. What is written grows the heap: take `aqd_heap_mark` first; the value lies from
// there to `aqd_heap_mark` afterwards.

namespace core = aqd::abi::core;
using aqd::runtime::heap_top;
using aqd::runtime::reserve;

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

namespace {

void write_head(core::Major major, uint64_t argument) {
    reserve(core::max_head_size);
    heap_top += core::encode_head(heap_top, core::max_head_size, major, argument);
}

void write_integer(const core::Integer& value) {
    reserve(core::max_integer_size);
    heap_top += core::encode_integer(heap_top, core::max_integer_size, value);
}

void write_string(core::Major major, const uint8_t* data, uint32_t size) {
    write_head(major, size);
    reserve(size);
    __builtin_memcpy(heap_top, data, size);
    heap_top += size;
}

}  // namespace

extern "C" {

void aqd_write_octet(uint8_t octet) {
    reserve(1);
    *heap_top++ = octet;
}

void aqd_write_array(uint32_t count) {
    write_head(core::Major::array, count);
}

void aqd_write_bool(bool value) {
    aqd_write_octet(value ? core::true_octet : core::false_octet);
}

void aqd_write_null() {
    aqd_write_octet(core::null_octet);
}

void aqd_write_unsigned(uint64_t value) {
    write_head(core::Major::unsigned_integer, value);
}

void aqd_write_signed(int64_t value) {
    const bool negative = value < 0;
    write_head(negative ? core::Major::negative_integer : core::Major::unsigned_integer,
               static_cast<uint64_t>(negative ? ~value : value));
}

void aqd_write_unsigned128(UInt128 value) {
    write_integer({false, static_cast<uint64_t>(value >> 64), static_cast<uint64_t>(value)});
}

void aqd_write_signed128(Int128 value) {
    write_integer(core::integer_from_signed(static_cast<uint64_t>(value >> 64),
                                            static_cast<uint64_t>(value)));
}

void aqd_write_text(const uint8_t* data, uint32_t size) {
    write_string(core::Major::text, data, size);
}

void aqd_write_bytes(const uint8_t* data, uint32_t size) {
    write_string(core::Major::bytes, data, size);
}

/// Octets that are CBOR already: a `Body`.
void aqd_write_encoded(const uint8_t* data, uint32_t size) {
    reserve(size);
    __builtin_memcpy(heap_top, data, size);
    heap_top += size;
}

/// bstr(40): which kind of authority a `Body` is.
void aqd_write_authority_tag(int32_t module, int64_t authority) {
    constexpr uint32_t tag_size = 40;
    write_head(core::Major::bytes, tag_size);
    reserve(tag_size);
    aqd_host_authority_tag(module, authority, heap_top);
    heap_top += tag_size;
}
}

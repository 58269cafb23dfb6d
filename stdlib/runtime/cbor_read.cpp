#include "stdlib/runtime/host.h"
#include "stdlib/runtime/memory.h"

#include <aqd/abi/cbor_core.h>

// CBOR to values. One reader at a time: it is begun, used up and ended before anything else reads.
// Whatever is not the canonical spelling of the wanted type is refused `Decode`. Slices point into
// the input, which therefore has to stay.

namespace core = aqd::abi::core;
using aqd::runtime::refusal_decode;
using aqd::runtime::Slice;

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

namespace {

const uint8_t* at = nullptr;
const uint8_t* end = nullptr;

constexpr uint32_t authority_tag_size = 40;
constexpr uint32_t most_authority_keys = 8;

[[noreturn, gnu::noinline, gnu::cold]] void refuse_input() {
    aqd_host_refuse(refusal_decode);
}

uint32_t rest() {
    return static_cast<uint32_t>(end - at);
}

core::Head read_head() {
    core::Head head;
    if (core::decode_head(at, rest(), head) != core::Status::ok) {
        refuse_input();
    }
    at += head.size;
    return head;
}

core::Integer read_integer() {
    core::Integer value;
    size_t used = 0;
    if (core::decode_integer(at, rest(), value, used) != core::Status::ok) {
        refuse_input();
    }
    at += used;
    return value;
}

const uint8_t* take(uint32_t size) {
    const uint8_t* const start = at;
    at += size;
    return start;
}

Slice read_string(core::Major major, uint32_t most) {
    const core::Head head = read_head();
    if (head.major != major || head.argument > most || head.argument > rest()) {
        refuse_input();
    }
    const auto size = static_cast<uint32_t>(head.argument);
    return {take(size), size};
}

}  // namespace

extern "C" {

void aqd_read_begin(const uint8_t* data, uint32_t size) {
    at = data;
    end = data + size;
}

/// Nothing may follow the value.
void aqd_read_end() {
    if (at != end) {
        refuse_input();
    }
}

void aqd_read_array(uint32_t count) {
    const core::Head head = read_head();
    if (head.major != core::Major::array || head.argument != count) {
        refuse_input();
    }
}

/// The number of elements, at most `most`.
uint32_t aqd_read_list(uint32_t most) {
    const core::Head head = read_head();
    if (head.major != core::Major::array || head.argument > most) {
        refuse_input();
    }
    return static_cast<uint32_t>(head.argument);
}

/// True, and the null is used up, if the next item is null.
bool aqd_read_null() {
    if (at == end || *at != core::null_octet) {
        return false;
    }
    ++at;
    return true;
}

bool aqd_read_bool() {
    if (at == end || (*at != core::true_octet && *at != core::false_octet)) {
        refuse_input();
    }
    return *at++ == core::true_octet;
}

uint64_t aqd_read_unsigned(uint64_t most) {
    const core::Head head = read_head();
    if (head.major != core::Major::unsigned_integer || head.argument > most) {
        refuse_input();
    }
    return head.argument;
}

int64_t aqd_read_signed(int64_t least, int64_t most) {
    const core::Head head = read_head();
    const bool negative = head.major == core::Major::negative_integer;
    if ((!negative && head.major != core::Major::unsigned_integer) || head.argument >> 63 != 0) {
        refuse_input();
    }
    const auto magnitude = static_cast<int64_t>(head.argument);
    const int64_t value = negative ? ~magnitude : magnitude;
    if (value < least || value > most) {
        refuse_input();
    }
    return value;
}

void aqd_read_unsigned128(UInt128* out) {
    const core::Integer value = read_integer();
    if (!core::fits_unsigned_128(value)) {
        refuse_input();
    }
    *out = static_cast<UInt128>(value.high) << 64 | value.low;
}

void aqd_read_signed128(Int128* out) {
    const core::Integer value = read_integer();
    if (!core::fits_signed_128(value)) {
        refuse_input();
    }
    *out = static_cast<Int128>(static_cast<UInt128>(core::signed_high(value)) << 64 |
                               core::signed_low(value));
}

void aqd_read_bytes(uint32_t most, Slice* out) {
    *out = read_string(core::Major::bytes, most);
}

/// Exactly `size` octets: a hash, an account, a case.
const uint8_t* aqd_read_fixed(uint32_t size) {
    const Slice slice = read_string(core::Major::bytes, size);
    if (slice.size != size) {
        refuse_input();
    }
    return slice.data;
}

/// At most `most` code points of text that people can read (semantics 30).
void aqd_read_text(uint32_t most, Slice* out) {
    // A code point takes four octets at most.
    const uint32_t most_octets = most > UINT32_MAX / 4 ? UINT32_MAX : 4 * most;
    const Slice text = read_string(core::Major::text, most_octets);
    if (aqd_host_text_check(text.data, text.size, most) == 0) {
        refuse_input();
    }
    *out = text;
}

/// A key of an authority: `[A-Z0-9._-]`, at most `most` of them.
void aqd_read_key_text(uint32_t most, Slice* out) {
    const Slice text = read_string(core::Major::text, most);
    for (uint32_t i = 0; i < text.size; ++i) {
        const uint8_t c = text.data[i];
        const bool good =
            (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
        if (!good) {
            refuse_input();
        }
    }
    *out = text;
}

/// An ordinal below `variants`, or the head of `[ordinal, fields…]`: `fields` is then how many
/// follow, and zero for the plain ordinal.
uint32_t aqd_read_variant(uint32_t variants, uint32_t* fields) {
    const core::Head head = read_head();
    if (head.major == core::Major::unsigned_integer && head.argument < variants) {
        *fields = 0;
        return static_cast<uint32_t>(head.argument);
    }
    if (head.major != core::Major::array || head.argument < 2 || head.argument > UINT32_MAX) {
        refuse_input();
    }
    *fields = static_cast<uint32_t>(head.argument) - 1;
    return static_cast<uint32_t>(aqd_read_unsigned(variants - 1));
}

/// A `Body` of any kind stays as it is encoded: [bstr(40), keys…], each key a text or an integer.
void aqd_read_body(Slice* out) {
    const uint8_t* const start = at;
    const core::Head head = read_head();
    if (head.major != core::Major::array || head.argument < 1 ||
        head.argument > 1 + most_authority_keys) {
        refuse_input();
    }
    aqd_read_fixed(authority_tag_size);
    for (uint64_t i = 1; i < head.argument; ++i) {
        core::Head key;
        size_t used = 0;
        if (core::scalar_size(at, rest(), key, used) != core::Status::ok ||
            key.major == core::Major::array || key.major == core::Major::map) {
            refuse_input();
        }
        at += used;
    }
    *out = {start, static_cast<uint32_t>(at - start)};
}

/// Passes over one item of a value that the machine keeps.
void aqd_read_skip() {
    size_t used = 0;
    if (core::item_size(at, rest(), core::max_depth, used) != core::Status::ok) {
        refuse_input();
    }
    at += used;
}

/// The elements of an encoded array without its head, and how many there are.
uint32_t aqd_array_items(Slice* array) {
    aqd_read_begin(array->data, array->size);
    const uint32_t count = aqd_read_list(UINT32_MAX);
    *array = {at, rest()};
    return count;
}
}

#pragma once

// The deterministic CBOR of Aqd (RFC 8949, 4.2.1), as plain functions over pointers: no allocation,
// no exceptions, no library. The host's reader and writer and the contract runtime (wasm32) are
// both built on this file, so that they agree on every octet by construction.
//
// The profile: integers of up to 128 bits (tags 2 and 3 beyond 64), byte strings, UTF-8 text,
// arrays, maps with sorted unsigned or text keys, false, true, null. One spelling for each value.

// The contract runtime has no C++ standard library.
#include <stddef.h>  // NOLINT(modernize-deprecated-headers)
#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

namespace aqd::abi::core {

enum class Status : uint8_t {
    ok,
    truncated,       ///< the input ends inside the item
    reserved,        ///< additional information 28, 29 or 30, or a misplaced break
    bad_text,        ///< a text that is not UTF-8
    not_in_profile,  ///< floats, undefined, other simple values, tags other than 2 and 3, other
                     ///< keys
    too_deep,        ///< more nested arrays and maps than permitted
    too_wide,        ///< an integer of more than 128 bits
    wrong_kind,      ///< a sound item, but not of the kind asked for
    indefinite,      ///< indefinite length
    not_shortest,    ///< a longer head, or a longer integer, than the value needs
    unordered_keys,  ///< map keys that do not ascend bytewise, equal ones included
};

/// True for the failures that only break canonical form; the rest are malformed.
constexpr bool is_non_canonical(Status status) {
    return status >= Status::indefinite;
}

enum class Major : uint8_t {
    unsigned_integer,
    negative_integer,
    bytes,
    text,
    array,
    map,
    tag,
    simple,
};

inline constexpr uint8_t false_octet = 0xF4;
inline constexpr uint8_t true_octet = 0xF5;
inline constexpr uint8_t null_octet = 0xF6;
inline constexpr uint8_t positive_bignum_octet = 0xC2;
inline constexpr uint8_t negative_bignum_octet = 0xC3;

/// The longest head, and the longest integer (tag, one octet of head, sixteen of magnitude).
inline constexpr size_t max_head_size = 9;
inline constexpr size_t max_integer_size = 18;

/// Nested arrays and maps that `item_size` follows. Its stack costs 40 octets a level.
inline constexpr uint32_t max_depth = 64;

/// First octet and argument of an item (RFC 8949, 3).
struct Head {
    Major major = Major::unsigned_integer;
    uint64_t argument = 0;
    size_t size = 0;  ///< octets of the head
};

/// An integer of the profile: the magnitude n = high * 2^64 + low stands for n, or for -1 - n.
struct Integer {
    bool negative = false;
    uint64_t high = 0;
    uint64_t low = 0;
};

/// From the two halves of a two's complement i128: ~v == -1 - v, so no carry is needed.
constexpr Integer integer_from_signed(uint64_t high, uint64_t low) {
    const bool negative = (high >> 63) != 0;
    return negative ? Integer{true, ~high, ~low} : Integer{false, high, low};
}

constexpr bool fits_signed_128(const Integer& value) {
    return (value.high >> 63) == 0;
}

constexpr bool fits_unsigned_128(const Integer& value) {
    return !value.negative;
}

/// Two's complement halves; `fits_signed_128` must hold.
constexpr uint64_t signed_high(const Integer& value) {
    return value.negative ? ~value.high : value.high;
}

constexpr uint64_t signed_low(const Integer& value) {
    return value.negative ? ~value.low : value.low;
}

constexpr size_t head_size(uint64_t argument) {
    if (argument < 24) {
        return 1;
    }
    if (argument <= 0xFF) {
        return 2;
    }
    if (argument <= 0xFFFF) {
        return 3;
    }
    return argument <= 0xFFFFFFFF ? 5 : 9;
}

/// Writes a head; returns its size, or 0 if it does not fit in `capacity`.
constexpr size_t encode_head(uint8_t* out, size_t capacity, Major major, uint64_t argument) {
    const size_t size = head_size(argument);
    if (size > capacity) {
        return 0;
    }
    const auto high_bits = static_cast<uint8_t>(static_cast<uint8_t>(major) << 5);
    if (size == 1) {
        out[0] = static_cast<uint8_t>(high_bits | argument);
        return size;
    }
    const uint8_t information = size == 2 ? 24 : size == 3 ? 25 : size == 5 ? 26 : 27;
    out[0] = static_cast<uint8_t>(high_bits | information);
    for (size_t i = 1; i < size; ++i) {
        out[i] = static_cast<uint8_t>(argument >> (8 * (size - 1 - i)));
    }
    return size;
}

/// Reads a head in shortest form. For `Major::simple` only false, true and null pass, with the
/// arguments 20, 21 and 22.
constexpr Status decode_head(const uint8_t* in, size_t size, Head& head) {
    if (size == 0) {
        return Status::truncated;
    }
    const auto major = static_cast<Major>(in[0] >> 5);
    const auto information = static_cast<uint8_t>(in[0] & 0x1F);
    if (major == Major::simple) {
        if (information >= 20 && information <= 22) {
            head = {major, information, 1};
            return Status::ok;
        }
        return information >= 28 ? Status::reserved : Status::not_in_profile;
    }
    if (information < 24) {
        head = {major, information, 1};
        return Status::ok;
    }
    if (information > 27) {
        const bool sized = major >= Major::bytes && major <= Major::map;
        return information == 31 && sized ? Status::indefinite : Status::reserved;
    }
    const size_t extra = static_cast<size_t>(1) << (information - 24);
    if (size - 1 < extra) {
        return Status::truncated;
    }
    uint64_t argument = 0;
    for (size_t i = 1; i <= extra; ++i) {
        argument = (argument << 8) | in[i];
    }
    if (head_size(argument) != extra + 1) {
        return Status::not_shortest;
    }
    head = {major, argument, extra + 1};
    return Status::ok;
}

/// Significant octets of a magnitude, at least one.
constexpr size_t magnitude_size(const Integer& value) {
    size_t size = 1;
    for (uint64_t rest = value.low >> 8; rest != 0; rest >>= 8) {
        ++size;
    }
    if (value.high != 0) {
        size = 8;
        for (uint64_t rest = value.high; rest != 0; rest >>= 8) {
            ++size;
        }
    }
    return size;
}

constexpr size_t integer_size(const Integer& value) {
    return value.high == 0 ? head_size(value.low) : 2 + magnitude_size(value);
}

/// Writes an integer in shortest form; returns its size, or 0 if it does not fit in `capacity`.
constexpr size_t encode_integer(uint8_t* out, size_t capacity, const Integer& value) {
    if (value.high == 0) {
        const Major major = value.negative ? Major::negative_integer : Major::unsigned_integer;
        return encode_head(out, capacity, major, value.low);
    }
    const size_t octets = magnitude_size(value);
    if (2 + octets > capacity) {
        return 0;
    }
    out[0] = value.negative ? negative_bignum_octet : positive_bignum_octet;
    out[1] = static_cast<uint8_t>(0x40 | octets);
    Integer rest = value;
    for (size_t i = octets; i > 0; --i) {
        out[1 + i] = static_cast<uint8_t>(rest.low);
        rest.low = (rest.low >> 8) | (rest.high << 56);
        rest.high >>= 8;
    }
    return 2 + octets;
}

/// The octets of a bignum behind its tag: `in` begins at the tag, one octet long.
constexpr Status decode_bignum(const uint8_t* in, size_t size, bool negative, Integer& value,
                               size_t& used) {
    Head content;
    const Status status = decode_head(in + 1, size - 1, content);
    if (status != Status::ok) {
        return status;
    }
    if (content.major != Major::bytes) {
        return Status::not_in_profile;
    }
    if (size - 1 - content.size < content.argument) {
        return Status::truncated;
    }
    const uint8_t* octets = in + 1 + content.size;
    const auto count = static_cast<size_t>(content.argument);
    // Up to 64 bits the plain integer is the only spelling, and leading zeros are never needed.
    if (count <= 8 || octets[0] == 0) {
        return Status::not_shortest;
    }
    if (count > 16) {
        return Status::too_wide;
    }
    value = {negative, 0, 0};
    for (size_t i = 0; i < count; ++i) {
        value.high = (value.high << 8) | (value.low >> 56);
        value.low = (value.low << 8) | octets[i];
    }
    used = 1 + content.size + count;
    return Status::ok;
}

/// Reads an integer of up to 128 bits; `used` is its size in octets.
constexpr Status decode_integer(const uint8_t* in, size_t size, Integer& value, size_t& used) {
    Head head;
    const Status status = decode_head(in, size, head);
    if (status != Status::ok) {
        return status;
    }
    if (head.major == Major::unsigned_integer || head.major == Major::negative_integer) {
        value = {head.major == Major::negative_integer, 0, head.argument};
        used = head.size;
        return Status::ok;
    }
    if (head.major != Major::tag) {
        return Status::wrong_kind;
    }
    if (head.argument != 2 && head.argument != 3) {
        return Status::not_in_profile;
    }
    return decode_bignum(in, size, head.argument == 3, value, used);
}

/// Octets of the UTF-8 sequence at `in` (Unicode 15, table 3-7), or 0 if there is none.
constexpr size_t utf8_sequence_size(const uint8_t* in, size_t size) {
    if (size == 0) {
        return 0;
    }
    const uint8_t first = in[0];
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xC2 || first > 0xF4) {
        return 0;
    }
    const size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (size < length) {
        return 0;
    }
    // Overlong forms, surrogates and values past U+10FFFF all show in the second octet.
    const uint8_t low = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    const uint8_t high = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (in[1] < low || in[1] > high) {
        return 0;
    }
    for (size_t i = 2; i < length; ++i) {
        if ((in[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return length;
}

/// Octets of the longest prefix that is UTF-8, and the code points in it.
constexpr size_t utf8_prefix(const uint8_t* in, size_t size, uint64_t& code_points) {
    size_t at = 0;
    code_points = 0;
    while (at < size) {
        const size_t length = utf8_sequence_size(in + at, size - at);
        if (length == 0) {
            break;
        }
        at += length;
        ++code_points;
    }
    return at;
}

constexpr bool is_utf8(const uint8_t* in, size_t size) {
    uint64_t code_points = 0;
    return utf8_prefix(in, size, code_points) == size;
}

/// Bytewise order of two encoded keys: negative, zero or positive.
constexpr int compare_octets(const uint8_t* a, size_t a_size, const uint8_t* b, size_t b_size) {
    const size_t common = a_size < b_size ? a_size : b_size;
    for (size_t i = 0; i < common; ++i) {
        if (a[i] != b[i]) {
            return a[i] < b[i] ? -1 : 1;
        }
    }
    return a_size == b_size ? 0 : a_size < b_size ? -1 : 1;
}

/// Head and content of one item; for arrays, maps and tags the head only. Integers are followed
/// through their tag. `used` is what was looked at, also the place of the fault on failure.
constexpr Status scalar_size(const uint8_t* in, size_t size, Head& head, size_t& used) {
    used = 0;
    const Status status = decode_head(in, size, head);
    if (status != Status::ok) {
        return status;
    }
    if (head.major == Major::tag) {
        Integer value;
        return decode_integer(in, size, value, used);
    }
    if (head.major != Major::bytes && head.major != Major::text) {
        used = head.size;
        return Status::ok;
    }
    if (size - head.size < head.argument) {
        return Status::truncated;
    }
    const auto count = static_cast<size_t>(head.argument);
    if (head.major == Major::text) {
        uint64_t code_points = 0;
        const size_t good = utf8_prefix(in + head.size, count, code_points);
        if (good != count) {
            used = head.size + good;
            return Status::bad_text;
        }
    }
    used = head.size + count;
    return Status::ok;
}

/// One open array or map of `item_size`.
struct OpenItem {
    uint64_t left = 0;  ///< items still to come, keys and values counted apart
    bool is_map = false;
    bool has_key = false;
    size_t key_begin = 0;  ///< the previous key of a map
    size_t key_end = 0;
};

/// Checks a map key that lies in [begin, end) and remembers it.
constexpr Status note_key(const uint8_t* in, size_t begin, size_t end, Major major, OpenItem& map) {
    if (major != Major::unsigned_integer && major != Major::text) {
        return Status::not_in_profile;
    }
    if (map.has_key && compare_octets(in + map.key_begin, map.key_end - map.key_begin, in + begin,
                                      end - begin) >= 0) {
        return Status::unordered_keys;
    }
    map.has_key = true;
    map.key_begin = begin;
    map.key_end = end;
    return Status::ok;
}

/// Walks one whole item, checking everything inside it; `used` is its size, or the offset of the
/// fault. Iterative: hostile nesting costs `depth_limit` (at most `max_depth`) entries of stack.
constexpr Status item_size(const uint8_t* in, size_t size, uint32_t depth_limit, size_t& used) {
    OpenItem open[max_depth];
    const uint32_t limit = depth_limit < max_depth ? depth_limit : max_depth;
    uint32_t depth = 0;
    size_t at = 0;
    for (;;) {
        Head head;
        size_t step = 0;
        Status status = scalar_size(in + at, size - at, head, step);
        if (status == Status::ok && depth > 0 && open[depth - 1].is_map &&
            open[depth - 1].left % 2 == 0) {
            status = note_key(in, at, at + step, head.major, open[depth - 1]);
            step = status == Status::ok ? step : 0;
        }
        if (status != Status::ok) {
            used = at + step;
            return status;
        }
        if (head.major == Major::array || head.major == Major::map) {
            const uint64_t each = head.major == Major::map ? 2 : 1;
            // Every item takes an octet at least, so a count past the end is refused at once.
            if (head.argument > (size - at - step) / each || depth == limit) {
                used = at;
                return depth == limit ? Status::too_deep : Status::truncated;
            }
            open[depth] = {head.argument * each, head.major == Major::map, false, 0, 0};
            ++depth;
        } else if (depth > 0) {
            --open[depth - 1].left;
        }
        at += step;
        while (depth > 0 && open[depth - 1].left == 0) {
            --depth;
            if (depth > 0) {
                --open[depth - 1].left;
            }
        }
        if (depth == 0) {
            used = at;
            return Status::ok;
        }
    }
}

}  // namespace aqd::abi::core

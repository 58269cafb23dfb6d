#pragma once

#include <aqd/base/bytes.h>

#include <cstdint>
#include <type_traits>

namespace aqd {

enum class Leb128Status : std::uint8_t {
    ok,
    truncated,  ///< the input ends inside the number
    too_long,   ///< more octets than the type can need
    too_large,  ///< the last octet has bits that the type has no room for
};

/// Reads one LEB128 number of at most `Bits` bits at `position`, which is then behind it; after a
/// failure `position` is where it was. A signed `Integer` selects the signed form. Redundant zero
/// octets are accepted up to the longest spelling, as WebAssembly has it (core specification,
/// section 5.2.2).
template <class Integer, unsigned Bits = sizeof(Integer) * 8>
inline Leb128Status read_leb128(const std::uint8_t*& position, const std::uint8_t* end,
                                Integer& value) {
    using Unsigned = std::make_unsigned_t<Integer>;
    constexpr unsigned longest = (Bits + 6) / 7;
    constexpr unsigned last_bits = Bits - 7 * (longest - 1);
    const std::uint8_t* p = position;
    Unsigned sum = 0;
    unsigned shift = 0;
    for (unsigned count = 1;; ++count) {
        if (p == end) [[unlikely]] {
            return Leb128Status::truncated;
        }
        const std::uint8_t octet = *p++;
        sum |= static_cast<Unsigned>(static_cast<Unsigned>(octet & 0x7fU) << shift);
        shift += 7;
        if (count == longest) {
            if ((octet & 0x80U) != 0) {
                return Leb128Status::too_long;
            }
            // What does not fit must be zero, or copies of the sign.
            const unsigned unused = (octet & 0x7fU) >> (last_bits - std::is_signed_v<Integer>);
            constexpr unsigned ones = 0x7fU >> (last_bits - std::is_signed_v<Integer>);
            if (unused != 0 && !(std::is_signed_v<Integer> && unused == ones)) {
                return Leb128Status::too_large;
            }
        }
        if ((octet & 0x80U) == 0) {
            if constexpr (std::is_signed_v<Integer>) {
                if (shift < sizeof(Integer) * 8 && (octet & 0x40U) != 0) {
                    sum |= static_cast<Unsigned>(~Unsigned{0} << shift);
                }
            }
            break;
        }
    }
    value = static_cast<Integer>(sum);
    position = p;
    return Leb128Status::ok;
}

/// The same for input that was checked before: no bounds, no errors.
template <class Integer>
inline Integer read_checked_leb128(const std::uint8_t*& position) {
    using Unsigned = std::make_unsigned_t<Integer>;
    Unsigned sum = 0;
    unsigned shift = 0;
    std::uint8_t octet = 0;
    do {
        octet = *position++;
        sum |= static_cast<Unsigned>(static_cast<Unsigned>(octet & 0x7fU) << shift);
        shift += 7;
    } while ((octet & 0x80U) != 0);
    if constexpr (std::is_signed_v<Integer>) {
        if (shift < sizeof(Integer) * 8 && (octet & 0x40U) != 0) {
            sum |= static_cast<Unsigned>(~Unsigned{0} << shift);
        }
    }
    return static_cast<Integer>(sum);
}

/// Appends the shortest spelling.
inline void append_unsigned_leb128(Bytes& out, std::uint64_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<std::uint8_t>(value | 0x80U));
        value >>= 7U;
    }
    out.push_back(static_cast<std::uint8_t>(value));
}

/// Appends the shortest spelling of the signed form.
inline void append_signed_leb128(Bytes& out, std::int64_t value) {
    for (;;) {
        const auto octet = static_cast<std::uint8_t>(value & 0x7f);
        value >>= 7;
        if ((value == 0 && (octet & 0x40U) == 0) || (value == -1 && (octet & 0x40U) != 0)) {
            out.push_back(octet);
            return;
        }
        out.push_back(octet | 0x80U);
    }
}

}  // namespace aqd

#pragma once

#include <cstdint>

namespace aqd {

// Both compilers that we support have these types; `__extension__` keeps -Wpedantic quiet.
__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

constexpr UInt128 join_halves(std::uint64_t high, std::uint64_t low) {
    return (static_cast<UInt128>(high) << 64) | low;
}

constexpr std::uint64_t high_half(UInt128 value) {
    return static_cast<std::uint64_t>(value >> 64);
}

constexpr std::uint64_t low_half(UInt128 value) {
    return static_cast<std::uint64_t>(value);
}

}  // namespace aqd

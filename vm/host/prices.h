#pragma once

#include <cstdint>

// What host functions charge where the fixed gas of `host_functions.def` would not follow the work.
// Part of the gas rules of version 1.

namespace aqd::host::prices {

/// A day that a term of workdays looks at.
inline constexpr std::uint64_t workday = 4;
/// An octet of what has to be one canonical item, on top of carrying it.
inline constexpr std::uint64_t item_octet = 3;
/// An octet of a row that is read, however little of it the contract takes.
inline constexpr std::uint64_t read_octet = 1;
/// A row that is read on the way to another.
inline constexpr std::uint64_t row = 200;
/// Another recipient of the same notice: its obligation, on top of the octets it keeps.
inline constexpr std::uint64_t recipient = 1'500;
/// Something queued for a module or a case.
inline constexpr std::uint64_t delivery = 900;

}  // namespace aqd::host::prices

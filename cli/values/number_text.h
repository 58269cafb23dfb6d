#pragma once

#include <aqd/base/int128.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace aqd::values {

/// A decimal integer, `_` allowed between digits; `invalid` if it is none or over 128 bits.
Result<UInt128> parse_unsigned(std::string_view text);
Result<Int128> parse_signed(std::string_view text);

/// "12.5" with scale 2 → 1250; more digits than the scale holds are refused, never rounded.
Result<Int128> parse_decimal(std::string_view text, std::uint32_t scale);

std::string format_unsigned(UInt128 value);
std::string format_signed(Int128 value);
std::string format_decimal(Int128 value, std::uint32_t scale);

/// Thousands apart, for people: "61,200".
std::string with_commas(std::string digits);

}  // namespace aqd::values

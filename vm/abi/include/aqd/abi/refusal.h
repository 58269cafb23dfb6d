#pragma once

#include <cstdint>
#include <string_view>

namespace aqd::abi {

/// Why a call changed nothing (`refusals.def`). Part of the receipt, so of consensus.
enum class Refusal : std::uint16_t {
    none = 0,
#define AQD_REFUSAL(number, name, text) name = number,  // NOLINT(readability-identifier-naming)
#include <aqd/abi/refusals.def>
#undef AQD_REFUSAL
};

/// A contract's own errors start here: 256 + index into the manifest's `errors`.
inline constexpr std::uint16_t first_contract_error = 256;

/// `NotAuthorised` and so on; empty for a number that is not in the table.
std::string_view refusal_name(std::uint16_t code);

/// One English sentence; empty for a number that is not in the table.
std::string_view refusal_text(std::uint16_t code);

}  // namespace aqd::abi

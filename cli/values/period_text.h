#pragma once

#include <aqd/abi/manifest.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace aqd::values {

/// Months with their rounding (docs/abi.md): 0 none, 1 up, 2 down.
struct Months {
    std::uint64_t count = 0;
    std::uint64_t rounding = 0;
};

/// "30 days" for the unit "days"; "1 day" and a bare "30" are understood too.
Result<std::uint64_t> parse_amount(std::string_view text, std::string_view unit);

/// "3 months", "3 months round down", "1 year".
Result<Months> parse_months(std::string_view text);

/// "30 days", "1 day".
std::string amount_text(std::uint64_t amount, std::string_view unit);
std::string months_text(const Months& months);

/// A period of the manifest: "2 workdays".
std::string period_text(const abi::Period& period);

}  // namespace aqd::values

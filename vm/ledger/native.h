#pragma once

#include <string_view>

namespace aqd::ledger {

/// Under this path calls name the entries of the ledger itself (docs/formats/system_rows.md).
inline constexpr std::string_view native_path = "aqd.system";

}  // namespace aqd::ledger

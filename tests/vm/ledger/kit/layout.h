#pragma once

#include <cstddef>
#include <cstdint>

/// Where things lie in the memory of the kit contract.
namespace aqd::ledger::testing::layout {

inline constexpr std::int64_t result = 512;  ///< i64: of the last operation
inline constexpr std::int64_t script = 4096;
inline constexpr std::size_t operands = 8;
inline constexpr std::size_t operation_size = 8 + 8 * operands;
inline constexpr std::size_t most_operations = 40;
inline constexpr std::int64_t data =
    script + 8 + static_cast<std::int64_t>(most_operations * operation_size);

}  // namespace aqd::ledger::testing::layout

#pragma once

#include <aqd/base/result.h>
#include <aqd/wasm/opcode.h>

#include <array>
#include <cstdint>

namespace aqd::gas {

/// The prices of one version of the gas rules. Replay of old blocks needs the schedule they were
/// made under, so a published version never changes; a new one gets a new `schedule_N.def`.
struct Schedule {
    std::uint32_t version = 0;
    std::array<std::uint16_t, wasm::gas_class_count> class_price{};
    std::uint32_t bulk_bytes_per_gas = 1;     ///< memory.copy, fill, init: ceil(octets / this)
    std::uint32_t bulk_elements_per_gas = 1;  ///< table.copy, init
    std::uint32_t page_price = 0;             ///< memory.grow, for every page it really adds
    std::uint32_t locals_per_gas = 1;  ///< zeroing at entry: ceil(declared locals / this); 0: free

    [[nodiscard]] constexpr std::uint32_t price(wasm::Opcode opcode) const {
        return class_price[static_cast<std::size_t>(wasm::facts_of(opcode).gas_class)];
    }
    [[nodiscard]] constexpr std::uint64_t bulk_cost(std::uint64_t bytes) const {
        return (bytes + bulk_bytes_per_gas - 1) / bulk_bytes_per_gas;
    }
    [[nodiscard]] constexpr std::uint64_t element_cost(std::uint64_t elements) const {
        return (elements + bulk_elements_per_gas - 1) / bulk_elements_per_gas;
    }
    [[nodiscard]] constexpr std::uint64_t grow_cost(std::uint64_t pages) const {
        return pages * page_price;
    }
    [[nodiscard]] constexpr std::uint32_t locals_cost(std::uint32_t locals) const {
        return locals_per_gas == 0 ? 0 : (locals + locals_per_gas - 1) / locals_per_gas;
    }
};

/// The schedule of a version; `not_found` for one this build does not know.
Result<Schedule> schedule(std::uint32_t version);

inline constexpr std::uint32_t newest_schedule = 1;

}  // namespace aqd::gas

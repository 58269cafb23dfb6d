#pragma once

#include <cstdint>
#include <string_view>

namespace aqd::exec {

/// Why an execution ended early. Consensus depends on these values: they are never renumbered.
enum class Trap : std::uint8_t {
    none = 0,
    unreachable = 1,
    out_of_gas = 2,
    memory_out_of_bounds = 3,
    integer_divide_by_zero = 4,
    integer_overflow = 5,
    indirect_call_type = 6,
    undefined_element = 7,      ///< call_indirect beyond the end of the table
    uninitialized_element = 8,  ///< call_indirect through an empty element
    stack_exhausted = 9,        ///< too many calls, or too many octets of frames
    table_out_of_bounds = 10,
    invalid_conversion = 11,  ///< a float that no integer represents
    host_refusal = 12,        ///< a host function ended the call on purpose
    host_fault = 13,          ///< the node itself cannot go on; never a consensus result
    null_reference = 14,      ///< a reference that has to be something is null
};

/// The enumerator's own name, such as `out_of_gas`.
std::string_view name_of(Trap trap);

}  // namespace aqd::exec

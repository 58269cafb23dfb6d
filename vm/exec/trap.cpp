#include <aqd/exec/trap.h>

namespace aqd::exec {

std::string_view name_of(Trap trap) {
    switch (trap) {
        case Trap::none:
            return "none";
        case Trap::unreachable:
            return "unreachable";
        case Trap::out_of_gas:
            return "out_of_gas";
        case Trap::memory_out_of_bounds:
            return "memory_out_of_bounds";
        case Trap::integer_divide_by_zero:
            return "integer_divide_by_zero";
        case Trap::integer_overflow:
            return "integer_overflow";
        case Trap::indirect_call_type:
            return "indirect_call_type";
        case Trap::undefined_element:
            return "undefined_element";
        case Trap::uninitialized_element:
            return "uninitialized_element";
        case Trap::stack_exhausted:
            return "stack_exhausted";
        case Trap::table_out_of_bounds:
            return "table_out_of_bounds";
        case Trap::invalid_conversion:
            return "invalid_conversion";
        case Trap::host_refusal:
            return "host_refusal";
        case Trap::host_fault:
            return "host_fault";
        case Trap::null_reference:
            return "null_reference";
    }
    return "unknown";
}

}  // namespace aqd::exec

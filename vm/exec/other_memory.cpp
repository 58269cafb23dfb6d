// Loads and stores in a memory that is not the first. Few programs have them, so one function does
// for all of them.

#include "vm/exec/execute_numeric.h"

namespace aqd::exec {
namespace {

constexpr std::uint32_t operation_shift = 16;

Operation operation_of(std::uint32_t what) {
    return static_cast<Operation>(what >> operation_shift);
}
const Memory& memory_of(const Context& context, std::uint32_t what) {
    return *context.memories[what & 0xffffU];
}

}  // namespace

Trap other_memory_load(Context& context, std::uint32_t what, std::uint32_t end,
                       std::uint64_t* operand) {
    const Memory& memory = memory_of(context, what);
    const std::uint64_t last = *operand + end;
    if (last > memory.bytes) {
        return Trap::memory_out_of_bounds;
    }
    const std::uint8_t* const behind = memory.reserved.data() + last;
    const auto load = [&]<Operation operation>() {
        constexpr std::uint32_t octets = prepare::facts_of(operation).width / 8;
        *operand = fetch<operation>(behind - octets);
    };
    switch (operation_of(what)) {
        case Operation::op_load8_u:
            load.operator()<Operation::op_load8_u>();
            break;
        case Operation::op_load16_u:
            load.operator()<Operation::op_load16_u>();
            break;
        case Operation::op_load32_u:
            load.operator()<Operation::op_load32_u>();
            break;
        case Operation::op_load64:
            load.operator()<Operation::op_load64>();
            break;
        case Operation::op_load8_s32:
            load.operator()<Operation::op_load8_s32>();
            break;
        case Operation::op_load16_s32:
            load.operator()<Operation::op_load16_s32>();
            break;
        case Operation::op_load8_s64:
            load.operator()<Operation::op_load8_s64>();
            break;
        case Operation::op_load16_s64:
            load.operator()<Operation::op_load16_s64>();
            break;
        default:
            load.operator()<Operation::op_load32_s64>();
    }
    return Trap::none;
}

Trap other_memory_store(Context& context, std::uint32_t what, std::uint32_t end,
                        const std::uint64_t* operands) {
    const Memory& memory = memory_of(context, what);
    const std::uint64_t last = operands[0] + end;
    if (last > memory.bytes) {
        return Trap::memory_out_of_bounds;
    }
    const std::uint32_t octets = prepare::facts_of(operation_of(what)).width / 8;
    std::memcpy(memory.reserved.data() + last - octets, &operands[1], octets);
    return Trap::none;
}

}  // namespace aqd::exec

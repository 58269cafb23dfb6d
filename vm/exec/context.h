#pragma once

#include "vm/exec/float_environment.h"

#include <aqd/base/bytes.h>
#include <aqd/exec/host.h>
#include <aqd/exec/trap.h>
#include <aqd/gas/schedule.h>

#include <cstdint>
#include <span>
#include <vector>

namespace aqd::exec {

/// A function as calls see it. Made by linking, read only afterwards.
struct FunctionEntry {
    const std::uint16_t* code = nullptr;
    std::uint32_t zero_from = 0;   ///< first slot to be zeroed at entry
    std::uint32_t zero_count = 0;  ///< and how many
    std::uint32_t saved_slot = 0;  ///< where return address and frame of the caller go
    std::uint32_t entry_gas = 0;
    std::uint64_t stack_cost = 0;  ///< one call in the upper half, octets in the lower
    std::uint32_t type_id = 0;
    std::uint32_t index = 0;  ///< in the module
    const HostFunction* host =
        nullptr;  ///< set for an imported function; then the members above but type_id are unused
};

struct Table {
    std::vector<const FunctionEntry*> elements;  ///< null where empty
};

/// What the handlers reach through a pointer: everything but the few words that they pass on in
/// registers.
struct Context {
    std::uint64_t stack_budget = 0;  ///< calls left in the upper half, octets left in the lower
    std::uint64_t* globals = nullptr;
    std::span<Table> tables;
    std::uint8_t* memory = nullptr;
    std::uint64_t memory_bytes = 0;
    std::uint64_t most_memory_bytes = 0;
    const gas::Schedule* schedule = nullptr;
    std::span<const BytesView> data;  ///< segments; a dropped one is empty
    std::span<const std::span<const FunctionEntry* const>> elements;
    std::uint8_t* data_dropped = nullptr;
    std::uint8_t* elements_dropped = nullptr;
    void* host_context = nullptr;
    bool uses_floats = false;
    FloatEnvironment floats;  ///< entered while a module runs that uses them

    // How the run ended.
    std::int64_t gas = 0;  ///< left; negative if it ran out
    Trap trap = Trap::none;
    const std::uint16_t* trap_at = nullptr;  ///< the instruction that trapped
};

/// A call takes from both halves at once; these bits show that one of them fell below zero.
inline constexpr std::uint64_t stack_exhausted_bits = 0x8000'0000'8000'0000;

/// Calls a host function whose arguments lie at `arguments`, where its result goes. Uses and
/// updates `context.gas`.
Trap call_host(Context& context, const FunctionEntry& entry, std::uint64_t* arguments);

/// Bulk operations on three operands at `operands`; they use and update `context.gas`.
Trap memory_init(Context& context, std::uint32_t segment, const std::uint64_t* operands);
Trap memory_copy(Context& context, const std::uint64_t* operands);
Trap memory_fill(Context& context, const std::uint64_t* operands);
Trap table_init(Context& context, std::uint32_t segment, std::uint32_t table,
                const std::uint64_t* operands);
Trap table_copy(Context& context, std::uint32_t to, std::uint32_t from,
                const std::uint64_t* operands);
/// Replaces the number of pages at `operand` by the old size or -1.
Trap memory_grow(Context& context, std::uint64_t* operand);

/// The word that starts an instruction of this form; 0 for a form that has no handler.
std::uint64_t handler_of(std::uint32_t form_code);

/// Runs a function of the module itself. Its arguments are at `frame`, its results will be. `exit`
/// is an `exit` instruction. The caller has charged the entry. The outcome is in the context.
void run(Context& context, const FunctionEntry& entry, std::uint64_t* frame,
         const std::uint16_t* exit);

}  // namespace aqd::exec

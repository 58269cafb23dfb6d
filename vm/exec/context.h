#pragma once

#include "vm/exec/float_environment.h"
#include "vm/exec/reserved_memory.h"

#include <aqd/base/bytes.h>
#include <aqd/exec/host.h>
#include <aqd/exec/trap.h>
#include <aqd/gas/schedule.h>
#include <aqd/wasm/types.h>

#include <cstdint>
#include <span>
#include <vector>

namespace aqd::exec {

struct Context;

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
    /// It is a host function, or belongs to an instance in a store: then one cannot just enter it.
    bool special = false;
    const HostFunction* host =
        nullptr;  ///< set for an imported function; then the members above but type_id are unused
    Context* home = nullptr;  ///< of the instance that it belongs to, in a store
};

/// References as words: 0 is null; a function is the address of its entry, anything else is the
/// host's.
using Reference = std::uint64_t;

inline Reference reference_of(const FunctionEntry* entry) {
    return reinterpret_cast<Reference>(entry);
}
inline const FunctionEntry* function_of(Reference reference) {
    return reinterpret_cast<const FunctionEntry*>(reference);
}

struct Table {
    std::vector<Reference> elements;
    std::uint64_t most = 0;  ///< elements that it can grow to
    wasm::TableType type;    ///< with the type numbers of the store, in a store
};

struct Memory {
    ReservedMemory reserved;
    std::uint64_t bytes = 0;
    std::uint64_t most_bytes = 0;
    wasm::MemoryType type;
};

/// What the handlers reach through a pointer: everything but the few words that they pass on in
/// registers.
struct Context {
    std::uint64_t stack_budget = 0;  ///< calls left in the upper half, octets left in the lower
    std::uint64_t* globals = nullptr;
    std::span<std::uint64_t* const> imported_globals;
    std::span<Table* const> tables;
    std::span<Memory* const> memories;
    const FunctionEntry* functions = nullptr;
    const gas::Schedule* schedule = nullptr;
    std::span<const BytesView> data;  ///< segments; a dropped one is empty
    std::span<const std::span<const Reference>> elements;
    std::uint8_t* data_dropped = nullptr;
    std::uint8_t* elements_dropped = nullptr;
    const std::uint16_t* exit = nullptr;  ///< an `exit` instruction
    void* host_context = nullptr;
    bool uses_floats = false;
    FloatEnvironment floats;  ///< entered while a module runs that uses them

    // How the run ended.
    std::int64_t gas = 0;  ///< left; negative if it ran out
    Trap trap = Trap::none;
    const std::uint16_t* trap_at = nullptr;  ///< the instruction that trapped
    std::uint32_t trap_form = 0;             ///< which of its forms, if it is a sequence

    /// The first memory; a module without one never looks.
    [[nodiscard]] std::uint8_t* memory() const {
        return memories.empty() ? nullptr : memories[0]->reserved.data();
    }
    [[nodiscard]] std::uint64_t memory_bytes() const {
        return memories.empty() ? 0 : memories[0]->bytes;
    }
};

/// A call takes from both halves at once; these bits show that one of them fell below zero.
inline constexpr std::uint64_t stack_exhausted_bits = 0x8000'0000'8000'0000;

/// Calls a function of the host or of another instance. Its arguments lie at `arguments`, where its
/// results go. Uses and updates `context.gas`.
Trap call_outside(Context& context, const FunctionEntry& entry, std::uint64_t* arguments);

/// Operations on the operands at `operands`, where a result goes; they use and update
/// `context.gas`. The numbers are those of the instruction.
Trap memory_init(Context& context, std::uint32_t segment, std::uint32_t memory,
                 const std::uint64_t* operands);
Trap memory_copy(Context& context, std::uint32_t to, std::uint32_t from,
                 const std::uint64_t* operands);
Trap memory_fill(Context& context, std::uint32_t memory, const std::uint64_t* operands);
/// Replaces the number of pages at `operand` by the old size or -1.
Trap memory_grow(Context& context, std::uint32_t memory, std::uint64_t* operand);
Trap table_init(Context& context, std::uint32_t segment, std::uint32_t table,
                const std::uint64_t* operands);
Trap table_copy(Context& context, std::uint32_t to, std::uint32_t from,
                const std::uint64_t* operands);
Trap table_get(Context& context, std::uint32_t table, std::uint64_t* operand);
Trap table_set(Context& context, std::uint32_t table, const std::uint64_t* operands);
Trap table_grow(Context& context, std::uint32_t table, std::uint64_t* operands);
Trap table_fill(Context& context, std::uint32_t table, const std::uint64_t* operands);
/// Access to a memory that is not the first: `what` is its number and 65536 times the operation.
Trap other_memory_load(Context& context, std::uint32_t what, std::uint32_t end,
                       std::uint64_t* operand);
Trap other_memory_store(Context& context, std::uint32_t what, std::uint32_t end,
                        const std::uint64_t* operands);

/// What linking puts in place of the code that starts an instruction; 0 if there is no handler.
std::uint64_t handler_of(std::uint32_t code);

/// Runs a function of the module itself. Its arguments are at `frame`, its results will be. `exit`
/// is an `exit` instruction. The caller has charged the entry. The outcome is in the context.
void run(Context& context, const FunctionEntry& entry, std::uint64_t* frame,
         const std::uint16_t* exit);

}  // namespace aqd::exec

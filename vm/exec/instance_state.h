#pragma once

#include "vm/exec/linked_module.h"

#include <aqd/exec/instance.h>
#include <aqd/prepare/instruction.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace aqd::exec {

/// Frames overlap, so all of them together take what the counters allow, two saved words for each
/// call, and the temporaries of the last one.
inline constexpr std::size_t stack_slots =
    max_stack_bytes / 8 + 2 * max_call_depth + 2 + prepare::max_temporaries;

inline constexpr std::uint64_t whole_stack_budget =
    std::uint64_t{max_call_depth} << 32U | max_stack_bytes;

static_assert(max_stack_bytes == prepare::max_frame_bytes);

struct Instance::State {
    std::shared_ptr<const LinkedModule> linked;
    Context context;
    std::vector<std::unique_ptr<Memory>> own_memories;
    std::vector<std::unique_ptr<Table>> own_tables;
    std::vector<Memory*> memories;  ///< imported ones first
    std::vector<Table*> tables;     ///< imported ones first
    std::vector<std::uint64_t> globals;
    std::vector<std::uint8_t> data_dropped;
    std::vector<std::uint8_t> elements_dropped;
    std::unique_ptr<std::uint64_t[]> stack;
    bool in_store = false;
    bool initialised = false;
    bool running = false;

    [[nodiscard]] const LinkedModule::Parts& parts() const { return linked->parts(); }
    [[nodiscard]] const wasm::Module& wasm_module() const { return parts().module(); }
    /// `io` if the host refuses the address space for a memory.
    Result<> prepare();
    void fill();
    Trap apply_segments();
    Outcome call(const FunctionEntry& entry, std::span<const std::uint64_t> arguments,
                 std::uint64_t gas_limit, void* host_context);
    void enter(const FunctionEntry& entry, Outcome& outcome);
    [[nodiscard]] Location location_of(const std::uint16_t* instruction, std::uint32_t form) const;
};

}  // namespace aqd::exec

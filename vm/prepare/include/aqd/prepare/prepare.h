#pragma once

#include <aqd/base/bytes.h>
#include <aqd/gas/schedule.h>
#include <aqd/wasm/validate.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace aqd::prepare {

/// A function whose frame counts more than this can be prepared but never entered.
inline constexpr std::uint32_t max_frame_bytes = 64 * 1024;

/// One function ready to run.
struct PreparedFunction {
    std::uint32_t code = 0;        ///< first word in `PreparedCode::words`
    std::uint32_t code_words = 0;  ///< how many words
    std::uint32_t parameters = 0;
    std::uint32_t locals = 0;  ///< parameters included
    std::uint32_t results = 0;
    std::uint32_t first_zeroed =
        0;  ///< locals [first_zeroed, zeroed_end) are zeroed at entry; the others need not be
    std::uint32_t zeroed_end = 0;
    std::uint32_t frame_slots =
        0;  ///< slots of 8 octets that the function touches, from its first parameter
    std::uint32_t frame_cost_bytes = 0;  ///< what a call takes from the deterministic stack budget
    std::uint32_t entry_gas = 0;         ///< cost of the region at the entry
    std::uint32_t type_id = 0;           ///< equal exactly for structurally equal types
};

/// Where a prepared instruction came from.
struct Origin {
    std::uint32_t word = 0;  ///< first word of the instruction in `PreparedCode::words`; for each
                             ///< form of a sequence the same
    std::uint32_t code_offset =
        0;  ///< offset in the module file of the wasm instruction that can trap in it
};

/// Register-slot code for every function of a module: independent of where the process loads its
/// handlers, so it can be stored. Immutable; safe to share between threads.
struct PreparedCode {
    wasm::ValidatedModule module;
    gas::Schedule schedule;
    std::vector<std::uint16_t> words;
    std::vector<Origin> origins;              ///< one for each form, ascending
    std::vector<PreparedFunction> functions;  ///< of the functions defined in the module
    std::vector<std::uint32_t> type_ids;  ///< by type index: the first one of the same structure
    bool uses_floats = false;             ///< some function computes with floats
};

/// Translates the stack machine to folded register-slot code. Linear time; never fails on a valid
/// module.
PreparedCode prepare(const wasm::ValidatedModule& module, const gas::Schedule& schedule);

/// Where a form of the instruction that starts at `word` came from, as an offset in the file.
std::uint32_t origin_of(const PreparedCode& code, std::uint32_t word, std::uint32_t form = 0);

}  // namespace aqd::prepare

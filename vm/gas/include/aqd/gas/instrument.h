#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/gas/schedule.h>
#include <aqd/wasm/validate.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace aqd::gas {

/// The import that a module made by `instrument` has in addition: `(i32 note) -> ()`.
inline constexpr std::string_view note_module = "aqd.profile";
inline constexpr std::string_view note_name = "note";

/// What the module says when it calls `note`: a region is entered, or an instruction comes whose
/// cost depends on what it does (calls of imports, bulk operations, growth).
struct Note {
    std::uint32_t step =
        0;  ///< index of the first instruction of the region, or of the one to come
    std::uint32_t cost = 0;  ///< of entering the region; 0 for an instruction
};

/// An instruction that can be reached, with its own share of the region's cost.
struct Step {
    std::uint32_t code_offset = 0;  ///< in the original module file
    std::uint32_t price = 0;
    bool ends_region = false;
};

/// A module that does the same as another one and says on the way what it would pay. It must run
/// under `unpriced(schedule)` with a host that charges `Note::cost` for each note: then it pays for
/// the same at the same places.
struct Instrumented {
    /// From places in the new module file to those in the original, ascending.
    struct Origin {
        std::uint32_t new_offset = 0;
        std::uint32_t code_offset = 0;
    };
    Bytes module;
    std::vector<Note> notes;
    std::vector<Step> steps;  ///< of all functions, in order
    std::vector<Origin> origins;

    [[nodiscard]] std::uint32_t original(std::uint32_t new_offset) const;
};

/// Functions keep their indices but for one more import in front of those that the module defines.
/// Custom sections are left out. `unsupported` for modules beyond what contracts may have.
Result<Instrumented> instrument(const wasm::ValidatedModule& module, const Schedule& schedule);

/// The same schedule with every class of instruction and all locals free; what depends on a size
/// still costs.
Schedule unpriced(const Schedule& schedule);

}  // namespace aqd::gas

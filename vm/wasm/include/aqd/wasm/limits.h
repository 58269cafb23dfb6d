#pragma once

#include <cstdint>

namespace aqd::wasm {

/// Parts of the standard beyond integers, sign extension, bulk memory and multiple values. A part
/// that is off is refused as `unsupported`, whatever else the module does.
struct Features {
    bool floats = false;
    /// Reference types as values and in tables, with their instructions.
    bool references = false;
    bool tail_calls = false;
    /// References to functions of one type, and ones that are never null.
    bool typed_references = false;
    bool extended_constants = false;
    bool multi_memory = false;
    /// Memories and tables with indices of 64 bits.
    bool memory64 = false;
    bool operator==(const Features&) const = default;
};

/// Bounds on a module, part of a chain's parameters: the same module is accepted or refused alike
/// by every node and every build. The defaults are those for contracts; `Limits::widest()` is for
/// running any valid module. Each bound is inclusive: a module exactly at the bound is accepted.
struct Limits {
    std::uint32_t module_bytes = 512 * 1024;
    std::uint32_t function_body_bytes = 128 * 1024;
    std::uint32_t functions = 5'000;  ///< defined by the module itself
    std::uint32_t types = 1'000;
    std::uint32_t imports = 100;
    std::uint32_t exports = 1'000;
    std::uint32_t globals = 1'000;
    std::uint32_t tables = 1;
    std::uint32_t table_elements = 10'000;  ///< of one table at any time, of all at first
    std::uint32_t element_segments = 1'000;
    std::uint32_t data_segments = 1'000;
    std::uint32_t parameters = 32;
    std::uint32_t results = 1;
    std::uint32_t locals = 1'024;               ///< of one function, parameters not counted
    std::uint32_t all_locals = 64 * 1'024;      ///< of all functions together
    std::uint32_t branch_table_labels = 1'024;  ///< the default label not counted
    std::uint32_t nesting = 256;                ///< blocks inside one another, the body not counted
    /// Pages of 64 KiB. Memories whose least sizes come to more than this are refused; each grows
    /// no further, whatever maximum is declared.
    std::uint32_t memory_pages = 16;
    Features features;

    /// What contracts may use: the defaults.
    static constexpr Limits contracts() { return {}; }

    /// No bound that a valid module in practice would meet. Costs of translation are still linear.
    static constexpr Limits widest() {
        Limits limits;
        limits.module_bytes = limits.function_body_bytes = 256 * 1024 * 1024;
        limits.functions = limits.types = limits.imports = limits.exports = limits.globals =
            limits.element_segments = limits.data_segments = 1'000'000;
        limits.tables = 100;
        limits.table_elements = 10'000'000;
        limits.parameters = limits.results = 1'000;
        limits.locals = 50'000;
        limits.all_locals = 0xffff'ffff;
        limits.branch_table_labels = 1'000'000;
        limits.nesting = 100'000;
        limits.memory_pages = 65'536;
        limits.features = {.floats = true,
                           .references = true,
                           .tail_calls = true,
                           .typed_references = true,
                           .extended_constants = true,
                           .multi_memory = true,
                           .memory64 = true};
        return limits;
    }
};

}  // namespace aqd::wasm

#pragma once

#include "tests/vm/exec/oracle/generator.h"

#include <aqd/wasm/opcode.h>
#include <aqd/wasm/types.h>

#include <cstdint>
#include <string_view>
#include <vector>

namespace aqd::oracle {

using wasm::FunctionType;
using wasm::Opcode;
using wasm::ValueType;
using Types = std::vector<ValueType>;

inline constexpr std::uint32_t passive_data_bytes = 40;
inline constexpr std::uint32_t passive_elements = 6;
inline constexpr std::uint32_t host_imports = 2;
inline constexpr std::uint32_t none = 0xffff'ffff;
/// So many function entries and rounds of loops a call may have, where it has to end: less than the
/// depth of calls that every machine allows.
inline constexpr std::uint32_t fuel = 180;

/// Opcodes without immediates that compute a result of the given number type; from integers only,
/// if there are no floats.
const std::vector<Opcode>& computing(ValueType type, bool floats);
/// The number type behind a letter of the opcode table.
ValueType number_of(char letter);
inline bool is_float(ValueType type) {
    return type == ValueType::f32 || type == ValueType::f64;
}

/// The bits of a float that is worth trying.
std::uint64_t interesting_float(Random& random, bool narrow, bool one_nan);

struct TablePlan {
    ValueType element = ValueType::funcref;
    std::uint32_t size = 0;
    std::uint32_t most = 0;
    bool wide = false;
};
struct MemoryPlan {
    std::uint32_t most = 0;
    bool wide = false;
};

/// What a module has beside its bodies. Types are added while bodies are made.
class ModulePlan {
  public:
    ModulePlan(Random& random, const Shape& shape);

    Shape shape;
    std::vector<FunctionType> types;
    std::vector<std::uint32_t> functions;  ///< type index, imports first
    std::vector<TablePlan> tables;
    std::vector<MemoryPlan> memories;
    std::vector<wasm::GlobalType> globals;
    std::uint32_t fuel_global = none;

    [[nodiscard]] std::uint32_t type_index(const FunctionType& type);
    [[nodiscard]] const FunctionType& type(std::uint32_t function) const {
        return types[functions[function]];
    }
    [[nodiscard]] std::uint32_t defined() const {
        return static_cast<std::uint32_t>(functions.size()) - host_imports;
    }
    /// A function whose type is exactly the one with that index, or `none`.
    [[nodiscard]] std::uint32_t function_of_type(Random& random, std::uint32_t type) const;
    /// A global of the type, or `none`.
    [[nodiscard]] std::uint32_t global(Random& random, ValueType type, bool to_change) const;
    /// A table of just these elements, or `none`.
    [[nodiscard]] std::uint32_t table(Random& random, ValueType element) const;
    /// Whether a host can call a function of the type.
    [[nodiscard]] static bool can_be_exported(const FunctionType& type);

    ValueType number_type(Random& random) const;
    ValueType any_type(Random& random) const;

  private:
    void choose_functions(Random& random);
};

/// As the binary format spells it.
void append_type(Bytes& out, ValueType type);
/// An opcode, with its prefix.
void append_opcode(Bytes& out, Opcode opcode);
/// A constant of a number type.
void append_constant(Bytes& out, ValueType type, std::uint64_t bits);

}  // namespace aqd::oracle

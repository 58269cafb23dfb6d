#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aqd::wasm {

/// The types of values, with their codes in the binary format (core specification, section 5.3).
enum class ValueType : std::uint8_t {
    i32 = 0x7f,
    i64 = 0x7e,
    f32 = 0x7d,
    f64 = 0x7c,
    funcref = 0x70,
    externref = 0x6f,
};

/// `i32`, `i64`, `f32`, `f64`, `funcref` or `externref`.
std::string_view name_of(ValueType type);

/// A value of 32 bits: the upper half of the word that holds it is zero.
constexpr bool is_narrow(ValueType type) {
    return type == ValueType::i32 || type == ValueType::f32;
}

struct FunctionType {
    std::vector<ValueType> parameters;
    std::vector<ValueType> results;
    bool operator==(const FunctionType&) const = default;
};

/// Size bounds of a memory (in pages of 64 KiB) or of a table (in elements).
struct SizeRange {
    std::uint32_t minimum = 0;
    std::optional<std::uint32_t> maximum;
    bool operator==(const SizeRange&) const = default;
};

struct TableType {
    ValueType element = ValueType::funcref;
    SizeRange size;
};

struct MemoryType {
    SizeRange pages;
};

struct GlobalType {
    ValueType type = ValueType::i32;
    bool is_mutable = false;
};

inline constexpr std::uint64_t page_size_bytes = 65'536;

}  // namespace aqd::wasm

#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace aqd::wasm {

/// The types of values, with their codes in the binary format (core specification, section 5.3).
/// A reference type that is not one of the enumerators is made by `reference_to`, `non_null` and
/// `nullable`.
enum class ValueType : std::uint32_t {
    i32 = 0x7f,
    i64 = 0x7e,
    f32 = 0x7d,
    f64 = 0x7c,
    funcref = 0x70,
    externref = 0x6f,
    nofuncref = 0x73,    ///< the null function alone
    noexternref = 0x72,  ///< the null of the host's references alone
};

namespace detail {
inline constexpr std::uint32_t non_null_bit = 0x100;
inline constexpr std::uint32_t indexed_bit = 0x200;
inline constexpr std::uint32_t index_shift = 10;
}  // namespace detail

/// A reference to a function of the type with that index, or null.
constexpr ValueType reference_to(std::uint32_t type_index) {
    // NOLINTNEXTLINE(clang-analyzer-optin.core.EnumCastOutOfRange): the enumerators are not all.
    return static_cast<ValueType>(detail::indexed_bit | type_index << detail::index_shift);
}
constexpr ValueType non_null(ValueType type) {
    return static_cast<ValueType>(static_cast<std::uint32_t>(type) | detail::non_null_bit);
}
/// For a reference type: the same with null.
constexpr ValueType nullable(ValueType type) {
    return static_cast<ValueType>(static_cast<std::uint32_t>(type) & ~detail::non_null_bit);
}
constexpr bool is_non_null(ValueType type) {
    return (static_cast<std::uint32_t>(type) & detail::non_null_bit) != 0;
}
constexpr bool is_indexed(ValueType type) {
    return (static_cast<std::uint32_t>(type) & detail::indexed_bit) != 0;
}
/// For an indexed reference type.
constexpr std::uint32_t type_index_of(ValueType type) {
    return static_cast<std::uint32_t>(type) >> detail::index_shift;
}
constexpr bool is_reference(ValueType type) {
    const auto code = static_cast<std::uint32_t>(type);
    return code > 0xff || (code >= 0x6f && code <= 0x73);
}

/// `i32`, `i64`, `f32`, `f64`, `funcref`, `externref`; `reference` for any other.
std::string_view name_of(ValueType type);

/// A value of 32 bits: the upper half of the word that holds it is zero.
constexpr bool is_narrow(ValueType type) {
    return type == ValueType::i32 || type == ValueType::f32;
}

/// A value of the type `actual` may stand where `expected` is asked for. Indices must be the same
/// for types that are.
constexpr bool is_subtype(ValueType actual, ValueType expected) {
    if (actual == expected) {
        return true;
    }
    if (!is_reference(actual) || !is_reference(expected) ||
        (is_non_null(expected) && !is_non_null(actual))) {
        return false;
    }
    const ValueType from = nullable(actual);
    const ValueType to = nullable(expected);
    switch (to) {
        case ValueType::funcref:
            return from == to || is_indexed(from) || from == ValueType::nofuncref;
        case ValueType::externref:
            return from == to || from == ValueType::noexternref;
        default:
            return from == to || (is_indexed(to) && from == ValueType::nofuncref);
    }
}

struct FunctionType {
    std::vector<ValueType> parameters;
    std::vector<ValueType> results;
    bool operator==(const FunctionType&) const = default;
};

/// Size bounds of a memory (in pages of 64 KiB) or of a table (in elements).
struct SizeRange {
    std::uint64_t minimum = 0;
    std::optional<std::uint64_t> maximum;
    bool operator==(const SizeRange&) const = default;
};

struct TableType {
    ValueType element = ValueType::funcref;
    SizeRange size;
    bool wide = false;  ///< indexed by i64
};

struct MemoryType {
    SizeRange pages;
    bool wide = false;  ///< addressed by i64
};

struct GlobalType {
    ValueType type = ValueType::i32;
    bool is_mutable = false;
};

inline constexpr std::uint64_t page_size_bytes = 65'536;

}  // namespace aqd::wasm

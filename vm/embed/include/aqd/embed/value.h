#pragma once

#include <aqd/wasm/types.h>

#include <bit>
#include <concepts>
#include <cstdint>
#include <type_traits>

namespace aqd::embed {

/// What C++ calls the numbers of WebAssembly: integers of up to 32 bits are i32, of 64 bits i64.
template <class T>
concept Number =
    (std::integral<T> && sizeof(T) <= 8) || std::same_as<T, float> || std::same_as<T, double>;

/// The type that a C++ number has in a module.
template <Number T>
constexpr wasm::ValueType type_of() {
    if constexpr (std::same_as<T, float>) {
        return wasm::ValueType::f32;
    } else if constexpr (std::same_as<T, double>) {
        return wasm::ValueType::f64;
    } else {
        return sizeof(T) <= 4 ? wasm::ValueType::i32 : wasm::ValueType::i64;
    }
}

/// The word of 64 bits in which the machine keeps a number; a narrow one is zero-extended.
template <Number T>
constexpr std::uint64_t word_of(T number) {
    if constexpr (std::same_as<T, float>) {
        return std::bit_cast<std::uint32_t>(number);
    } else if constexpr (std::same_as<T, double>) {
        return std::bit_cast<std::uint64_t>(number);
    } else if constexpr (sizeof(T) <= 4) {
        return static_cast<std::uint32_t>(number);
    } else {
        return static_cast<std::uint64_t>(number);
    }
}

template <Number T>
constexpr T number_of(std::uint64_t word) {
    if constexpr (std::same_as<T, float>) {
        return std::bit_cast<float>(static_cast<std::uint32_t>(word));
    } else if constexpr (std::same_as<T, double>) {
        return std::bit_cast<double>(word);
    } else {
        return static_cast<T>(word);
    }
}

/// A number with its type, as it goes into a module and comes out of it.
class Value {
  public:
    /// Without a word said: `call("add", {1, 2})`.
    template <Number T>
    constexpr Value(T number)  // NOLINT(google-explicit-constructor)
        : type_(type_of<T>()), word_(word_of(number)) {}
    /// What the machine handed out: for a reference, a word that only the instance understands.
    static constexpr Value from_word(wasm::ValueType type, std::uint64_t word) {
        Value value(word);
        value.type_ = type;
        return value;
    }

    [[nodiscard]] constexpr wasm::ValueType type() const { return type_; }
    [[nodiscard]] constexpr std::uint64_t word() const { return word_; }
    /// The same bits as a T, whose type should be the value's.
    template <Number T>
    [[nodiscard]] constexpr T as() const {
        return number_of<T>(word_);
    }
    bool operator==(const Value&) const = default;

  private:
    wasm::ValueType type_;
    std::uint64_t word_;
};

}  // namespace aqd::embed

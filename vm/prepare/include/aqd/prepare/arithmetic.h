#pragma once

#include <aqd/prepare/instruction.h>

#include <bit>
#include <cstdint>
#include <type_traits>

namespace aqd::prepare {

/// The result of a binary operation that cannot trap, for operands of the operation's width;
/// zero-extended. The translator folds constants with it and the handlers compute with it.
template <Operation operation, class T>
[[gnu::always_inline]] constexpr std::uint64_t compute(T x, T y) {
    using enum Operation;
    using Signed = std::make_signed_t<T>;
    constexpr T shift_mask = sizeof(T) * 8 - 1;
    if constexpr (operation == op_add_32 || operation == op_add_64) {
        return static_cast<T>(x + y);
    } else if constexpr (operation == op_sub_32 || operation == op_sub_64) {
        return static_cast<T>(x - y);
    } else if constexpr (operation == op_mul_32 || operation == op_mul_64) {
        return static_cast<T>(x * y);
    } else if constexpr (operation == op_and_32 || operation == op_and_64) {
        return x & y;
    } else if constexpr (operation == op_or_32 || operation == op_or_64) {
        return x | y;
    } else if constexpr (operation == op_xor_32 || operation == op_xor_64) {
        return x ^ y;
    } else if constexpr (operation == op_shl_32 || operation == op_shl_64) {
        return static_cast<T>(x << (y & shift_mask));
    } else if constexpr (operation == op_shr_s_32 || operation == op_shr_s_64) {
        return static_cast<T>(static_cast<Signed>(x) >> (y & shift_mask));
    } else if constexpr (operation == op_shr_u_32 || operation == op_shr_u_64) {
        return x >> (y & shift_mask);
    } else if constexpr (operation == op_rotl_32 || operation == op_rotl_64) {
        return std::rotl(x, static_cast<int>(y & shift_mask));
    } else if constexpr (operation == op_rotr_32 || operation == op_rotr_64) {
        return std::rotr(x, static_cast<int>(y & shift_mask));
    } else if constexpr (operation == op_eq_32 || operation == op_eq_64) {
        return x == y;
    } else if constexpr (operation == op_ne_32 || operation == op_ne_64) {
        return x != y;
    } else if constexpr (operation == op_lt_s_32 || operation == op_lt_s_64) {
        return static_cast<Signed>(x) < static_cast<Signed>(y);
    } else if constexpr (operation == op_lt_u_32 || operation == op_lt_u_64) {
        return x < y;
    } else if constexpr (operation == op_ge_s_32 || operation == op_ge_s_64) {
        return static_cast<Signed>(x) >= static_cast<Signed>(y);
    } else {
        static_assert(operation == op_ge_u_32 || operation == op_ge_u_64);
        return x >= y;
    }
}

/// The result of a unary operation.
template <Operation operation>
[[gnu::always_inline]] constexpr std::uint64_t compute(std::uint64_t x) {
    using enum Operation;
    const auto low = static_cast<std::uint32_t>(x);
    if constexpr (operation == op_clz_32) {
        return static_cast<std::uint32_t>(std::countl_zero(low));
    } else if constexpr (operation == op_clz_64) {
        return static_cast<std::uint32_t>(std::countl_zero(x));
    } else if constexpr (operation == op_ctz_32) {
        return static_cast<std::uint32_t>(std::countr_zero(low));
    } else if constexpr (operation == op_ctz_64) {
        return static_cast<std::uint32_t>(std::countr_zero(x));
    } else if constexpr (operation == op_popcnt_32) {
        return static_cast<std::uint32_t>(std::popcount(low));
    } else if constexpr (operation == op_popcnt_64) {
        return static_cast<std::uint32_t>(std::popcount(x));
    } else if constexpr (operation == op_extend8_s_32) {
        return static_cast<std::uint32_t>(static_cast<std::int8_t>(x));
    } else if constexpr (operation == op_extend16_s_32) {
        return static_cast<std::uint32_t>(static_cast<std::int16_t>(x));
    } else if constexpr (operation == op_extend8_s_64) {
        return static_cast<std::uint64_t>(static_cast<std::int8_t>(x));
    } else if constexpr (operation == op_extend16_s_64) {
        return static_cast<std::uint64_t>(static_cast<std::int16_t>(x));
    } else if constexpr (operation == op_extend32_s) {
        return static_cast<std::uint64_t>(static_cast<std::int32_t>(x));
    } else if constexpr (operation == op_wrap) {
        return low;
    } else if constexpr (operation == op_clamp) {
        return x > 0xffff'ffffU ? 0xffff'ffffU : x;
    } else {
        static_assert(operation == op_move);
        return x;
    }
}

}  // namespace aqd::prepare

#pragma once

#include <aqd/exec/trap.h>
#include <aqd/prepare/instruction.h>

#include <bit>
#include <cfloat>
#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

namespace aqd::exec {

// Floating point of the deterministic profile (core specification 3.0, appendix "Profiles"):
// whatever computes a NaN gives the positive canonical one; whatever only moves bits (neg, abs,
// copysign, loads, reinterpretations) keeps them. Values travel as their bits in integers, so that
// nothing touches them on the way. All of this relies on the environment that `FloatEnvironment`
// sets up, on operations being rounded to their type, and on none of them being fused.
static_assert(std::numeric_limits<float>::is_iec559 && std::numeric_limits<double>::is_iec559);
static_assert(FLT_EVAL_METHOD == 0, "operations must be rounded to the type of their operands");
#if defined(__FAST_MATH__)
#error "results would depend on what a compiler takes for equal"
#endif

/// A float with the integer that holds its bits.
template <class Bits>
struct FloatOf;
template <>
struct FloatOf<std::uint32_t> {
    using Type = float;
    static constexpr std::uint32_t sign = 0x8000'0000U;
    static constexpr std::uint32_t canonical_nan = 0x7fc0'0000U;
    static constexpr int mantissa_bits = 23;
    static constexpr int bias = 127;
};
template <>
struct FloatOf<std::uint64_t> {
    using Type = double;
    static constexpr std::uint64_t sign = 0x8000'0000'0000'0000U;
    static constexpr std::uint64_t canonical_nan = 0x7ff8'0000'0000'0000U;
    static constexpr int mantissa_bits = 52;
    static constexpr int bias = 1023;
};

template <class Bits>
[[gnu::always_inline]] inline auto float_of(Bits bits) {
    return std::bit_cast<typename FloatOf<Bits>::Type>(bits);
}

/// The bits of a computed value.
[[gnu::always_inline]] inline std::uint32_t bits_of(float value) {
    return value != value ? FloatOf<std::uint32_t>::canonical_nan
                          : std::bit_cast<std::uint32_t>(value);
}
[[gnu::always_inline]] inline std::uint64_t bits_of(double value) {
    return value != value ? FloatOf<std::uint64_t>::canonical_nan
                          : std::bit_cast<std::uint64_t>(value);
}

/// Rounded towards zero, on the bits: no library and no processor feature is involved. NaN stays.
template <class Bits>
[[gnu::always_inline]] inline Bits cut(Bits bits) {
    using F = FloatOf<Bits>;
    const int exponent = static_cast<int>((bits & ~F::sign) >> F::mantissa_bits) - F::bias;
    if (exponent < 0) {
        return bits & F::sign;
    }
    if (exponent >= F::mantissa_bits) {
        return bits;
    }
    return bits & ~((Bits{1} << (F::mantissa_bits - exponent)) - 1);
}

/// The sign of the operand survives where the result is a zero.
template <class Bits>
[[gnu::always_inline]] inline Bits with_sign_of(Bits value, Bits sign) {
    return (value & ~FloatOf<Bits>::sign) | (sign & FloatOf<Bits>::sign);
}

template <class Bits>
[[gnu::always_inline]] inline Bits nearest(Bits bits) {
    using F = FloatOf<Bits>;
    using T = typename F::Type;
    // Adding 2^mantissa_bits leaves no place for a fraction, and rounds it away as IEEE 754 says.
    constexpr T shift = static_cast<T>(Bits{1} << F::mantissa_bits);
    const T x = float_of(bits);
    const T size = float_of(static_cast<Bits>(bits & ~F::sign));
    if (!(size < shift)) {
        return bits_of(x);
    }
    return with_sign_of(std::bit_cast<Bits>((size + shift) - shift), bits);
}

template <bool smaller, class Bits>
[[gnu::always_inline]] inline Bits extreme(Bits x, Bits y) {
    const auto a = float_of(x);
    const auto b = float_of(y);
    if (a != a || b != b) {
        return FloatOf<Bits>::canonical_nan;
    }
    if (a == b) {
        // Zeros differ in their sign only.
        return smaller ? x | y : x & y;
    }
    return (a < b) == smaller ? x : y;
}

/// The result of a binary operation on floats whose bits are given, zero-extended.
template <prepare::Operation operation, class Bits>
[[gnu::always_inline]] inline std::uint64_t compute_float(Bits x, Bits y) {
    using enum prepare::Operation;
    const auto a = float_of(x);
    const auto b = float_of(y);
    if constexpr (operation == op_fadd_32 || operation == op_fadd_64) {
        return bits_of(a + b);
    } else if constexpr (operation == op_fsub_32 || operation == op_fsub_64) {
        return bits_of(a - b);
    } else if constexpr (operation == op_fmul_32 || operation == op_fmul_64) {
        return bits_of(a * b);
    } else if constexpr (operation == op_fdiv_32 || operation == op_fdiv_64) {
        return bits_of(a / b);
    } else if constexpr (operation == op_fmin_32 || operation == op_fmin_64) {
        return extreme<true>(x, y);
    } else if constexpr (operation == op_fmax_32 || operation == op_fmax_64) {
        return extreme<false>(x, y);
    } else if constexpr (operation == op_fcopysign_32 || operation == op_fcopysign_64) {
        return with_sign_of(x, y);
    } else if constexpr (operation == op_feq_32 || operation == op_feq_64) {
        return a == b;
    } else if constexpr (operation == op_fne_32 || operation == op_fne_64) {
        return a != b;
    } else if constexpr (operation == op_flt_32 || operation == op_flt_64) {
        return a < b;
    } else {
        static_assert(operation == op_fle_32 || operation == op_fle_64);
        return a <= b;
    }
}

/// The result of a unary operation on a float that gives a float of the same type.
template <prepare::Operation operation, class Bits>
[[gnu::always_inline]] inline std::uint64_t compute_float(Bits x) {
    using enum prepare::Operation;
    using F = FloatOf<Bits>;
    const auto a = float_of(x);
    if constexpr (operation == op_fabs_32 || operation == op_fabs_64) {
        return static_cast<Bits>(x & ~F::sign);
    } else if constexpr (operation == op_fneg_32 || operation == op_fneg_64) {
        return static_cast<Bits>(x ^ F::sign);
    } else if constexpr (operation == op_ftrunc_32 || operation == op_ftrunc_64) {
        return bits_of(float_of(cut(x)));
    } else if constexpr (operation == op_fceil_32 || operation == op_fceil_64) {
        const auto whole = float_of(cut(x));
        return whole < a ? bits_of(whole + 1) : bits_of(whole);
    } else if constexpr (operation == op_ffloor_32 || operation == op_ffloor_64) {
        const auto whole = float_of(cut(x));
        return whole > a ? bits_of(whole - 1) : bits_of(whole);
    } else if constexpr (operation == op_fnearest_32 || operation == op_fnearest_64) {
        return nearest(x);
    } else {
        static_assert(operation == op_fsqrt_32 || operation == op_fsqrt_64);
        return bits_of(std::sqrt(a));
    }
}

/// Whether the value, cut to an integer, is in the range of `Integer`. False for NaN.
template <class Integer, class Float>
[[gnu::always_inline]] inline bool fits(Float x) {
    // The bound above is a power of two and exact in either type. Below, -2^31 - 1 is exact in a
    // double only; in a float nothing lies between it and -2^31.
    constexpr Float above =
        static_cast<Float>(std::uint64_t{1} << (std::numeric_limits<Integer>::digits - 1)) * 2;
    if constexpr (!std::is_signed_v<Integer>) {
        return x > Float{-1} && x < above;
    } else if constexpr (sizeof(Integer) == 4 && sizeof(Float) == 8) {
        return x > -above - 1 && x < above;
    } else {
        return x >= -above && x < above;
    }
}

template <class Integer>
[[gnu::always_inline]] inline std::uint64_t word_of(Integer value) {
    return static_cast<std::make_unsigned_t<Integer>>(value);
}

/// `trunc`: the integer, or the trap.
template <class Integer, class Float>
[[gnu::always_inline]] inline Trap truncate(Float x, std::uint64_t& result) {
    if (!fits<Integer>(x)) [[unlikely]] {
        return x != x ? Trap::invalid_conversion : Trap::integer_overflow;
    }
    result = word_of(static_cast<Integer>(x));
    return Trap::none;
}

/// `trunc_sat`: the nearest integer that there is, 0 for NaN.
template <class Integer, class Float>
[[gnu::always_inline]] inline std::uint64_t saturate(Float x) {
    if (fits<Integer>(x)) [[likely]] {
        return word_of(static_cast<Integer>(x));
    }
    if (x != x) {
        return 0;
    }
    return word_of(x < 0 ? std::numeric_limits<Integer>::min()
                         : std::numeric_limits<Integer>::max());
}

// Longer than seventy lines: a case for each conversion.
/// The result of a unary operation between types; only the `ftrunc_to` ones can trap.
template <prepare::Operation operation>
[[gnu::always_inline]] inline Trap convert(std::uint64_t x, std::uint64_t& result) {
    using enum prepare::Operation;
    const auto low = static_cast<std::uint32_t>(x);
    const auto convert_to = [&result]<class Float>(Float value) { result = bits_of(value); };
    if constexpr (operation == op_trunc_f32_s32) {
        return truncate<std::int32_t>(float_of(low), result);
    } else if constexpr (operation == op_trunc_f32_u32) {
        return truncate<std::uint32_t>(float_of(low), result);
    } else if constexpr (operation == op_trunc_f64_s32) {
        return truncate<std::int32_t>(float_of(x), result);
    } else if constexpr (operation == op_trunc_f64_u32) {
        return truncate<std::uint32_t>(float_of(x), result);
    } else if constexpr (operation == op_trunc_f32_s64) {
        return truncate<std::int64_t>(float_of(low), result);
    } else if constexpr (operation == op_trunc_f32_u64) {
        return truncate<std::uint64_t>(float_of(low), result);
    } else if constexpr (operation == op_trunc_f64_s64) {
        return truncate<std::int64_t>(float_of(x), result);
    } else if constexpr (operation == op_trunc_f64_u64) {
        return truncate<std::uint64_t>(float_of(x), result);
    } else if constexpr (operation == op_saturate_f32_s32) {
        result = saturate<std::int32_t>(float_of(low));
    } else if constexpr (operation == op_saturate_f32_u32) {
        result = saturate<std::uint32_t>(float_of(low));
    } else if constexpr (operation == op_saturate_f64_s32) {
        result = saturate<std::int32_t>(float_of(x));
    } else if constexpr (operation == op_saturate_f64_u32) {
        result = saturate<std::uint32_t>(float_of(x));
    } else if constexpr (operation == op_saturate_f32_s64) {
        result = saturate<std::int64_t>(float_of(low));
    } else if constexpr (operation == op_saturate_f32_u64) {
        result = saturate<std::uint64_t>(float_of(low));
    } else if constexpr (operation == op_saturate_f64_s64) {
        result = saturate<std::int64_t>(float_of(x));
    } else if constexpr (operation == op_saturate_f64_u64) {
        result = saturate<std::uint64_t>(float_of(x));
    } else if constexpr (operation == op_convert_s32_f32) {
        convert_to(static_cast<float>(static_cast<std::int32_t>(low)));
    } else if constexpr (operation == op_convert_u32_f32) {
        convert_to(static_cast<float>(low));
    } else if constexpr (operation == op_convert_s64_f32) {
        convert_to(static_cast<float>(static_cast<std::int64_t>(x)));
    } else if constexpr (operation == op_convert_u64_f32) {
        convert_to(static_cast<float>(x));
    } else if constexpr (operation == op_convert_s32_f64) {
        convert_to(static_cast<double>(static_cast<std::int32_t>(low)));
    } else if constexpr (operation == op_convert_u32_f64) {
        convert_to(static_cast<double>(low));
    } else if constexpr (operation == op_convert_s64_f64) {
        convert_to(static_cast<double>(static_cast<std::int64_t>(x)));
    } else if constexpr (operation == op_convert_u64_f64) {
        convert_to(static_cast<double>(x));
    } else if constexpr (operation == op_demote) {
        convert_to(static_cast<float>(float_of(x)));
    } else {
        static_assert(operation == op_promote);
        convert_to(static_cast<double>(float_of(low)));
    }
    return Trap::none;
}

}  // namespace aqd::exec

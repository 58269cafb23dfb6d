// Floating point of the oracle: everything is computed in a type of 113 bits that the compiler's
// library carries out with integers, and rounded once more at the end. With so many bits the second
// rounding never changes a result of add, sub, mul or div (Figueroa, "When is double rounding
// innocuous?", 1995).

#include "tests/vm/exec/oracle/oracle.h"

#include <bit>
#include <cmath>
#include <limits>

namespace aqd::oracle {

using exec::Trap;
using wasm::CodeReader;
using wasm::Opcode;

namespace {

using U32 = std::uint32_t;
using U64 = std::uint64_t;
// 113 bits of precision, so that an operation on doubles is rounded once more only.
#if defined(__aarch64__)
using Wide = long double;
#else
__extension__ typedef __float128 Wide;  // NOLINT(modernize-use-using)
#endif
__extension__ typedef unsigned __int128 U128;  // NOLINT(modernize-use-using)

/// What the two types of floats have different.
struct Format {
    bool narrow;
    [[nodiscard]] U64 sign() const { return narrow ? 0x8000'0000U : U64{1} << 63U; }
    [[nodiscard]] U64 infinity() const { return narrow ? 0x7f80'0000U : 0x7ff0'0000'0000'0000U; }
    [[nodiscard]] U64 nan() const { return narrow ? 0x7fc0'0000U : 0x7ff8'0000'0000'0000U; }
    [[nodiscard]] bool is_nan(U64 bits) const { return (bits & ~sign()) > infinity(); }
    [[nodiscard]] Wide value(U64 bits) const {
        return narrow ? static_cast<Wide>(std::bit_cast<float>(static_cast<U32>(bits)))
                      : static_cast<Wide>(std::bit_cast<double>(bits));
    }
    [[nodiscard]] U64 bits(Wide value) const {
        if (value != value) {
            return nan();
        }
        return narrow ? std::bit_cast<U32>(static_cast<float>(value))
                      : std::bit_cast<U64>(static_cast<double>(value));
    }
};

/// The root of a positive finite number, by digits: 60 of them and whether something is left.
Wide square_root(Wide x) {
    int exponent = 0;
    // Every positive double is a whole number times a power of two.
    while (x < static_cast<Wide>(U64{1} << 62U)) {
        x *= 4;
        exponent -= 1;
    }
    while (x >= static_cast<Wide>(U64{1} << 62U) * 4) {
        x /= 4;
        exponent += 1;
    }
    const U128 square = static_cast<U128>(x * static_cast<Wide>(U64{1} << 60U));
    U128 root = 0;
    for (int bit = 62; bit >= 0; --bit) {
        const U128 more = root | U128{1} << bit;
        if (more * more <= square) {
            root = more;
        }
    }
    Wide result = static_cast<Wide>(root) + (root * root != square ? static_cast<Wide>(0.5) : 0);
    for (exponent -= 30; exponent < 0; ++exponent) {
        result /= 2;
    }
    for (; exponent > 0; --exponent) {
        result *= 2;
    }
    return result;
}

enum class Rounding : std::uint8_t { down, up, to_zero, to_even };

/// A finite number to a whole one.
Wide rounded(Wide x, Rounding how) {
    const Wide large = static_cast<Wide>(U64{1} << 62U);
    if (x >= large || x <= -large) {
        return x;
    }
    const auto cut = static_cast<std::int64_t>(x);
    const Wide rest = x - static_cast<Wide>(cut);
    const Wide half = static_cast<Wide>(0.5);
    switch (how) {
        case Rounding::down:
            return static_cast<Wide>(rest < 0 ? cut - 1 : cut);
        case Rounding::up:
            return static_cast<Wide>(rest > 0 ? cut + 1 : cut);
        case Rounding::to_zero:
            return static_cast<Wide>(cut);
        case Rounding::to_even:
            break;
    }
    const bool odd = (cut & 1) != 0;
    if (rest > half || (rest == half && odd)) {
        return static_cast<Wide>(cut + 1);
    }
    if (rest < -half || (rest == -half && odd)) {
        return static_cast<Wide>(cut - 1);
    }
    return static_cast<Wide>(cut);
}

U64 round_bits(Format format, U64 bits, Rounding how) {
    if (format.is_nan(bits)) {
        return format.nan();
    }
    if ((bits & ~format.sign()) == format.infinity()) {
        return bits;
    }
    return format.bits(rounded(format.value(bits), how)) | (bits & format.sign());
}

U64 least(Format format, U64 x, U64 y) {
    const Wide a = format.value(x);
    const Wide b = format.value(y);
    if (a == b) {
        return (x & format.sign()) != 0 ? x : y;
    }
    return a < b ? x : y;
}

/// The name of the operation behind the type, such as `add`.
std::string_view verb_of(std::string_view mnemonic) {
    return mnemonic.substr(4);
}

}  // namespace

/// Two operands of the same type of float.
void Oracle::float_binary(std::string_view verb, bool narrow) {
    const Format format{narrow};
    const U64 y = pop();
    const U64 x = pop();
    const Wide a = format.value(x);
    const Wide b = format.value(y);
    const bool no_number = format.is_nan(x) || format.is_nan(y);
    if (verb == "copysign") {
        return push((x & ~format.sign()) | (y & format.sign()));
    }
    if (verb == "eq") {
        return push(!no_number && a == b);
    }
    if (verb == "ne") {
        return push(no_number || a != b);
    }
    if (verb == "lt") {
        return push(!no_number && a < b);
    }
    if (verb == "gt") {
        return push(!no_number && a > b);
    }
    if (verb == "le") {
        return push(!no_number && a <= b);
    }
    if (verb == "ge") {
        return push(!no_number && a >= b);
    }
    if (no_number) {
        return push(format.nan());
    }
    if (verb == "min") {
        return push(least(format, x, y));
    }
    if (verb == "max") {
        return push(least(format, x ^ format.sign(), y ^ format.sign()) ^ format.sign());
    }
    if (verb == "add") {
        return push(format.bits(a + b));
    }
    if (verb == "sub") {
        return push(format.bits(a - b));
    }
    push(format.bits(verb == "mul" ? a * b : a / b));
}

void Oracle::float_unary(std::string_view verb, bool narrow) {
    const Format format{narrow};
    const U64 x = pop();
    if (verb == "abs") {
        return push(x & ~format.sign());
    }
    if (verb == "neg") {
        return push(x ^ format.sign());
    }
    if (verb == "ceil") {
        return push(round_bits(format, x, Rounding::up));
    }
    if (verb == "floor") {
        return push(round_bits(format, x, Rounding::down));
    }
    if (verb == "trunc") {
        return push(round_bits(format, x, Rounding::to_zero));
    }
    if (verb == "nearest") {
        return push(round_bits(format, x, Rounding::to_even));
    }
    // The square root.
    if ((x & ~format.sign()) == 0 || x == format.infinity()) {
        return push(x);
    }
    if (format.is_nan(x) || (x & format.sign()) != 0) {
        return push(format.nan());
    }
    push(format.bits(square_root(format.value(x))));
}

/// From a float to an integer.
void Oracle::float_truncate(const wasm::OpcodeFacts& facts) {
    const Format format{facts.operands == "f"};
    const bool narrow_result = facts.results == "i";
    const bool is_signed = facts.mnemonic.ends_with("_s");
    const bool saturates = facts.mnemonic.find("_sat_") != std::string_view::npos;
    const U64 bits = pop();
    if (format.is_nan(bits)) {
        return saturates ? push(0) : trap(Trap::invalid_conversion);
    }
    const int width = narrow_result ? 32 : 64;
    const Wide above = static_cast<Wide>(U64{1} << (is_signed ? width - 2 : width - 1)) * 2;
    const Wide below = is_signed ? -above : 0;
    const Wide x = format.value(bits);
    const U64 mask = narrow_result ? 0xffff'ffffU : ~U64{0};
    const U64 greatest = is_signed ? mask >> 1U : mask;
    if (x >= above) {
        return saturates ? push(greatest) : trap(Trap::integer_overflow);
    }
    if (x <= below - 1) {
        return saturates ? push(is_signed ? greatest + 1 : 0) : trap(Trap::integer_overflow);
    }
    push((is_signed ? static_cast<U64>(static_cast<std::int64_t>(x)) : static_cast<U64>(x)) & mask);
}

/// From an integer to a float.
void Oracle::float_convert(const wasm::OpcodeFacts& facts) {
    const Format format{facts.results == "f"};
    const U64 bits = pop();
    const bool is_signed = facts.mnemonic.ends_with("_s");
    if (!is_signed) {
        return push(format.bits(static_cast<Wide>(bits)));
    }
    push(format.bits(facts.operands == "i"
                         ? static_cast<Wide>(static_cast<std::int32_t>(static_cast<U32>(bits)))
                         : static_cast<Wide>(static_cast<std::int64_t>(bits))));
}

bool Oracle::step_float(Opcode opcode, CodeReader& in) {
    const wasm::OpcodeFacts& facts = wasm::facts_of(opcode);
    if (facts.feature != wasm::Feature::floats) {
        return false;
    }
    const std::string_view verb = verb_of(facts.mnemonic);
    if (verb == "const") {
        push(facts.results == "f" ? in.f32() : in.f64());
    } else if (verb.starts_with("reinterpret")) {
        return true;
    } else if (verb.starts_with("trunc_")) {
        float_truncate(facts);
    } else if (verb.starts_with("convert")) {
        float_convert(facts);
    } else if (verb.starts_with("demote") || verb.starts_with("promote")) {
        const Format from{facts.operands == "f"};
        const Format to{facts.results == "f"};
        const U64 bits = pop();
        push(from.is_nan(bits) ? to.nan() : to.bits(from.value(bits)));
    } else if (facts.operands.size() == 2) {
        float_binary(verb, facts.operands == "ff");
    } else {
        float_unary(verb, facts.operands == "f");
    }
    return true;
}

}  // namespace aqd::oracle

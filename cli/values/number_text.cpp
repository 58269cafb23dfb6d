#include "cli/values/number_text.h"

#include <algorithm>

namespace aqd::values {
namespace {

constexpr Int128 smallest_signed = static_cast<Int128>(UInt128{1} << 127);

}  // namespace

Result<UInt128> parse_unsigned(std::string_view text) {
    UInt128 value = 0;
    bool after_digit = false;
    for (const char c : text) {
        if (c == '_' && after_digit) {
            after_digit = false;
            continue;
        }
        if (c < '0' || c > '9') {
            after_digit = false;
            break;
        }
        after_digit = true;
        const auto digit = static_cast<unsigned>(c - '0');
        if (value > (~UInt128{0} - digit) / 10) {
            return fail(ErrorCode::invalid, "is a number of more than 128 bits");
        }
        value = value * 10 + digit;
    }
    if (!after_digit) {
        return fail(ErrorCode::invalid, "\"" + std::string(text) + "\" is not a whole number");
    }
    return value;
}

Result<Int128> parse_signed(std::string_view text) {
    const bool negative = text.starts_with('-');
    AQD_TRY(magnitude, parse_unsigned(negative ? text.substr(1) : text));
    const UInt128 limit = (UInt128{1} << 127) - (negative ? 0U : 1U);
    if (magnitude > limit) {
        return fail(ErrorCode::invalid, "is a number of more than 128 bits");
    }
    return static_cast<Int128>(negative ? -magnitude : magnitude);
}

Result<Int128> parse_decimal(std::string_view text, std::uint32_t scale) {
    const std::size_t point = text.find('.');
    std::string digits(text.substr(0, point));
    const std::string_view fraction =
        point == std::string_view::npos ? std::string_view() : text.substr(point + 1);
    if (point != std::string_view::npos && (fraction.empty() || fraction.front() == '_')) {
        return fail(ErrorCode::invalid, "\"" + std::string(text) + "\" is not a decimal number");
    }
    if (fraction.size() > scale) {
        return fail(ErrorCode::invalid, "\"" + std::string(text) + "\" has more than " +
                                            std::to_string(scale) +
                                            " digits behind the point; nothing is rounded here");
    }
    digits += fraction;
    digits.append(scale - fraction.size(), '0');
    return parse_signed(digits);
}

std::string format_unsigned(UInt128 value) {
    std::string digits;
    do {
        digits += static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    } while (value != 0);
    std::ranges::reverse(digits);
    return digits;
}

std::string format_signed(Int128 value) {
    if (value == smallest_signed) {
        return "-" + format_unsigned(UInt128{1} << 127);
    }
    return value < 0 ? "-" + format_unsigned(static_cast<UInt128>(-value))
                     : format_unsigned(static_cast<UInt128>(value));
}

std::string format_decimal(Int128 value, std::uint32_t scale) {
    std::string digits = format_signed(value);
    const bool negative = digits.starts_with('-');
    digits.erase(0, negative ? 1 : 0);
    if (scale != 0) {
        if (digits.size() <= scale) {
            digits.insert(0, scale + 1 - digits.size(), '0');
        }
        digits.insert(digits.size() - scale, ".");
    }
    return (negative ? "-" : "") + digits;
}

std::string with_commas(std::string digits) {
    const std::size_t first = digits.starts_with('-') ? 1 : 0;
    const std::size_t end = std::min(digits.find('.'), digits.size());
    for (std::size_t at = end; at > first + 3; at -= 3) {
        digits.insert(at - 3, ",");
    }
    return digits;
}

}  // namespace aqd::values

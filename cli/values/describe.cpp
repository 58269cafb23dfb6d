#include "cli/values/describe.h"

#include "cli/values/number_text.h"

#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>

#include <algorithm>
#include <array>

namespace aqd::values {
namespace {

constexpr std::size_t shown_hex_digits = 8;

std::string short_hex(const std::string& digits) {
    if (digits.size() <= 2 * shown_hex_digits) {
        return digits;
    }
    return digits.substr(0, 4) + " " + digits.substr(4, 4) + " …";
}

std::string describe_items(const Json& value, const abi::Type& type) {
    std::string text;
    std::size_t index = 0;
    for (const Json& item : value) {
        const abi::Type& item_type = type.items[std::min(index++, type.items.size() - 1)];
        text += (text.empty() ? "" : ", ") + describe(item, item_type);
    }
    return type.kind == abi::TypeKind::tuple ? "(" + text + ")" : text.empty() ? "none" : text;
}

/// Records and variants, whose field types the JSON no longer shows.
std::string describe_untyped(const Json& value) {
    if (value.is_object()) {
        std::string text;
        for (const auto& [name, member] : value.items()) {
            text += (text.empty() ? "" : ", ") + name + " " + describe_untyped(member);
        }
        return value.size() == 1 && value.begin().key() == "value"
                   ? describe_untyped(value.begin().value())
                   : "{" + text + "}";
    }
    if (value.is_array()) {
        std::string text;
        for (const Json& item : value) {
            text += (text.empty() ? "" : ", ") + describe_untyped(item);
        }
        return "[" + text + "]";
    }
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        const bool digits =
            text.size() >= 40 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
        return digits ? short_hex(text) : text;
    }
    return value.is_null() ? "none" : value.dump();
}

}  // namespace

std::string date_text(calendar::Day day) {
    constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    if (!calendar::is_day(day)) {
        return "day " + std::to_string(day);
    }
    const calendar::CivilDate date = calendar::civil_from_day(day);
    return std::to_string(date.day) + " " +
           std::string(months[static_cast<std::size_t>(date.month - 1)]) + " " +
           std::to_string(date.year);
}

std::string moment_text(calendar::Seconds civil_seconds) {
    const auto day = static_cast<calendar::Day>(calendar::day_of(civil_seconds));
    const calendar::CivilTime time = calendar::time_of_day(civil_seconds);
    const auto two = [](std::int32_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return date_text(day) + " " + two(time.hour) + ":" + two(time.minute);
}

std::string short_hash(BytesView octets) {
    return short_hex(to_hex(octets));
}

std::string body_text(std::string_view body) {
    std::string text(body);
    std::ranges::replace(text, ':', ' ');
    return text;
}

std::string describe(const Json& value, const abi::Type& type) {
    if (value.is_null()) {
        return "none";
    }
    switch (type.kind) {
        case abi::TypeKind::option:
            return describe(value, type.items[0]);
        case abi::TypeKind::unsigned_integer:
        case abi::TypeKind::signed_integer:
        case abi::TypeKind::decimal:
            return with_commas(value.is_string() ? value.get<std::string>() : value.dump());
        case abi::TypeKind::date: {
            const auto day = calendar::parse_date(value.get<std::string>());
            return day ? date_text(*day) : value.get<std::string>();
        }
        case abi::TypeKind::body:
        case abi::TypeKind::authority:
            return body_text(value.get<std::string>());
        case abi::TypeKind::list:
        case abi::TypeKind::array:
        case abi::TypeKind::tuple:
            return describe_items(value, type);
        default:
            return describe_untyped(value);
    }
}

}  // namespace aqd::values

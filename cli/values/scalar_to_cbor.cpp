#include "cli/values/scalar_to_cbor.h"

#include "cli/values/number_text.h"
#include "cli/values/period_text.h"
#include "cli/values/type_table.h"

#include <aqd/abi/text.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/calendar/iso_text.h>

#include <algorithm>

namespace aqd::values {
namespace {

using abi::Type;
using abi::TypeKind;

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    }));
}

Result<void> write_boolean(abi::Writer& writer, const Json& json, const JsonPath& path) {
    if (json.is_boolean()) {
        writer.write_bool(json.get<bool>());
    } else if (json == "true" || json == "false") {
        writer.write_bool(json == "true");
    } else {
        return path.fail("is neither true nor false");
    }
    return {};
}

Result<std::string> digits_of(const Json& json, const JsonPath& path) {
    if (json.is_number_integer()) {
        return json.dump();
    }
    if (json.is_number_float()) {
        return path.fail("is not a whole number of at most 64 bits; write it as a text, \"" +
                         json.dump() + "\"");
    }
    if (json.is_string()) {
        return json.get<std::string>();
    }
    return path.fail("is not a whole number");
}

Result<void> write_unsigned(abi::Writer& writer, const Json& json, const Type& type,
                            const JsonPath& path) {
    AQD_TRY(digits, digits_of(json, path));
    const auto value = parse_unsigned(digits);
    if (!value) {
        return path.fail(value.error());
    }
    if (type.size < 128 && (*value >> type.size) != 0) {
        return path.fail(digits + " does not fit u" + std::to_string(type.size));
    }
    writer.write_uint128(*value);
    return {};
}

Result<void> write_signed(abi::Writer& writer, const Json& json, std::uint32_t bits,
                          const JsonPath& path) {
    AQD_TRY(digits, digits_of(json, path));
    const auto value = parse_signed(digits);
    if (!value) {
        return path.fail(value.error());
    }
    const Int128 high = bits >= 128 ? (*value < 0 ? -1 : 0) : *value >> (bits - 1);
    if (high != 0 && high != -1) {
        return path.fail(digits + " does not fit i" + std::to_string(bits));
    }
    writer.write_int128(*value);
    return {};
}

Result<void> write_decimal(abi::Writer& writer, const Json& json, const Type& type,
                           const JsonPath& path) {
    if (json.is_number_float()) {
        return path.fail("write a decimal as a text, \"" + json.dump() +
                         "\": JSON numbers are not exact");
    }
    AQD_TRY(digits, digits_of(json, path));
    const auto value = parse_decimal(digits, type.size);
    if (!value) {
        return path.fail(value.error());
    }
    writer.write_int128(*value);
    return {};
}

Result<void> write_date(abi::Writer& writer, const Json& json, const JsonPath& path) {
    AQD_TRY(text, text_of(json, "a date such as \"2026-03-05\"", path));
    const auto day = calendar::parse_date(text);
    if (!day) {
        return path.fail(day.error());
    }
    writer.write_int(*day);
    return {};
}

Result<void> write_time(abi::Writer& writer, const Json& json, const JsonPath& path) {
    AQD_TRY(text, text_of(json, "a time such as \"2026-03-05T10:00:00Z\"", path));
    if (!text.ends_with('Z')) {
        return path.fail("\"" + std::string(text) +
                         "\" does not say its clock: write UTC, \"2026-03-05T10:00:00Z\"");
    }
    const auto seconds = calendar::parse_time(text);
    if (!seconds) {
        return path.fail(seconds.error());
    }
    writer.write_int(*seconds);
    return {};
}

Result<void> write_amount(abi::Writer& writer, const Json& json, std::string_view unit,
                          const JsonPath& path) {
    AQD_TRY(text, digits_of(json, path));
    const auto amount = parse_amount(text, unit);
    if (!amount) {
        return path.fail(amount.error());
    }
    writer.write_uint(*amount);
    return {};
}

Result<void> write_months(abi::Writer& writer, const Json& json, const JsonPath& path) {
    AQD_TRY(text, digits_of(json, path));
    const auto months = parse_months(text);
    if (!months) {
        return path.fail(months.error());
    }
    writer.write_array_header(2);
    writer.write_uint(months->count);
    writer.write_uint(months->rounding);
    return {};
}

Result<void> write_text(abi::Writer& writer, const Json& json, const Type& type,
                        const JsonPath& path) {
    AQD_TRY(text, text_of(json, "a text", path));
    if (const auto report = abi::check_text(text); report.fault != abi::TextFault::none) {
        return path.fail(std::string(abi::text_fault_text(report.fault)));
    }
    if (const std::size_t length = code_points(text); length > type.size) {
        return path.fail("has " + std::to_string(length) + " characters; " + type_text(type) +
                         " holds " + std::to_string(type.size));
    }
    writer.write_text(text);
    return {};
}

}  // namespace

Result<std::string_view> text_of(const Json& json, std::string_view wanted, const JsonPath& path) {
    if (!json.is_string()) {
        return path.fail("is not " + std::string(wanted));
    }
    return std::string_view(json.get_ref<const std::string&>());
}

Result<void> write_scalar(abi::Writer& writer, const Json& json, const Type& type,
                          const JsonPath& path) {
    switch (type.kind) {
        case TypeKind::unit:
            writer.write_null();
            return {};
        case TypeKind::boolean:
            return write_boolean(writer, json, path);
        case TypeKind::unsigned_integer:
            return write_unsigned(writer, json, type, path);
        case TypeKind::signed_integer:
            return write_signed(writer, json, type.size, path);
        case TypeKind::decimal:
            return write_decimal(writer, json, type, path);
        case TypeKind::date:
            return write_date(writer, json, path);
        case TypeKind::time:
            return write_time(writer, json, path);
        case TypeKind::days:
            return write_amount(writer, json, "days", path);
        case TypeKind::workdays:
            return write_amount(writer, json, "workdays", path);
        case TypeKind::hours:
            return write_amount(writer, json, "hours", path);
        case TypeKind::seconds:
            return write_amount(writer, json, "seconds", path);
        case TypeKind::months:
            return write_months(writer, json, path);
        case TypeKind::text:
            return write_text(writer, json, type, path);
        default:
            return path.fail("has a type that is no scalar");
    }
}

}  // namespace aqd::values

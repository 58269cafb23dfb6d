#include "cli/values/from_cbor.h"

#include "cli/values/number_text.h"
#include "cli/values/period_text.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/calendar/iso_text.h>

#include <utility>
#include <variant>

namespace aqd::values {
namespace {

using abi::Type;
using abi::TypeKind;

class Conversion {
  public:
    Conversion(BytesView input, const TypeTable& types) : reader_(input), types_(types) {}

    Result<void> finish() { return reader_.finish(); }

    // Longer than seventy lines: one case for each kind of type.
    Result<Json> read(const Type& type) {
        switch (type.kind) {
            case TypeKind::unit: {
                AQD_CHECK(reader_.read_null());
                return Json();
            }
            case TypeKind::boolean: {
                AQD_TRY(value, reader_.read_bool());
                return Json(value);
            }
            case TypeKind::unsigned_integer: {
                AQD_TRY(value, reader_.read_uint128());
                return type.size <= 64 ? Json(static_cast<std::uint64_t>(value))
                                       : Json(format_unsigned(value));
            }
            case TypeKind::signed_integer: {
                AQD_TRY(value, reader_.read_int128());
                return type.size <= 64 ? Json(static_cast<std::int64_t>(value))
                                       : Json(format_signed(value));
            }
            case TypeKind::decimal: {
                AQD_TRY(value, reader_.read_int128());
                return Json(format_decimal(value, type.size));
            }
            case TypeKind::date:
                return read_date();
            case TypeKind::time:
                return read_time();
            case TypeKind::days:
                return read_amount("days");
            case TypeKind::workdays:
                return read_amount("workdays");
            case TypeKind::hours:
                return read_amount("hours");
            case TypeKind::seconds: {
                AQD_TRY(value, reader_.read_int());
                return Json(std::to_string(value) + " seconds");
            }
            case TypeKind::months: {
                AQD_CHECK(reader_.expect_array(2));
                AQD_TRY(count, reader_.read_uint());
                AQD_TRY(rounding, reader_.read_uint_up_to(2));
                return Json(months_text({count, rounding}));
            }
            case TypeKind::text: {
                AQD_TRY(value, reader_.read_text());
                return Json(std::string(value));
            }
            case TypeKind::bytes:
            case TypeKind::hash:
            case TypeKind::case_id:
            case TypeKind::account:
            case TypeKind::secret:
            case TypeKind::person: {
                AQD_TRY(value, reader_.read_bytes());
                return Json(to_hex(value));
            }
            case TypeKind::option: {
                AQD_TRY(is_null, reader_.take_null());
                return is_null ? Result<Json>(Json()) : read(type.items[0]);
            }
            case TypeKind::list:
            case TypeKind::array:
                return read_list(type);
            case TypeKind::tuple:
                return read_tuple(type);
            case TypeKind::body:
                return read_body();
            case TypeKind::record:
                return read_record(type);
            case TypeKind::enumeration:
                return read_enumeration(type);
            case TypeKind::authority:
                return read_authority(type);
        }
        return fail(ErrorCode::unsupported, "a type that this program does not know");
    }

    /// The members of an array whose header was read; `count` may differ from what is declared.
    Result<Json> read_fields(std::uint64_t count, const std::vector<abi::Field>& fields) {
        Json object = Json::object();
        for (std::uint64_t i = 0; i < count; ++i) {
            if (i < fields.size()) {
                AQD_TRY(value, read(fields[i].type));
                object[fields[i].name] = std::move(value);
            } else {
                AQD_TRY(unknown, reader_.skip());
                object["#" + std::to_string(i)] = untyped_from_cbor(unknown);
            }
        }
        return object;
    }

    Result<std::uint64_t> array_header() { return reader_.read_array_header(); }

    Result<Json> read_body() {
        AQD_TRY(whole, reader_.skip());
        AQD_TRY(text, body_from_cbor(whole, types_));
        return Json(std::move(text));
    }

  private:
    Result<Json> read_date() {
        AQD_TRY(day, reader_.read_int());
        if (!calendar::is_day(day)) {
            return fail(ErrorCode::invalid, std::to_string(day) + " is not a date");
        }
        return Json(calendar::format_date(static_cast<calendar::Day>(day)));
    }

    Result<Json> read_time() {
        AQD_TRY(seconds, reader_.read_int());
        if (!calendar::is_day(calendar::day_of(seconds))) {
            return fail(ErrorCode::invalid, std::to_string(seconds) + " is not a time");
        }
        return Json(calendar::format_time(seconds) + "Z");
    }

    Result<Json> read_amount(std::string_view unit) {
        AQD_TRY(amount, reader_.read_int());
        return amount < 0 ? Json(std::to_string(amount) + " " + std::string(unit))
                          : Json(amount_text(static_cast<std::uint64_t>(amount), unit));
    }

    Result<Json> read_list(const Type& type) {
        AQD_TRY(count, reader_.read_array_header());
        Json list = Json::array();
        for (std::uint64_t i = 0; i < count; ++i) {
            AQD_TRY(item, read(type.items[0]));
            list.push_back(std::move(item));
        }
        return list;
    }

    Result<Json> read_tuple(const Type& type) {
        AQD_CHECK(reader_.expect_array(type.items.size()));
        Json list = Json::array();
        for (const Type& item : type.items) {
            AQD_TRY(value, read(item));
            list.push_back(std::move(value));
        }
        return list;
    }

    [[nodiscard]] Result<const abi::NamedType*> named(const Type& type,
                                                      abi::NamedType::Form form) const {
        const abi::NamedType* found = types_.find(type.name);
        if (found == nullptr || found->form != form) {
            return fail(ErrorCode::not_found, "the type " + type.name + " is not known here");
        }
        return found;
    }

    Result<Json> read_record(const Type& type) {
        AQD_TRY(record, named(type, abi::NamedType::Form::record));
        AQD_TRY(count, reader_.read_array_header());
        return read_fields(count, record->fields);
    }

    Result<Json> read_enumeration(const Type& type) {
        AQD_TRY(enumeration, named(type, abi::NamedType::Form::enumeration));
        AQD_TRY(kind, reader_.peek());
        std::uint64_t fields = 0;
        if (kind == abi::Kind::array) {
            AQD_TRY(count, reader_.read_array_header());
            if (count == 0) {
                return fail(ErrorCode::invalid, "a variant without its ordinal");
            }
            fields = count - 1;
        }
        AQD_TRY(ordinal, reader_.read_uint());
        if (ordinal >= enumeration->variants.size()) {
            return fail(ErrorCode::invalid,
                        type_text(type) + " has no variant " + std::to_string(ordinal));
        }
        const abi::NamedType::Variant& variant = enumeration->variants[ordinal];
        if (kind != abi::Kind::array) {
            return Json(variant.name);
        }
        AQD_TRY(content, read_fields(fields, variant.fields));
        Json object = Json::object();
        object[variant.name] = std::move(content);
        return object;
    }

    Result<Json> read_authority(const Type& type) {
        AQD_TRY(authority, named(type, abi::NamedType::Form::authority));
        AQD_TRY(count, reader_.read_array_header());
        AQD_TRY(keys, read_keys(count, *authority));
        return Json(std::string(last_part(authority->name)) + keys);
    }

  public:
    /// ":01.051" for each of `count` keys.
    Result<std::string> read_keys(std::uint64_t count, const abi::NamedType& authority) {
        std::string text;
        if (count != authority.fields.size()) {
            return fail(ErrorCode::invalid, authority.name + " with another number of keys");
        }
        for (const abi::Field& key : authority.fields) {
            AQD_TRY(value, read(key.type));
            text += ":" + (value.is_string() ? value.get<std::string>() : value.dump());
        }
        return text;
    }

  private:
    abi::Reader reader_;
    const TypeTable& types_;
};

Json json_of(const abi::Value& value) {
    return std::visit(
        [](const auto& content) -> Json {
            using Content = std::remove_cvref_t<decltype(content)>;
            if constexpr (std::is_same_v<Content, abi::Null>) {
                return {};
            } else if constexpr (std::is_same_v<Content, bool> ||
                                 std::is_same_v<Content, std::string>) {
                return content;
            } else if constexpr (std::is_same_v<Content, abi::Integer>) {
                const bool small =
                    high_half(content.magnitude) == 0 && low_half(content.magnitude) <= INT64_MAX;
                if (!small) {
                    return (content.negative ? "-1 - " : "") + format_unsigned(content.magnitude);
                }
                const auto magnitude = static_cast<std::int64_t>(low_half(content.magnitude));
                return content.negative ? -1 - magnitude : magnitude;
            } else if constexpr (std::is_same_v<Content, Bytes>) {
                return to_hex(content);
            } else if constexpr (std::is_same_v<Content, abi::Value::Array>) {
                Json list = Json::array();
                for (const abi::Value& item : content) {
                    list.push_back(json_of(item));
                }
                return list;
            } else {
                Json list = Json::array();
                for (const abi::MapEntry& entry : content) {
                    list.push_back(Json::array({json_of(entry.key), json_of(entry.value)}));
                }
                return list;
            }
        },
        value.content);
}

}  // namespace

Result<Json> from_cbor(BytesView value, const Type& type, const TypeTable& types) {
    Conversion conversion(value, types);
    AQD_TRY(json, conversion.read(type));
    AQD_CHECK(conversion.finish());
    return json;
}

Result<Json> fields_from_cbor(BytesView array, const std::vector<abi::Field>& fields,
                              const TypeTable& types) {
    Conversion conversion(array, types);
    AQD_TRY(count, conversion.array_header());
    AQD_TRY(json, conversion.read_fields(count, fields));
    AQD_CHECK(conversion.finish());
    return json;
}

Result<std::string> body_from_cbor(BytesView body, const TypeTable& types) {
    abi::Reader reader(body);
    AQD_TRY(count, reader.read_array_header());
    if (count == 0) {
        return fail(ErrorCode::invalid, "a body without its authority");
    }
    AQD_TRY(tag, reader.read_bytes());
    const abi::NamedType* authority = types.authority_of_tag(tag);
    if (authority == nullptr) {
        return to_hex(body);
    }
    Conversion keys(reader.rest(), types);
    AQD_TRY(text, keys.read_keys(count - 1, *authority));
    AQD_CHECK(keys.finish());
    return std::string(last_part(authority->name)) + text;
}

Json untyped_from_cbor(BytesView value) {
    const auto decoded = abi::decode_value(value);
    return decoded ? json_of(*decoded) : Json(to_hex(value));
}

}  // namespace aqd::values

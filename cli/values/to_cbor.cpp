#include "cli/values/to_cbor.h"

#include "cli/files/files.h"
#include "cli/values/scalar_to_cbor.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>

#include <algorithm>

namespace aqd::values {
namespace {

using abi::Type;
using abi::TypeKind;

/// One conversion: the writer and what it needs to know. Values come from outside, so each function
/// checks before it writes.
class Conversion {
  public:
    Conversion(const Surroundings& around, Bytes& out) : around_(around), writer_(out) {}

    Result<void> convert(const Json& json, const Type& type, const JsonPath& path) {
        AQD_TRY(value, resolve(json, type, path));
        return write(value ? *value : json, type, path);
    }

  private:
    /// In a text, "$" and "#" mean themselves.
    [[nodiscard]] Result<std::optional<Json>> resolve(const Json& json, const Type& type,
                                                      const JsonPath& path) const {
        if (!json.is_string() || type.kind == TypeKind::text || !around_.names) {
            return std::optional<Json>();
        }
        const auto& text = json.get_ref<const std::string&>();
        if (!text.starts_with('$') && !text.starts_with('#')) {
            return std::optional<Json>();
        }
        auto found = around_.names(text);
        if (!found) {
            return path.fail("nothing is called \"" + text + "\" here");
        }
        return found;
    }

    Result<void> write(const Json& json, const Type& type, const JsonPath& path) {
        switch (type.kind) {
            case TypeKind::unit:
            case TypeKind::boolean:
            case TypeKind::unsigned_integer:
            case TypeKind::signed_integer:
            case TypeKind::decimal:
            case TypeKind::date:
            case TypeKind::time:
            case TypeKind::days:
            case TypeKind::workdays:
            case TypeKind::hours:
            case TypeKind::seconds:
            case TypeKind::months:
            case TypeKind::text:
                return write_scalar(writer_, json, type, path);
            case TypeKind::bytes:
                return write_bytes(json, type, path);
            case TypeKind::hash:
            case TypeKind::person:
                return write_fixed(json, 32, path);
            case TypeKind::case_id:
            case TypeKind::account:
                return write_fixed(json, 20, path);
            case TypeKind::body:
                return write_body(json, path);
            case TypeKind::authority:
                return write_authority(json, type, path);
            case TypeKind::option:
                if (json.is_null()) {
                    writer_.write_null();
                    return {};
                }
                return convert(json, type.items[0], path);
            case TypeKind::list:
            case TypeKind::array:
                return write_list(json, type, path);
            case TypeKind::tuple:
                return write_tuple(json, type, path);
            case TypeKind::record:
                return write_record(json, type, path);
            case TypeKind::enumeration:
                return write_enumeration(json, type, path);
            case TypeKind::secret:
                return write_secret(json, type, path);
        }
        return path.fail("has a type that this program does not know");
    }

    /// Hexadecimal digits, "@file", or {"utf8": "text"}.
    [[nodiscard]] Result<Bytes> octets_of(const Json& json, const JsonPath& path) const {
        if (json.is_object() && json.size() == 1 && json.contains("utf8") &&
            json["utf8"].is_string()) {
            return to_bytes(as_bytes(json["utf8"].get_ref<const std::string&>()));
        }
        AQD_TRY(text, text_of(json, "hexadecimal digits, \"@file\" or {\"utf8\": \"…\"}", path));
        if (text.starts_with('@')) {
            auto content = files::read(around_.directory / text.substr(1));
            if (!content) {
                return path.fail(content.error());
            }
            return content;
        }
        auto octets = from_hex(text.starts_with("0x") ? text.substr(2) : text);
        if (!octets) {
            return path.fail(octets.error());
        }
        return octets;
    }

    Result<void> write_bytes(const Json& json, const Type& type, const JsonPath& path) {
        AQD_TRY(octets, octets_of(json, path));
        if (octets.size() > type.size) {
            return path.fail("has " + std::to_string(octets.size()) + " octets; " +
                             type_text(type) + " holds " + std::to_string(type.size));
        }
        writer_.write_bytes(octets);
        return {};
    }

    Result<void> write_fixed(const Json& json, std::size_t size, const JsonPath& path) {
        if (json.is_object() && json.size() == 1 && json.contains("sha256") && size == 32) {
            AQD_TRY(content, octets_of(json["sha256"], path.member("sha256")));
            writer_.write_bytes(crypto::sha256(content).view());
            return {};
        }
        AQD_TRY(octets, octets_of(json, path));
        if (octets.size() != size) {
            return path.fail("has " + std::to_string(2 * octets.size()) +
                             " hexadecimal digits instead of " + std::to_string(2 * size));
        }
        writer_.write_bytes(octets);
        return {};
    }

    /// The keys of an authority value as JSON texts: of "Commune:01.051", "01.051" or ["01.051"].
    static Json keys_from_text(std::string_view text) {
        Json keys = Json::array();
        while (!text.empty()) {
            const std::size_t end = std::min(text.find(':'), text.size());
            keys.push_back(std::string(text.substr(0, end)));
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return keys;
    }

    Result<void> write_keys(const Json& keys, const abi::NamedType& authority,
                            const JsonPath& path) {
        const std::string name(last_part(authority.name));
        if (keys.size() != authority.fields.size()) {
            return path.fail(name + " is named by " + std::to_string(authority.fields.size()) +
                             " key(s), not by " + std::to_string(keys.size()));
        }
        for (std::size_t i = 0; i < keys.size(); ++i) {
            AQD_CHECK(
                convert(keys[i], authority.fields[i].type, path.member(authority.fields[i].name)));
        }
        return {};
    }

    Result<void> write_authority(const Json& json, const Type& type, const JsonPath& path) {
        const abi::NamedType* authority = around_.types->find(type.name);
        if (authority == nullptr || authority->form != abi::NamedType::Form::authority) {
            return path.fail("the authority " + type.name + " is not known here");
        }
        Json keys = json;
        if (json.is_string()) {
            const std::string_view text = json.get_ref<const std::string&>();
            const std::string_view first = text.substr(0, text.find(':'));
            if (first == authority->name || first == last_part(authority->name)) {
                keys = keys_from_text(text.substr(std::min(first.size() + 1, text.size())));
            } else if (text.find(':') != std::string_view::npos && authority->fields.size() < 2) {
                return path.fail("\"" + std::string(text) + "\" does not name a " +
                                 std::string(last_part(authority->name)));
            } else {
                keys = keys_from_text(text);
            }
        }
        if (!keys.is_array()) {
            return path.fail("is not a " + std::string(last_part(authority->name)) +
                             ", such as \"" + std::string(last_part(authority->name)) +
                             ":01.051\"");
        }
        writer_.write_array_header(keys.size());
        return write_keys(keys, *authority, path);
    }

    Result<void> write_body(const Json& json, const JsonPath& path) {
        if (!around_.bodies_of_any_kind) {
            return path.fail(
                "a Body of any kind cannot be given here: its octets depend on the "
                "chain, which does not exist yet",
                ErrorCode::unsupported);
        }
        std::string name;
        Json keys;
        if (json.is_object() && json.size() == 1 && json.begin().value().is_array()) {
            name = json.begin().key();
            keys = json.begin().value();
        } else {
            AQD_TRY(text, text_of(json, "a body such as \"Commune:01.051\"", path));
            name = std::string(text.substr(0, text.find(':')));
            keys = keys_from_text(text.substr(std::min(name.size() + 1, text.size())));
        }
        const auto authority = around_.types->authority(name);
        if (!authority) {
            return path.fail(authority.error());
        }
        writer_.write_array_header(1 + keys.size());
        writer_.write_bytes(around_.types->tag_of((*authority)->name));
        return write_keys(keys, **authority, path);
    }

    Result<void> write_list(const Json& json, const Type& type, const JsonPath& path) {
        if (!json.is_array()) {
            return path.fail("is not a list […]");
        }
        const bool fits =
            type.kind == TypeKind::list ? json.size() <= type.size : json.size() == type.size;
        if (!fits) {
            return path.fail("has " + std::to_string(json.size()) + " elements; " +
                             type_text(type) + " holds " + std::to_string(type.size));
        }
        writer_.write_array_header(json.size());
        for (std::size_t i = 0; i < json.size(); ++i) {
            AQD_CHECK(convert(json[i], type.items[0], path.element(i)));
        }
        return {};
    }

    Result<void> write_tuple(const Json& json, const Type& type, const JsonPath& path) {
        if (!json.is_array() || json.size() != type.items.size()) {
            return path.fail("is not a list of " + std::to_string(type.items.size()) + " values");
        }
        writer_.write_array_header(json.size());
        for (std::size_t i = 0; i < json.size(); ++i) {
            AQD_CHECK(convert(json[i], type.items[i], path.element(i)));
        }
        return {};
    }

    /// The fields of a record or a variant, from an object by names or a list in order.
    Result<void> write_fields(const Json& json, const std::vector<abi::Field>& fields,
                              std::string_view owner, const JsonPath& path) {
        if (json.is_array()) {
            if (json.size() != fields.size()) {
                return path.fail(std::string(owner) + " has " + std::to_string(fields.size()) +
                                 " fields, not " + std::to_string(json.size()));
            }
            for (std::size_t i = 0; i < fields.size(); ++i) {
                AQD_CHECK(convert(json[i], fields[i].type, path.member(fields[i].name)));
            }
            return {};
        }
        for (const auto& [name, value] : json.items()) {
            const auto known = std::ranges::any_of(
                fields, [&](const abi::Field& field) { return field.name == name; });
            if (!known) {
                return path.fail(std::string(owner) + " has no field \"" + name + "\"");
            }
        }
        for (const abi::Field& field : fields) {
            const auto found = json.find(field.name);
            if (found == json.end() && field.type.kind != TypeKind::option) {
                return path.fail("the field \"" + field.name + "\" is missing");
            }
            AQD_CHECK(convert(found == json.end() ? Json() : *found, field.type,
                              path.member(field.name)));
        }
        return {};
    }

    Result<void> write_record(const Json& json, const Type& type, const JsonPath& path) {
        const abi::NamedType* record = around_.types->find(type.name);
        if (record == nullptr || record->form != abi::NamedType::Form::record) {
            return path.fail("the record " + type.name + " is not known here");
        }
        writer_.write_array_header(record->fields.size());
        // A record of one field may be written as that field: PersonKey as its digits.
        if (record->fields.size() == 1 && !json.is_array() &&
            !(json.is_object() && json.contains(record->fields[0].name))) {
            return convert(json, record->fields[0].type, path);
        }
        if (!json.is_object() && !json.is_array()) {
            return path.fail("is not a " + type_text(type) + " {…}");
        }
        return write_fields(json, record->fields, type_text(type), path);
    }

    Result<void> write_enumeration(const Json& json, const Type& type, const JsonPath& path) {
        const abi::NamedType* enumeration = around_.types->find(type.name);
        if (enumeration == nullptr || enumeration->form != abi::NamedType::Form::enumeration) {
            return path.fail("the enumeration " + type.name + " is not known here");
        }
        const bool by_object = json.is_object() && json.size() == 1;
        if (!by_object && !json.is_string()) {
            return path.fail("is not a " + type_text(type) + ": a name, or {\"Name\": {…}}");
        }
        const std::string name = by_object ? json.begin().key() : json.get<std::string>();
        const auto& variants = enumeration->variants;
        const auto found = std::ranges::find_if(
            variants, [&](const abi::NamedType::Variant& one) { return one.name == name; });
        if (found == variants.end()) {
            std::string known;
            for (const abi::NamedType::Variant& one : variants) {
                known += (known.empty() ? "" : ", ") + one.name;
            }
            return path.fail(type_text(type) + " has no \"" + name + "\"; there are " + known);
        }
        const auto ordinal = static_cast<std::uint64_t>(found - variants.begin());
        if (found->fields.empty()) {
            writer_.write_uint(ordinal);
            return {};
        }
        if (!by_object) {
            return path.fail("\"" + name + "\" has fields: write {\"" + name + "\": {…}}");
        }
        writer_.write_array_header(1 + found->fields.size());
        writer_.write_uint(ordinal);
        return write_fields(json.begin().value(), found->fields, name, path.member(name));
    }

    Result<void> write_secret(const Json& json, const Type& type, const JsonPath& path) {
        if (json.is_object() && json.size() == 1 && json.contains("commitment")) {
            return write_fixed(json["commitment"], 32, path.member("commitment"));
        }
        if (!around_.commit) {
            return path.fail(
                "is a secret; without a private store only {\"commitment\": \"…\"} "
                "can be given");
        }
        Bytes value;
        Surroundings inside = around_;
        inside.commit = nullptr;
        if (json.is_null()) {
            abi::Writer(value).write_null();
        } else {
            AQD_CHECK(Conversion(inside, value).convert(json, type.items[0], path));
        }
        const std::string name = path.text().substr(path.text().rfind('.') + 1);
        const auto commitment = around_.commit(around_.slot_prefix + name, value);
        if (!commitment) {
            return path.fail(commitment.error());
        }
        writer_.write_bytes(commitment->view());
        return {};
    }

    const Surroundings& around_;
    abi::Writer writer_;
};

}  // namespace

Result<Bytes> to_cbor(const Json& json, const Type& type, const Surroundings& surroundings,
                      const JsonPath& path) {
    Bytes out;
    AQD_CHECK(Conversion(surroundings, out).convert(json, type, path));
    return out;
}

}  // namespace aqd::values

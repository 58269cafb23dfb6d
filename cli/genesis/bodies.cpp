#include "cli/genesis/bodies.h"

#include "cli/files/csv.h"
#include "cli/values/from_cbor.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>

namespace aqd::genesis {
namespace {

using files::Json;
using files::JsonObject;
using files::JsonPath;

Result<std::optional<std::int32_t>> optional_date(JsonObject& object, std::string_view name) {
    if (object.find(name) == nullptr) {
        return std::optional<std::int32_t>();
    }
    AQD_TRY(text, object.text(name));
    const auto day = calendar::parse_date(text);
    if (!day) {
        return object.at(name).fail(day.error());
    }
    return std::optional<std::int32_t>(*day);
}

/// One CBOR array of the members of `object` that `fields` name.
Result<Bytes> fields_of(JsonObject& object, const std::vector<abi::Field>& fields,
                        const Reading& reading) {
    Bytes out;
    abi::Writer(out).write_array_header(fields.size());
    for (const abi::Field& field : fields) {
        const Json* given = object.find(field.name);
        if (given == nullptr && field.type.kind != abi::TypeKind::option) {
            return object.path().fail("\"" + field.name + "\" is missing");
        }
        AQD_TRY(value, values::to_cbor(given == nullptr ? Json() : *given, field.type,
                                       reading.around, object.at(field.name)));
        append(out, value);
    }
    return out;
}

/// A role by full name, "civil.death.Officer", or by its last part if only one module has it.
Result<std::pair<std::string, const abi::Role*>> find_role(std::string_view name,
                                                           const Reading& reading) {
    std::pair<std::string, const abi::Role*> found;
    for (const abi::Manifest& manifest : reading.manifests) {
        for (const abi::Role& role : manifest.roles) {
            const std::string full = manifest.path + "." + role.name;
            if (full == name) {
                return std::pair{full, &role};
            }
            if (role.name == name && found.second != nullptr) {
                return fail(ErrorCode::invalid,
                            "\"" + std::string(name) + "\" may be " + found.first + " or " + full);
            }
            if (role.name == name) {
                found = {full, &role};
            }
        }
    }
    if (found.second == nullptr) {
        return fail(ErrorCode::not_found,
                    "no module declares a role \"" + std::string(name) + "\"");
    }
    return found;
}

Result<std::pair<std::string, const abi::Register*>> find_register(std::string_view name,
                                                                   const Reading& reading) {
    for (const abi::Manifest& manifest : reading.manifests) {
        for (const abi::Register& one : manifest.registers) {
            if (manifest.path + "." + one.name == name) {
                return std::pair{manifest.path, &one};
            }
        }
    }
    return fail(ErrorCode::not_found, "no module declares a register \"" + std::string(name) +
                                          "\"; it is written \"module.path.register\"");
}

}  // namespace

Result<ledger::Genesis::Body> read_body(const Json& json, const JsonPath& path,
                                        const abi::NamedType& authority, const Reading& reading,
                                        std::string& label) {
    AQD_TRY(object, JsonObject::of(json, path));
    ledger::Genesis::Body body;
    body.authority = authority.name;
    AQD_TRY(keys, fields_of(object, authority.fields, reading));
    body.keys = std::move(keys);
    AQD_TRY(attributes, fields_of(object, authority.attributes, reading));
    body.attributes = std::move(attributes);
    if (object.find("assertion_key") != nullptr) {
        AQD_TRY(word, object.text("assertion_key"));
        const auto key = reading.key_of(word);
        if (!key) {
            return object.at("assertion_key").fail(key.error());
        }
        body.assertion_key = *key;
    }
    AQD_TRY(from, optional_date(object, "from"));
    body.from = from.value_or(calendar::min_day);
    AQD_TRY(until, optional_date(object, "until"));
    body.until = until;
    AQD_TRY(called, object.text_or("label", ""));
    label = called;
    AQD_CHECK(object.finish());
    return body;
}

Result<ledger::Genesis::Mandate> read_mandate(const Json& json, const JsonPath& path,
                                              const Reading& reading) {
    AQD_TRY(object, JsonObject::of(json, path));
    AQD_TRY(role_name, object.text("role"));
    const auto role = find_role(role_name, reading);
    if (!role) {
        return object.at("role").fail(role.error());
    }
    ledger::Genesis::Mandate mandate;
    mandate.role = role->first;
    if (role->second->form == abi::Role::Form::by_assertion) {
        return object.at("role").fail(role->first +
                                      " is held by assertion; nobody has a mandate for it");
    }
    if (role->second->form == abi::Role::Form::of_body) {
        AQD_TRY(of, object.need("of"));
        mandate.authority = role->second->authority;
        const abi::Type type{abi::TypeKind::authority, 0, mandate.authority, {}};
        AQD_TRY(keys, values::to_cbor(*of, type, reading.around, object.at("of")));
        mandate.keys = std::move(keys);
    }
    AQD_TRY(holder, object.text("holder"));
    const auto account = reading.account_of(holder);
    if (!account) {
        return object.at("holder").fail(account.error());
    }
    mandate.account = *account;
    if (const Json* person = object.find("person"); person != nullptr) {
        const abi::Type type{abi::TypeKind::person, 0, "", {}};
        AQD_TRY(encoded, values::to_cbor(*person, type, reading.around, object.at("person")));
        AQD_TRY(octets, abi::Reader(encoded).read_fixed<abi::Person>());
        mandate.person = octets;
    }
    AQD_TRY(from, optional_date(object, "from"));
    mandate.from = from.value_or(calendar::min_day);
    AQD_TRY(until, optional_date(object, "until"));
    mandate.until = until;
    AQD_CHECK(object.finish());
    return mandate;
}

Result<void> read_bodies(const Json& json, const JsonPath& path, const Reading& reading,
                         GenesisFile& out) {
    if (!json.is_object()) {
        return path.fail("is not an object of lists, {\"Commune\": […]}");
    }
    for (const auto& [name, list] : json.items()) {
        const JsonPath here = path.member(name);
        const auto authority = reading.types.authority(name);
        if (!authority) {
            return here.fail(authority.error());
        }
        if (!list.is_array()) {
            return here.fail("is not a list […]");
        }
        AQD_TRY(bodies, files::expand_each(list, reading.directory, here));
        for (std::size_t i = 0; i < bodies.size(); ++i) {
            std::string label;
            AQD_TRY(body, read_body(bodies[i], here.element(i), **authority, reading, label));
            if (!label.empty()) {
                const abi::Type type{abi::TypeKind::authority, 0, body.authority, {}};
                AQD_TRY(called, values::from_cbor(body.keys, type, reading.types));
                out.labels[called.get<std::string>()] = label;
            }
            out.genesis.bodies.push_back(std::move(body));
        }
    }
    return {};
}

Result<void> read_mandates(const Json& json, const JsonPath& path, const Reading& reading,
                           GenesisFile& out) {
    AQD_TRY(mandates, files::expand_each(json, reading.directory, path));
    for (std::size_t i = 0; i < mandates.size(); ++i) {
        AQD_TRY(mandate, read_mandate(mandates[i], path.element(i), reading));
        out.genesis.mandates.push_back(std::move(mandate));
    }
    return {};
}

Result<void> read_rows(const Json& json, const JsonPath& path, const Reading& reading,
                       GenesisFile& out) {
    if (!json.is_object()) {
        return path.fail("is not an object of lists, {\"gov.bodies.affiliations\": […]}");
    }
    for (const auto& [name, list] : json.items()) {
        const JsonPath here = path.member(name);
        const auto found = find_register(name, reading);
        if (!found) {
            return here.fail(found.error());
        }
        if (!list.is_array()) {
            return here.fail("is not a list […]");
        }
        AQD_TRY(rows, files::expand_each(list, reading.directory, here));
        for (std::size_t i = 0; i < rows.size(); ++i) {
            AQD_TRY(object, JsonObject::of(rows[i], here.element(i)));
            AQD_TRY(key, object.need("key"));
            AQD_TRY(value, object.need("value"));
            AQD_CHECK(object.finish());
            AQD_TRY(key_cbor,
                    values::to_cbor(*key, found->second->key, reading.around, object.at("key")));
            AQD_TRY(value_cbor, values::to_cbor(*value, found->second->value, reading.around,
                                                object.at("value")));
            out.genesis.rows.push_back(
                {found->first, found->second->name, std::move(key_cbor), std::move(value_cbor)});
        }
    }
    return {};
}

}  // namespace aqd::genesis

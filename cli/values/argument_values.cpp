#include "cli/values/to_cbor.h"

#include <aqd/abi/cbor.h>

#include <algorithm>

// What a call is given: all parameters of an entry, or one from the command line.

namespace aqd::values {
namespace {

using abi::Type;
using abi::TypeKind;

std::string names_of(const std::vector<abi::Field>& fields) {
    std::string names;
    for (const abi::Field& field : fields) {
        names += (names.empty() ? "" : ", ") + field.name + ": " + type_text(field.type);
    }
    return names.empty() ? "nothing" : names;
}

bool may_be_null(const Type& type) {
    return type.kind == TypeKind::option || type.kind == TypeKind::secret ||
           type.kind == TypeKind::unit;
}

}  // namespace

Result<Bytes> arguments_to_cbor(const Json& json, const std::vector<abi::Field>& parameters,
                                const Surroundings& surroundings, const JsonPath& path) {
    if (!json.is_object() && !json.is_array() && !json.is_null()) {
        return path.fail("arguments are an object by names, or a list in order");
    }
    if (json.is_array() && json.size() != parameters.size()) {
        return path.fail("there are " + std::to_string(json.size()) + " arguments; it takes " +
                         names_of(parameters));
    }
    if (json.is_object()) {
        for (const auto& [name, value] : json.items()) {
            if (std::ranges::none_of(parameters,
                                     [&](const abi::Field& field) { return field.name == name; })) {
                return path.fail("there is no parameter \"" + name + "\"; it takes " +
                                 names_of(parameters));
            }
        }
    }
    Bytes out;
    abi::Writer(out).write_array_header(parameters.size());
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        const abi::Field& parameter = parameters[i];
        Json value;
        if (json.is_array()) {
            value = json[i];
        } else if (json.is_object() && json.contains(parameter.name)) {
            value = json[parameter.name];
        } else if (!may_be_null(parameter.type)) {
            return path.fail("\"" + parameter.name + "\" is missing; it takes " +
                             names_of(parameters));
        }
        AQD_TRY(encoded, to_cbor(value, parameter.type, surroundings, path.member(parameter.name)));
        append(out, encoded);
    }
    return out;
}

Result<Json> argument_from_text(std::string_view text, const Type& type) {
    const Type* wanted = &type;
    while (wanted->kind == TypeKind::option || wanted->kind == TypeKind::secret) {
        if (text == "null") {
            return Json();
        }
        wanted = wanted->items.data();
    }
    const bool structured = !text.empty() && (text.front() == '{' || text.front() == '[');
    if (structured && wanted->kind != TypeKind::text) {
        return files::parse_json(text, "argument");
    }
    return Json(std::string(text));
}

}  // namespace aqd::values

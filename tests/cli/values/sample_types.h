#pragma once

#include "cli/values/to_cbor.h"
#include "cli/values/type_table.h"

#include <aqd/abi/manifest.h>

#include <string>
#include <vector>

namespace aqd::values {

inline abi::Type type_of(abi::TypeKind kind, std::uint32_t size = 0, std::string name = {},
                         std::vector<abi::Type> items = {}) {
    return {kind, size, std::move(name), std::move(items)};
}

inline abi::Type text_type(std::uint32_t size) {
    return type_of(abi::TypeKind::text, size);
}

inline abi::Type unsigned_type(std::uint32_t bits) {
    return type_of(abi::TypeKind::unsigned_integer, bits);
}

inline abi::Type option_of(abi::Type item) {
    return type_of(abi::TypeKind::option, 0, "", {std::move(item)});
}

/// Types like those of the pilots.
inline abi::Manifest sample_manifest() {
    using Form = abi::NamedType::Form;
    abi::Manifest manifest;
    manifest.path = "gov.bodies";
    const abi::Type hash = type_of(abi::TypeKind::hash);
    manifest.types = {
        {Form::record, "gov.bodies.PersonKey", {{"value", hash}}, {}, {}},
        {Form::record,
         "gov.bodies.Act",
         {{"office", type_of(abi::TypeKind::authority, 0, "gov.bodies.Commune")},
          {"number", unsigned_type(32)},
          {"died", option_of(type_of(abi::TypeKind::date))}},
         {},
         {}},
        {Form::authority, "gov.bodies.Commune", {{"code", text_type(8)}}, {}, {}},
        {Form::authority, "gov.bodies.Dgsn", {}, {}, {}},
        {Form::authority,
         "gov.bodies.Section",
         {{"court", text_type(8)}, {"letter", text_type(1)}},
         {},
         {}},
        {Form::enumeration,
         "gov.bodies.Status",
         {},
         {},
         {{"Regular", {}}, {"Late", {{"months", unsigned_type(8)}}}}},
    };
    return manifest;
}

inline TypeTable sample_table() {
    TypeTable table(Hash256{});
    table.add(sample_manifest());
    return table;
}

}  // namespace aqd::values

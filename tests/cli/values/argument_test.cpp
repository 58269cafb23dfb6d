#include "cli/values/to_cbor.h"
#include "cli/values/type_table.h"
#include "tests/cli/values/sample_types.h"

#include <catch2/catch.hpp>

namespace aqd::values {
namespace {

using abi::TypeKind;

TEST_CASE("an argument that begins like JSON must be JSON where a structure is wanted") {
    const abi::Type act = type_of(TypeKind::record, 0, "gov.bodies.Act");
    CHECK_FALSE(argument_from_text("{\"a\"", act));
    CHECK(argument_from_text("{\"a\": 1}", act).value().is_object());
    CHECK(argument_from_text("[1]", text_type(9)).value() == "[1]");
    CHECK(argument_from_text("null", option_of(act)).value().is_null());
    CHECK(argument_from_text("null", text_type(9)).value() == "null");
    CHECK(argument_from_text("12", unsigned_type(8)).value() == "12");
}

TEST_CASE("authorities are found by their last name, unless two modules have it") {
    TypeTable table = sample_table();
    CHECK(table.authority("Commune").value()->name == "gov.bodies.Commune");
    CHECK(table.authority("gov.bodies.Commune").value()->name == "gov.bodies.Commune");
    CHECK_FALSE(table.authority("PersonKey"));
    abi::Manifest other;
    other.types = {{abi::NamedType::Form::authority, "old.Commune", {}, {}, {}}};
    table.add(other);
    CHECK(table.authority("Commune").error().message ==
          "\"Commune\" may be one of gov.bodies.Commune, old.Commune");
    CHECK(table.authority("old.Commune"));
}

TEST_CASE("types are written as the language writes them") {
    CHECK(type_text(option_of(text_type(40))) == "text[40]?");
    CHECK(type_text(type_of(TypeKind::list, 6, "", {type_of(TypeKind::body)})) == "list[Body, 6]");
    CHECK(type_text(type_of(TypeKind::record, 0, "gov.bodies.PersonKey")) == "PersonKey");
}

}  // namespace
}  // namespace aqd::values

#include <aqd/abi/upgrade.h>

#include <catch2/catch.hpp>

#include <functional>
#include <string>

using namespace aqd;
using namespace aqd::abi;

namespace {

Type named(TypeKind kind, std::string name) {
    return {kind, 0, std::move(name), {}};
}

const Type number{TypeKind::unsigned_integer, 32, "", {}};
const Type words{TypeKind::text, 20, "", {}};

/// A register of records with an enumeration inside, keyed by an authority; a procedure.
Manifest sample() {
    Manifest manifest;
    manifest.path = "land.deeds";
    manifest.version = 1;
    NamedType office;
    office.form = NamedType::Form::authority;
    office.name = "land.deeds.Office";
    office.fields = {{"code", words}};
    office.attributes = {{"abroad", number}};
    NamedType state;
    state.form = NamedType::Form::enumeration;
    state.name = "land.deeds.State";
    state.variants = {{"Free", {}}, {"Pledged", {{"sum", number}}}};
    NamedType deed;
    deed.name = "land.deeds.Deed";
    deed.fields = {{"area", number}, {"state", named(TypeKind::enumeration, state.name)}};
    manifest.types = {office, state, deed};
    manifest.registers = {
        {"deeds",
         {TypeKind::tuple, 0, "", {named(TypeKind::authority, office.name), number}},
         {TypeKind::list, 4, "", {named(TypeKind::record, deed.name)}},
         "",
         {}}};
    Procedure sale;
    sale.name = "Sale";
    sale.states = {{"open", false, "", {}}, {"sold", true, "", {}}};
    manifest.procedures = {sale};
    return manifest;
}

/// What is said against the change; empty if it may be.
std::string against(const std::function<void(Manifest&)>& change) {
    Manifest after = sample();
    after.version = 2;
    change(after);
    const auto checked = check_upgrade(sample(), after);
    if (checked) {
        return {};
    }
    CHECK(checked.error().code == ErrorCode::conflict);
    return checked.error().message;
}

}  // namespace

TEST_CASE("a version that would lose what is stored is refused, and told why") {
    CHECK(against([](Manifest& m) { m.registers.clear(); }) == "the register deeds is missing");
    CHECK(against([](Manifest& m) { m.registers[0].name = "acts"; }) ==
          "the register deeds is missing");
    CHECK(against([](Manifest& m) { m.registers[0].key = number; }) ==
          "the key of the register deeds has another type");
    CHECK(against([](Manifest& m) { m.registers[0].value.size = 5; }) ==
          "the value of the register deeds has another type");
    CHECK(against([](Manifest& m) { m.types[2].fields[0].type.size = 64; }) ==
          "the field area of what is stored as land.deeds.Deed has another type");
    CHECK(against([](Manifest& m) { m.types[2].fields.pop_back(); }) ==
          "what is stored as land.deeds.Deed has other fields");
    CHECK(against([](Manifest& m) { m.types[2].fields.push_back({"since", number}); }) ==
          "what is stored as land.deeds.Deed has other fields");
    CHECK(against([](Manifest& m) { std::swap(m.types[1].variants[0], m.types[1].variants[1]); }) !=
          "");
    CHECK(against([](Manifest& m) { m.types[1].variants.pop_back(); }) != "");
    CHECK(against([](Manifest& m) { m.types[1].variants[1].fields[0].name = "total"; }) != "");
    CHECK(against([](Manifest& m) { m.types[0].fields[0].type = number; }) != "");
    CHECK(against([](Manifest& m) { m.procedures[0].states[0].name = "begun"; }) ==
          "the state open of the procedure Sale is not where it was: states are only added at the "
          "end");
    CHECK(against([](Manifest& m) { m.procedures[0].states.pop_back(); }) != "");
}

TEST_CASE("what is stored may be added to at its end") {
    CHECK(against([](Manifest&) {}) == "");
    CHECK(against([](Manifest& m) { m.registers.push_back({"more", number, number, "", {}}); }) ==
          "");
    CHECK(against([](Manifest& m) { m.types[1].variants.push_back({"Seized", {}}); }) == "");
    CHECK(against([](Manifest& m) { m.types[0].attributes.push_back({"far", number}); }) == "");
    CHECK(against([](Manifest& m) { m.procedures[0].states.push_back({"void", true, "", {}}); }) ==
          "");
    CHECK(against([](Manifest& m) { m.procedures.clear(); }) == "");
}

TEST_CASE("a type within itself is looked at once") {
    Manifest endless = sample();
    endless.types[2].fields[0].type = named(TypeKind::record, endless.types[2].name);
    CHECK(check_upgrade(endless, endless).has_value());
}

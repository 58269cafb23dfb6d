#include <aqd/abi/keys.h>
#include <aqd/abi/manifest.h>

#include <catch2/catch.hpp>

#include <string>

using namespace aqd;
using namespace aqd::abi;

namespace {

Manifest sample() {
    Manifest manifest;
    manifest.path = "civil.death";
    manifest.version = 1;
    manifest.from = -3;
    manifest.modules = {{"civil.death", {}}, {"gov.bodies", {}}};
    NamedType record;
    record.name = "gov.bodies.PersonKey";
    record.fields = {{"value", {TypeKind::hash, 0, "", {}}}};
    manifest.types = {record};
    manifest.roles = {{"Officer", Role::Form::of_body, "gov.bodies.Commune", 0, ""}};
    manifest.notices.resize(1);
    manifest.notices[0].name = "DeathRegistered";
    manifest.notices[0].act_within = Period{10, 1};
    Procedure procedure;
    procedure.name = "Declaration";
    procedure.labels = {{"ar", "التصريح بالوفاة"}};
    procedure.data = {
        {"person", {TypeKind::option, 0, "", {{TypeKind::record, 0, record.name, {}}}}}};
    procedure.unique = "person";
    procedure.states = {{"review", false, "", {}}, {"established", true, "", {}}};
    procedure.deadlines = {{"examine", {0}, {1}, "15 workdays", "SIMPLIFY", false, true, "d0"}};
    manifest.procedures = {procedure};
    Entry entry;
    entry.kind = EntryKind::step;
    entry.name = "Declaration.establish";
    entry.procedure = "Declaration";
    entry.exported = "Declaration.establish";
    entry.sources = {0};
    entry.targets = {1};
    manifest.entries = {entry};
    return manifest;
}

}  // namespace

TEST_CASE("a manifest that contradicts itself is refused") {
    SECTION("a state that does not exist") {
        Manifest manifest = sample();
        manifest.entries[0].targets = {2};
        const auto decoded = decode_manifest(encode_manifest(manifest));
        REQUIRE_FALSE(decoded);
        CHECK(decoded.error().message.find("names state 2 of 2") != std::string::npos);
    }
    SECTION("a name that is there twice") {
        Manifest manifest = sample();
        manifest.roles.push_back(manifest.roles[0]);
        CHECK_FALSE(decode_manifest(encode_manifest(manifest)));
    }
    SECTION("an entry of no procedure") {
        Manifest manifest = sample();
        manifest.entries[0].procedure = "Other";
        CHECK_FALSE(decode_manifest(encode_manifest(manifest)));
    }
    SECTION("unique by a field that is not there") {
        Manifest manifest = sample();
        manifest.procedures[0].unique = "nobody";
        CHECK_FALSE(decode_manifest(encode_manifest(manifest)));
    }
    SECTION("another ABI version") {
        Manifest manifest = sample();
        manifest.abi = abi_version + 1;
        CHECK(decode_manifest(encode_manifest(manifest)).error().code == ErrorCode::unsupported);
    }
    SECTION("a first module that is not itself") {
        Manifest manifest = sample();
        manifest.modules.erase(manifest.modules.begin());
        CHECK_FALSE(decode_manifest(encode_manifest(manifest)));
    }
    SECTION("a type nested without end") {
        Manifest manifest = sample();
        Type type;
        for (int i = 0; i < 40; ++i) {
            type = Type{TypeKind::option, 0, "", {type}};
        }
        manifest.types[0].fields[0].type = type;
        CHECK(decode_manifest(encode_manifest(manifest)).error().code == ErrorCode::too_large);
    }
}

TEST_CASE("every shorter or longer spelling of a manifest is refused") {
    const Bytes whole = encode_manifest(sample());
    for (std::size_t length = 0; length < whole.size(); ++length) {
        CHECK_FALSE(decode_manifest(BytesView(whole).first(length)));
    }
    Bytes longer = whole;
    longer.push_back(0);
    CHECK_FALSE(decode_manifest(longer));
}

TEST_CASE("a manifest comes back as it was written") {
    const Bytes octets = encode_manifest(sample());
    const auto decoded = decode_manifest(octets);
    REQUIRE(decoded);
    CHECK(encode_manifest(*decoded) == octets);
    CHECK(decoded->from == -3);
    CHECK(decoded->procedure("Declaration")->labels[0].text == "التصريح بالوفاة");
    CHECK(decoded->notices[0].act_within->amount == 10);
    CHECK_FALSE(decoded->notices[0].acknowledge_within);
    CHECK(decoded->entry("Declaration.establish")->targets[0] == 1);
    CHECK(decoded->entry("Declaration.nothing") == nullptr);
}

TEST_CASE("a line table finds the last row at or before an offset") {
    LineTable lines;
    lines.files = {"civil/death.aqd"};
    lines.rows = {{10, 0, 3, 5}, {20, 0, 4, 1}};
    const auto decoded = decode_lines(encode_lines(lines));
    REQUIRE(decoded);
    CHECK(decoded->find(9) == nullptr);
    CHECK(decoded->find(10)->line == 3);
    CHECK(decoded->find(19)->line == 3);
    CHECK(decoded->find(4000)->line == 4);

    std::swap(lines.rows[0], lines.rows[1]);
    CHECK_FALSE(decode_lines(encode_lines(lines)));
    lines.rows = {{10, 1, 3, 5}};
    CHECK_FALSE(decode_lines(encode_lines(lines)));
}

TEST_CASE("identifiers differ by chain, path, procedure, transaction and call") {
    const Hash256 chain;
    Hash256 other;
    other.octets[0] = 1;
    const Lineage lineage = lineage_of(chain, "civil.death");
    CHECK(lineage != lineage_of(other, "civil.death"));
    CHECK(lineage != lineage_of(chain, "civil.deat"));
    const CaseId id = case_id_of(chain, lineage, "Declaration", chain, 0);
    CHECK(id != case_id_of(chain, lineage, "Declaration", chain, 1));
    CHECK(id != case_id_of(chain, lineage, "Declaration", other, 0));
    CHECK(id != case_id_of(chain, lineage, "Declaratio", chain, 0));
}

TEST_CASE("a store key is its kind, its lineage, its name and its key") {
    Lineage lineage;
    lineage.octets.fill(0xaa);
    const Bytes key =
        store_key(KeyKind::register_row, lineage, 0x0102030405060708, Bytes{0x18, 0xff});
    REQUIRE(key.size() == 1 + 32 + 8 + 2);
    CHECK(key[0] == 1);
    CHECK(key[1] == 0xaa);
    CHECK(key[33] == 0x01);
    CHECK(key[40] == 0x08);
    CHECK(key[42] == 0xff);
}

#include "cli/genesis/genesis_json.h"

#include "cli/files/files.h"
#include "cli/files/json.h"
#include "tests/custom_section.h"

#include <aqd/abi/manifest.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <unistd.h>

namespace aqd::genesis {
namespace {

namespace fs = std::filesystem;
using files::Json;

/// A module file with nothing in it but a manifest.
Bytes module_with(const abi::Manifest& manifest) {
    Bytes wasm = {0, 'a', 's', 'm', 1, 0, 0, 0};
    testing::append_custom_section(wasm, abi::manifest_section, abi::encode_manifest(manifest));
    return wasm;
}

abi::Manifest sample_manifest() {
    using Form = abi::NamedType::Form;
    const abi::Type code{abi::TypeKind::text, 8, "", {}};
    abi::Manifest manifest;
    manifest.path = "gov";
    manifest.version = 1;
    manifest.modules = {{"gov", {}}};
    manifest.types = {{Form::authority, "gov.Office", {{"code", code}}, {{"region", code}}, {}},
                      {Form::authority, "gov.Registry", {}, {}, {}}};
    abi::Role clerk;
    clerk.name = "Clerk";
    clerk.authority = "gov.Office";
    abi::Role citizen;
    citizen.name = "Citizen";
    citizen.form = abi::Role::Form::by_assertion;
    citizen.authority = "gov.Registry";
    manifest.roles = {clerk, citizen};
    abi::Register numbers;
    numbers.name = "numbers";
    numbers.key = {abi::TypeKind::unsigned_integer, 8, "", {}};
    numbers.value = {abi::TypeKind::body, 0, "", {}};
    abi::Register days = numbers;
    days.name = "days";
    days.value = {abi::TypeKind::date, 0, "", {}};
    manifest.registers = {numbers, days};
    return manifest;
}

Json sample_genesis() {
    return Json::parse(R"({
      "name": "test", "time": "2026-01-01T00:00:00Z", "clock": "manual", "seed": "s",
      "actors": ["operator", "clerk"], "header_keys": ["operator"], "operators": ["operator"],
      "modules": ["gov.wasm"],
      "bodies": {"Office": [{"code": "A", "region": "R", "label": "North"}]},
      "mandates": [{"role": "Clerk", "of": "A", "holder": "clerk", "until": "2026-12-31"}],
      "registers": {"gov.days": [{"key": 1, "value": "2026-01-05"}]},
      "calendars": [{"module": "cal", "closed": ["sunday"], "holidays": ["2026-05-01"]}]})");
}

Result<GenesisFile> read(const Json& json) {
    const fs::path path =
        fs::temp_directory_path() / ("aqd_genesis_" + std::to_string(::getpid()) + ".json");
    const std::string text = json.dump();
    REQUIRE(files::write(path, as_bytes(text)));
    auto file = read_genesis(path, [](const fs::path& module) -> Result<Bytes> {
        return module.filename() == "gov.wasm"
                   ? Result<Bytes>(module_with(sample_manifest()))
                   : fail(ErrorCode::not_found, module.string() + ": cannot open");
    });
    fs::remove(path);
    return file;
}

/// The error of the sample with one member replaced, from behind the name of the file.
std::string error_with(const char* pointer, const Json& value) {
    Json json = sample_genesis();
    json[Json::json_pointer(pointer)] = value;
    const auto file = read(json);
    return file ? "" : file.error().message.substr(file.error().message.find(": ") + 2);
}

TEST_CASE("every mistake in a genesis is told with its place") {
    CHECK(error_with("/colck", "manual").find("there is no member \"colck\"") == 0);
    CHECK(error_with("/time", "2026-01-01").find("time: ") == 0);
    CHECK(error_with("/clock", "sundial").find("clock: ") == 0);
    CHECK(error_with("/clock", "system").find("seed: ") == 0);
    CHECK(error_with("/header_keys", Json::array()).find("header_keys: ") == 0);
    CHECK(error_with("/header_keys/0", "nobody").find("header_keys[0]: \"nobody\"") == 0);
    CHECK(error_with("/operators/0", 3).find("operators[0]: is not a text") == 0);
    CHECK(error_with("/modules/0", "none.wasm").find("modules[0]: ") == 0);
    CHECK(error_with("/bodies/Office/0/region", Json()).find("bodies.Office[0]: \"region\"") == 0);
    CHECK(error_with("/bodies/Office/0/code", "123456789").find("bodies.Office[0].code: ") == 0);
    CHECK(error_with("/bodies/Office/0/colour", "red").find("bodies.Office[0]: there is no") == 0);
    CHECK(error_with("/bodies/Bureau", Json::array()).find("bodies.Bureau: no module") == 0);
    CHECK(error_with("/mandates/0/role", "Clark").find("mandates[0].role: no module") == 0);
    CHECK(error_with("/mandates/0/role", "Citizen").find("mandates[0].role: gov.Citizen is") == 0);
    CHECK(error_with("/mandates/0/of", Json()).find("mandates[0]: \"of\" is missing") == 0);
    CHECK(error_with("/mandates/0/holder", "x").find("mandates[0].holder: ") == 0);
    CHECK(error_with("/mandates/0/until", "31.12.2026").find("mandates[0].until: ") == 0);
    CHECK(error_with("/registers/gov.none", Json::array()).find("registers.gov.none: ") == 0);
    CHECK(error_with("/registers/gov.days/0/value", "x").find("registers.gov.days[0].value") == 0);
    CHECK(error_with("/calendars/0/closed/0", "sonntag").find("calendars[0].closed[0]: ") == 0);
    CHECK(error_with("/calendars/0/holidays/0", "x").find("calendars[0].holidays[0]: ") == 0);
    CHECK(error_with("/calendars/0/holidays/1", "2026-05-01").find("there twice") !=
          std::string::npos);
    CHECK(error_with("/offsets", Json::parse(R"([{"from": "2026-01-01T00:00:00Z",
        "offset": "+25:00"}])"))
              .find("offsets[0].offset: ") == 0);
    CHECK(error_with("/rules", Json{{"modul_bytes", 1}}).find("rules: there is no member") == 0);
    CHECK(error_with("/rules", Json{{"memory_pages", 5'000'000'000}}).find("rules.memory_pages") ==
          0);
}

TEST_CASE("a Body of any kind cannot stand in a genesis, because it names the chain") {
    Json json = sample_genesis();
    json["registers"] = Json::parse(R"({"gov.numbers": [{"key": 1, "value": "Office:A"}]})");
    const auto file = read(json);
    REQUIRE_FALSE(file);
    CHECK(file.error().message.find("depend on the chain") != std::string::npos);
}

TEST_CASE("a genesis says what the ledger begins with") {
    const auto file = read(sample_genesis());
    INFO((file ? "" : file.error().message));
    REQUIRE(file);
    const ledger::Genesis& genesis = file->genesis;
    CHECK(genesis.name == "test");
    CHECK(genesis.bodies.size() == 1);
    CHECK(genesis.bodies[0].authority == "gov.Office");
    CHECK(genesis.mandates[0].role == "gov.Clerk");
    CHECK(genesis.mandates[0].until.value() == 20'818);
    CHECK(genesis.rows[0].module == "gov");
    CHECK(genesis.calendars[0].closed_weekdays == 64);
    CHECK(file->labels.at("Office:A") == "North");
    CHECK((genesis.modules[0].owner == genesis.operators[0]));
    // The same file gives the same chain.
    CHECK((ledger::chain_id(genesis) == ledger::chain_id(read(sample_genesis())->genesis)));
}

TEST_CASE("a build without the compiler takes no sources") {
    CHECK((read_wasm("a.aqd").error().code == ErrorCode::unsupported));
    CHECK((read_wasm("none.wasm").error().code == ErrorCode::not_found));
    CHECK_FALSE(manifest_of(as_bytes("x"), "x.wasm"));
}

}  // namespace
}  // namespace aqd::genesis

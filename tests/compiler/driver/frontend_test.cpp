#include "compiler/diagnostics/sink.h"
#include "compiler/program/program.h"
#include "tests/compiler/driver/folder.h"

#include <aqd/driver/frontend.h>

#include <catch2/catch.hpp>

using namespace aqd;
using driver::testing::Folder;

namespace {

constexpr const char* toml = "[modules]\nroots = [\"one\", \"two\"]\n";

std::string report_of(const driver::Request& request) {
    auto frontend = driver::Frontend::open(request);
    INFO((frontend ? "" : frontend.error().message));
    REQUIRE(frontend.has_value());
    return frontend->run() ? "" : frontend->report();
}

bool contains(const std::string& text, std::string_view part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("a file or module that is not there is an error of the request") {
    const Folder folder("missing");
    folder.write("aqd.toml", toml);
    const auto file = driver::Frontend::open({.file = folder.path() / "a.aqd"});
    REQUIRE_FALSE(file.has_value());
    CHECK(file.error().code == ErrorCode::not_found);
    const auto module = driver::Frontend::open({.module = "a.b", .roots = {folder.path() / "one"}});
    REQUIRE_FALSE(module.has_value());
    CHECK(contains(module.error().message, "a.b"));
}

TEST_CASE("an aqd.toml that says something else is an error") {
    const Folder folder("toml");
    const auto file = folder.write("a.aqd", "module a version 1\n");
    for (const char* const text :
         {"[modules\n", "", "[modules]\nroots = 3\n", "[modules]\nroots = [1]\n"}) {
        folder.write("aqd.toml", text);
        INFO(text);
        CHECK_FALSE(driver::Frontend::open({.file = file}).has_value());
    }
}

TEST_CASE("modules are found in the first root that has them, from any folder below") {
    const Folder folder("roots");
    folder.write("aqd.toml", toml);
    const auto file = folder.write(
        "one/a/main.aqd", "module a.main version 1\nuse b.types { T }\nview f(x: T) -> T { x }\n");
    folder.write("two/b/types.aqd", "module b.types version 1\nrecord T { x: u8 }\n");
    CHECK(report_of({.file = file}).empty());
    folder.write("one/b/types.aqd", "module b.types version 1\nrecord U { x: u8 }\n");
    CHECK(contains(report_of({.file = file}), "T"));
}

TEST_CASE("a module that is missing is reported where it is used") {
    const Folder folder("unknown");
    folder.write("aqd.toml", toml);
    const auto file = folder.write("one/a.aqd", "module a version 1\nuse b.types { T }\n");
    const std::string report = report_of({.file = file});
    CHECK(contains(report, "AQD0303"));
    CHECK(contains(report, "a.aqd:2"));
}

TEST_CASE("a circle of modules is reported") {
    const Folder folder("circle");
    folder.write("aqd.toml", toml);
    const auto file =
        folder.write("one/a.aqd", "module a version 1\nuse b { T }\nrecord S { x: u8 }\n");
    folder.write("one/b.aqd", "module b version 1\nuse a { S }\nrecord T { x: u8 }\n");
    CHECK(contains(report_of({.file = file}), "AQD0304"));
}

TEST_CASE("a module must bear the name of its place") {
    const Folder folder("place");
    folder.write("aqd.toml", toml);
    const auto file = folder.write("one/a.aqd", "module a version 1\nuse b.c { T }\n");
    folder.write("one/b/c.aqd", "module b.d version 1\nrecord T { x: u8 }\n");
    const std::string report = report_of({.file = file});
    CHECK(contains(report, "b/c.aqd"));
    CHECK(contains(report, "b.d"));
}

TEST_CASE("mistakes of a used module are reported, and nothing is compiled") {
    const Folder folder("used");
    folder.write("aqd.toml", toml);
    const auto file = folder.write("one/a.aqd", "module a version 1\nuse b { T }\n");
    folder.write("one/b.aqd", "module b version 1\nrecord T { x u8 }\n");
    auto frontend = driver::Frontend::open({.file = file});
    REQUIRE(frontend.has_value());
    CHECK_FALSE(frontend->run());
    CHECK(frontend->program() == nullptr);
    CHECK(contains(frontend->report(), "b.aqd:2"));
    CHECK(contains(frontend->report_json(), "\"path\""));
}

TEST_CASE("what the module declares is in its manifest, with constants as CBOR") {
    const Folder folder("declares");
    const auto file = folder.write("m.aqd", R"(module m version 3 from 2026-01-01
legal L = law "1-23"
authority Commune(code: text[8]) has { abroad: bool }
role Officer of Commune
parameter period: days = 30 days from 2020-01-01 basis L, 45 days from 2027-01-01 basis L
parameter term: months = 3 months round down from 2020-01-01 basis L
error Sad fr "Triste" en "sad"
record Row { office: Commune, n: u8 = 3 }
register rows: (u8, text[4]) -> Row owned by Commune changed by Officer of any Commune
/// Puts a row.
action put(office: Commune, public note: text[9]) by Officer of office -> u8 {
    require note.length > 0 else Sad
    rows.set((1, "a"), Row(office))
    7
}
)");
    auto frontend = driver::Frontend::open({.file = file});
    REQUIRE(frontend.has_value());
    const bool good = frontend->run();
    INFO(frontend->report());
    REQUIRE(good);
    const abi::Manifest manifest = frontend->manifest();
    const auto decoded = abi::decode_manifest(abi::encode_manifest(manifest));
    INFO((decoded ? "" : decoded.error().message));
    REQUIRE(decoded.has_value());
    CHECK(decoded->path == "m");
    CHECK(decoded->version == 3);
    REQUIRE(decoded->parameters.size() == 2);
    CHECK(decoded->parameters[0].values[1].value == Bytes{0x18, 45});
    CHECK(decoded->parameters[1].values[0].value == Bytes{0x82, 3, 2});
    REQUIRE(decoded->entries.size() == 1);
    CHECK(decoded->entries[0].doc == "Puts a row.");
    CHECK(decoded->entries[0].actors == std::vector<std::string>{"Officer of office"});
    CHECK(decoded->entries[0].result.kind == abi::TypeKind::unsigned_integer);
    REQUIRE(decoded->registers.size() == 1);
    CHECK(decoded->registers[0].owner == "m.Commune");
    CHECK(decoded->type("m.Row") != nullptr);
    CHECK(decoded->errors.at(0).name == "Sad");
}

#include "tests/cli/program/program.h"

namespace aqd::program {
namespace {

TEST_CASE("a wrong command line ends with 1 and says where help is") {
    const Workplace place;
    for (const char* words : {"", "fly", "call", "keys", "keys fly", "view a", "verify x", "case",
                              "blocks --from x", "init a b"}) {
        INFO(words);
        const Ran ran = place.run(words);
        CHECK(ran.exit == 1);
        CHECK(ran.out.empty());
        CHECK(ran.err.find("aqd --help") != std::string::npos);
    }
    CHECK(place.run("fly").err.find("there is no verb \"fly\"") != std::string::npos);
}

TEST_CASE("help ends with 0 and lists every verb") {
    const Workplace place;
    const Ran help = place.run("--help");
    CHECK(help.exit == 0);
    for (const char* verb :
         {"check",    "build",  "explain",     "inspect", "keys",   "init",        "deploy",
          "call",     "view",   "acknowledge", "tick",    "case",   "obligations", "blocks",
          "receipts", "secret", "prove",       "verify",  "replay", "run"}) {
        INFO(verb);
        CHECK(help.out.find("  " + std::string(verb)) != std::string::npos);
        CHECK(place.run(std::string(verb) + " --help").exit == 0);
    }
}

TEST_CASE("the version is told without a verb") {
    const Workplace place;
    const Ran ran = place.run("--version");
    CHECK(ran.exit == 0);
    CHECK(ran.out.find("aqd ") == 0);
    CHECK(ran.out.find('.') != std::string::npos);
}

TEST_CASE("an error is one JSON document for programs, and words on standard error for people") {
    const Workplace place;
    const Ran ran = place.run("--json case 00 --ledger nowhere");
    CHECK(ran.exit == 2);
    const Json json = ran.json();
    CHECK(json["exit"] == 2);
    CHECK(json["error"]["code"] == "not_found");
    CHECK(ran.err.find("there is no ledger here") != std::string::npos);
}

TEST_CASE("nothing is coloured when nobody watches") {
    const Workplace place;
    CHECK(place.run("explain NotAuthorised").out.find('\033') == std::string::npos);
    CHECK(place.run("explain NotAuthorised").exit == 0);
    CHECK(place.run("explain 3").out.find("NotAuthorised") == 0);
    CHECK(place.run("explain Nothing").exit == 2);
}

TEST_CASE("keys are made once, sealed, for their owner alone, and shown without their secret") {
    const Workplace place;
    const std::string phrase = "AQD_PASSPHRASE=horse";
    CHECK(place.run("keys new jane").exit == 2);  // no passphrase and no terminal
    CHECK(place.run("keys new jane", "AQD_PASSPHRASE=").exit == 2);
    REQUIRE(place.run("keys new jane -o keys_jane.json", phrase).exit == 0);
    CHECK(place.run("keys new jane -o keys_jane.json", phrase).exit == 6);
    const Ran shown = place.run("--json keys show keys_jane.json");
    CHECK(shown.exit == 0);
    CHECK(shown.json()["account"].get<std::string>().size() == 40);
    CHECK(shown.json().size() == 4);
    fs::permissions(place.folder() / "keys_jane.json", fs::perms::group_read,
                    fs::perm_options::add);
    const Ran refused = place.run("keys show keys_jane.json");
    CHECK(refused.exit == 2);
    CHECK(refused.err.find("chmod 600") != std::string::npos);
}

TEST_CASE("mistakes in a source end with 2, with the place in JSON") {
    if (!has_compiler()) {
        const Workplace place;
        place.write("a.aqd", "module a version 1\n");
        const Ran ran = place.run("build a.aqd");
        CHECK(ran.exit == 2);
        CHECK(ran.err.find("has no compiler") != std::string::npos);
        return;
    }
    const Workplace place;
    place.write("a.aqd", "module a version 1\nview f() -> u8 { nothing }\n");
    const Ran ran = place.run("--json check a.aqd");
    CHECK(ran.exit == 2);
    CHECK(ran.json()["errors"] == 1);
    CHECK(ran.json()["files"][0]["diagnostics"][0]["primary"]["begin"]["line"] == 2);
    CHECK(place.run("build a.aqd").exit == 2);
    CHECK_FALSE(fs::exists(place.folder() / "a.wasm"));
    CHECK(place.run("check none.aqd").exit == 2);
}

TEST_CASE("what is no module of ours is not inspected") {
    const Workplace place;
    place.write("a.wasm", "not wasm");
    place.write("b.wasm", std::string("\0asm\1\0\0\0", 8));
    CHECK(place.run("inspect a.wasm").exit == 2);
    CHECK(place.run("inspect b.wasm").err.find("aqd.manifest") != std::string::npos);
}

}  // namespace
}  // namespace aqd::program

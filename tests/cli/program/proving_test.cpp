#include "tests/cli/program/program.h"

namespace aqd::program {
namespace {

constexpr const char* verify = "verify p --trust ledger/chain.json";

TEST_CASE("a proof holds without the ledger; changed, stale or of another chain it does not") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit)).exit == 0);
    REQUIRE(place.run("call --as clerk demo.permit Permit.grant -c permit").exit == 0);
    REQUIRE(place.run("prove --register demo.permit.numbers --key 7 -o p").exit == 0);
    const Json held = place.run("--json " + std::string(verify)).json();
    CHECK(held["holds"] == true);
    CHECK(held["present"] == true);
    CHECK(held["height"] == 2);
    CHECK(place.run(verify).out.find("demo.permit.numbers [7]") == std::string::npos);
    CHECK(place.run(verify).out.find("demo.permit.numbers 7") != std::string::npos);
    CHECK(place.run(std::string(verify) + " --min-height 2").exit == 0);
    CHECK(place.run(std::string(verify) + " --min-height 3").exit == 5);

    const std::string proof = Workplace::read(place.folder() / "p");
    for (std::size_t at = 0; at < proof.size(); at += 61) {
        std::string changed = proof;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        place.write("p", changed);
        CHECK(place.run(verify).exit == 5);
    }
    place.write("p", proof + "x");
    CHECK(place.run(verify).exit == 5);
    place.write("p", "");
    CHECK(place.run(verify).exit == 5);

    place.write("p", proof);
    Json trust =
        files::parse_json(Workplace::read(place.folder() / "ledger/chain.json"), "").value();
    trust["chain"] = std::string(64, '0');
    place.write("other.json", trust.dump());
    CHECK(place.run("verify p --trust other.json").exit == 5);
    trust["chains"] = 1;
    place.write("other.json", trust.dump());
    CHECK(place.run("verify p --trust other.json").exit == 2);
}

TEST_CASE("absence is proved, too, and a proof says exactly what was asked") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit)).exit == 0);
    const Json absent =
        place.run("--json prove --register demo.permit.numbers --key 8 -o p").json();
    CHECK(absent["present"] == false);
    CHECK(place.run(verify).out.find("absent") != std::string::npos);
    CHECK(place.run("--json prove --case permit -o p").json()["present"] == true);
    CHECK(place.run("prove -o p").exit == 1);
    CHECK(place.run("prove --register demo.permit.numbers -o p").exit == 1);
    CHECK(place.run("prove --register demo.permit.names --key 7 -o p").exit == 2);
    CHECK(place.run("prove --register demo.permit.numbers --key seven -o p").exit == 2);
}

TEST_CASE("a replay finds a changed block") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit)).exit == 0);
    REQUIRE(place.run("call --as clerk demo.permit Permit.grant -c permit").exit == 0);
    const Json replayed = place.run("--json replay").json();
    CHECK(replayed["holds"] == true);
    CHECK(replayed["blocks"] == 2);
    std::string log = Workplace::read(place.folder() / "ledger/blocks.log");
    log[log.size() / 2] = static_cast<char>(log[log.size() / 2] ^ 1);
    place.write("ledger/blocks.log", log);
    CHECK(place.run("replay").exit >= 5);
}

TEST_CASE("a secret is readable by its holder, checkable in a copy, and gone when erased") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit)).exit == 0);
    const std::string commitment =
        place.run("--json case permit").json()["data"]["plan"].get<std::string>();
    CHECK(Workplace::read(place.folder() / "ledger/blocks.log").find("secret-plan") ==
          std::string::npos);
    const Json listed = place.run("--json secret list").json();
    REQUIRE(listed["records"].size() == 1);
    CHECK(listed["records"][0]["value"] == "secret-plan");

    REQUIRE(place.run("secret export " + commitment + " -o copy.json").exit == 0);
    CHECK(place.run("secret export " + commitment + " -o copy.json").exit == 6);
    const Ran checked = place.run("--json secret check copy.json --commitment " + commitment);
    CHECK(checked.exit == 0);
    CHECK(checked.json()["value"] == "secret-plan");
    CHECK(place.run("secret check copy.json --commitment " + std::string(64, '0')).exit == 5);
    Json copy = files::parse_json(Workplace::read(place.folder() / "copy.json"), "").value();
    copy["value"] = "6a" + copy["value"].get<std::string>().substr(2);
    place.write("edited.json", copy.dump());
    CHECK(place.run("secret check edited.json").exit == 5);
    // Without its own claim it is simply a copy of something else.
    copy.erase("commitment");
    place.write("edited.json", copy.dump());
    CHECK(place.run("secret check edited.json --commitment " + commitment).exit == 5);

    CHECK(place.run("secret erase " + commitment + " --as clerk --reason purge").exit == 0);
    CHECK(place.run("secret export " + commitment + " -o again.json").exit == 2);
    CHECK(place.run("secret erase " + commitment + " --as clerk --reason purge").exit == 6);
    CHECK(place.run("--json secret list").json()["erased"][0]["valid"] == true);
    // The ledger does not care.
    CHECK(place.run("replay").exit == 0);
}

}  // namespace
}  // namespace aqd::program

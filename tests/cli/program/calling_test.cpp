#include "tests/cli/program/program.h"

namespace aqd::program {
namespace {

TEST_CASE(
    "a refusal ends with 3, a call that is not admitted with 4, and neither changes the state") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit)).exit == 0);
    const Json before = place.run("--json blocks").json()["blocks"].back();

    const Ran stranger =
        place.run("--json call --as stranger demo.permit Permit.grant --case permit");
    CHECK(stranger.exit == 3);
    CHECK(stranger.json()["calls"][0]["refused"]["name"] == "NotAuthorised");
    const Ran nonce =
        place.run("--json call --as clerk demo.permit Permit.grant --case permit --nonce 9");
    CHECK(nonce.exit == 4);
    CHECK(nonce.json()["exit"] == 4);
    CHECK(place.run("call --as clerk demo.permit Permit.grant -c permit --valid-until 1").exit ==
          4);

    const Json after = place.run("--json blocks").json()["blocks"].back();
    CHECK(after["state_root"] == before["state_root"]);
    CHECK(after["refused"] == 1);
}

TEST_CASE("a refusal is told with the contract's texts and the place in the source") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit)).exit == 0);
    REQUIRE(place.run("call --as clerk demo.permit Permit.grant --case permit").exit == 0);
    std::string again(file_a_permit);
    again.replace(again.find("--save permit"), 13, "--save second");
    REQUIRE(place.run(again).exit == 0);
    const Ran tried = place.run("call --as clerk demo.permit Permit.grant --case second --dry-run");
    CHECK(tried.exit == 3);
    CHECK(tried.out.find("NumberTaken   Le numéro est déjà pris") != std::string::npos);
    CHECK(tried.out.find("the number is taken") != std::string::npos);
    CHECK(tried.out.find("permit.aqd:40") != std::string::npos);
    CHECK(tried.out.find("0 writes") != std::string::npos);
    const Json site =
        place.run("--json call --as clerk demo.permit Permit.grant --case second --dry-run")
            .json()["calls"][0]["site"];
    CHECK(site["line"] == 40);
}

TEST_CASE("arguments that do not fit are refused before anything is signed") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    const std::string begin = "call --as citizen demo.permit Permit.file ";
    CHECK(place.run(begin).err.find("\"office\" is missing") != std::string::npos);
    CHECK(place.run(begin + "-a office=A -a number=-1").err.find("arguments.number") !=
          std::string::npos);
    CHECK(place.run(begin + "-a office=A -a nubmer=1").err.find("no parameter \"nubmer\"") !=
          std::string::npos);
    CHECK(place.run(begin + "--args '{\"office\": 1'").exit == 2);
    CHECK(place.run(begin + "--args @none.json").exit == 2);
    CHECK(place.run("call --as citizen demo.permit Permit.fly").err.find("Permit.file") !=
          std::string::npos);
    CHECK(place.run("call --as citizen demo.parmit Permit.file").err.find("demo.permit") !=
          std::string::npos);
    CHECK(place.run("call --as nobody demo.permit Permit.file").exit == 2);
    CHECK(place.run("view demo.permit Permit.file -a office=A").exit == 2);
    CHECK(place.run("--json blocks").json()["tip"] == 0);
}

TEST_CASE("an assertion is for one call: without it, or too weak, nobody may file") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    const std::string file =
        "call --as citizen demo.permit Permit.file -a office=A -a number=7 -a plan=p ";
    CHECK(place.run(file).exit == 3);
    CHECK(place.run(file + "--assert-by registry --subject jane --level 1").exit == 3);
    CHECK(place.run(file + "--assert-by registry --subject jane").exit == 1);
    CHECK(place.run(file + "--assert-by clerk --subject jane --level 2").exit == 2);
    CHECK(place.run(file + "--assert-by registry --subject jane --level 2").exit == 0);
}

TEST_CASE("what is signed for later waits for a tick, in order") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit) + " --pending").exit == 0);
    REQUIRE(place.run(std::string(file_a_permit) + " --pending").exit == 0);
    CHECK(place.run("--json blocks").json()["tip"] == 0);
    const Ran ticked = place.run("--json tick");
    CHECK(ticked.exit == 0);
    CHECK(ticked.json()["blocks"][0]["receipts"].size() == 2);
    CHECK(fs::is_empty(place.folder() / "ledger/pending"));
    CHECK(place.run("tick --at 2026-01-01").exit == 2);  // not later than the tip
    // An assertion does not wait for ever.
    REQUIRE(place.run(std::string(file_a_permit) + " --pending").exit == 0);
    CHECK(place.run("tick --at 2026-01-05").exit == 3);
}

TEST_CASE("the clock fires deadlines and finds who is late") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    REQUIRE(place.run(std::string(file_a_permit) + " --at '2026-01-05 09:00'").exit == 0);
    const Json filed = place.run("--json case permit").json();
    CHECK(filed["state"] == "filed");
    CHECK(filed["deadlines"][0]["due"] == "2026-02-04");
    CHECK(filed["data"]["holder"] == true);
    CHECK(filed["data"]["plan"].get<std::string>().size() == 64);
    REQUIRE(place.run("call --as clerk demo.permit Permit.grant -c permit --at 2026-01-12").exit ==
            0);
    CHECK(place.run("--json obligations --overdue").json()["obligations"].empty());
    REQUIRE(place.run("tick --at '2026-01-14 23:59'").exit == 0);
    CHECK(place.run("--json obligations --overdue").json()["obligations"].empty());
    const Ran late = place.run("tick --at 2026-01-15");
    CHECK(late.out.find("overdue: Registry") != std::string::npos);
    const Json list = place.run("--json obligations --overdue --body Registry").json();
    REQUIRE(list["obligations"].size() == 1);
    CHECK(list["obligations"][0]["acknowledge_by"] == "2026-01-14");
    CHECK(place.run("--json obligations --on 2026-01-13").json()["obligations"][0]["standing"] ==
          "sent");
    // Nobody speaks for the registry.
    CHECK(place.run("acknowledge permit Registry --as clerk").exit == 3);
    CHECK(place.run("acknowledge permit Office:A --as clerk").exit == 2);
}

TEST_CASE("a case that is not there, and a chain whose clock is the system's") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    CHECK(place.run("case " + std::string(40, '0')).exit == 2);
    CHECK(place.run("case nobody").exit == 2);
    CHECK(place.run("receipts 99").exit == 2);
    CHECK(place.run("receipts " + std::string(64, '0')).exit == 2);
    CHECK(place.run("receipts x").exit == 2);
    CHECK(place.run("init genesis.json").exit == 6);  // there is a ledger already

    std::string genesis = shipped("genesis.json");
    genesis.replace(genesis.find("\"manual\""), 8, "\"system\"");
    place.write("system.json", genesis);
    const Ran seeded = place.run("init system.json --ledger other");
    CHECK(seeded.exit == 2);
    CHECK(seeded.err.find("seed: keys that derive from a seed") != std::string::npos);
}

TEST_CASE("only an operator deploys, and only what is a module") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    std::string source = shipped("demo/permit.aqd");
    source.replace(source.find("version 1 from 2020-01-01"), 25, "version 2 from 2026-02-01");
    place.write("demo/permit.aqd", source);
    CHECK(place.run("deploy demo/permit.aqd --as stranger").exit == 3);
    const Ran deployed = place.run("deploy demo/permit.aqd --as operator");
    CHECK(deployed.exit == 0);
    CHECK(deployed.out.find("deployed demo.permit 2") != std::string::npos);
    place.write("bad.wasm", "bad");
    CHECK(place.run("deploy bad.wasm --as operator").exit == 3);
    CHECK(place.run("deploy none.wasm --as operator").exit == 2);
    // Cases of before keep their version, those of after get the new one.
    REQUIRE(place.run(std::string(file_a_permit) + " --at 2026-01-31").exit == 0);
    CHECK(place.run("--json case permit").json()["version"] == 1);
    REQUIRE(place.run(std::string(file_a_permit) + " --at '2026-02-01 10:00'").exit == 0);
    CHECK(place.run("--json case permit").json()["version"] == 2);
}

TEST_CASE("the ledger's own entries take words, and only operators may use them") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    begin_ledger(place);
    const std::string grant =
        " aqd.system grant -a role=Clerk -a of=A -a holder=registrar -a from=2026-01-01";
    CHECK(place.run("call --as clerk" + grant).exit == 3);
    CHECK(place.run("call --as operator" + grant).exit == 0);
    CHECK(place.run("call --as operator aqd.system grant -a role=Clark").err.find("Clark") !=
          std::string::npos);
    CHECK(place.run("call --as operator aqd.system fly").err.find("set_offset") !=
          std::string::npos);
    REQUIRE(place.run(std::string(file_a_permit)).exit == 0);
    CHECK(place.run("call --as registrar demo.permit Permit.grant -c permit").exit == 0);
    CHECK(place.run("call --as operator aqd.system revoke -a role=Clerk -a of=A -a holder=clerk")
              .exit == 0);
}

}  // namespace
}  // namespace aqd::program

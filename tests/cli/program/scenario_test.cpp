#include "tests/cli/program/program.h"

namespace aqd::program {
namespace {

constexpr const char* head = R"({"name": "s", "genesis": "genesis.json",
 "actors": {"citizen": {"label": "Jane", "asserted_by": "registry", "level": 2}}, "steps": [)";

constexpr const char* file_step = R"({"at": "2026-01-05 09:00", "as": "citizen",
 "call": "demo.permit Permit.file", "args": {"office": "A", "number": 7, "plan": "x"},
 "save": "permit", "expect": {"state": "filed", "data": {"number": 7}}})";

/// Plays steps on a fresh ledger.
Ran play(const Workplace& place, const std::string& steps) {
    place.write("genesis.json", shipped("genesis.json"));
    place.write("permit.wasm", compiled_permit());
    place.write("s.json", head + steps + "]}");
    std::error_code ignored;
    fs::remove_all(place.folder() / "ledger", ignored);
    return place.run("--json run s.json");
}

TEST_CASE("a step that is not as expected ends with 5 and its place") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    const struct {
        const char* step;
        const char* said;
    } wrong[] = {
        {R"({"as": "clerk", "call": "demo.permit Permit.grant", "case": "permit",
             "expect": {"refused": "NotAuthorised"}})",
         "expected refused NotAuthorised, but it was done"},
        {R"({"as": "stranger", "call": "demo.permit Permit.grant", "case": "permit"})",
         "expected success, but it was refused NotAuthorised"},
        {R"({"as": "clerk", "call": "demo.permit Permit.grant", "case": "permit",
             "expect": {"state": "lapsed"}})",
         "expected the case in lapsed, but it is in granted"},
        {R"({"as": "clerk", "call": "demo.permit Permit.grant", "case": "permit",
             "expect": {"unchanged": true}})",
         "expected the state root unchanged"},
        {R"({"as": "clerk", "call": "demo.permit Permit.grant", "case": "permit",
             "expect": {"events": {"notice_sent": 2}}})",
         "expected 2 × notice_sent, but there were 1"},
        {R"({"view": "demo.permit place", "args": {"number": 7}, "expect": {"result": "Taken"}})",
         "expected \"Taken\", but the result is \"Free\""},
        {R"({"obligations": {}, "expect": {"count": 1}})", "expected 1 obligations"},
        {R"({"check": "permit", "expect": {"data": {"number": 8}}})", "expected number 8"},
        {R"({"as": "clerk", "call": "demo.permit Permit.grant", "case": "permit",
             "expect": {"not_admitted": "nonce"}})",
         "expected not admitted"},
    };
    for (const auto& one : wrong) {
        INFO(one.step);
        const Ran ran = play(place, std::string(file_step) + "," + one.step);
        CHECK(ran.exit == 5);
        CHECK(ran.err.find("s: steps[1]: ") != std::string::npos);
        INFO(ran.err);
        CHECK(ran.err.find(one.said) != std::string::npos);
        CHECK(ran.json()["as_expected"] == false);
    }
}

TEST_CASE("a scenario that makes no sense ends with 2 and its place") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    const struct {
        const char* step;
        const char* said;
    } wrong[] = {
        {R"({"fly": true})", "steps[1]: is no step"},
        {R"({"tick": true, "at": "2026-01-04"})", "steps[1].at: is not later"},
        {R"({"tick": true, "at": "soon"})", "steps[1].at"},
        {R"({"tick": true, "expect": {"sate": "filed"}})", "there is no member \"sate\""},
        {R"({"as": "clerk", "call": "Permit.grant"})", "steps[1].call: is not a module"},
        {R"({"as": "nobody", "call": "demo.permit Permit.grant"})", "steps[1].as"},
        {R"({"as": "clerk", "call": "demo.permit Permit.grant", "case": "other"})",
         "steps[1].case: \"other\" is neither"},
        {R"({"as": "clerk", "call": "demo.permit Permit.grant", "args": {"x": 1}})",
         "there is no parameter \"x\""},
        {R"({"block": [{"each": "none.csv", "as": "clerk"}]})", "steps[1].block[0].each"},
        {R"({"check": "permit", "expect": {"data": {"colour": 1}}})", "no such field"},
    };
    for (const auto& one : wrong) {
        INFO(one.step);
        const Ran ran = play(place, std::string(file_step) + "," + one.step);
        CHECK(ran.exit == 2);
        INFO(ran.err);
        CHECK(ran.err.find(one.said) != std::string::npos);
    }
}

TEST_CASE("either order of two calls in a block, tables, and the same roots every time") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    place.write("permits.csv", "n,plan\n1,alpha\n2,\"be, ta\"\n3,gamma\n");
    const std::string steps =
        R"({"at": "2026-01-05 09:00", "block": [{"each": "permits.csv", "as": "citizen",
             "call": "demo.permit Permit.file", "save": "p{n}",
             "args": {"office": "A", "number": "{n}", "plan": "{plan}"}}],
            "expect": {"events": {"case_opened": 3}}},
           {"block": [{"as": "stranger", "call": "demo.permit Permit.grant", "case": "p1",
                       "expect": {"refused": "NotAuthorised"}},
                      {"as": "clerk", "call": "demo.permit Permit.grant", "case": "p1"}]},
           {"view": "demo.permit place", "args": {"number": 1}, "expect": {"result": "Taken"}},
           {"at": "2026-03-01", "tick": true, "expect": {"events": {"deadline_fired": 2}}},
           {"check": "p2", "expect": {"state": "lapsed"}},
           {"keep": {"first": {"copy": {"case": "p1", "secret": "plan"}}}})";
    const Ran first = play(place, steps);
    INFO(first.err);
    REQUIRE(first.exit == 0);
    const Ran second = play(place, steps);
    CHECK(first.json()["state_root"] == second.json()["state_root"]);
    CHECK(first.json()["scenarios"][0]["calls"] == 5);
    CHECK(place.run("replay").exit == 0);
}

TEST_CASE("a scenario is refused where nobody's keys are known") {
    if (!has_compiler()) {
        return;
    }
    const Workplace place;
    place.write("permit.wasm", compiled_permit());
    place.write("s.json", R"({"steps": []})");
    CHECK(place.run("run s.json").err.find("names no \"genesis\"") != std::string::npos);
    REQUIRE(place.run("keys new op -o op.json", "AQD_PASSPHRASE=p").exit == 0);
    place.write("genesis.json",
                R"({"name": "x", "time": "2026-01-01T00:00:00Z", "clock": "manual",
                    "actors": {"op": "@op.json"}, "header_keys": ["op"], "operators": ["op"]})");
    REQUIRE(place.run("init genesis.json").exit == 0);
    const Ran ran = place.run("run s.json --block-key op.json", "AQD_PASSPHRASE=p");
    CHECK(ran.exit == 2);
    CHECK(ran.err.find("needs a ledger with a manual clock and a \"seed\"") != std::string::npos);
    // Without the key no block is made.
    CHECK(place.run("tick").exit == 2);
    CHECK(place.run("tick --block-key op.json", "AQD_PASSPHRASE=wrong").exit == 2);
    CHECK(place.run("tick --block-key op.json", "AQD_PASSPHRASE=p").exit == 0);
}

}  // namespace
}  // namespace aqd::program

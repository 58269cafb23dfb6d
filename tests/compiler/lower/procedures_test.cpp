#include "tests/compiler/lower/contract.h"
#include "tests/compiler/lower/notation.h"

#include <aqd/calendar/iso_text.h>

#include <catch2/catch.hpp>

using aqd::Bytes;
using aqd::lower::testing::Contract;
using aqd::lower::testing::notation;

namespace {

constexpr const char* permit = R"(module t.permit version 1 serves Commune
use t.calendar as calendar
legal L = law "1-23" article "4"
authority Commune(code: text[8]) has { chief: text[4] }
authority Police
role Officer of Commune
role Chief of Commune
role Citizen by assertion of Police level 2
parameter study: workdays = 15 workdays from 2020-01-01 basis L, 5 workdays from 2026-07-01 basis L
error Empty fr "vide" en "empty"
register granted: CaseId -> u32 owned by Commune changed by Officer of any Commune | Chief of any Commune
enum Why { Unknown, Late(days: u16) }

procedure Permit(office: Commune) unique plot calendar calendar {
    label fr "Permis"
    var plot: u32? = none
    var size: u16
    var why: Why = Unknown
    var seen: u8 = 0
    var hearing: date? = none
    party owner: Citizen
    party decider: Officer of office | Chief of office
    secret plan: bytes[1K] held by office purge 1 year after settled
    states review, incomplete, heard, appealed, granted, refused
    settled granted, refused

    start file(plot, area: u16, plan) by Citizen as owner in none | incomplete -> review backdated within 5 days {
        require area > 0 else Empty
        size = area
        receipt to owner
        goto review
    }
    start draft(area: u16) by Chief of office -> incomplete { size = area; goto incomplete }
    step look() by Officer of office in review -> stay once { seen += 1; goto stay }
    step ask_more(public reason: text[20]) by Officer of office in review -> incomplete {
        notify owner plan
        why = Late(days: 7)
        goto incomplete
    }
    step complete(plan) by owner in incomplete -> review { goto review }
    step grant(n: u32) by Officer of office as decider in review by Chief of office as decider in incomplete -> granted {
        granted.put(case, n)
        goto granted
    }
    step refuse() by Officer of office as decider in review -> appealed { goto appealed }
    step rule(good: bool) by Officer of office | Chief of office except decider in appealed -> granted | refused {
        if good { granted.put(case, 0) }
        goto if good then granted else refused
    }
    step summon(day: date?) by Chief of office in review | heard -> heard { hearing = day; goto heard }
    step spoil() by Officer of office in review -> stay { size = 0; goto stay }

    deadline answer: study in review basis L expires breach of office -> granted { escalate to Chief of office; goto granted }
    deadline wait: 3 months round down in incomplete expires -> refused { goto refused }
    deadline appeal: 30 days clear exact in appealed expires -> refused { goto refused }
    deadline at_hearing at hearing in heard expires -> review { goto review }
    access plan by Officer of office in review | appealed purpose "check the plan" basis L
    invariant sized: size > 0
    invariant numbered: case.state == granted implies granted.has(case) or seen == 0
}
)";

struct Permit : Contract {
    Permit() : Contract(permit, {"module t.calendar version 1\n"}) {
        host.bodies = {host.named_by(0, "Commune", "[\"A\"]"),
                       host.named_by(0, "Commune", "[\"B\"]")};
        host.today = *aqd::calendar::parse_date("2026-03-05");
    }
    void citizen(std::uint8_t who) {
        host.person = Bytes(32, who);
        host.roles = {host.named_by(0, "Citizen", "")};
    }
    void holder(const char* role, const char* body, std::uint8_t who = 9) {
        host.person = Bytes(32, who);
        host.roles = {host.named_by(0, role, body)};
    }
    std::string file(const char* plot, const char* office = "[\"A\"]") {
        return refusal("Permit.file",
                       "[" + std::string(office) + ", " + plot + ", 12, " + plan + "]");
    }
    std::string data(std::size_t index) { return notation(*host.cases.at(index).data); }
    std::uint32_t state(std::size_t index) { return *host.cases.at(index).state; }

    const std::string plan = "h'" + std::string(64, '5') + "'";
};

const std::string good = "success: ";

}  // namespace

TEST_CASE("a step is refused in the order of the checks") {
    Permit c;
    // No case: who fits a role that does not depend on it learns that, nobody else anything.
    c.citizen(1);
    CHECK(c.refusal("Permit.grant", "[1]") == "NotAuthorised");
    CHECK(c.refusal("Permit.grant", "[1, 2]") == "Decode");
    CHECK(c.file("7", "[\"C\"]") == "UnknownBody");
    CHECK(c.file("7") == good);
    c.host.named = 0;
    CHECK(c.refusal("Permit.grant", "[1]") == "NotAuthorised");
    c.holder("Officer", "[\"B\"]");
    CHECK(c.refusal("Permit.grant", "[1]") == "NotAuthorised");
    c.holder("Chief", "[\"A\"]");
    CHECK(c.refusal("Permit.grant", "[1]") == "WrongState");
    CHECK(c.refusal("Permit.rule", "[true]") == "WrongState");
    c.holder("Officer", "[\"A\"]", 3);
    CHECK(c.refusal("Permit.rule", "[true]") == "WrongState");
    CHECK(c.refusal("Permit.refuse", "[]") == good);
    CHECK(c.refusal("Permit.rule", "[true]") == "SamePerson");
    c.holder("Officer", "[\"A\"]", 4);
    CHECK(c.refusal("Permit.rule", "[true]") == good);
    CHECK(c.state(0) == 4);
    CHECK(c.host.cases[0].settled);
}

TEST_CASE("a start fills data, binds the party, and arms the deadlines of its state") {
    Permit c;
    c.citizen(1);
    REQUIRE(c.file("7") == good);
    REQUIRE(c.host.cases.size() == 1);
    CHECK(c.data(0).starts_with("[[\"A\"], 7, 12, 0, 0, null, h'0101"));
    CHECK(c.data(0).find(c.plan) != std::string::npos);
    CHECK(c.data(0).ends_with(", 0]"));
    CHECK(c.state(0) == 0);
    CHECK(notation(*c.host.cases[0].unique) == "7");
    CHECK(c.host.log ==
          std::vector<std::string>{"backdate 5", "receipt_to 0101",
                                   "arm 0 " + std::to_string(c.host.today) + " 15 1 0 1"});
}

TEST_CASE("a parameter has the value of the day on which the case was opened") {
    Permit c;
    c.citizen(1);
    c.host.today = *aqd::calendar::parse_date("2026-07-02");
    c.host.effective = *aqd::calendar::parse_date("2026-06-30");
    REQUIRE(c.file("7") == good);
    CHECK(c.host.log.back() == "arm 0 " + std::to_string(*c.host.effective) + " 15 1 0 1");
    c.host.effective.reset();
    REQUIRE(c.file("8") == good);
    CHECK(c.host.log.back() == "arm 0 " + std::to_string(c.host.today) + " 5 1 0 1");
    // Later entries of the old case still see the old value.
    c.host.named = 0;
    c.holder("Officer", "[\"A\"]");
    REQUIRE(c.refusal("Permit.ask_more", "[\"x\"]") == good);
    c.citizen(1);
    REQUIRE(c.refusal("Permit.complete", "[" + c.plan + "]") == good);
    CHECK(c.host.log.back() == "arm 0 " + std::to_string(c.host.today) + " 15 1 0 1");
}

TEST_CASE("a second start joins the open case in the right state, from the same office only") {
    Permit c;
    c.citizen(1);
    REQUIRE(c.file("7") == good);
    CHECK(c.file("7") == "OtherCase");  // in review, which `in` does not name
    c.host.named = 0;
    c.holder("Officer", "[\"A\"]");
    REQUIRE(c.refusal("Permit.ask_more", "[\"x\"]") == good);
    c.citizen(2);
    CHECK(c.file("7", "[\"B\"]") == "OtherCase");
    REQUIRE(c.file("7") == good);
    CHECK(c.host.cases.size() == 1);
    CHECK(c.data(0).find("h'0202") != std::string::npos);
    REQUIRE(c.file("null") == good);
    REQUIRE(c.file("null") == good);
    CHECK(c.host.cases.size() == 3);
    CHECK_FALSE(c.host.cases[2].unique.has_value());
}

TEST_CASE("once is counted by success, and stay leaves the deadlines alone") {
    Permit c;
    c.citizen(1);
    REQUIRE(c.file("7") == good);
    c.host.named = 0;
    c.host.log.clear();
    c.holder("Officer", "[\"A\"]");
    CHECK(c.refusal("Permit.look", "[]") == good);
    CHECK(c.host.log.empty());
    CHECK(c.refusal("Permit.look", "[]") == "Once");
    CHECK(c.data(0).ends_with(", 1]"));
}

TEST_CASE("leaving a state disarms, entering arms, and messages leave the case") {
    Permit c;
    c.citizen(1);
    REQUIRE(c.file("7") == good);
    c.host.named = 0;
    c.host.log.clear();
    c.holder("Officer", "[\"A\"]");
    REQUIRE(c.refusal("Permit.ask_more", "[\"x\"]") == good);
    CHECK(c.host.log ==
          std::vector<std::string>{"notify " + c.plan, "disarm 0",
                                   "arm 1 " + std::to_string(c.host.today) + " 3 2 8 1"});
    CHECK(c.data(0).starts_with("[[\"A\"], 7, 12, [1, 7], 0, null"));
    c.host.log.clear();
    c.holder("Chief", "[\"A\"]");
    REQUIRE(c.refusal("Permit.grant", "[5]") == good);
    CHECK(c.host.log == std::vector<std::string>{"disarm 1"});
    CHECK(c.host.cases[0].settled);
    CHECK(c.host.registers.size() == 1);
}

TEST_CASE("a deadline at a variable follows the variable") {
    Permit c;
    c.citizen(1);
    REQUIRE(c.file("7") == good);
    c.host.named = 0;
    c.holder("Chief", "[\"A\"]");
    c.host.log.clear();
    REQUIRE(c.refusal("Permit.summon", "[20700]") == good);
    CHECK(c.host.log == std::vector<std::string>{"disarm 0", "arm_at 3 0 20700"});
    c.host.log.clear();
    REQUIRE(c.refusal("Permit.summon", "[20700]") == good);
    CHECK(c.host.log.empty());
    REQUIRE(c.refusal("Permit.summon", "[20701]") == good);
    CHECK(c.host.log == std::vector<std::string>{"arm_at 3 0 20701"});
    c.host.log.clear();
    REQUIRE(c.refusal("Permit.summon", "[null]") == good);
    CHECK(c.host.log == std::vector<std::string>{"disarm 3"});
}

TEST_CASE("a broken invariant refuses the call, at the line of the invariant") {
    Permit c;
    c.citizen(1);
    CHECK(c.refusal("Permit.file", "[[\"A\"], 7, 0, " + c.plan + "]") == "Empty");
    c.host.cases.clear();
    REQUIRE(c.file("7") == good);
    c.host.named = 0;
    c.holder("Officer", "[\"A\"]");
    const auto answer = c.call("Permit.spoil", "[]");
    CHECK(answer.refusal == static_cast<std::uint16_t>(aqd::abi::Refusal::InvariantBroken));
    CHECK(answer.line == 58);
}

TEST_CASE("the machine fires a deadline: breach, body, disarming") {
    Permit c;
    c.citizen(1);
    REQUIRE(c.file("7") == good);
    c.host.log.clear();
    c.host.roles.clear();
    const auto fire = [&](const std::string& entry) {
        c.host.named.reset();
        return c.react(0, entry, "[]");
    };
    CHECK(fire("Permit.wait").empty());  // not in this state: nothing happens
    CHECK(c.host.log.empty());
    CHECK(fire("Permit.answer").empty());
    CHECK(c.host.log == std::vector<std::string>{"breach 45", "escalate 0 [\"A\"]", "disarm 0"});
    CHECK(c.state(0) == 4);
}

TEST_CASE("an access leaves its purpose and its basis, and changes nothing") {
    Permit c;
    c.citizen(1);
    REQUIRE(c.file("7") == good);
    c.host.named = 0;
    const Bytes before = *c.host.cases[0].data;
    c.host.log.clear();
    CHECK(c.refusal("Permit.access_plan", "[]") == "NotAuthorised");
    c.holder("Officer", "[\"A\"]");
    CHECK(c.refusal("Permit.access_plan", "[]") == good);
    CHECK(c.host.log ==
          std::vector<std::string>{"accessed \"check the plan\" \"law 1-23 article 4\""});
    CHECK(*c.host.cases[0].data == before);
}

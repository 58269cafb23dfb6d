#include "tests/compiler/lower/contract.h"
#include "tests/compiler/lower/notation.h"

#include <catch2/catch.hpp>

using aqd::Bytes;
using aqd::lower::testing::cbor;
using aqd::lower::testing::Contract;
using aqd::lower::testing::notation;

namespace {

const std::string shared = R"(module t.shared version 1
legal L = law "1-23"
authority Fund(code: text[8])
authority Commune(code: text[8])
authority Cnss
role Officer of Commune
role Agent of Cnss
notice Dead { person: u32, died: date } sent by t.acts basis L max 8
    acknowledge within 2 workdays act within 10 workdays else remind 3 every 5 workdays then escalate to Officer of any Commune
notice Revived { person: u32 } sent by t.acts max 8
)";

const std::string acts = R"(module t.acts version 1
use t.shared { Fund, Commune, Cnss, Officer, Dead, Revived, Agent }
enum Status { Regular, NotRegular }
exchange Standing { company: u32, file: CaseId } -> { status: Status, until: date } purpose "tender" within 5 days
fn all(n: u32) -> list[Body, 3] {
    var l: list[Body, 3] = [Cnss]
    if n > 0 { l.push(Fund("F1")) }
    l
}
procedure Act(office: Commune) {
    var person: u32 = 0
    var answer: Status? = none
    states open, sent_out, asking, done
    settled done
    start record(n: u32) by Officer of office -> open { person = n; goto open }
    step tell() by Officer of office in open -> sent_out {
        send Dead(person, died: today) to all(person), Fund("F2"), case
        goto sent_out
    }
    step undo() by Officer of office in sent_out | open -> open {
        send Revived(person) to sent(Dead)
        goto open
    }
    step check() by Officer of office in open -> asking {
        ask Standing(company: person, file: case) to Cnss
        goto asking
    }
    on reply Standing(r) in asking -> open | done {
        match r {
            Answered(a) => { answer = a.status; goto done },
            Refused => { goto open },
            Silent => { goto open },
        }
    }
    on acknowledged Dead in sent_out -> done { goto done }
    on Revived(n) in sent_out -> open | stay else ignore {
        if n.person != person { goto stay }
        goto open
    }
    deadline end: 10 days in open expires -> done { goto done }
    deadline wait: 10 days in sent_out expires -> done { goto done }
}
)";

struct Acts : Contract {
    Acts() : Contract(acts, {shared}) {
        shared_module = 0;
        for (std::size_t i = 0; i < manifest.modules.size(); ++i) {
            if (manifest.modules[i].path == "t.shared") {
                shared_module = static_cast<std::uint32_t>(i);
            }
        }
        host.bodies = {host.named_by(shared_module, "Commune", "[\"A\"]")};
        host.roles = {host.named_by(shared_module, "Officer", "[\"A\"]")};
        value("Act.record", "[[\"A\"], 5]");
        host.named = 0;
        host.log.clear();
    }
    std::uint32_t shared_module = 0;
    const std::string fund = "[h'" + std::string(80, '0') + "', \"F1\"]";
};

}  // namespace

TEST_CASE("a notice goes to every recipient that the code names") {
    Acts c;
    c.value("Act.tell", "[]");
    REQUIRE_FALSE(c.host.log.empty());
    CHECK(c.host.log[0] == "notice_send " + std::to_string(c.shared_module) + " [5, 20000] to 4");
    REQUIRE(c.host.sent.size() == 1);
    const std::string to = notation(c.host.sent.begin()->second);
    CHECK(to.find("\"F1\"") != std::string::npos);
    CHECK(to.find("\"F2\"") != std::string::npos);
    CHECK(to.find("h'" + std::string(38, '0')) == std::string::npos);
    std::string last;
    for (int i = 0; i < 20; ++i) {
        last += "01";
    }
    CHECK(to.ends_with("h'" + last + "']"));
    c.host.log.clear();
    c.value("Act.undo", "[]");
    CHECK(c.host.log[0] == "notice_send " + std::to_string(c.shared_module) + " [5] to 4");
}

TEST_CASE("a case that has sent nothing has no recipients") {
    Acts c;
    c.value("Act.undo", "[]");
    CHECK(c.host.log[0] == "notice_send " + std::to_string(c.shared_module) + " [5] to 0");
}

TEST_CASE("a question leaves, and each kind of reply finds its way back") {
    for (const auto& [reply, state] : std::vector<std::pair<std::string, std::uint32_t>>{
             {"[[0, 1, 20100]]", 3}, {"[1]", 0}, {"[2]", 0}}) {
        Acts c;
        c.value("Act.check", "[]");
        CHECK(c.host.log[0] == "ask [5, h'0101010101010101010101010101010101010101']");
        const std::string entry = c.entry_of(aqd::abi::EntryKind::reply);
        CHECK(c.react(0, entry, "[0]") == "Decode");
        CHECK(c.react(0, entry, "[3]") == "Decode");
        CHECK(c.react(0, entry, "[[0, 2, 20100]]") == "Decode");
        CHECK(c.react(0, entry, reply).empty());
        CHECK(*c.host.cases[0].state == state);
        CHECK(c.react(0, entry, reply) == "WrongState");
    }
}

TEST_CASE("an acknowledgement and a notice to the case move it, or are ignored") {
    Acts c;
    const std::string notice = c.entry_of(aqd::abi::EntryKind::case_notice);
    const std::string acknowledged = c.entry_of(aqd::abi::EntryKind::acknowledged);
    const std::string sender = "h'" + std::string(40, '7') + "'";
    CHECK(c.react(0, notice, "[[5], " + sender + ", null]").empty());
    CHECK(*c.host.cases[0].state == 0);
    CHECK(c.react(0, acknowledged, "[" + c.fund + "]") == "WrongState");
    c.value("Act.tell", "[]");
    CHECK(c.react(0, notice, "[[5], " + sender + "]") == "Decode");
    CHECK(c.react(0, notice, "[[5], " + sender + ", " + c.fund + "]") == "Decode");
    CHECK(c.react(0, notice, "[[6], " + sender + ", null]").empty());
    CHECK(*c.host.cases[0].state == 1);
    CHECK(c.react(0, notice, "[[5], " + sender + ", null]").empty());
    CHECK(*c.host.cases[0].state == 0);
    c.value("Act.tell", "[]");
    CHECK(c.react(0, acknowledged, "[" + c.fund + "]").empty());
    CHECK(*c.host.cases[0].state == 3);
}

TEST_CASE("another module listens, and a question opens a case there") {
    Contract c(R"(module t.fund version 1 serves Cnss
use t.shared { Cnss, Agent, Dead }
use t.acts { Standing, Status }
register dead: u32 -> (date, CaseId, Body) owned by Cnss changed by Agent of Cnss | notice
on Dead(n) { dead.set(n.person, (n.died, n.case, n.recipient)) }
procedure Question(company: u32, file: CaseId) {
    var asker: Body
    states pending, over
    settled over
    start requested on ask Standing(q) -> pending {
        require q.case == file else "another file"
        asker = q.asker
        goto pending
    }
    step reply(s: Status) by Agent of Cnss in pending -> over {
        answer Standing(status: s, until: today + 30 days)
        goto over
    }
    deadline late: 5 days in pending expires -> over { goto over }
}
)",
               {shared, acts});
    const std::string file = "h'" + std::string(40, '7') + "'";
    const std::string asker = "[h'" + std::string(80, '3') + "', \"A\"]";
    const std::string listener = c.entry_of(aqd::abi::EntryKind::listener);
    CHECK(c.value(listener, "[[5, 20000], " + file + ", " + asker + "]").empty());
    REQUIRE(c.host.registers.size() == 1);
    CHECK(notation(c.host.registers.begin()->second) == "[20000, " + file + ", " + asker + "]");

    const std::string ask = c.entry_of(aqd::abi::EntryKind::start_on_ask);
    CHECK(c.call(ask, "[[5, " + file + "], h'" + std::string(40, '8') + "', " + asker + "]")
              .refusal >= 256);
    c.host.cases.clear();
    CHECK(c.value(ask, "[[5, " + file + "], " + file + ", " + asker + "]").empty());
    REQUIRE(c.host.cases.size() == 1);
    CHECK(notation(*c.host.cases[0].data) == "[5, " + file + ", " + asker + ", 0]");
    c.host.named = 0;
    for (std::uint32_t i = 0; i < c.manifest.modules.size(); ++i) {
        c.host.roles.insert(c.host.named_by(i, "Agent", "[]"));
    }
    c.host.log.clear();
    c.value("Question.reply", "[1]");
    CHECK(c.host.log[0] == "answer [1, 20030]");
}

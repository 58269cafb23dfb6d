#include "tests/compiler/check/support.h"

#include <catch2/catch.hpp>

namespace aqd::check_test {

TEST_CASE("a role of a body says of which") {
    refused_item("action a() by ⟦Officer⟧ { counts[1] = 1 }", "0401");
    refused_item("action a() by ⟦Citizen of any Dgsn⟧ { counts[1] = 1 }", "0402");
    refused_item("action a() by Officer of any ⟦Court⟧ { counts[1] = 1 }", "0403");
    refused_member("step s() by Officer of ⟦office.court⟧ in open -> done { goto done }", "0403");
    refused_item("action a() by ⟦somebody⟧ { counts[1] = 1 }", "0404");
    refused_step("escalate to ⟦declarant⟧", "0404");
    accepted_item(
        "action a(office: Commune) by Officer of office | Clerk of office.court | Citizen { "
        "counts[1] = 1 }");
}

TEST_CASE("every path of an entry says where the case goes") {
    refused_member(
        "step s() by Officer of office in open -> done { if count == 1 { goto done } ⟦}⟧", "0406");
    refused_member(
        "step s() by Officer of office in open -> done { match count { 1 => { goto done }, other "
        "=> { "
        "count = 1 } } ⟦}⟧",
        "0406");
    refused_member(
        "step s() by Officer of office in open -> done { if count == 1 { goto ⟦open⟧ }\n goto done "
        "}",
        "0407");
    refused_member(
        "step s() by Officer of office in open -> done { if count == 1 { goto ⟦stay⟧ }\n goto done "
        "}",
        "0407");
    refused_member("step s() by Officer of office in open -> done | ⟦open⟧ { goto done }", "0408");
    accepted_member(
        "step s() by Officer of office in open -> done { match count { 1 => { goto done }, other "
        "=> { "
        "fail Bad } } }");
    accepted_member(
        "step s() by Officer of office in open -> done | stay { goto if count == 1 then stay else "
        "done }");
}

TEST_CASE("a new case goes somewhere with all its variables") {
    refused_member("start b() by Citizen -> open { goto ⟦open⟧ }", "0420");
    refused_member("start b() by Citizen -> open { if count == 1 { subject = 2 }\n goto ⟦open⟧ }",
                   "0420");
    refused_member("start b() by Citizen -> open { count = ⟦subject⟧\n subject = 1\n goto open }",
                   "0420");
    refused_member(
        "start b(subject) by Citizen in none | open -> open | stay { if count == 1 { goto ⟦stay⟧ "
        "}\n goto open }",
        "0409");
    refused_member("var other: u32 = ⟦count⟧", "0420");
    accepted_member(
        "start b(subject) by Citizen in none | open -> open | stay { if case.state != none { goto "
        "stay }\n goto open }");
    accepted_member(
        "start b() by Citizen in none | open -> open { if case.state == none { subject = 3 }\n "
        "count = subject\n goto open }");
}

TEST_CASE("notices are sent by their module, questions asked where the reply is heard") {
    refused(
        "module t version 1\nuse m { N }\nprocedure P(x: u8) { states a\n settled b\n start s() by "
        "anyone -> a { goto a }\n"
        " step go() by anyone in a -> b { send ⟦N⟧(w: 1) to case\n goto b } }\n",
        "0415", {"module m version 1\nnotice N { w: u8 } sent by other\n"});
    refused_step("⟦ask Asked(number: 1) to Dgsn⟧", "0416");
    refused_step("send Told(who: 1) to ⟦Dgsn⟧, office, office", "0425");
    refused_step("⟦answer Asked(until: today)⟧", "0424");
    refused_item("on ⟦Missing⟧(t) { counts[1] = 1 }", "0301");
    refused("module t version 1\nnotice N { w: u8 }\non ⟦N⟧(n) { let x = n.w }\n", "0427");
    refused_item(
        "procedure Q(number: u32) { states a\n settled b\n start s() by anyone -> a { goto a }\n"
        " step go() by anyone in a -> b { ⟦ask Asked(number) to Dgsn⟧\n goto b }\n on reply "
        "Asked(r) in a -> b { goto b } }",
        "0431");
    refused_item(
        "procedure Q(other: u32) { states a\n settled b\n start s on ask ⟦Asked⟧(q) -> a { goto a "
        "}\n"
        " step go() by anyone in a -> b { goto b } }",
        "0426");
}

TEST_CASE("a procedure that asks and one that answers are accepted") {
    accepted_item(
        "procedure Q(office: Commune, number: u32) { var got: date? = none\n secret opinion: u8 "
        "held by office purge 1 year after settled\n"
        " states a\n settled b\n start s() by anyone -> a { ask Asked(number) to Dgsn\n goto a }\n"
        " on reply Asked(r) in a -> b { match r { Answered(x) => { opinion = x.opinion\n got = "
        "x.until\n goto b },"
        " Refused | Silent => { goto b } } }\n prove settles }");
    accepted_item(
        "procedure Q(number: u32) { secret opinion: u8 held by Dgsn purge 1 year after settled\n "
        "states a\n settled b\n"
        " start s on ask Asked(q) -> a { require q.number == number else Bad\n goto a }\n"
        " step go(opinion) by Officer of any Commune in a -> b { answer Asked(opinion, until: "
        "today + term)\n goto b } }");
}

TEST_CASE("other modules' registers are only read") {
    const std::string other =
        "module m version 1\nregister r: u8 -> u8 default 0\nfn peek(x: u8) -> u8 { r[x] }\n";
    refused("module t version 1\nuse m { r }\naction a() by anyone { ⟦r[1]⟧ = 2 }\n", "0419",
            {other});
    refused("module t version 1\nuse m { r }\naction a() by anyone { ⟦r.put(1, 2)⟧ }\n", "0419",
            {other});
    accepted("module t version 1\nuse m { r, peek }\nview v(x: u8) -> u8 { r[x] + peek(x) }\n",
             {other});
}

TEST_CASE("a procedure has a start, states, and one handler an event") {
    refused_item("procedure ⟦Q⟧(x: u8) { states a\n settled b }", "0423");
    refused_item(
        "procedure ⟦Q⟧(x: u8) { start s() by anyone -> stay { if case.state != none { goto stay "
        "}\n fail Bad } "
        "}",
        "0429");
    refused_member(
        "on reply Asked(r) in open -> done { goto done }\n    on reply ⟦Asked⟧(r) in open -> done "
        "{ goto done }",
        "0422");
    refused_member("waits ⟦done⟧ \"never\"", "0428");
    refused_member("start b(subject) by Citizen -> open backdated within ⟦3 hours⟧ { goto open }",
                   "0527");
    refused_item(
        "procedure Q(x: u8) unique ⟦y⟧ { states a\n settled b\n start s() by anyone -> a { goto a "
        "}\n step t() by anyone in a -> b { goto b } }",
        "0306");
}

TEST_CASE("what was sent is only a recipient, minutes only a term") {
    refused_step("let y = ⟦sent(Told)⟧", "0424");
    refused_statement("let y = ⟦30 minutes⟧", "0916");
    accepted_step("send Told(who: 1) to Dgsn\n        send Told(who: 2) to sent(Told)");
    accepted_member("deadline d: 30 minutes in open expires -> done { goto done }");
}

TEST_CASE("statements stand where they have a meaning") {
    refused_statement("⟦send Told(who: 1) to Dgsn⟧", "0424");
    refused_statement("⟦receipt to caller⟧", "0424");
    refused_statement("goto ⟦done⟧", "0424");
    refused_step("⟦return⟧", "0424");
    refused_statement("⟦expect n == 1⟧", "0424");
}

TEST_CASE("secrets stay secret") {
    refused_step("if ⟦file == file⟧ { goto done }", "0701");
    refused_step("let y = file.⟦length⟧", "0701");
    refused_step("counts[1] = ⟦file⟧", "0501");
    refused_item("record R { ⟦secret a: u8⟧ }", "0701");
    accepted_step(
        "let y = file.commitment\n        notify declarant file\n        notify declarant "
        "\"come\"\n        receipt to declarant");
}

TEST_CASE("what is not supported yet says so") {
    refused_member(
        "states wait\n    step w() by Officer of office in open -> wait { goto wait }\n"
        "    deadline d: 3 days in wait pauses ⟦open⟧ expires -> done { goto done }",
        "0901");
    refused_member("deadline d: 3 days in open extend once ⟦5 days⟧ expires -> done { goto done }",
                   "0902");
    refused_step("⟦extend late⟧", "0902");
    refused_item("suspension ⟦plague⟧ by Officer of any Commune basis LAW", "0903");
    refused_member("deadline d: 3 days in open suspended by ⟦plague⟧ expires -> done { goto done }",
                   "0903");
    refused_step("let y = due(today, 3 days, ⟦plague⟧)", "0903");
    refused_item("role Temp of Commune delegable for ⟦3 days⟧", "0904");
    refused_member("step s() by Officer of office quorum ⟦2⟧ in open -> done { goto done }",
                   "0905");
    refused_item("part ⟦Appeal⟧(x: u8) { }", "0906");
    refused_member("include ⟦Appeal⟧(x: 1)", "0906");
    refused_item("migrate ⟦P⟧ 1 -> 2 { }", "0907");
    refused_member("fee ⟦stamp⟧: 20 to office basis LAW", "0908");
    refused_item("register r: u8 -> Point index ⟦x⟧ max 5", "0909");
    refused_item(
        "procedure Q(x: u8) index ⟦x⟧ max 5 { states a\n settled b\n start s() by anyone -> a { "
        "goto a }\n"
        " step t() by anyone in a -> b { goto b } }",
        "0909");
    refused_member("step s(⟦reveal file⟧) by Officer of office in open -> done { goto done }",
                   "0910");
    refused_item("role Firm by credential \"ICE\"\naction a() by ⟦Firm⟧ { counts[1] = 1 }", "0911");
    refused_statement("let y: decimal[2] = 1.50\n    let z = y ⟦*⟧ y", "0912");
    refused_member("on Told(n) each ⟦count⟧ in open -> done { goto done }", "0913");
    refused_member("prove ⟦fairness⟧", "0915");
    refused_statement("let y = now + ⟦30 minutes⟧", "0916");
    refused_statement("require n > 1 else ⟦Bad(n)⟧", "0917");
}

}  // namespace aqd::check_test

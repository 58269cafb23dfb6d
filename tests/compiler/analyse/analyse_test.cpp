#include "compiler/analyse/effects.h"
#include "compiler/analyse/sizes.h"
#include "tests/compiler/check/support.h"

#include <catch2/catch.hpp>

// Whole programs; the support of the check's tests runs the analyses too.

namespace aqd::analyse_test {

using check_test::accepted;
using check_test::accepted_item;
using check_test::accepted_member;
using check_test::refused;
using check_test::refused_item;
using check_test::refused_member;
using check_test::refused_step;

TEST_CASE("states are reached, left, and settle") {
    refused_member("states ⟦lost⟧\n    deadline l: 3 days in lost expires -> done { goto done }",
                   "0411");
    refused_member("states ⟦trap⟧\n    step s() by Officer of office in open -> trap { goto trap }",
                   "0432");
    refused_member("deadline ⟦d⟧: 3 days in open expires -> open { goto open }", "0410");
    refused_member(
        "deadline ⟦d⟧: 3 days in open expires -> stay | done { goto if count == 1 then stay else "
        "done }",
        "0410");
    refused_member(
        "states ⟦slow⟧\n    step s() by Officer of office in open -> slow { goto slow }\n"
        "    step t() by Officer of office in slow -> done { goto done }\n    prove settles",
        "0413");
    accepted_member(
        "states slow\n    waits slow \"on purpose\"\n    step s() by Officer of office in open -> "
        "slow { goto slow }\n"
        "    step t() by Officer of office in slow -> done { goto done }\n    prove settles");
}

TEST_CASE("registers are changed only by those who may") {
    refused_step("⟦guarded[1] = 2⟧", "0412");
    refused_step("⟦guarded.remove(1)⟧", "0412");
    refused_step("let y = ⟦guarded.next(1)⟧", "0412");
    refused_item(
        "fn write(x: u32) -> u32 { guarded[x] = 1\n x }\naction a() by Officer of any Commune { "
        "⟦write(1)⟧ }",
        "0412");
    refused_item("action a() by Clerk of any Court | anyone { ⟦guarded[1] = 2⟧ }", "0412");
    refused_item("on Told(t) { ⟦guarded[1] = 2⟧ }", "0412");
    refused_member("step s() by declarant in open -> done { ⟦guarded[1] = 2⟧\n goto done }",
                   "0412");
    accepted_item("action a() by Clerk of any Court | Clerk of Court(\"x\") { guarded[1] = 2 }");
    accepted_member(
        "step s() by Clerk of office.court in open -> done { guarded[1] = 2\n goto done }");
}

TEST_CASE("parties are those who may become them") {
    refused_member("step s() ⟦by Officer of office as declarant⟧ in open -> done { goto done }",
                   "0414");
    refused_member(
        "step s() by Officer of office in open -> done { ⟦declarant = caller⟧\n goto done }",
        "0414");
    refused_member("step s() by Officer of office as ⟦count⟧ in open -> done { goto done }",
                   "0430");
    refused_member("step s() by Officer of office except ⟦nobody⟧ in open -> done { goto done }",
                   "0430");
    refused_item("action a() by anyone as ⟦me⟧ { counts[1] = 1 }", "0430");
}

TEST_CASE("views read, and nobody acts where the machine calls") {
    refused_item("view v(x: u32) -> u32 { ⟦counts[x] += 1⟧\n x }", "0417");
    refused_item("fn w(x: u32) -> u32 { counts[x] = 1\n x }\nview v(x: u32) -> u32 { ⟦w(x)⟧ }",
                 "0417");
    refused_member("invariant i: ⟦counts.next(1)⟧ > 0", "0417");
    refused_item("view v(x: u32) -> Account { ⟦caller.account⟧ }", "0405");
    refused_member(
        "deadline d: 3 days in open expires -> done { declarant = ⟦caller⟧\n goto done }", "0405");
    refused_member(
        "deadline d: 3 days in open expires -> done { ⟦require count == 1 else Bad⟧\n goto done }",
        "0418");
    refused_member("deadline d: 3 days in open expires -> done { ⟦fail Bad⟧ }", "0418");
    refused_item("fn w(x: u32) -> u32 { require x > 1 else Bad\n x }\non Told(t) { ⟦w(t.who)⟧ }",
                 "0418");
}

TEST_CASE("nobody is asked for what a register holds") {
    refused_member(
        "secret birth: bytes[100] kind Extract held by office purge 1 year after settled\n"
        "    step hand(⟦birth⟧) by declarant in open -> done { goto done }",
        "0702");
    accepted_member(
        "secret birth: bytes[100] kind Extract held by office purge 1 year after settled\n"
        "    step hand(birth) by Officer of office in open -> done { goto done }");
}

TEST_CASE("an entry asks for a kind of document once") {
    const std::string copy =
        "secret copy: bytes[100] kind Letter held by office purge 1 year after settled\n";
    refused_member(copy + "    step both(file, ⟦copy⟧) by declarant in open -> done { goto done }",
                   "0704");
    // Two entries may be for two persons, or for handing in again.
    accepted_member(copy +
                    "    step one(file) by declarant in open -> stay { goto stay }\n"
                    "    step two(copy) by declarant in open -> done { goto done }");
}

TEST_CASE("a document is held in a register that says so") {
    refused_item("document Deed held in ⟦deeds⟧", "0703");
    refused_item("document Deed held in ⟦land.deeds⟧", "0703");
    refused_item("document Deed held in ⟦counts⟧", "0703");
    accepted_item("document Deed held in deeds\nregister deeds: u32 -> text[9] proves Deed");
    const std::string module = "module t version 1\ndocument Deed held in ";
    const std::string land = "module land version 1\nregister deeds: u32 -> text[9] proves Deed\n";
    accepted(module + "land.deeds\n", {land});
    refused(module + "⟦land.acts⟧\n", "0703", {land});
    refused(module + "⟦land.deeds⟧\n", "0703",
            {"module land version 1\nregister deeds: u32 -> text[9]\n"});
}

TEST_CASE("there is no recursion") {
    refused_item("fn g(x: u32) -> u32 { ⟦g(x)⟧ }", "0606");
    refused_item("fn g(x: u32) -> u32 { h(x) }\nfn h(x: u32) -> u32 { ⟦g(x)⟧ }", "0606");
}

TEST_CASE("keys fit the store") {
    refused_item("register ⟦r⟧: text[120] -> u8", "0607");
    refused_item("register ⟦r⟧: list[hash, 13] -> u8", "0607");
    refused_item("authority ⟦Long⟧(a: text[40])", "0607");
    accepted_item("register r: text[100] -> u8");
}

TEST_CASE("the effects of a function include those of the functions that it calls") {
    check_test::Sample sample;
    const auto& program = sample.check(R"(module t version 1
register r: u8 -> u8 default 0
error Bad en "bad"
fn low(x: u8) -> u8 { r[x] += 1; require x > 1 else Bad; x }
fn high(x: u8) -> Account { let y = low(x); caller.account }
fn pure(x: u8) -> u8 { x }
)");
    REQUIRE(program.has_value());
    const auto effects = analyse::effects_of(*program, sample.sink());
    REQUIRE(effects.has_value());
    CHECK((*effects)[0].writes.size() == 1);
    CHECK((*effects)[0].own_refusal.has_value());
    CHECK((*effects)[1].writes.size() == 1);
    CHECK((*effects)[1].refuses.has_value());
    CHECK((*effects)[1].caller.has_value());
    CHECK((*effects)[2].writes.empty());
}

TEST_CASE("sizes count the longest spelling") {
    check_test::Sample sample;
    const auto& checked = sample.check(R"(module t version 1
enum E { A, B(x: u32) }
record R { a: u8, t: text[10], o: date?, e: E }
register r: R -> (u64, u128, bool, hash)
)");
    REQUIRE(checked.has_value());
    CHECK(analyse::largest_encoding(*checked, checked->registers[0].key) == 1 + 2 + 42 + 5 + 11);
    CHECK(analyse::largest_encoding(*checked, checked->registers[0].value) == 1 + 9 + 18 + 1 + 34);
}

}  // namespace aqd::analyse_test

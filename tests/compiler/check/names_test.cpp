#include "tests/compiler/check/support.h"

#include <catch2/catch.hpp>

namespace aqd::check_test {

TEST_CASE("names must mean something where they stand") {
    refused_statement("let y = ⟦m⟧ + n", "0301");
    refused_statement("let y = ⟦helpr⟧(n, n)", "0301");
    refused_statement("let y = ⟦Rde⟧", "0301");
    refused_item("record R { a: ⟦Pointt⟧ }", "0301");
    refused_item("record R { a: ⟦u33⟧ }", "0301");
    refused_item("role Judge of ⟦Tribunal⟧", "0301");
    refused_item("register r: u8 -> u8 owned by ⟦Nobody⟧", "0301");
    refused_item("parameter p: days = 3 days from 2020-01-01 basis ⟦CODE⟧", "0301");
    refused_statement("require n > 0 else ⟦Worse⟧", "0301");
}

TEST_CASE("names are declared once") {
    refused_item("record ⟦Point⟧ { a: u8 }", "0302");
    refused_item("record R { a: u8, ⟦a⟧: u8 }", "0302");
    refused_item("enum E { A, ⟦A⟧ }", "0302");
    refused_item("fn g(a: u8, ⟦a⟧: u8) -> u8 { 1 }", "0302");
    refused_member("var ⟦count⟧: u8 = 1", "0302");
    refused_member("states ⟦open⟧", "0302");
    refused_member("step ⟦late⟧() by Officer of office in open -> done { goto done }", "0302");
    refused_member("invariant a: true\n    invariant ⟦a⟧: true", "0302");
}

TEST_CASE("modules are found, and use each other without circles") {
    refused(
        "module t version 1\nuse ⟦m.other⟧ { A, b }\nrecord R { a: A }\nfn f(x: u8) -> u8 { b[x] "
        "}\n",
        "0303");
    refused("module t version 1\nuse m { ⟦A⟧ }\nrecord R { a: A }\n", "0305",
            {"module m version 1\nrecord B { x: u8 }\n"});
    refused("module t version 1\nuse m { ⟦Body⟧ }\n", "0305", {"module m version 1\n"});
}

TEST_CASE("a circle of modules is refused where it closes") {
    Sample sample;
    sample.with("module m version 1\nuse m.n\n").with("module m.n version 1\nuse m\n");
    CHECK_FALSE(sample.check("module t version 1\nuse m\n").has_value());
    const auto found = sample.sink().sorted();
    REQUIRE(found.size() == 1);
    CHECK(diagnostics::code_text(found[0].code) == "AQD0304");
    CHECK(found[0].message == "modules use each other in a circle: m -> m.n -> m");
    CHECK(found[0].primary.span.begin == 25);
}

TEST_CASE("what a module takes from others is not passed on") {
    refused("module t version 1\nuse a { ⟦X⟧ }\n", "0305",
            {"module b version 1\nrecord X { x: u8 }\n", "module a version 1\nuse b { X }\n"});
}

TEST_CASE("names of the wrong kind are refused") {
    refused_statement("let y = ⟦counts⟧", "0306");
    refused_statement("let y = ⟦Bad⟧", "0306");
    refused_item("record R { a: ⟦Officer⟧ }", "0306");
    refused_item("role Judge of ⟦Point⟧", "0306");
    refused_item("action a() by ⟦Point⟧ { counts[1] = 1 }", "0306");
    refused_statement("require n > 0 else ⟦Told⟧", "0306");
    refused_step("if ⟦open⟧ == 1 { goto stay }", "0306");
    refused_member("step s(⟦declarant⟧) by Officer of office in open -> done { goto done }",
                   "0306");
    refused_member("access ⟦count⟧ by Officer of office in open purpose \"p\" basis LAW", "0306");
}

TEST_CASE("values have only the members of their type") {
    refused_statement("let y = n.⟦length⟧", "0307");
    refused_statement("let y = points[n].⟦z⟧", "0307");
    refused_statement("let y = o.⟦year⟧", "0307");
    refused_statement("let y = today.⟦week⟧", "0307");
    refused_statement("let y = b.⟦u24_be⟧(0)", "0307");
    refused_statement("let y = bytes.⟦one⟧(3)", "0307");
    refused_statement("let y = counts.⟦find⟧(n)", "0307");
    refused_statement("let y = caller.⟦name⟧", "0307");
    refused_step("let y = case.⟦owner⟧", "0307");
    refused_item("on Told(t) { let x = t.⟦whom⟧ }", "0307");
}

TEST_CASE("a variant of two enumerations needs a type beside it") {
    refused_item("enum Light { Red, Dark }\nfn f(x: u8) -> bool { let y = ⟦Red⟧\n true }", "0308");
    accepted_item("enum Light { Red, Dark }\nfn f(x: u8) -> Light { let y: Light = Red\n y }");
}

TEST_CASE("local names do not hide others") {
    refused_statement("let ⟦n⟧ = today", "0309");
    refused_statement("if let ⟦o⟧ = o { return 1 }", "0309");
    refused_step("let ⟦count⟧ = today", "0309");
    refused_member("step s(⟦count⟧: u32) by Officer of office in open -> done { goto done }",
                   "0309");
}

TEST_CASE("states are those of the procedure") {
    refused_step("if case.state == ⟦closed⟧ { goto done }", "0310");
    refused_step("if count == 1 { goto ⟦dnoe⟧ }", "0310");
    refused_member("step s() by Officer of office in ⟦opn⟧ -> done { goto done }", "0310");
    refused_member("label ⟦shut⟧ fr \"fermé\"", "0310");
}

TEST_CASE("the case exists only inside a procedure") {
    refused_statement("let y = ⟦case⟧", "0311");
    refused_statement("let y = ⟦case⟧.opened", "0311");
    refused_statement("let y = ⟦case.state == none⟧", "0311");
    refused_member("var copy: CaseId = ⟦case⟧", "0311");
}

}  // namespace aqd::check_test

#include "tests/compiler/parse/support.h"

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::parse_test;

TEST_CASE("a file without its module line is refused, and read all the same") {
    refused("⟦⟧record R { a: u8 }\n", "0223");
    refused("⟦⟧", "0223");
    refused("⟦⟧contract C {}\nrecord R { a: u8 }\n", "0223");
    refused("module a⟦⟧\nrecord R { a: u8 }\n", "0201");
    refused("module ⟦A⟧ version 1\n", "0208");
    refused("module a version ⟦x⟧ from 2026-01-01\n", "0201");
    refused("module a version 1 from ⟦2026⟧\n", "0201");
}

TEST_CASE("what is no declaration is refused") {
    refused_item("⟦42⟧", "0202");
    refused_item("⟦recrod⟧ R { a: u8 }", "0202");
    refused_item("⟦struct⟧ R { a: u8 }", "0222");
    refused_item("⟦contract⟧ C { uint256 x; }", "0222");
    refused_item("const A: u8 = 1⟦;⟧", "0227");
    refused_item("⟦step⟧ s() by A in a -> b { goto b }", "0231");
}

TEST_CASE("names with the wrong first letter are refused") {
    refused_item("record ⟦pair⟧ { a: u8 }", "0208");
    refused_item("record R { ⟦Left⟧: u8 }", "0208");
    refused_item("fn ⟦Do⟧() -> u8 { 1 }", "0208");
    refused_item("error ⟦too_late⟧ fr \"x\"", "0208");
    refused_item("fn ⟦match⟧() -> u8 { 1 }", "0209");
    refused_statement("let ⟦not⟧ = 3", "0209");
    refused_item("record⟦⟧\n", "0207");
}

TEST_CASE("headings of declarations say what is missing") {
    refused_item("role Officer⟦⟧", "0217");
    refused_item("role Officer ⟦Commune⟧", "0217");
    refused_item("role Citizen by ⟦magic⟧", "0201");
    refused_item("record R { a ⟦}⟧", "0224");
    refused_item("record R { a: u8⟦⟧ b: u8 }", "0225");
    refused_item("record R {\n    a: u8⟦⟧\n    b: u8\n}", "0225");
    refused_item("use a.b { C⟦,⟧ }", "0226");
    refused_item("enum ⟦E⟧ { }", "0207");
    refused_item("register r⟦⟧", "0224");
    refused_item("register r: A ⟦=>⟧ B", "0201");
    refused_item("register r: A -> B default 1 ⟦default⟧ 2", "0219");
    refused_item("parameter p = 30 days⟦⟧", "0201");
    refused_item("parameter p = 30 days from 2026-01-01⟦,⟧", "0226");
    refused_item("parameter p: months =⟦⟧", "0204");
    refused_item("const C⟦⟧", "0224");
    refused_item("legal L = law ⟦55⟧", "0201");
    refused_item("error E ⟦\"text\"⟧", "0234");
    refused_item("error E ⟦de⟧ \"text\"", "0234");
    refused_item("suspension s by A⟦⟧", "0235");
    refused_item("notice N { a: u8 } acknowledge within ⟦3⟧", "0201");
    refused_item("fn f() ⟦{⟧ 1 }", "0224");
    refused_item("fn f(⟦u8 a⟧) -> u8 { 1 }", "0224");
    refused_item("fn f() -> ⟦{⟧ 1 }", "0205");
    refused_item("fn f() -> list⟦<⟧u8> { 1 }", "0201");
    refused_item("fn f(x: ⟦(u8)⟧) -> u8 { 1 }", "0205");
    refused_item("fn f() -> u8⟦⟧", "0236");
    refused_item("action a() ⟦{⟧ x = 1 }", "0228");
    refused_item("action a() by Officer ⟦Commune⟧(\"x\") { x = 1 }", "0217");
    refused_item("test ⟦name⟧ { expect x }", "0201");
}

TEST_CASE("brackets without a partner are refused where they stand") {
    refused_item("fn f() -> u8 ⟦{⟧\n    g(1)\n", "0220");
    refused_statement("let y = g⟦(⟧1, 2", "0220");
    refused_statement("let y = [1, 2⟦)⟧]", "0221");
    refused_item("fn f() -> u8 { 1 }\n⟦}⟧", "0221");
    refused_item(
        "procedure P() {\n    step a() by X in s -> t ⟦{⟧\n        goto t\n    step b() by X in t "
        "-> s { goto s }\n}",
        "0220");
}

TEST_CASE("statements that are not understood are refused, and the next one is read") {
    refused_statement("require x > 3⟦⟧", "0213");
    refused_statement("require x > 3⟦,⟧ \"no\"", "0213");
    refused_statement("require let y = m⟦⟧", "0213");
    refused_statement("if x ⟦=⟧ 3 { return x }", "0214");
    refused_statement("require x ⟦=⟧ 3 else E", "0214");
    refused_statement("let y = x ⟦=⟧ 3", "0214");
    refused_statement("let y = 1 < 2 ⟦<⟧ 3", "0215");
    refused_statement("let y = a ⟦&&⟧ b", "0216");
    refused_statement("let y = a ⟦||⟧ b", "0216");
    refused_statement("let y = ⟦!⟧a", "0216");
    refused_statement("let y = a ⟦===⟧ b", "0216");
    refused_statement("let y = a⟦::⟧b", "0216");
    refused_statement("y ⟦:=⟧ 3", "0216");
    refused_statement("x⟦++⟧", "0216");
    refused_statement("x ⟦*=⟧ 2", "0216");
    refused_statement("for i in 0 ⟦..=⟧ 4 { x += i }", "0216");
    refused_statement("⟦->⟧ review", "0218");
    refused_statement("⟦emit⟧ Told(x)", "0222");
    refused_statement("let ⟦mut⟧ y = 3", "0222");
    refused_statement("let y = 3 ⟦goto⟧ review", "0210");
    refused_statement("let y = 3 ⟦z⟧", "0210");
    refused_statement("⟦g(x)⟧ = 3", "0232");
    refused_statement("⟦x + 1⟧ += 3", "0232");
    refused_statement("while x < 3 ⟦{⟧ x += 1 }", "0233");
    refused_statement("let y = if x then 1⟦⟧", "0237");
    refused_statement("let y = if x ⟦{⟧ 1 } else { 2 }", "0201");
    refused_statement("goto if x then a⟦⟧", "0237");
    refused_statement("if x ⟦return⟧ 1", "0236");
    refused_statement("⟦else⟧ { x = 1 }", "0201");
    refused_statement("⟦{⟧ x = 1 }", "0204");
    refused_statement("⟦;⟧", "0227");
    refused_statement("let y = 1 + ⟦*⟧ 2", "0204");
    refused_statement("let y = g(a ⟦=⟧ 1)", "0201");
    refused_statement("let y = 1 == ⟦not⟧ x", "0204");
    refused_statement("let y = ⟦()⟧", "0204");
    refused_statement("let ⟦+⟧ = 1", "0206");
    refused_statement("match x { 1 ⟦->⟧ 2 }", "0201");
    refused_statement("match x { 1 => 2⟦⟧\n 2 => 3 }", "0225");
    refused_statement("send Told(x)⟦⟧", "0201");
    refused_statement("send ⟦told⟧(x) to y", "0208");
    refused_statement("fail ⟦reason⟧", "0208");
    refused_statement("⟦record⟧ R { a: u8 }", "0231");
    refused_statement("⟦step⟧ s() by A in a -> b { goto b }", "0231");
}

TEST_CASE("a line that would go on with the one above is refused") {
    refused_statement("let y = a\n    ⟦-⟧b", "0211");
    refused_statement("let y = a\n    ⟦(⟧b, c)", "0211");
    refused_statement("let y = a\n    ⟦[⟧b]", "0211");
}

TEST_CASE("members of a procedure say what is missing") {
    refused_member("⟦stpe⟧ s() by A in a -> b { goto b }", "0203");
    refused_member("⟦goto⟧ a", "0203");
    refused_member("⟦record⟧ R { a: u8 }", "0231");
    refused_member("⟦modifier⟧ onlyOwner() { }", "0222");
    refused_member("states a, b⟦,⟧", "0226");
    refused_member("states a⟦⟧ b", "0225");
    refused_member("states a, b⟦;⟧", "0227");
    refused_member("var x⟦⟧", "0224");
    refused_member("label ⟦\"text\"⟧", "0234");
    refused_member("step s() ⟦in⟧ a -> b { goto b }", "0228");
    refused_member("step s() by A ⟦->⟧ b { goto b }", "0229");
    refused_member("step s() by A in a ⟦{⟧ goto b }", "0230");
    refused_member("step s() by A in a⟦,⟧ c -> b { goto b }", "0201");
    refused_member("step s() by A in a -> b once ⟦once⟧ { goto b }", "0219");
    refused_member("step s() by A in a -> b⟦⟧", "0236");
    refused_member("start s() by A in ⟦a⟧ -> b { goto b }", "0201");
    refused_member("deadline d ⟦30 days⟧ in a expires -> b { goto b }", "0201");
    refused_member("deadline d: ⟦30⟧ in a expires -> b { goto b }", "0201");
    refused_member("deadline d: 30 days in a ⟦->⟧ b { goto b }", "0201");
    refused_member("access s by A in a purpose \"p\"⟦⟧", "0235");
    refused_member("secret s: text[4] held by x⟦⟧", "0201");
    refused_member("fee f: 3 ⟦basis⟧ B", "0201");
    refused_member("on N(n) in a -> b else ⟦forget⟧ { goto b }", "0201");
}

TEST_CASE("a mistake in a heading does not hide one in its body") {
    const Parsed parsed(
        "module t version 1\n"
        "procedure P() {\n"
        "    step s() in a -> b {\n"
        "        let y = 3 +\n"
        "    }\n"
        "    step t() by A in a -> b { x && y; goto b }\n"
        "}\n"
        "fn f(x u8) -> u8 { 1 + }\n"
        "fn g() -> u8 { 1 || 2 }\n");
    CAPTURE(parsed.report());
    CHECK(parsed.sink.error_count() == 6);
}

TEST_CASE("every mistake of a file comes out in one run") {
    const std::string source =
        read_file(std::string(AQD_SOURCE_DIR) + "/tests/compiler/parse/fixtures/mistakes.aqd");
    const Parsed parsed(source, "mistakes.aqd");
    check_golden("mistakes.txt", parsed.report());
}

TEST_CASE("nesting that is too deep is a diagnostic, not a crash") {
    const auto nested = [](const std::string& open, const std::string& inner,
                           const std::string& close, std::size_t count) {
        std::string text = "module t version 1\nfn f() -> u8 {\n    ";
        for (std::size_t i = 0; i < count; ++i) {
            text += open;
        }
        text += inner;
        for (std::size_t i = 0; i < count; ++i) {
            text += close;
        }
        return text + "\n}\n";
    };
    struct Shape {
        const char* open;
        const char* inner;
        const char* close;
    };
    const Shape shapes[] = {
        {"(", "1", ")"},
        {"[", "1", "]"},
        {"f(", "1", ")"},
        {"not ", "x", ""},
        {"-", "x", ""},
        {"", "x", " + x"},
        {"", "x", ".y"},
        {"", "x", " implies x"},
        {"if x { ", "x", " }"},
        {"if x { } else ", "{ }", ""},
        {"if x then 1 else ", "2", ""},
        {"match x { a => ", "1", " }"},
        {"match x { a => { ", "1", " } }"},
        {"let ", "x = 1", ""},
        {"let (", "x", ") = 1"},
        {"goto if x then a else ", "b", ""},
    };
    for (const Shape& shape : shapes) {
        CAPTURE(shape.open, shape.close);
        const Parsed parsed(nested(shape.open, shape.inner, shape.close, 20000));
        CHECK(parsed.sink.has_errors());
    }
    const Parsed enough(nested("(", "1", ")", 60));
    CHECK(enough.report().empty());
}

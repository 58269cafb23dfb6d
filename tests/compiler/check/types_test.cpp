#include "tests/compiler/check/support.h"

#include <catch2/catch.hpp>

namespace aqd::check_test {

TEST_CASE("types are never converted silently") {
    refused_statement("let y: u64 = ⟦n⟧", "0501");
    refused_statement("let y = helper(⟦today⟧, 1)", "0501");
    refused_statement("let y: u32 = ⟦o⟧", "0501");
    refused_statement("let y: days = ⟦30⟧", "0501");
    refused_statement("let y: bytes[10] = ⟦b⟧", "0501");
    refused_statement("let y: bool = ⟦1⟧", "0501");
    refused_statement("let y: date = ⟦none⟧", "0501");
    refused_statement("if ⟦n⟧ { return 1 }", "0501");
    refused_statement("let y = l[⟦today⟧]", "0501");
    refused_statement("let y = sha256(⟦n⟧)", "0501");
    refused_statement("let y = Point(1, ⟦today⟧)", "0501");
    refused_statement("points.put(n, ⟦n⟧)", "0501");
    refused_item("fn g(x: u8) -> u8 { return ⟦today⟧ }", "0501");
    refused_step("send Told(who: 1) to ⟦count⟧", "0501");
    refused_step("receipt to ⟦count⟧", "0501");
}

TEST_CASE("smaller bounds fit larger ones, values fit options, bodies fit Body") {
    accepted_statement(
        "let y: bytes[100] = b\n    let z: date? = today\n    let w: list[u32, 9] = l");
    accepted_statement(
        "let y: list[Body, 3] = [Dgsn, Commune(\"01\"), Court(\"x\")]\n    let z = "
        "y.contains(Dgsn)");
    accepted_statement("let y: text[10] = \"abc\"\n    let z = y == \"abcd\" or o == today");
    accepted_statement(
        "let y = if n > 3 then o else none\n    let z = match c { Red | Green => 1, Blue(d, x) => "
        "u32(d) }");
    accepted_statement("let y = u64(n) * 2 + u64(days(5))\n    let z: i8 = -128");
    accepted_statement(
        "let y = b.slice(0, 4) + bytes.u32_be(n) + sha256(b).bytes\n    let z = y.u16_be(2)");
    accepted_statement(
        "let (x, y) = (n, today)\n    let w = match (x > 1, o) { (true, some(d)) => d, (p, none) "
        "=> y, (false, some(q)) => y }");
}

TEST_CASE("numbers fit their types") {
    refused_statement("let y: u8 = ⟦256⟧", "0502");
    refused_statement("let y: i8 = ⟦-129⟧", "0502");
    refused_statement("let y: u32 = ⟦-1⟧", "0502");
    refused_statement("let y: decimal[1] = ⟦1.25⟧", "0502");
    refused_statement("let y = n << ⟦32⟧", "0502");
    refused_item("role R by assertion of Dgsn level ⟦300⟧", "0502");
}

TEST_CASE("numbers, none and [] need a type beside them") {
    refused_statement("let y = ⟦5⟧", "0503");
    refused_statement("let y = ⟦none⟧", "0503");
    refused_statement("let y = ⟦[]⟧", "0503");
    refused_item("fn g(⟦a⟧) -> u8 { 1 }", "0503");
    refused_member("step s(⟦other⟧) by Officer of office in open -> done { goto done }", "0503");
}

TEST_CASE("operands go together") {
    refused_statement("let y = n ⟦+⟧ today", "0504");
    refused_statement("let y = u8(1) ⟦+⟧ n", "0504");
    refused_statement("let y = true ⟦+⟧ false", "0504");
    refused_statement("let y = today ⟦+⟧ today", "0504");
    refused_statement("let y = today ⟦*⟧ 3 days", "0504");
    refused_statement("let y = o ⟦<⟧ today", "0504");
    refused_statement("let y = c ⟦<⟧ c", "0504");
    refused_statement("let y = ⟦-⟧n", "0504");
    refused_statement("let y = i32(1) ⟦^⟧ i32(2)", "0504");
    refused_statement("var y = today\n    y += ⟦1 days⟧", "0501");
    refused_step("let y = ⟦case.state⟧", "0504");
    refused_step("if case.state ⟦<⟧ open { goto done }", "0504");
}

TEST_CASE("arguments are complete") {
    refused_statement("let y = ⟦helper(1)⟧", "0505");
    refused_statement("let y = ⟦Point(x: 1)⟧", "0505");
    refused_statement("let y = ⟦Commune⟧", "0505");
    refused_statement("let y = ⟦Blue⟧", "0505");
    refused_statement("let y = helper(1, 2, ⟦3⟧)", "0506");
    refused_statement("let y = helper(1, ⟦z⟧: 2)", "0506");
    refused_statement("let y = Point(x: 1, y: 2, ⟦x: 3⟧)", "0506");
    refused_statement("let y = ⟦counts.get(1, 2)⟧", "0506");
}

TEST_CASE("fields are filled by name, defaults may be left out, functions take positions") {
    accepted_statement(
        "let y: u32 = 1\n    let x: u32 = 2\n    let p = Point(y, x)\n    let q = Point(x, y, "
        "note: \"n\")\n    let r = helper(y, x)");
}

TEST_CASE("only functions are called, only lists are indexed") {
    refused_statement("let y = ⟦n⟧(1)", "0507");
    refused_statement("let y = ⟦term⟧(1)", "0507");
    refused_item("action a() by anyone { counts[1] = 1 }\naction g() by anyone { ⟦a⟧() }", "0507");
    refused_statement("let y = ⟦n⟧[0]", "0508");
    refused_statement("let y = ⟦today⟧[0]", "0508");
}

TEST_CASE("only variables change") {
    refused_statement("⟦n⟧ = 1", "0509");
    refused_statement("let y = n\n    ⟦y⟧ += 1", "0509");
    refused_statement("for i in 0 .. 3 { ⟦i⟧ = 1 }", "0509");
    refused_statement("⟦LIMIT⟧ = 1", "0509");
    refused_step("⟦office⟧ = Commune(\"02\")", "0509");
}

TEST_CASE("types are written with sizes that exist") {
    refused_item("record R { a: text[⟦0⟧] }", "0510");
    refused_item("record R { a: bytes[⟦2M⟧] }", "0510");
    refused_item("const BIG: u64 = 5000000\nrecord R { a: [u8; ⟦BIG⟧] }", "0510");
    refused_item("record R { a: ⟦text⟧ }", "0511");
    refused_item("record R { a: ⟦list[u8]⟧ }", "0511");
    refused_item("record R { a: ⟦decimal[19]⟧ }", "0511");
    refused_item("record R { a: date⟦[3]⟧ }", "0511");
    accepted_item(
        "const SIZE: u32 = 4 * 4\nrecord R { a: text[SIZE], b: [u8; SIZE], c: list[date, SIZE] }");
}

TEST_CASE("types are not built too large or too deep") {
    refused_item("record R { a: ⟦[[u8; 2000]; 2000]⟧ }", "0510");
    refused_item("record R { a: ⟦list[[u8; 2000], 2000]⟧ }", "0510");
    std::string chain = "record ⟦D0⟧ { a: D1 }\n";
    for (int i = 1; i < 64; ++i) {
        chain += "record D" + std::to_string(i) + " { a: D" + std::to_string(i + 1) + " }\n";
    }
    refused_item(chain + "record D64 { a: u8 }", "0212");
    accepted_item(
        "authority A(code: u8) has { b: B }\nauthority B(code: u8) has { a: A }\nfn g(a: A) -> u8 "
        "{ a.b.a.code }");
}

TEST_CASE("types are finite and options single") {
    refused_item("record R { a: ⟦R⟧? }", "0513");
    refused_item("record R { a: S }\nrecord S { b: list[⟦R⟧, 2] }", "0513");
    refused_item("enum E { Leaf, Node(left: ⟦E⟧) }", "0513");
    refused_statement("let y = ⟦some(o)⟧", "0512");
}

TEST_CASE("constants are computed by the compiler") {
    refused_item("const C: date = ⟦today⟧", "0514");
    refused_item("const C: u32 = ⟦helper(1, 2)⟧", "0514");
    refused_item("const A: u32 = B\nconst B: u32 = ⟦A⟧", "0514");
    refused_item(
        "register r: u8 -> Body default Dgsn\nparameter p: list[Body, 2] = [⟦Dgsn⟧] from "
        "2020-01-01",
        "0514");
    refused_item("const C: u8 = ⟦200 + 100⟧", "0608");
    refused_item("const C: u32 = ⟦1 / 0⟧", "0608");
    accepted_item(
        "const C: u8 = 200 - 100 + (3 << 2)\nconst D: [u8; 3] = [C; 3]\nconst E: bool = C > 5 and "
        "not false\nconst F: i64 = -5 / 2 % 3");
}

TEST_CASE("conversions are between integers and counts") {
    refused_statement("let y = ⟦u32(today)⟧", "0515");
    refused_statement("let y = ⟦date(n)⟧", "0515");
    refused_statement("let y = ⟦u32(b)⟧", "0515");
}

TEST_CASE("patterns have the shape of their value") {
    refused_statement("match c { ⟦some(x)⟧ => { return 1 }, other => { return 2 } }", "0516");
    refused_statement("match c { ⟦Purple⟧ => { return 1 }, other => { return 2 } }", "0516");
    refused_statement("match c { ⟦Blue(d)⟧ | Red => { return 1 }, Green => { return 2 } }", "0516");
    refused_statement("match c { ⟦Blue(x, y, z)⟧ => { return 1 }, other => { return 2 } }", "0516");
    refused_statement("match n { ⟦Red⟧ => { return 1 }, other => { return 2 } }", "0516");
    refused_statement("let ⟦(x, y)⟧ = n", "0516");
    refused_statement("let ⟦Red⟧ = c", "0516");
}

TEST_CASE("matches cover everything, once") {
    refused_statement("match ⟦c⟧ { Red => { return 1 }, Green => { return 2 } }", "0517");
    refused_statement("match ⟦o⟧ { none => { return 1 } }", "0517");
    refused_statement("match ⟦n⟧ { 1 => { return 1 }, 2 => { return 2 } }", "0517");
    refused_statement(
        "match ⟦(o, n > 1)⟧ { (none, p) => { return 1 }, (some(d), true) => { return 2 } }",
        "0517");
    refused_statement(
        "match c { Red => { return 1 }, ⟦Red⟧ => { return 3 }, other => { return 2 } }", "0518");
    refused_statement("match o { other => { return 1 }, ⟦none⟧ => { return 2 } }", "0518");
    refused_statement("match n { 1 => { return 1 }, ⟦1⟧ => { return 2 }, other => { return 3 } }",
                      "0518");
    refused_statement("if ⟦let x = n⟧ { return 1 }", "0524");
    refused_statement("require ⟦let x = today⟧ else Bad", "0524");
}

TEST_CASE("months round, workdays count forward by a calendar") {
    refused_statement("let y = today + ⟦3 months⟧", "0519");
    refused_statement("let y = today + ⟦1 year⟧", "0519");
    refused_statement("let y = ⟦today + 3 workdays⟧", "0521");
    refused_statement("let y = ⟦today - 3 workdays⟧", "0520");
    refused_statement("let y = ⟦due(today, 3 days)⟧", "0521");
    refused_step("let y = due(today, ⟦3 workdays⟧)", "0521");
    refused_step("let y = due(today, ⟦3 hours⟧)", "0527");
    refused_member("deadline d: ⟦3 workdays⟧ in open expires -> done { goto done }", "0521");
    refused_member("deadline d: ⟦3 hours⟧ clear in open expires -> done { goto done }", "0527");
    refused_member("deadline d: ⟦rate⟧ in open expires -> done { goto done }", "0527");
    refused_member("deadline d at ⟦count⟧ in open expires -> done { goto done }", "0527");
    accepted_statement(
        "let y = today + 3 months round down - 2 days\n    let z = (y - today) + 4 days\n    let w "
        "= now + 6 hours - now");
}

TEST_CASE("values are used") {
    refused_statement("⟦n + 1⟧", "0522");
    refused_statement("⟦counts.get(1)⟧", "0522");
    refused_statement("for x in ⟦n⟧ { counts[x] = 1 }", "0523");
    refused_item("action g() by anyone { return ⟦1⟧ }", "0522");
}

TEST_CASE("registers hold plain values, and count only if they can") {
    refused_item("register r: u8 -> ⟦date?⟧", "0525");
    refused_statement("let y = points.⟦next⟧(1)", "0526");
    refused_item("record R { a: u8 = 1, ⟦b⟧: u8 }", "0528");
}

}  // namespace aqd::check_test

#include "tests/compiler/check/support.h"

#include <catch2/catch.hpp>

namespace aqd::check_test {

TEST_CASE("what is never reached is refused") {
    refused_statement("return 1\n    ⟦let y = n⟧", "0601");
    refused_statement("if n > 1 { return 1 } else { fail Bad }\n    ⟦counts[1] = 2⟧", "0601");
    refused_step("goto done\n        ⟦count = 1⟧", "0601");
}

TEST_CASE("every path of a function gives a value") {
    refused_item("fn g(x: u32) -> u32 { if x > 1 { return 1 } }⟦⟧", "0602");
    refused_item("fn g(x: u32) -> u32 { let y = x }⟦⟧", "0602");
    refused_statement("let y = match o { none => ⟦{ counts[1] = 2 }⟧, some(d) => n }", "0602");
    refused_item("fn g(x: u32) -> u32 { ⟦return⟧ }", "0602");
    refused_statement("let y = ⟦counts.put(1, 2)⟧", "0602");
    accepted_item("fn g(x: u32) -> u32 { if x > 1 { return 1 }\n fail Bad }");
    accepted_item(
        "fn g(x: u32?) -> u32 { let y = match x { none => { fail Bad }, some(v) => v }\n y }");
    accepted_item(
        "fn g(x: u32) -> u32 { if x > 1 { 1 } else if x == 0 { 2 } else { match x { 1 => 5, other "
        "=> 6 "
        "} } }");
}

TEST_CASE("loops have constant bounds") {
    refused_statement("for i in 0 .. ⟦n⟧ { counts[i] = 1 }", "0603");
    refused_statement("for i in 0 .. ⟦l.length⟧ { counts[i] = 1 }", "0603");
    accepted_statement(
        "for i in 0 .. LIMIT { counts[i] = 1 }\n    while n < 3 max 5 { counts[1] += 1 }");
}

TEST_CASE("what the compiler knows to be past the end is refused") {
    refused_statement("let y: [u32; 3] = [1, 2, 3]\n    let z = y[⟦3⟧]", "0604");
    refused_statement("let z = b[⟦64⟧]", "0604");
    refused_statement("let y: text[3] = ⟦\"abcd\"⟧", "0605");
    refused_statement("let y: list[u32, 2] = ⟦[1, 2, 3]⟧", "0605");
    refused_statement("let y: [u32; 2] = ⟦[1]⟧", "0605");
}

TEST_CASE("dated values rise") {
    refused_item("parameter p: days = 3 days from 2020-01-01, 4 days from ⟦2019-01-01⟧", "0609");
}

TEST_CASE("one mistake is reported once") {
    refused_statement("let y = ⟦m⟧\n    let z = y + 1\n    counts[y] = z\n    points[z].x = y",
                      "0301");
    refused_item("record R { a: ⟦Missing⟧ }\nfn g(r: R) -> u32 { let x = r.a\n helper(x, x) }",
                 "0301");
    refused_statement("for x in ⟦missing⟧ { let y = x.field\n counts[y] = 1 }", "0301");
    refused_statement("if let x = ⟦missing⟧ { return x }", "0301");
}

}  // namespace aqd::check_test

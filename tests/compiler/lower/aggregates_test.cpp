#include "tests/compiler/lower/contract.h"

#include <catch2/catch.hpp>

using aqd::lower::testing::Contract;

TEST_CASE("lists and arrays are values: a copy does not see later changes") {
    Contract c(R"(module t version 1
record Row { name: text[9], marks: list[u32, 4] }
fn longer(l: list[u32, 4]) -> list[u32, 4] { var m = l; m.push(9); m }
view copies() -> (list[u32, 4], list[u32, 4], list[u32, 4]) {
    var a: list[u32, 4] = [1]
    let b = a
    a.push(2)
    let d = longer(a)
    a[0] = 7;
    (a, b, d)
}
view records() -> (Row, Row) {
    var r = Row(name: "x", marks: [1, 2])
    let s = r
    r.marks[1] = 5
    r.marks.push(6)
    r.name = "y";
    (r, s)
}
view arrays(n: u32) -> ([u32; 3], [u32; 3]) {
    var a: [u32; 3] = [n; 3]
    let b = a
    a[1] = 0;
    (a, b)
}
view swap() -> [u32; 2] { var a: [u32; 2] = [1, 2]; a = [a[1], a[0]]; a }
view each() -> (u32, list[u32, 4]) {
    var l: list[u32, 4] = [1, 2]
    var sum: u32 = 0
    for x in l { sum += x; if l.length < 4 { l.push(10) } }
    (sum, l)
}
view full(n: u32) -> list[u32, 4] {
    var l: list[u32, 4] = []
    var i: u32 = 0
    while i < n max 100 { l.push(i); i += 1 }
    l
}
view widen() -> list[list[text[9], 3], 3] {
    let inner: list[text[9], 2] = ["a", "b"]
    let all: list[list[text[9], 3], 2] = [inner, []]
    all
}
view at(l: list[u64, 3], i: u64) -> u64 { l[i] }
view has(l: list[(u8, text[3]), 3], x: (u8, text[3])) -> bool { l.contains(x) }
)");
    CHECK(c.value("copies", "[]") == "[[7, 2], [1], [1, 2, 9]]");
    CHECK(c.value("records", "[]") == "[[\"y\", [1, 5, 6]], [\"x\", [1, 2]]]");
    CHECK(c.value("arrays", "[4]") == "[[4, 0, 4], [4, 4, 4]]");
    CHECK(c.value("swap", "[]") == "[2, 1]");
    CHECK(c.value("each", "[]") == "[3, [1, 2, 10, 10]]");
    CHECK(c.value("full", "[4]") == "[0, 1, 2, 3]");
    CHECK(c.refusal("full", "[5]") == "TooLong");
    CHECK(c.value("widen", "[]") == "[[\"a\", \"b\"], []]");
    CHECK(c.refusal("at", "[[1, 2], 2]") == "IndexOutOfBounds");
    CHECK(c.refusal("at", "[[1, 2], 4294967296]") == "IndexOutOfBounds");
    CHECK(c.value("at", "[[1, 2], 1]") == "2");
    CHECK(c.value("has", "[[[1, \"a\"], [2, \"b\"]], [2, \"b\"]]") == "true");
    CHECK(c.value("has", "[[[1, \"a\"], [2, \"b\"]], [2, \"c\"]]") == "false");
}

TEST_CASE("a large array is one value, not a thousand") {
    Contract c(R"(module t version 1
fn fill(n: u32) -> [u32; 2000] {
    var a: [u32; 2000] = [0; 2000]
    for i in 0 .. 2000 { a[i] = n +% i }
    a
}
view sum(n: u32) -> u64 {
    let a = fill(n)
    var b = fill(1)
    b[0] = 5
    var s: u64 = 0
    for i in 0 .. 2000 { s += u64(a[i]) + u64(b[i]) }
    s
}
)");
    CHECK(c.value("sum", "[3]") == std::to_string(2 * 1999000 + 2000 * 3 + 2000 + 4));
    CHECK(c.wasm.size() < 8000);
}

TEST_CASE("options, enumerations and matches") {
    Contract c(R"(module t version 1
enum Shape { Empty, Circle(r: u32), Box(w: u32, h: u32) }
record P { a: u8? = none, b: Shape = Empty }
view area(s: Shape) -> u32 { match s { Empty => 0, Circle(r) => 3 * r * r, Box(w, h) => w * h } }
view value(v: u8?) -> u8 { v.value }
view other(v: u8?, d: u8) -> u8 { if let x = v { x } else { d } }
view some(v: (u8?, u8?)) -> u8 { match v { (some(a), some(b)) => a + b, (some(a), none) => a, (none, unused) => 0 } }
view number(n: u32) -> text[9] { match n { 0 => "none", 1 | 2 => "few", more => "many" } }
view same(a: Shape, b: Shape) -> bool { a == b }
view twice(a: Shape) -> (Shape, Shape) { (a, Box(w: 1, h: 2)) }
view defaults() -> P { P(a: 3) }
view compare(a: text[9], b: text[9]) -> (bool, bool, bool) { (a < b, a == b, a >= b) }
)");
    CHECK(c.value("area", "[0]") == "0");
    CHECK(c.value("area", "[[1, 2]]") == "12");
    CHECK(c.value("area", "[[2, 3, 4]]") == "12");
    CHECK(c.refusal("value", "[null]") == "MissingValue");
    CHECK(c.value("value", "[3]") == "3");
    CHECK(c.value("other", "[null, 4]") == "4");
    CHECK(c.value("other", "[5, 4]") == "5");
    CHECK(c.value("some", "[[1, 2]]") == "3");
    CHECK(c.value("some", "[[1, null]]") == "1");
    CHECK(c.value("some", "[[null, 2]]") == "0");
    CHECK(c.value("number", "[0]") == "\"none\"");
    CHECK(c.value("number", "[2]") == "\"few\"");
    CHECK(c.value("number", "[77]") == "\"many\"");
    CHECK(c.value("same", "[[2, 3, 4], [2, 3, 4]]") == "true");
    CHECK(c.value("same", "[[2, 3, 4], [2, 3, 5]]") == "false");
    CHECK(c.value("same", "[[1, 3], 0]") == "false");
    CHECK(c.value("twice", "[[1, 9]]") == "[[1, 9], [2, 1, 2]]");
    CHECK(c.value("defaults", "[]") == "[3, 0]");
    CHECK(c.value("compare", "[\"ab\", \"abc\"]") == "[true, false, false]");
    CHECK(c.value("compare", "[\"b\", \"abc\"]") == "[false, false, true]");
}

TEST_CASE("octets: big-endian numbers, slices, joining, hashing") {
    Contract c(R"(module t version 1
view read(b: bytes[20], at: u32) -> (u16, u32, u64) { (b.u16_be(at), b.u32_be(at), b.u64_be(at)) }
view part(b: bytes[20], at: u32, n: u32) -> bytes[20] { b.slice(at, n) }
view join(a: bytes[5], b: bytes[5]) -> bytes[10] { a + b }
view make() -> bytes[23] { bytes.zero(3) + bytes.of([1, 2]) + bytes.u32_be(7) + bytes.u64_be(8) }
view octet(b: bytes[3], i: u32) -> u8 { b[i] }
view digest(b: bytes[9]) -> hash { sha256(b) }
)");
    const std::string ten = "h'00010203040506070809'";
    CHECK(c.value("read", "[" + ten + ", 2]") == "[515, 33752069, 144964032628459529]");
    CHECK(c.refusal("read", "[" + ten + ", 3]") == "IndexOutOfBounds");
    CHECK(c.refusal("read", "[" + ten + ", 4294967295]") == "IndexOutOfBounds");
    CHECK(c.value("part", "[" + ten + ", 8, 2]") == "h'0809'");
    CHECK(c.value("part", "[" + ten + ", 10, 0]") == "h''");
    CHECK(c.refusal("part", "[" + ten + ", 9, 2]") == "IndexOutOfBounds");
    CHECK(c.refusal("part", "[" + ten + ", 4294967295, 4294967295]") == "IndexOutOfBounds");
    CHECK(c.value("join", "[h'01', h'0203']") == "h'010203'");
    CHECK(c.value("make", "[]") == "h'0000000102000000070000000000000008'");
    CHECK(c.value("octet", "[h'0102', 1]") == "2");
    CHECK(c.refusal("octet", "[h'0102', 2]") == "IndexOutOfBounds");
    CHECK(c.value("digest", "[h'616263']") ==
          "h'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'");
}

TEST_CASE("a while loop ends at its bound") {
    Contract c(R"(module t version 1
view count(n: u32) -> u32 {
    var i: u32 = 0
    while i < n max 10 { i += 1 }
    i
}
)");
    CHECK(c.value("count", "[10]") == "10");
    CHECK(c.refusal("count", "[11]") == "LoopLimit");
}

TEST_CASE("a call that fills the memory is refused, not trapped") {
    Contract c(R"(module t version 1
view grow(n: u32) -> u32 {
    var i: u32 = 0
    var b: bytes[1000000] = bytes.zero(1)
    while i < n max 100 { b = bytes.zero(60000); i += 1 }
    b.length
}
)");
    CHECK(c.value("grow", "[10]") == "60000");
    CHECK(c.refusal("grow", "[50]") == "OutOfMemory");
}

#include "tests/compiler/lower/contract.h"
#include "tests/compiler/lower/notation.h"

#include <catch2/catch.hpp>

using aqd::lower::testing::Contract;
using aqd::lower::testing::notation;

TEST_CASE("register operations refuse as documented and store canonical values") {
    Contract c(R"(module t version 1
record Note { author: text[9], marks: list[u8, 3] = [], seen: bool = false }
register notes: u32 -> Note
register counts: (u8, text[4]) -> u16 default 10
action put(k: u32, a: text[9]) by anyone { notes.put(k, Note(author: a)) }
action update(k: u32, a: text[9]) by anyone { notes.update(k, Note(author: a, seen: true)) }
action set(k: u32, a: text[9]) by anyone { notes[k] = Note(author: a) }
action mark(k: u32, m: u8) by anyone { notes[k].marks.push(m); notes[k].marks[0] += 1 }
action see(k: u32) by anyone { notes[k].seen = true }
action remove(k: u32) by anyone { notes.remove(k) }
view get(k: u32) -> Note? { notes.get(k) }
view read(k: u32) -> Note { notes[k] }
view has(k: u32) -> bool { notes.has(k) }
action next(a: u8, b: text[4]) by anyone -> u16 { counts.next((a, b)) }
action add(a: u8, n: u16) by anyone -> u16 { counts[(a, "x")] += n; counts[(a, "x")] }
action take(a: u8, n: u16) by anyone { counts[(a, "x")] -= n }
)");
    CHECK(c.refusal("update", "[1, \"a\"]") == "MissingKey");
    CHECK(c.refusal("remove", "[1]") == "MissingKey");
    CHECK(c.refusal("read", "[1]") == "MissingKey");
    CHECK(c.refusal("see", "[1]") == "MissingKey");
    CHECK(c.value("get", "[1]") == "null");
    CHECK(c.value("has", "[1]") == "false");
    CHECK(c.value("put", "[1, \"ann\"]").empty());
    CHECK(c.refusal("put", "[1, \"bob\"]") == "KeyExists");
    CHECK(c.value("get", "[1]") == "[\"ann\", [], false]");
    c.value("update", "[1, \"bob\"]");
    CHECK(c.value("read", "[1]") == "[\"bob\", [], true]");
    c.value("set", "[2, \"eve\"]");
    c.value("mark", "[2, 7]");
    c.value("mark", "[2, 9]");
    CHECK(c.value("read", "[2]") == "[\"eve\", [9, 9], false]");
    c.value("mark", "[2, 1]");
    CHECK(c.refusal("mark", "[2, 1]") == "TooLong");
    c.value("see", "[2]");
    CHECK(c.value("read", "[2]") == "[\"eve\", [10, 9, 1], true]");
    CHECK(notation(c.host.registers.at(c.host.named_by(0, "notes", "2"))) ==
          "[\"eve\", [10, 9, 1], true]");
    c.value("remove", "[2]");
    CHECK(c.value("has", "[2]") == "false");

    CHECK(c.value("next", "[1, \"a\"]") == "11");
    CHECK(c.value("next", "[1, \"a\"]") == "12");
    CHECK(c.value("next", "[1, \"b\"]") == "11");
    CHECK(c.value("add", "[1, 5]") == "15");
    CHECK(c.refusal("take", "[1, 16]") == "Overflow");
    c.value("take", "[1, 15]");
    CHECK(c.value("add", "[1, 65535]") == "65535");
    CHECK(c.refusal("add", "[1, 1]") == "Overflow");
}

TEST_CASE("a text read from a register stays whole while others are read") {
    Contract c(R"(module t version 1
register names: u8 -> text[600] default "nobody"
action set(k: u8, v: text[600]) by anyone { names.set(k, v) }
view both(a: u8, b: u8) -> (text[600], text[600], bool) { (names[a], names[b], names[a] == names[b]) }
)");
    const std::string long_text(600, 'x');
    c.value("set", "[1, \"" + long_text + "\"]");
    c.value("set", "[2, \"short\"]");
    CHECK(c.value("both", "[1, 2]") == "[\"" + long_text + "\", \"short\", false]");
    CHECK(c.value("both", "[3, 3]") == "[\"nobody\", \"nobody\", true]");
}

TEST_CASE("an action is for those it names") {
    Contract c(R"(module t version 1
authority Commune(code: text[8]) has { province: text[4], abroad: bool }
authority Mint
role Officer of Commune
role Minter of Mint
role Citizen by assertion of Mint level 2
action own(office: Commune) by Officer of office | Minter of Mint -> text[4] { office.province }
action any() by Officer of any Commune -> bool { true }
action citizen() by Citizen -> bool { true }
view abroad(office: Commune) -> bool { office.abroad }
)");
    auto& host = c.host;
    host.bodies = {host.named_by(0, "Commune", "[\"A\"]"), host.named_by(0, "Commune", "[\"B\"]")};
    host.attributes[host.named_by(0, "Commune", "[\"A\"]")] =
        aqd::lower::testing::cbor("[\"CAS\", true]");
    CHECK(c.refusal("own", "[[\"A\"]]") == "NotAuthorised");
    CHECK(c.refusal("any", "[]") == "NotAuthorised");
    CHECK(c.refusal("citizen", "[]") == "NotAuthorised");
    CHECK(c.refusal("own", "[[\"C\"]]") == "UnknownBody");
    host.roles = {host.named_by(0, "Officer", "[\"A\"]")};
    CHECK(c.value("own", "[[\"A\"]]") == "\"CAS\"");
    CHECK(c.refusal("own", "[[\"B\"]]") == "NotAuthorised");
    CHECK(c.value("any", "[]") == "true");
    host.roles = {host.named_by(0, "Minter", "[]")};
    CHECK(c.value("own", "[[\"A\"]]") == "\"CAS\"");
    CHECK(c.refusal("own", "[[\"B\"]]") == "UnknownBody");
    host.roles = {host.named_by(0, "Citizen", "")};
    CHECK(c.value("citizen", "[]") == "true");
    CHECK(c.value("abroad", "[[\"A\"]]") == "true");
}

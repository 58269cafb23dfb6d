#include "tests/compiler/lower/contract.h"
#include "tests/compiler/lower/notation.h"

#include <aqd/abi/refusal.h>
#include <aqd/base/hex.h>

#include <catch2/catch.hpp>

#include <random>

using aqd::Bytes;
using aqd::lower::testing::Contract;

namespace {

constexpr const char* every_type = R"(module t version 1
authority Commune(code: text[8])
authority Dgsn
record Point { x: u8, y: i16 }
enum Colour { Red, Green }
enum Shape { Empty, Circle(r: u32), Named(name: text[5], at: Point) }
view truth(v: bool) -> bool { v }
view small(v: i8) -> i8 { v }
view word(v: u64) -> u64 { v }
view wide(v: i128) -> i128 { v }
view money(v: decimal[2]) -> decimal[2] { v }
view day(v: date) -> date { v }
view moment(v: time) -> time { v }
view span(v: days) -> days { v }
view terms(v: months) -> months { v }
view words(v: text[5]) -> text[5] { v }
view octets(v: bytes[3]) -> bytes[3] { v }
view digest(v: hash) -> hash { v }
view file(v: CaseId) -> CaseId { v }
view account(v: Account) -> Account { v }
view body(v: Body) -> Body { v }
view maybe(v: u8?) -> u8? { v }
view several(v: list[u16, 3]) -> list[u16, 3] { v }
view three(v: [u16; 3]) -> [u16; 3] { v }
view pair(v: (bool, text[5])) -> (bool, text[5]) { v }
view point(v: Point) -> Point { v }
view colour(v: Colour) -> Colour { v }
view shape(v: Shape) -> Shape { v }
view office(v: Commune) -> Commune { v }
view police(v: Dgsn) -> Dgsn { v }
view nested(v: list[(Point, Shape?), 2]) -> list[(Point, Shape?), 2] { v }
)";

std::string text_of(Contract& c, const std::string& entry, const std::string& hex) {
    const auto octets = aqd::from_hex(hex);
    REQUIRE(octets.has_value());
    const auto answer = c.call_raw(entry, *octets);
    return answer.refusal == 0 ? answer.result
                               : std::string(aqd::abi::refusal_name(answer.refusal));
}

}  // namespace

TEST_CASE("arguments of another type, length or spelling are refused Decode") {
    Contract c(every_type);
    const std::vector<std::pair<std::string, std::string>> wrong{
        {"truth", "[1]"},
        {"truth", "[]"},
        {"truth", "[true, true]"},
        {"truth", "true"},
        {"small", "[128]"},
        {"small", "[-129]"},
        {"word", "[-1]"},
        {"word", "[18446744073709551616]"},
        {"wide", "[170141183460469231731687303715884105728]"},
        {"day", "[2932897]"},
        {"day", "[-135141]"},
        {"moment", "[253402300800]"},
        {"terms", "[[1, 3]]"},
        {"terms", "[[1]]"},
        {"terms", "[1]"},
        {"words", "[\"sixsix\"]"},
        {"words", "[h'6162']"},
        {"octets", "[h'01020304']"},
        {"octets", "[\"abc\"]"},
        {"digest", "[h'00']"},
        {"file", "[h'00112233445566778899aabbccddeeff001122']"},
        {"maybe", "[256]"},
        {"maybe", "[[1]]"},
        {"several", "[[1, 2, 3, 4]]"},
        {"several", "[[1, 65536]]"},
        {"three", "[[1, 2]]"},
        {"three", "[[1, 2, 3, 4]]"},
        {"pair", "[[true]]"},
        {"point", "[[1]]"},
        {"point", "[[1, 2, 3]]"},
        {"point", "[[1, 40000]]"},
        {"colour", "[2]"},
        {"colour", "[[0]]"},
        {"shape", "[1]"},
        {"shape", "[[0, 1]]"},
        {"shape", "[[1]]"},
        {"shape", "[[1, 2, 3]]"},
        {"shape", "[3]"},
        {"shape", "[[3, 1]]"},
        {"office", "[\"01.051\"]"},
        {"office", "[[\"01.051\", 1]]"},
        {"office", "[[\"anfa\"]]"},
        {"office", "[[\"123456789\"]]"},
        {"police", "[[1]]"},
        {"body", "[[h'00']]"},
        {"body", "[[]]"},
    };
    for (const auto& [entry, arguments] : wrong) {
        INFO(entry << " " << arguments);
        CHECK(c.refusal(entry, arguments) == "Decode");
    }
}

TEST_CASE("octets that are not the canonical spelling are refused Decode") {
    Contract c(every_type);
    for (const auto& [entry, hex] : std::vector<std::pair<std::string, std::string>>{
             {"word", "811800"},        // 0 in two octets
             {"word", "81190001"},      // 1 in three
             {"word", "9801 01"},       // array head too long
             {"word", "8101ff"},        // a trailing octet
             {"word", "81"},            // cut off
             {"word", "811b00000001"},  // cut off inside a number
             {"word", "9f01ff"},        // indefinite
             {"wide", "81c24101"},      // a bignum of one octet
             {"wide", "81c2490001020304050607 08"},
             {"words", "817f6161ff"},     // indefinite text
             {"words", "8161ff"},         // not UTF-8
             {"maybe", "81f7"},           // undefined
             {"truth", "81f4f4"},         // two values in an array of one
             {"octets", "815803010203"},  // length in two octets
             {"colour", "811800"},
             {"word", ""},
         }) {
        std::string digits;
        for (const char d : hex) {
            if (d != ' ') {
                digits += d;
            }
        }
        INFO(entry << " " << hex);
        CHECK(text_of(c, entry, digits) == "Decode");
    }
}

TEST_CASE("values of every type come back as they came") {
    Contract c(every_type);
    c.host.bodies.insert(c.host.named_by(0, "Commune", "[\"01.051\"]"));
    c.host.bodies.insert(c.host.named_by(0, "Dgsn", "[]"));
    const std::string tag = "h'" + std::string(80, 'a') + "'";
    for (const auto& [entry, value] : std::vector<std::pair<std::string, std::string>>{
             {"truth", "true"},
             {"small", "-128"},
             {"small", "127"},
             {"word", "18446744073709551615"},
             {"word", "0"},
             {"word", "23"},
             {"word", "24"},
             {"wide", "-170141183460469231731687303715884105728"},
             {"wide", "18446744073709551616"},
             {"money", "-1250"},
             {"day", "-135140"},
             {"day", "2932896"},
             {"moment", "253402300799"},
             {"span", "-3"},
             {"terms", "[3, 2]"},
             {"words", "\"\u0641\u0642\u00e9a\""},
             {"words", "\"\""},
             {"octets", "h'000102'"},
             {"octets", "h''"},
             {"digest", "h'" + std::string(64, '7') + "'"},
             {"file", "h'" + std::string(40, '7') + "'"},
             {"account", "h'" + std::string(40, '8') + "'"},
             {"body", "[" + tag + ", \"01.051\"]"},
             {"body", "[" + tag + "]"},
             {"maybe", "null"},
             {"maybe", "7"},
             {"several", "[]"},
             {"several", "[1, 2, 65535]"},
             {"three", "[1, 2, 3]"},
             {"pair", "[false, \"x\"]"},
             {"point", "[255, -32768]"},
             {"colour", "1"},
             {"shape", "0"},
             {"shape", "[1, 4294967295]"},
             {"shape", "[2, \"abc\", [1, -1]]"},
             {"office", "[\"01.051\"]"},
             {"police", "[]"},
             {"nested", "[[[1, 2], null], [[3, 4], [2, \"q\", [5, 6]]]]"},
         }) {
        INFO(entry);
        CHECK(c.value(entry, "[" + value + "]") == value);
    }
}

TEST_CASE("whatever octets come, a value is taken in its one spelling or refused, never trapped") {
    Contract c(every_type);
    c.host.bodies.insert(c.host.named_by(0, "Commune", "[\"01.051\"]"));
    c.host.bodies.insert(c.host.named_by(0, "Dgsn", "[]"));
    std::mt19937 random(41);
    const std::vector<std::pair<std::string, std::string>> seeds{
        {"wide", "-18446744073709551617"},
        {"words", "\"\u0641\u064e\u0651b\""},
        {"octets", "h'000102'"},
        {"body", "[h'" + std::string(80, 'a') + "', \"01.051\", 7]"},
        {"several", "[1, 2, 65535]"},
        {"shape", "[2, \"abc\", [1, -1]]"},
        {"office", "[\"01.051\"]"},
        {"terms", "[3, 2]"},
        {"nested", "[[[1, 2], null], [[3, 4], [2, \"q\", [5, 6]]]]"},
    };
    for (const auto& [entry, value] : seeds) {
        const Bytes seed = aqd::lower::testing::cbor("[" + value + "]");
        for (int round = 0; round < 300; ++round) {
            Bytes octets = seed;
            for (unsigned change = 0; change <= random() % 3; ++change) {
                const std::size_t at = random() % octets.size();
                switch (random() % 4) {
                    case 0:
                        octets[at] = static_cast<std::uint8_t>(random());
                        break;
                    case 1:
                        octets[at] ^= static_cast<std::uint8_t>(1U << (random() % 8));
                        break;
                    case 2:
                        octets.insert(octets.begin() + static_cast<std::ptrdiff_t>(at),
                                      static_cast<std::uint8_t>(random()));
                        break;
                    default:
                        octets.resize(std::max<std::size_t>(at, 1));
                }
            }
            const auto answer = c.call_raw(entry, octets);
            INFO(entry << " " << aqd::to_hex(octets) << " " << answer.result);
            if (answer.refusal == 0) {
                REQUIRE(Bytes(octets.begin() + 1, octets.end()) == *c.host.result);
            } else {
                REQUIRE((answer.refusal == 1 || answer.refusal == 2));
            }
        }
    }
}

TEST_CASE("bodies that are not registered are refused UnknownBody, wherever they are") {
    Contract c(R"(module t version 1
authority Commune(code: text[8])
record Office { of: Commune, since: date }
enum Place { Nowhere, Here(at: Office) }
view deep(v: list[(u8, Office?), 2]) -> u8 { 1 }
view place(v: Place) -> u8 { 1 }
)");
    c.host.bodies.insert(c.host.named_by(0, "Commune", "[\"A\"]"));
    CHECK(c.refusal("deep", "[[[1, null], [2, [[\"B\"], 5]]]]") == "UnknownBody");
    CHECK(c.refusal("place", "[[1, [[\"B\"], 5]]]") == "UnknownBody");
    CHECK(c.value("deep", "[[[1, null], [2, [[\"A\"], 5]]]]") == "1");
    CHECK(c.value("place", "[[1, [[\"A\"], 5]]]") == "1");
    CHECK(c.value("place", "[0]") == "1");
}

TEST_CASE("text holds only what people can read, in form C") {
    Contract c("module t version 1\nview f(v: text[100]) -> u32 { v.length }\n");
    const auto text = [&](const std::string& value) {
        const auto answer = c.call("f", "[\"" + value + "\"]");
        return answer.refusal == 0 ? answer.result
                                   : std::string(aqd::abi::refusal_name(answer.refusal));
    };
    CHECK(text("a\tb") == "Decode");
    CHECK(text("a\x7f") == "Decode");
    CHECK(text("a\u0085") == "Decode");
    CHECK(text("a\u202eb") == "Decode");      // right-to-left override
    CHECK(text("a\u2066b") == "Decode");      // isolate
    CHECK(text("e\u0301") == "Decode");       // é in two
    CHECK(text("\u0627\u0653") == "Decode");  // alef and madda apart
    CHECK(text("\u0648\u0654") == "Decode");  // waw and hamza apart
    CHECK(text("\u0627\u064b\u0653") == "Decode");
    CHECK(text("\u0628\u0651\u064e") == "Decode");  // shadda before fatha
    CHECK(text("\u212b") == "Decode");              // the angstrom sign
    CHECK(text("\uf900") == "Decode");
    CHECK(text("a\nb") == "3");
    CHECK(text("\u00e9t\u00e9") == "3");
    CHECK(text("\u0627\u0644\u0645\u063a\u0631\u0628") == "6");
    CHECK(text("\u0628\u064e\u0651") == "3");  // fatha, then shadda
    CHECK(text("\u0628\u0654") == "2");        // no composed form
    CHECK(text("\u1eb9\u0301") == "2");        // nor here, in Yoruba
    CHECK(text("\u2d30\u2d63\u2d53\u2d4d") == "4");
    CHECK(text("\u0623\u0622\u0624") == "3");
    CHECK(text("\U0001f600") == "1");
}

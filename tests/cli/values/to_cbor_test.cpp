#include "cli/values/to_cbor.h"

#include "cli/values/commitment.h"
#include "cli/values/from_cbor.h"
#include "tests/cli/values/sample_types.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>

#include <catch2/catch.hpp>

#include <string>

namespace aqd::values {
namespace {

using abi::TypeKind;

/// The CBOR in hexadecimal digits, or the error.
std::string converted(const std::string& json, const abi::Type& type) {
    const TypeTable table = sample_table();
    Surroundings around;
    around.types = &table;
    around.names = [](std::string_view word) -> std::optional<Json> {
        return word == "#fatima" ? std::optional<Json>(std::string(64, 'a')) : std::nullopt;
    };
    const auto value = to_cbor(Json::parse(json), type, around, JsonPath("died"));
    return value ? to_hex(*value) : value.error().message;
}

bool is_refused(const std::string& json, const abi::Type& type) {
    return converted(json, type).starts_with("died");
}

TEST_CASE("numbers that do not fit, are not whole or not exact are refused") {
    CHECK(converted("256", unsigned_type(8)) == "died: 256 does not fit u8");
    CHECK(is_refused("-1", unsigned_type(8)));
    CHECK(is_refused("1.5", unsigned_type(8)));
    CHECK(is_refused("1e3", unsigned_type(32)));
    CHECK(is_refused("true", unsigned_type(8)));
    CHECK(is_refused("\"340282366920938463463374607431768211456\"", unsigned_type(128)));
    CHECK(is_refused("128", type_of(TypeKind::signed_integer, 8)));
    CHECK(is_refused("-129", type_of(TypeKind::signed_integer, 8)));
    CHECK(is_refused("1.25", type_of(TypeKind::decimal, 2)));
    CHECK(is_refused("\"1.255\"", type_of(TypeKind::decimal, 2)));
    CHECK(is_refused("\"1.\"", type_of(TypeKind::decimal, 2)));
    CHECK(converted("\"12.5\"", type_of(TypeKind::decimal, 2)) == "1904e2");
    CHECK(converted("-128", type_of(TypeKind::signed_integer, 8)) == "387f");
    CHECK(converted("\"340282366920938463463374607431768211455\"", unsigned_type(128)) ==
          "c250" + std::string(32, 'f'));
}

TEST_CASE("dates that do not exist and times without a clock are refused") {
    const abi::Type date = type_of(TypeKind::date);
    const abi::Type time = type_of(TypeKind::time);
    CHECK(converted("\"2026-02-29\"", date).starts_with("died: 2026-02-29 is not a day"));
    CHECK(is_refused("\"29/02/2028\"", date));
    CHECK(is_refused("20660", date));
    CHECK(is_refused("\"2026-03-05T10:00:00\"", time));
    CHECK(converted("\"1970-01-02\"", date) == "01");
    CHECK(converted("\"1970-01-01T00:01:00Z\"", time) == "183c");
}

TEST_CASE("durations of another unit are refused") {
    CHECK(is_refused("\"30 weeks\"", type_of(TypeKind::days)));
    CHECK(is_refused("\"30 days\"", type_of(TypeKind::workdays)));
    CHECK(is_refused("\"-3 days\"", type_of(TypeKind::days)));
    CHECK(is_refused("\"3 months round sideways\"", type_of(TypeKind::months)));
    CHECK(converted("\"30 days\"", type_of(TypeKind::days)) == "181e");
    CHECK(converted("\"1 day\"", type_of(TypeKind::days)) == "01");
    CHECK(converted("30", type_of(TypeKind::days)) == "181e");
    CHECK(converted("\"3 months round down\"", type_of(TypeKind::months)) == "820302");
    CHECK(converted("\"1 year\"", type_of(TypeKind::months)) == "820c00");
}

TEST_CASE("texts and octets over their bound are refused; letters count, not octets") {
    CHECK(is_refused("\"abcde\"", text_type(4)));
    CHECK(is_refused("\"e\u0301\"", text_type(4)));  // é in two
    CHECK(is_refused("\"a\\tb\"", text_type(4)));
    CHECK(converted("\"éé\"", text_type(2)) == "64c3a9c3a9");
    CHECK(is_refused("\"abcd\"", type_of(TypeKind::bytes, 1)));
    CHECK(is_refused("\"abc\"", type_of(TypeKind::bytes, 8)));
    CHECK(is_refused("\"@no such file\"", type_of(TypeKind::bytes, 8)));
    CHECK(converted("\"0xabcd\"", type_of(TypeKind::bytes, 8)) == "42abcd");
    CHECK(converted(R"({"utf8": "hi"})", type_of(TypeKind::bytes, 8)) == "426869");
}

TEST_CASE("identifiers of another length are refused; words stand for what they name") {
    CHECK(converted("\"abcd\"", type_of(TypeKind::case_id)) ==
          "died: has 4 hexadecimal digits instead of 40");
    CHECK(is_refused("\"" + std::string(62, '0') + "\"", type_of(TypeKind::hash)));
    CHECK(is_refused("\"#nobody\"", type_of(TypeKind::hash)));
    CHECK(converted("\"#fatima\"", type_of(TypeKind::hash)) == "5820" + std::string(64, 'a'));
    CHECK(converted("\"#fatima\"", text_type(10)) ==
          "67236661"
          "74696d61");
    CHECK(converted(R"({"sha256": {"utf8": ""}})", type_of(TypeKind::hash))
              .starts_with("5820e3b0c442"));
}

TEST_CASE("authorities are named by their keys, with or without their kind") {
    const abi::Type commune = type_of(TypeKind::authority, 0, "gov.bodies.Commune");
    CHECK(converted("\"Commune:01.051\"", commune) == "816630312e303531");
    CHECK(converted("\"01.051\"", commune) == "816630312e303531");
    CHECK(converted("[\"01.051\"]", commune) == "816630312e303531");
    CHECK(is_refused("\"Hospital:01\"", commune));
    CHECK(is_refused("[]", commune));
    CHECK(is_refused("[\"1\", \"2\"]", commune));
    CHECK(is_refused("7", commune));
    const abi::Type section = type_of(TypeKind::authority, 0, "gov.bodies.Section");
    CHECK(converted("\"RABAT:A\"", section) ==
          "8265"
          "5241424154"
          "6141");
    CHECK(converted("\"Dgsn\"", type_of(TypeKind::authority, 0, "gov.bodies.Dgsn")) == "80");
}

TEST_CASE("a body of any kind says which kind it is") {
    const abi::Type body = type_of(TypeKind::body);
    CHECK(is_refused("\"Kommune:01.051\"", body));
    CHECK(is_refused("[\"01.051\"]", body));
    CHECK(converted("\"Commune:01.051\"", body).starts_with("825828"));
    CHECK(converted("\"Dgsn\"", body).starts_with("815828"));
    CHECK(converted(R"({"Commune": ["01.051"]})", body) == converted("\"Commune:01.051\"", body));
}

TEST_CASE("records and variants with missing or unknown fields are refused by name") {
    const abi::Type act = type_of(TypeKind::record, 0, "gov.bodies.Act");
    CHECK(converted(R"({"office": "01", "died": null})", act) ==
          "died: the field \"number\" is missing");
    CHECK(converted(R"({"office": "01", "number": 1, "day": 2})", act) ==
          "died: Act has no field \"day\"");
    CHECK(converted(R"({"office": "01", "number": 1, "died": "x"})", act)
              .starts_with("died.died: expected a date"));
    CHECK(converted(R"({"office": "01", "number": 1})", act) ==
          "8381"
          "623031"
          "01f6");
    CHECK(converted(R"(["01", 1, null])", act) == "838162303101f6");

    const abi::Type status = type_of(TypeKind::enumeration, 0, "gov.bodies.Status");
    CHECK(converted("\"Regulier\"", status) ==
          "died: Status has no \"Regulier\"; there are Regular, Late");
    CHECK(is_refused("\"Late\"", status));
    CHECK(is_refused("0", status));
    CHECK(converted("\"Regular\"", status) == "00");
    CHECK(converted(R"({"Late": {"months": 3}})", status) == "820103");
}

TEST_CASE("a record of one field may be written as that field") {
    const abi::Type person = type_of(TypeKind::record, 0, "gov.bodies.PersonKey");
    const std::string cbor = "815820" + std::string(64, 'a');
    CHECK(converted("\"#fatima\"", person) == cbor);
    CHECK(converted(R"({"value": "#fatima"})", person) == cbor);
}

TEST_CASE("lists over their bound and arrays of another length are refused") {
    const abi::Type list = type_of(TypeKind::list, 2, "", {unsigned_type(8)});
    CHECK(is_refused("[1, 2, 3]", list));
    CHECK(converted("[1, 300]", list) == "died[1]: 300 does not fit u8");
    CHECK(converted("[]", list) == "80");
    CHECK(is_refused("[1]", type_of(TypeKind::array, 2, "", {unsigned_type(8)})));
    CHECK(is_refused("[1]", type_of(TypeKind::tuple, 0, "", {unsigned_type(8), text_type(1)})));
}

TEST_CASE("arguments that are missing or unknown are refused with the list of parameters") {
    const TypeTable table = sample_table();
    Surroundings around;
    around.types = &table;
    const std::vector<abi::Field> parameters = {{"died", type_of(TypeKind::date)},
                                                {"note", option_of(text_type(9))}};
    const auto error_of = [&](const char* json) {
        const auto value =
            arguments_to_cbor(Json::parse(json), parameters, around, JsonPath("args"));
        return value ? std::string() : value.error().message;
    };
    CHECK(error_of(R"({"dead": 1})") ==
          "args: there is no parameter \"dead\"; it takes died: date, note: text[9]?");
    CHECK(error_of("{}") == "args: \"died\" is missing; it takes died: date, note: text[9]?");
    CHECK(error_of("[1]").find("there are 1 arguments") != std::string::npos);
    CHECK(error_of("3").find("arguments are an object") != std::string::npos);
    CHECK(error_of(R"({"died": "2026-03-03"})").empty());
    CHECK(error_of(R"(["2026-03-03", null])").empty());
}

TEST_CASE("a secret is committed under its slot, absent ones too, and never written") {
    const TypeTable table = sample_table();
    Surroundings around;
    around.types = &table;
    const std::vector<abi::Field> parameters = {
        {"cause", type_of(TypeKind::secret, 0, "", {text_type(20)})}};
    CHECK_FALSE(arguments_to_cbor(Json{{"cause", "natural"}}, parameters, around, JsonPath()));

    std::string slot;
    Bytes value;
    around.slot_prefix = "Declaration.";
    around.commit = [&](std::string_view in_slot, BytesView cbor) -> Result<Hash256> {
        slot = in_slot;
        value = to_bytes(cbor);
        return commitment_of({}, {}, in_slot, Hash256{}.view(), cbor);
    };
    const auto arguments =
        arguments_to_cbor(Json{{"cause", "natural"}}, parameters, around, JsonPath());
    REQUIRE(arguments);
    CHECK(slot == "Declaration.cause");
    CHECK(to_hex(value) == "676e61747572616c");
    CHECK(to_hex(*arguments).starts_with("815820"));
    REQUIRE(arguments_to_cbor(Json::object(), parameters, around, JsonPath()));
    CHECK(to_hex(value) == "f6");
    CHECK_FALSE(
        arguments_to_cbor(Json{{"cause", std::string(21, 'x')}}, parameters, around, JsonPath()));
}

}  // namespace
}  // namespace aqd::values

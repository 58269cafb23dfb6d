#include "cli/values/from_cbor.h"

#include "cli/values/describe.h"
#include "cli/values/to_cbor.h"
#include "tests/cli/values/sample_types.h"

#include <aqd/base/hex.h>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace aqd::values {
namespace {

using abi::TypeKind;

Result<Json> read(const std::string& hex, const abi::Type& type) {
    return from_cbor(from_hex(hex).value(), type, sample_table());
}

TEST_CASE("octets that are not a value of the type are refused") {
    CHECK_FALSE(read("01", text_type(3)));
    CHECK_FALSE(read("0101", unsigned_type(8)));
    CHECK_FALSE(read("1801", unsigned_type(8)));
    CHECK_FALSE(read("1b7fffffffffffffff", type_of(TypeKind::date)));
    CHECK_FALSE(read("05", type_of(TypeKind::enumeration, 0, "gov.bodies.Status")));
    CHECK_FALSE(read("80", type_of(TypeKind::enumeration, 0, "gov.bodies.Status")));
    CHECK_FALSE(read("80", type_of(TypeKind::authority, 0, "gov.bodies.Commune")));
    CHECK_FALSE(read("80", type_of(TypeKind::record, 0, "gov.bodies.Nothing")));
    CHECK_FALSE(read("", unsigned_type(8)));
}

TEST_CASE("what is read is taken back unchanged") {
    const struct {
        const char* json = nullptr;
        abi::Type type;
    } samples[] = {
        {"7", unsigned_type(64)},
        {"\"340282366920938463463374607431768211455\"", unsigned_type(128)},
        {"\"-12.50\"", type_of(TypeKind::decimal, 2)},
        {"\"2026-03-05\"", type_of(TypeKind::date)},
        {"\"2026-03-05T10:00:00Z\"", type_of(TypeKind::time)},
        {"\"30 days\"", type_of(TypeKind::days)},
        {"\"3 months round down\"", type_of(TypeKind::months)},
        {"null", option_of(text_type(3))},
        {"\"Commune:01.051\"", type_of(TypeKind::body)},
        {"\"Dgsn\"", type_of(TypeKind::body)},
        {"\"Section:RABAT:A\"", type_of(TypeKind::authority, 0, "gov.bodies.Section")},
        {R"({"office": "Commune:01", "number": 1, "died": "2026-03-03"})",
         type_of(TypeKind::record, 0, "gov.bodies.Act")},
        {R"({"Late": {"months": 3}})", type_of(TypeKind::enumeration, 0, "gov.bodies.Status")},
        {R"([true, ["a"]])",
         type_of(TypeKind::tuple, 0, "",
                 {type_of(TypeKind::boolean), type_of(TypeKind::list, 2, "", {text_type(1)})})},
    };
    const TypeTable table = sample_table();
    Surroundings around;
    around.types = &table;
    for (const auto& sample : samples) {
        INFO(sample.json);
        const Json json = Json::parse(sample.json);
        const auto value = to_cbor(json, sample.type, around, JsonPath());
        REQUIRE(value);
        CHECK(from_cbor(*value, sample.type, table).value() == json);
    }
}

TEST_CASE("a record of a later version shows the fields it does not know") {
    const auto json = read(
        "84816230310101"
        "02",
        type_of(TypeKind::record, 0, "gov.bodies.Act"));
    REQUIRE(json);
    CHECK((*json)["#3"] == 2);
    CHECK(read("8181623031", type_of(TypeKind::record, 0, "gov.bodies.Act")).value().size() == 1);
}

TEST_CASE("a body whose authority no module declares is shown as digits") {
    const std::string unknown = "815828" + std::string(80, 'a');
    CHECK(body_from_cbor(from_hex(unknown).value(), sample_table()).value() == unknown);
    CHECK_FALSE(body_from_cbor(from_hex("80").value(), sample_table()));
}

TEST_CASE("values in words") {
    CHECK(describe(Json("2026-03-05"), type_of(TypeKind::date)) == "5 Mar 2026");
    CHECK(describe(Json(61200), unsigned_type(32)) == "61,200");
    CHECK(describe(Json("-1234567.50"), type_of(TypeKind::decimal, 2)) == "-1,234,567.50");
    CHECK(describe(Json(), option_of(text_type(3))) == "none");
    CHECK(describe(Json("Commune:01.051"), type_of(TypeKind::body)) == "Commune 01.051");
    CHECK(describe(Json(std::string(64, 'a')), type_of(TypeKind::hash)) == "aaaa aaaa …");
    CHECK(moment_text(1'772'704'800) == "5 Mar 2026 10:00");
}

}  // namespace
}  // namespace aqd::values

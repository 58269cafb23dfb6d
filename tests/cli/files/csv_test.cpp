#include "cli/files/csv.h"

#include <catch2/catch.hpp>

#include <string>

namespace aqd::files {
namespace {

TEST_CASE("a row of another length is refused with its line") {
    const auto table = parse_csv("a,b\n1,2\n3\n", "t.csv");
    REQUIRE_FALSE(table);
    CHECK(table.error().message == "t.csv:3: has 1 cells, not 2 as the first line");
}

TEST_CASE("quotes that do not end, or end early, are refused") {
    CHECK_FALSE(parse_csv("a\n\"x\n", "t.csv"));
    CHECK_FALSE(parse_csv("a\n\"x\"y\n", "t.csv"));
    CHECK_FALSE(parse_csv("", "t.csv"));
}

TEST_CASE("quoted cells hold commas and quotes; empty lines and carriage returns do not matter") {
    const auto table = parse_csv("a,b\r\n\"x, \"\"y\"\"\",2\r\n\r\n,\n", "t.csv");
    REQUIRE(table);
    REQUIRE(table->rows.size() == 2);
    CHECK(table->rows[0][0] == "x, \"y\"");
    CHECK(table->rows[1][1].empty());
}

TEST_CASE("a pattern with an unknown column is refused") {
    const auto table = parse_csv("name\nFatima\n", "t.csv");
    REQUIRE(table);
    const auto filled = fill_in(Json{{"who", "{nmae}"}}, *table, 0, JsonPath("steps[0]"));
    REQUIRE_FALSE(filled);
    CHECK(filled.error().message == "steps[0].who: the table has no column \"nmae\"");
}

TEST_CASE("a pattern is filled in: texts, lists, nothing for an empty cell") {
    const auto table = parse_csv("name,funds,born\nFatima,CMR;RCAR,\n", "t.csv");
    REQUIRE(table);
    const Json pattern = Json::parse(
        R"({"who": "#{name}", "funds": "{funds[]}", "born": "{born}", "n": 3, "in": ["{name}"]})");
    const auto filled = fill_in(pattern, *table, 0, JsonPath());
    REQUIRE(filled);
    CHECK(*filled == Json::parse(
                         R"({"who": "#Fatima", "funds": ["CMR", "RCAR"], "born": null, "n": 3,
                             "in": ["Fatima"]})"));
}

}  // namespace
}  // namespace aqd::files

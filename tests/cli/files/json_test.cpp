#include "cli/files/json.h"

#include <catch2/catch.hpp>

#include <string>

namespace aqd::files {
namespace {

std::string error_of(const std::string& text) {
    const auto json = parse_json(text, "x.json");
    return json ? "" : json.error().message;
}

TEST_CASE("what is no JSON is refused with its line and column") {
    CHECK(error_of("{\n  \"a\": tru\n}").starts_with("x.json:2:"));
    CHECK(error_of("").starts_with("x.json"));
    CHECK(error_of("{} {}").starts_with("x.json:1:4"));
    CHECK_FALSE(error_of("[1, 2").empty());
    CHECK_FALSE(error_of("\"\xff\"").empty());
}

TEST_CASE("a member written twice is refused, in an inner object too") {
    CHECK(error_of(R"({"a": 1, "a": 2})").find("\"a\" is written twice") != std::string::npos);
    CHECK(error_of(R"([{"b": {"a": 1, "a": 1}}])").find("twice") != std::string::npos);
    CHECK(error_of(R"({"a": {"b": 1}, "c": {"b": 1}})").empty());
}

TEST_CASE("nesting is bounded") {
    CHECK(error_of(std::string(64, '[') + std::string(64, ']')).empty());
    CHECK(error_of(std::string(65, '[') + std::string(65, ']')).find("nested") !=
          std::string::npos);
    CHECK_FALSE(error_of(std::string(100'000, '[')).empty());
}

TEST_CASE("a misspelt member is an error that lists the members there are") {
    const Json json = Json::parse(R"({"name": "x", "colck": "manual"})");
    auto object = JsonObject::of(json, JsonPath("genesis"));
    REQUIRE(object);
    REQUIRE(object->text("name"));
    REQUIRE(object->text_or("clock", "system"));
    const auto finished = object->finish();
    REQUIRE_FALSE(finished);
    CHECK(finished.error().message ==
          "genesis: there is no member \"colck\"; there are \"name\", \"clock\"");
}

TEST_CASE("a member of another kind is refused with its path") {
    const Json json = Json::parse(R"({"n": -1, "t": 3, "f": "yes", "l": {}})");
    auto object = JsonObject::of(json, JsonPath().member("a").element(2));
    REQUIRE(object);
    CHECK(object->number("n").error().message == "a[2].n: is not a whole number of zero or more");
    CHECK(object->text("t").error().message == "a[2].t: is not a text");
    CHECK(object->text("u").error().message == "a[2]: \"u\" is missing");
    CHECK_FALSE(object->flag_or("f", true));
    CHECK_FALSE(object->list_or_none("l"));
    CHECK_FALSE(JsonObject::of(Json(3), JsonPath()));
}

}  // namespace
}  // namespace aqd::files

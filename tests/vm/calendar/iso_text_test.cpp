#include <aqd/base/result.h>
#include <aqd/calendar/iso_text.h>

#include <catch2/catch.hpp>

namespace aqd::calendar {
namespace {

TEST_CASE("texts of another shape are malformed") {
    for (const char* text : {"", "2026", "2026-3-5", "2026-03-05 ", " 2026-03-05", "2026/03/05",
                             "26-03-05", "2026-03-0x", "+026-03-05", "2026-03-05T09:30"}) {
        INFO(text);
        REQUIRE_FALSE(parse_date(text).has_value());
        CHECK((parse_date(text).error().code == ErrorCode::malformed));
    }
    for (const char* text :
         {"", "2026-03-05", "2026-03-05 09:30", "2026-03-05T09:3", "2026-03-05T09:30:0",
          "2026-03-05T09-30", "2026-03-05T09:30:00+01:00", "2026-03-05T09:30:00ZZ"}) {
        INFO(text);
        REQUIRE_FALSE(parse_time(text).has_value());
        CHECK((parse_time(text).error().code == ErrorCode::malformed));
    }
}

TEST_CASE("days and times that do not exist are invalid") {
    for (const char* text :
         {"2026-02-29", "2026-13-01", "2026-00-10", "1599-12-31", "0000-01-01"}) {
        INFO(text);
        REQUIRE_FALSE(parse_date(text).has_value());
        CHECK((parse_date(text).error().code == ErrorCode::invalid));
    }
    for (const char* text :
         {"2026-03-05T24:00", "2026-03-05T09:60", "2026-03-05T09:30:60", "2026-02-29T09:30"}) {
        INFO(text);
        REQUIRE_FALSE(parse_time(text).has_value());
        CHECK((parse_time(text).error().code == ErrorCode::invalid));
    }
}

TEST_CASE("dates are written as they are read") {
    for (const char* text :
         {"1600-01-01", "1970-01-01", "2024-02-29", "2026-03-05", "9999-12-31"}) {
        INFO(text);
        REQUIRE(parse_date(text).has_value());
        CHECK(format_date(parse_date(text).value()) == text);
    }
    CHECK(parse_date("1970-01-02").value() == 1);
}

TEST_CASE("times are written as they are read, seconds added") {
    CHECK(parse_time("1970-01-01T00:00").value() == 0);
    CHECK(parse_time("1970-01-02T01:01:01Z").value() == 86400 + 3661);
    CHECK(format_time(parse_time("2026-03-05T09:30").value()) == "2026-03-05T09:30:00");
    CHECK(format_time(-1) == "1969-12-31T23:59:59");
}

}  // namespace
}  // namespace aqd::calendar

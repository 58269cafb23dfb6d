#include "tests/compiler/lower/contract.h"

#include <aqd/calendar/iso_text.h>

#include <catch2/catch.hpp>

using aqd::lower::testing::Contract;

namespace {

std::string day(const char* text) {
    return std::to_string(*aqd::calendar::parse_date(text));
}

}  // namespace

TEST_CASE("dates at the ends of months and of the calendar") {
    Contract c(R"(module t version 1
view down(d: date) -> date { d + 1 month round down }
view up(d: date) -> date { d + 1 month round up }
view year(d: date) -> date { d + 1 year round down }
view back(d: date) -> date { d - 1 month round down }
view plus(d: date, n: days) -> date { d + n }
view minus(d: date, n: days) -> date { d - n }
view between(a: date, b: date) -> days { a - b }
view parts(d: date) -> (u16, u8, u8) { (d.year, d.month, d.day) }
view later(t: time) -> time { t + 25 hours }
view apart(a: time, b: time) -> seconds { a - b }
view fixed() -> date { 2024-02-29 }
)");
    CHECK(c.value("down", "[" + day("2026-01-31") + "]") == day("2026-02-28"));
    CHECK(c.value("down", "[" + day("2024-01-31") + "]") == day("2024-02-29"));
    CHECK(c.value("up", "[" + day("2026-01-31") + "]") == day("2026-03-01"));
    CHECK(c.value("up", "[" + day("2026-01-15") + "]") == day("2026-02-15"));
    CHECK(c.value("year", "[" + day("2024-02-29") + "]") == day("2025-02-28"));
    CHECK(c.value("back", "[" + day("2026-03-31") + "]") == day("2026-02-28"));
    CHECK(c.refusal("plus", "[" + day("9999-12-31") + ", 1]") == "BadDate");
    CHECK(c.refusal("minus", "[" + day("1600-01-01") + ", 1]") == "BadDate");
    CHECK(c.refusal("minus", "[0, -9223372036854775808]") == "Overflow");
    CHECK(c.refusal("down", "[" + day("9999-12-15") + "]") == "BadDate");
    CHECK(c.value("plus", "[" + day("2026-02-28") + ", 1]") == day("2026-03-01"));
    CHECK(c.value("minus", "[" + day("2024-03-01") + ", 1]") == day("2024-02-29"));
    CHECK(c.value("between", "[" + day("2026-03-01") + ", " + day("2026-02-01") + "]") == "28");
    CHECK(c.value("parts", "[" + day("1969-12-31") + "]") == "[1969, 12, 31]");
    CHECK(c.value("parts", "[" + day("2024-02-29") + "]") == "[2024, 2, 29]");
    CHECK(c.value("later", "[0]") == "90000");
    CHECK(c.refusal("later", "[253402300799]") == "Overflow");
    CHECK(c.value("apart", "[10, 70]") == "-60");
    CHECK(c.value("fixed", "[]") == day("2024-02-29"));
}

TEST_CASE("a dated parameter has the value of today in a view") {
    Contract c(R"(module t version 1
legal L = law "1-23"
parameter period: days = 30 days from 2002-11-07 basis L, 45 days from 2027-01-01 basis L
parameter validity: months = 3 months round down from 2020-01-01 basis L, 6 months round up from 2026-06-01 basis L
view now_period() -> days { period }
view until() -> date { today + validity }
)");
    c.host.today = *aqd::calendar::parse_date("2026-05-31");
    CHECK(c.value("now_period", "[]") == "30");
    CHECK(c.value("until", "[]") == day("2026-08-31"));
    c.host.today = *aqd::calendar::parse_date("2027-01-01");
    CHECK(c.value("now_period", "[]") == "45");
    CHECK(c.value("until", "[]") == day("2027-07-01"));
    c.host.today = *aqd::calendar::parse_date("2026-12-31");
    CHECK(c.value("now_period", "[]") == "30");
    CHECK(c.value("until", "[]") == day("2027-07-01"));
    c.host.today = *aqd::calendar::parse_date("1990-01-01");
    CHECK(c.value("now_period", "[]") == "30");
}

#include "cli/values/number_text.h"

#include <catch2/catch.hpp>

#include <limits>

namespace aqd::values {
namespace {

TEST_CASE("what is no whole number is refused") {
    for (const char* text : {"", "-", "_1", "1_", "1__0", "0x10", "1 000", "+1", "1e3"}) {
        INFO(text);
        CHECK_FALSE(parse_unsigned(text));
        CHECK_FALSE(parse_signed(text));
    }
    CHECK_FALSE(parse_unsigned("-1"));
    CHECK((parse_unsigned("1_000").value() == 1000));
}

TEST_CASE("both ends of 128 bits are held, and nothing past them") {
    CHECK_FALSE(parse_unsigned("340282366920938463463374607431768211456"));
    CHECK_FALSE(parse_signed("170141183460469231731687303715884105728"));
    CHECK_FALSE(parse_signed("-170141183460469231731687303715884105729"));
    for (const char* text : {"0", "-1", "170141183460469231731687303715884105727",
                             "-170141183460469231731687303715884105728"}) {
        CHECK(format_signed(parse_signed(text).value()) == text);
    }
}

TEST_CASE("decimals keep every digit") {
    for (const char* text : {"0.00", "-0.05", "12.50", "-1234567.89"}) {
        CHECK(format_decimal(parse_decimal(text, 2).value(), 2) == text);
    }
    CHECK(format_decimal(5, 0) == "5");
    CHECK_FALSE(parse_decimal("1.-5", 2));
    CHECK_FALSE(parse_decimal(".", 2));
}

}  // namespace
}  // namespace aqd::values

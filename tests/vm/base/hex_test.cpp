#include <aqd/base/hex.h>

#include <catch2/catch.hpp>

using namespace aqd;

TEST_CASE("hexadecimal text is refused where it is wrong, and the offset is named") {
    const auto odd = from_hex("abc");
    REQUIRE_FALSE(odd);
    CHECK(odd.error().offset.value() == 3);

    const auto stray = from_hex("00g0");
    REQUIRE_FALSE(stray);
    CHECK(stray.error().offset.value() == 2);

    const auto shorter = fixed_from_hex<Hash256>("00");
    REQUIRE_FALSE(shorter);
    CHECK(shorter.error().code == ErrorCode::malformed);
}

TEST_CASE("octets survive a trip through hexadecimal") {
    const Bytes octets = {0x00, 0x7f, 0x80, 0xff};
    CHECK(to_hex(octets) == "007f80ff");
    CHECK(from_hex("007F80ff").value() == octets);
}

TEST_CASE("octets are ordered bytewise, a prefix before what it begins") {
    CHECK((compare(Bytes{1, 2}, Bytes{1, 2, 0}) < 0));
    CHECK((compare(Bytes{0x80}, Bytes{0x7f, 0xff}) > 0));
    CHECK((compare(Bytes{}, Bytes{}) == 0));
}

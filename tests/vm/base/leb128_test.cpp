#include <aqd/base/leb128.h>

#include <catch2/catch.hpp>

#include <cstdint>
#include <limits>

using namespace aqd;

namespace {

template <class Integer, unsigned Bits = sizeof(Integer) * 8>
Leb128Status status_of(const Bytes& bytes) {
    const std::uint8_t* at = bytes.data();
    Integer value = 0;
    return read_leb128<Integer, Bits>(at, bytes.data() + bytes.size(), value);
}

template <class Integer>
Integer value_of(const Bytes& bytes) {
    const std::uint8_t* at = bytes.data();
    Integer value = 0;
    REQUIRE(read_leb128(at, bytes.data() + bytes.size(), value) == Leb128Status::ok);
    CHECK(at == bytes.data() + bytes.size());
    return value;
}

}  // namespace

TEST_CASE("a number that the input cuts off is truncated, and the position stays") {
    const Bytes bytes{0x80, 0x80};
    const std::uint8_t* at = bytes.data();
    std::uint32_t value = 0;
    CHECK(read_leb128(at, bytes.data() + bytes.size(), value) == Leb128Status::truncated);
    CHECK(at == bytes.data());
    CHECK(status_of<std::uint32_t>({}) == Leb128Status::truncated);
}

TEST_CASE("a number spelled with more octets than its type can need is too long") {
    CHECK(status_of<std::uint32_t>({0x80, 0x80, 0x80, 0x80, 0x80, 0x00}) == Leb128Status::too_long);
    CHECK(status_of<std::int64_t>({0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80,
                                   0}) == Leb128Status::too_long);
}

TEST_CASE("bits beyond the type must be zero or copies of the sign") {
    CHECK(status_of<std::uint32_t>({0xff, 0xff, 0xff, 0xff, 0x0f}) == Leb128Status::ok);
    CHECK(status_of<std::uint32_t>({0xff, 0xff, 0xff, 0xff, 0x1f}) == Leb128Status::too_large);
    CHECK(status_of<std::int32_t>({0x80, 0x80, 0x80, 0x80, 0x78}) == Leb128Status::ok);
    CHECK(status_of<std::int32_t>({0xff, 0xff, 0xff, 0xff, 0x07}) == Leb128Status::ok);
    CHECK(status_of<std::int32_t>({0xff, 0xff, 0xff, 0xff, 0x0f}) == Leb128Status::too_large);
    CHECK(status_of<std::int32_t>({0x80, 0x80, 0x80, 0x80, 0x70}) == Leb128Status::too_large);
    CHECK(status_of<std::int64_t, 33>({0xff, 0xff, 0xff, 0xff, 0x0f}) == Leb128Status::ok);
    CHECK(status_of<std::int64_t, 33>({0xff, 0xff, 0xff, 0xff, 0x1f}) == Leb128Status::too_large);
}

TEST_CASE("the shortest spelling is read back, at the ends of the ranges too") {
    for (const std::uint64_t value : {std::uint64_t{0}, std::uint64_t{127}, std::uint64_t{128},
                                      std::numeric_limits<std::uint64_t>::max()}) {
        Bytes bytes;
        append_unsigned_leb128(bytes, value);
        CHECK(value_of<std::uint64_t>(bytes) == value);
    }
    for (const std::int64_t value :
         {std::int64_t{0}, std::int64_t{-1}, std::int64_t{63}, std::int64_t{64}, std::int64_t{-64},
          std::int64_t{-65}, std::numeric_limits<std::int64_t>::min(),
          std::numeric_limits<std::int64_t>::max()}) {
        Bytes bytes;
        append_signed_leb128(bytes, value);
        CHECK(value_of<std::int64_t>(bytes) == value);
        const std::uint8_t* at = bytes.data();
        CHECK(read_checked_leb128<std::int64_t>(at) == value);
    }
}

TEST_CASE("redundant zero octets are accepted up to the longest spelling") {
    CHECK(value_of<std::uint32_t>({0x83, 0x80, 0x80, 0x80, 0x00}) == 3);
    CHECK(value_of<std::int32_t>({0xff, 0xff, 0xff, 0xff, 0x7f}) == -1);
}

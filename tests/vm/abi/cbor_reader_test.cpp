#include <aqd/abi/cbor.h>
#include <aqd/base/bytes.h>
#include <aqd/base/hex.h>
#include <aqd/base/int128.h>
#include <aqd/base/result.h>

#include <catch2/catch.hpp>

#include <array>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <string_view>

namespace aqd::abi {
namespace {

Bytes bytes(std::string_view hex) {
    return from_hex(hex).value();
}

/// How the walk over one item ends: "ok", or the kind of error and its offset.
std::string verdict(std::string_view hex) {
    const Bytes input = bytes(hex);
    Reader reader(input);
    auto item = reader.skip();
    if (item) {
        auto end = reader.finish();
        if (end) {
            return "ok";
        }
        return "trailing at " + std::to_string(end.error().offset.value());
    }
    const Error& error = item.error();
    const std::string code = error.code == ErrorCode::malformed       ? "malformed"
                             : error.code == ErrorCode::non_canonical ? "non-canonical"
                                                                      : "other";
    return code + " at " + std::to_string(error.offset.value());
}

TEST_CASE("inputs that end too early are malformed") {
    for (const char* hex :
         {"", "18", "19ff", "1a000000", "1b00000000000000", "41", "5818", "62c3", "81", "8201",
          "a101", "c2", "c24901", "9affffffff", "9bffffffffffffffff", "bbffffffffffffffff",
          "5bffffffffffffffff", "7bffffffffffffffff"}) {
        INFO(hex);
        CHECK(verdict(hex).starts_with("malformed"));
    }
}

TEST_CASE("reserved octets and kinds outside the profile are malformed") {
    for (const char* hex :
         {"1c",      "3d",           "5e",     "7c",           "9d",         "be",
          "dc",      "fc",           "fd",     "fe",           "ff",         "1f",
          "3f",      "df",           "e0",     "f0",           "f3",         "f7",
          "f800",    "f818",         "f8ff",   "f90000",       "fa00000000", "fb0000000000000000",
          "c001",    "c11a514b67b0", "d81800", "c482211903e8", "c200",       "c260",
          "d9d9f700"}) {
        INFO(hex);
        CHECK(verdict(hex).starts_with("malformed"));
    }
}

TEST_CASE("longer spellings than needed are non-canonical") {
    for (const char* hex :
         {"1817", "190018", "1900ff", "1a0000ffff", "1b00000000ffffffff", "3800", "5801ff",
          "780161", "980100", "b8010000", "d802420100", "c240", "c24101", "c248ffffffffffffffff",
          "c24900ffffffffffffffff", "c2510100000000000000000000000000000000"}) {
        INFO(hex);
        const bool too_wide = std::string_view(hex).starts_with("c251");
        CHECK(verdict(hex).starts_with(too_wide ? "malformed" : "non-canonical"));
    }
}

TEST_CASE("indefinite lengths are non-canonical") {
    for (const char* hex : {"5f4101ff", "7f6161ff", "9fff", "9f01ff", "bfff", "8101", "819fff"}) {
        INFO(hex);
        CHECK((verdict(hex) == "ok") == (std::string_view(hex) == "8101"));
        CHECK_FALSE(verdict(hex).starts_with("malformed"));
    }
}

TEST_CASE("map keys ascend bytewise, once each, and are integers or texts") {
    CHECK(verdict("a201000200") == "ok");
    CHECK(verdict("a2181800616100") == "ok");
    CHECK(verdict("a202000100") == "non-canonical at 3");
    CHECK(verdict("a201000100") == "non-canonical at 3");
    CHECK(verdict("a2616100181800") == "non-canonical at 4");
    // Shorter texts come first, whatever their letters: the head is compared too.
    CHECK(verdict("a2617a0062616100") == "ok");
    CHECK(verdict("a262616100617a00") == "non-canonical at 5");
    for (const char* hex : {"a12000", "a1410000", "a1800000", "a1a00000", "a1f400", "a1f600",
                            "a1c24901000000000000000000"}) {
        INFO(hex);
        CHECK(verdict(hex) == "malformed at 1");
    }
    // The order of an outer map does not depend on the maps inside it.
    CHECK(verdict("a201a1050102a10100") == "ok");
    CHECK(verdict("a201a1050101a10100") == "non-canonical at 5");
}

TEST_CASE("texts that are not UTF-8 are malformed at the bad octet") {
    CHECK(verdict("61ff") == "malformed at 1");
    CHECK(verdict("6361c080") == "malformed at 2");    // overlong
    CHECK(verdict("63eda080") == "malformed at 1");    // surrogate
    CHECK(verdict("64f4908080") == "malformed at 1");  // past U+10FFFF
    CHECK(verdict("64f0808080") == "malformed at 1");  // overlong
    CHECK(verdict("63e08080") == "malformed at 1");    // overlong
    CHECK(verdict("6261c3") == "malformed at 2");      // cut short
    CHECK(verdict("6180") == "malformed at 1");
    CHECK(verdict("8261616280c2") == "malformed at 4");
    CHECK(verdict("64f48fbfbf") == "ok");
    CHECK(verdict("63ed9fbf") == "ok");
    CHECK(verdict("63ee8080") == "ok");
}

TEST_CASE("UTF-8 sequences are those of Unicode, for every code point") {
    for (std::uint32_t point = 0; point <= 0x10FFFF; ++point) {
        std::string text;
        if (point < 0x80) {
            text = {static_cast<char>(point)};
        } else if (point < 0x800) {
            text = {static_cast<char>(0xC0 | (point >> 6)), static_cast<char>(0x80 | (point & 63))};
        } else if (point < 0x10000) {
            text = {static_cast<char>(0xE0 | (point >> 12)),
                    static_cast<char>(0x80 | ((point >> 6) & 63)),
                    static_cast<char>(0x80 | (point & 63))};
        } else {
            text = {static_cast<char>(0xF0 | (point >> 18)),
                    static_cast<char>(0x80 | ((point >> 12) & 63)),
                    static_cast<char>(0x80 | ((point >> 6) & 63)),
                    static_cast<char>(0x80 | (point & 63))};
        }
        const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
        if (is_utf8(text) == surrogate) {
            FAIL("code point " << point);
        }
    }
    SUCCEED();
}

TEST_CASE("nesting is followed to its limit and refused beyond") {
    std::string deep;
    for (std::uint32_t i = 0; i < Reader::max_depth; ++i) {
        deep += "81";
    }
    CHECK(verdict(deep + "00") == "ok");
    CHECK(verdict(deep + "8100") == "malformed at 64");
    std::string hostile;
    for (int i = 0; i < 100000; ++i) {
        hostile += "81";
    }
    CHECK(verdict(hostile) == "malformed at 64");
}

TEST_CASE("trailing octets are refused where they begin") {
    CHECK(verdict("0000") == "trailing at 1");
    CHECK(verdict("820102f6") == "trailing at 3");
}

TEST_CASE("a sound item of another kind is invalid, named, and stays unread") {
    const Bytes input = bytes("820063666f6f");
    Reader reader(input, 100);
    CHECK((reader.read_uint().error().code == ErrorCode::invalid));
    CHECK(reader.read_uint().error().message == "expected an unsigned integer, found an array");
    CHECK(reader.read_uint().error().offset.value() == 100);
    CHECK_FALSE(reader.read_int128().has_value());
    CHECK_FALSE(reader.read_bool().has_value());
    CHECK_FALSE(reader.read_null().has_value());
    CHECK_FALSE(reader.read_bytes().has_value());
    CHECK_FALSE(reader.read_text().has_value());
    CHECK_FALSE(reader.read_map_header().has_value());
    CHECK_FALSE(reader.expect_array(3).has_value());
    CHECK_FALSE(reader.take_null().value());
    CHECK((reader.peek().value() == Kind::array));
    CHECK(reader.expect_array(2).has_value());
    CHECK(reader.offset() == 101);
    CHECK(reader.read_uint().value() == 0);
    CHECK_FALSE(reader.read_bytes().has_value());
    CHECK(reader.read_text().value() == "foo");
    CHECK(reader.finish().has_value());
    CHECK_FALSE(reader.read_uint().has_value());
    CHECK_FALSE(reader.peek().has_value());
}

TEST_CASE("integers out of the range asked for are invalid and stay unread") {
    const Bytes wide = bytes("c249010000000000000000");
    Reader reader(wide);
    CHECK((reader.read_uint().error().code == ErrorCode::invalid));
    CHECK((reader.read_int().error().code == ErrorCode::invalid));
    CHECK((reader.read_uint128().value() == join_halves(1, 0)));
    const Bytes negative = bytes("20");
    CHECK_FALSE(Reader(negative).read_uint().has_value());
    CHECK_FALSE(Reader(negative).read_uint128().has_value());
    CHECK(Reader(negative).read_int().value() == -1);
    const Bytes above = bytes("1b8000000000000000");
    CHECK_FALSE(Reader(above).read_int().has_value());
    CHECK(Reader(above).read_uint().value() == std::uint64_t{1} << 63);
    const Bytes below = bytes("3b8000000000000000");
    CHECK_FALSE(Reader(below).read_int().has_value());
    const Bytes least = bytes("3b7fffffffffffffff");
    CHECK(Reader(least).read_int().value() == std::numeric_limits<std::int64_t>::min());
    const Bytes unsigned_only = bytes("c25080000000000000000000000000000000");
    CHECK_FALSE(Reader(unsigned_only).read_int128().has_value());
    CHECK(Reader(unsigned_only).read_uint128().has_value());
    const Bytes seven = bytes("07");
    CHECK_FALSE(Reader(seven).read_uint_up_to(6).has_value());
    CHECK(Reader(seven).read_uint_up_to(7).value() == 7);
}

TEST_CASE("a string of the wrong size is no fixed value, and stays unread") {
    const Bytes input = bytes(
        "430102"
        "03");
    Reader reader(input);
    CHECK((reader.read_fixed<Hash256>().error().code == ErrorCode::invalid));
    using Three = FixedBytes<3, struct ThreeTag>;
    CHECK((reader.read_fixed<Three>().value() == Three{{1, 2, 3}}));
}

TEST_CASE("optional fields are null or the value") {
    const Bytes input = bytes("f605");
    Reader reader(input);
    CHECK(reader.take_null().value());
    CHECK_FALSE(reader.take_null().value());
    CHECK(reader.read_uint().value() == 5);
    CHECK_FALSE(reader.take_null().has_value());
}

TEST_CASE("keys read one by one are held to the same order") {
    const Bytes input = bytes(
        "a3010a6161"
        "0b"
        "6162"
        "0c");
    Reader reader(input);
    MapKeys keys;
    CHECK(reader.read_map_header().value() == 3);
    CHECK(keys.read_uint(reader).value() == 1);
    CHECK(reader.read_uint().value() == 10);
    CHECK(keys.read_text(reader).value() == "a");
    CHECK(reader.read_uint().value() == 11);
    CHECK(keys.read_text(reader).value() == "b");
    const Bytes repeated = bytes(
        "a261610061610"
        "0");
    Reader second(repeated);
    MapKeys again;
    CHECK(second.read_map_header().has_value());
    CHECK(again.read_text(second).has_value());
    CHECK(second.read_uint().has_value());
    const auto refused = again.read_text(second);
    REQUIRE_FALSE(refused.has_value());
    CHECK((refused.error().code == ErrorCode::non_canonical));
    CHECK(refused.error().offset.value() == 4);
    CHECK(second.offset() == 4);
}

TEST_CASE("what the writer writes is read back, and only in that spelling") {
    // NOLINTNEXTLINE(bugprone-random-generator-seed): the same numbers in every run
    std::mt19937_64 random(1);
    for (int round = 0; round < 20000; ++round) {
        const auto width = static_cast<unsigned>(random() % 129);
        UInt128 value = join_halves(random(), random());
        value = width == 0 ? 0 : value >> (128 - width);
        Bytes out;
        Writer writer(out);
        writer.write_uint128(value);
        writer.write_int128(static_cast<Int128>(value));
        Reader reader(out);
        const bool same = reader.read_uint128().value() == value &&
                          reader.read_int128().value() == static_cast<Int128>(value) &&
                          reader.at_end();
        if (!same) {
            FAIL("round " << round);
        }
    }
    SUCCEED();
}

/// Walks an item with the typed reads alone.
bool read_whole(Reader& reader, int depth) {
    const auto kind = reader.peek();
    if (!kind || depth > static_cast<int>(Reader::max_depth)) {
        return false;
    }
    if (*kind == Kind::array || *kind == Kind::map) {
        const bool is_map = *kind == Kind::map;
        const auto count = is_map ? reader.read_map_header() : reader.read_array_header();
        if (!count || depth == static_cast<int>(Reader::max_depth)) {
            return false;
        }
        MapKeys keys;
        for (std::uint64_t i = 0; i < *count; ++i) {
            if (is_map) {
                const auto key = reader.peek();
                const bool good = key && (*key == Kind::text ? keys.read_text(reader).has_value()
                                                             : keys.read_uint(reader).has_value());
                if (!good) {
                    return false;
                }
            }
            if (!read_whole(reader, depth + 1)) {
                return false;
            }
        }
        return true;
    }
    if (*kind == Kind::integer) {
        return reader.read_int128().has_value() || reader.read_uint128().has_value() ||
               // Between -2^128 and -2^127 - 1 only the walk has a type.
               reader.skip().has_value();
    }
    return reader.read_bool().has_value() || reader.take_null().value_or(false) ||
           reader.read_bytes().has_value() || reader.read_text().has_value();
}

TEST_CASE("the walk and the typed reads accept the same inputs") {
    constexpr std::array<std::uint8_t, 24> likely{0x00, 0x17, 0x18, 0x20, 0x41, 0x49, 0x50, 0x61,
                                                  0x62, 0x80, 0x81, 0x82, 0xA0, 0xA1, 0xA2, 0xC2,
                                                  0xC3, 0xF4, 0xF5, 0xF6, 0xF7, 0xC3, 0xBC, 0xFF};
    // NOLINTNEXTLINE(bugprone-random-generator-seed): the same inputs in every run
    std::mt19937_64 random(2);
    int accepted = 0;
    for (int round = 0; round < 300000; ++round) {
        Bytes input(1 + random() % 20);
        for (std::uint8_t& octet : input) {
            octet = random() % 8 == 0 ? static_cast<std::uint8_t>(random())
                                      : likely[random() % likely.size()];
        }
        Reader walked(input);
        Reader typed(input);
        const bool by_walk = walked.skip().has_value();
        if (by_walk != read_whole(typed, 0) || (by_walk && walked.offset() != typed.offset())) {
            FAIL(to_hex(input));
        }
        accepted += by_walk ? 1 : 0;
    }
    CHECK(accepted > 10000);
}

}  // namespace
}  // namespace aqd::abi

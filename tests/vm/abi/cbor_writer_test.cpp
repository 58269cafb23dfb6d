#include <aqd/abi/cbor.h>
#include <aqd/abi/cbor_core.h>
#include <aqd/base/bytes.h>
#include <aqd/base/hex.h>
#include <aqd/base/int128.h>

#include <catch2/catch.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace aqd::abi {
namespace {

template <class Write>
std::string written(Write write) {
    Bytes out;
    Writer writer(out);
    write(writer);
    return to_hex(out);
}

std::string written_uint(UInt128 value) {
    return written([&](Writer& w) { w.write_uint128(value); });
}

std::string written_int(Int128 value) {
    return written([&](Writer& w) { w.write_int128(value); });
}

TEST_CASE("a buffer that is too small is left alone") {
    std::array<std::uint8_t, core::max_integer_size> buffer{};
    const core::Integer widest{true, ~std::uint64_t{0}, ~std::uint64_t{0}};
    for (std::size_t capacity = 0; capacity < buffer.size(); ++capacity) {
        CHECK(core::encode_integer(buffer.data(), capacity, widest) == 0);
    }
    CHECK(core::encode_integer(buffer.data(), buffer.size(), widest) == buffer.size());
    buffer = {};
    for (const std::uint64_t argument : {23U, 24U, 255U, 256U, 65535U, 65536U}) {
        const std::size_t size = core::head_size(argument);
        CHECK(core::encode_head(buffer.data(), size - 1, core::Major::array, argument) == 0);
    }
    CHECK((buffer == std::array<std::uint8_t, core::max_integer_size>{}));
}

TEST_CASE("integers are written as in RFC 8949, appendix A") {
    CHECK(written_uint(0) == "00");
    CHECK(written_uint(1) == "01");
    CHECK(written_uint(10) == "0a");
    CHECK(written_uint(23) == "17");
    CHECK(written_uint(24) == "1818");
    CHECK(written_uint(25) == "1819");
    CHECK(written_uint(100) == "1864");
    CHECK(written_uint(1000) == "1903e8");
    CHECK(written_uint(1000000) == "1a000f4240");
    CHECK(written_uint(1000000000000) == "1b000000e8d4a51000");
    CHECK(written_uint(18446744073709551615U) == "1bffffffffffffffff");
    CHECK(written_uint(join_halves(1, 0)) == "c249010000000000000000");
    CHECK(written_int(-static_cast<Int128>(join_halves(1, 0))) == "3bffffffffffffffff");
    CHECK(written_int(-static_cast<Int128>(join_halves(1, 0)) - 1) == "c349010000000000000000");
    CHECK(written_int(-1) == "20");
    CHECK(written_int(-10) == "29");
    CHECK(written_int(-100) == "3863");
    CHECK(written_int(-1000) == "3903e7");
}

TEST_CASE("integers at the edges of 128 bits take tags 2 and 3") {
    const UInt128 half = join_halves(std::uint64_t{1} << 63, 0);
    CHECK(written_uint(~static_cast<UInt128>(0)) == "c250ffffffffffffffffffffffffffffffff");
    CHECK(written_int(static_cast<Int128>(half)) == "c3507fffffffffffffffffffffffffffffff");
    CHECK(written_int(static_cast<Int128>(half - 1)) == "c2507fffffffffffffffffffffffffffffff");
}

TEST_CASE("64-bit integers are written like wide ones") {
    for (const std::int64_t value :
         {std::numeric_limits<std::int64_t>::min(), std::int64_t{-257}, std::int64_t{-1},
          std::int64_t{0}, std::int64_t{256}, std::numeric_limits<std::int64_t>::max()}) {
        CHECK(written([&](Writer& w) { w.write_int(value); }) == written_int(value));
    }
    CHECK(written([](Writer& w) { w.write_uint(65536); }) == "1a00010000");
}

TEST_CASE("strings, lists and simple values are written as in RFC 8949, appendix A") {
    CHECK(written([](Writer& w) { w.write_bool(false); }) == "f4");
    CHECK(written([](Writer& w) { w.write_bool(true); }) == "f5");
    CHECK(written([](Writer& w) { w.write_null(); }) == "f6");
    CHECK(written([](Writer& w) { w.write_bytes({}); }) == "40");
    CHECK(written([](Writer& w) { w.write_bytes(Bytes{1, 2, 3, 4}); }) == "4401020304");
    CHECK(written([](Writer& w) { w.write_text(""); }) == "60");
    CHECK(written([](Writer& w) { w.write_text("IETF"); }) == "6449455446");
    CHECK(written([](Writer& w) { w.write_text("\"\\"); }) == "62225c");
    CHECK(written([](Writer& w) { w.write_text("\u00fc"); }) == "62c3bc");
    CHECK(written([](Writer& w) { w.write_text("\u6c34"); }) == "63e6b0b4");
    CHECK(written([](Writer& w) { w.write_text("\U00010151"); }) == "64f0908591");
    CHECK(written([](Writer& w) { w.write_array_header(0); }) == "80");
    CHECK(written([](Writer& w) { w.write_array_header(25); }) == "9819");
    CHECK(written([](Writer& w) { w.write_map_header(0); }) == "a0");
    CHECK(written([](Writer& w) {
              w.write_map_header(2);
              w.write_text("a");
              w.write_uint(1);
              w.write_text("b");
              w.write_array_header(2);
              w.write_uint(2);
              w.write_encoded(Bytes{3});
          }) == "a26161016162820203");
}

}  // namespace
}  // namespace aqd::abi

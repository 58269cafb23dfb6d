#include "tests/compiler/lower/contract.h"

#include <catch2/catch.hpp>

using aqd::lower::testing::Answer;
using aqd::lower::testing::Contract;

TEST_CASE("integers of every width refuse what does not fit") {
    Contract c(R"(module t version 1
view add8(a: u8, b: u8) -> u8 { a + b }
view sub8(a: u8, b: u8) -> u8 { a - b }
view mul8(a: u8, b: u8) -> u8 { a * b }
view adds8(a: i8, b: i8) -> i8 { a + b }
view muls16(a: i16, b: i16) -> i16 { a * b }
view mul32(a: u32, b: u32) -> u32 { a * b }
view mul64(a: u64, b: u64) -> u64 { a * b }
view muls64(a: i64, b: i64) -> i64 { a * b }
view neg64(a: i64) -> i64 { -a }
view div64(a: i64, b: i64) -> i64 { a / b }
view rem64(a: i64, b: i64) -> i64 { a % b }
view divu(a: u64, b: u64) -> u64 { a / b }
)");
    CHECK(c.refusal("add8", "[200, 56]") == "Overflow");
    CHECK(c.refusal("sub8", "[1, 2]") == "Overflow");
    CHECK(c.refusal("mul8", "[16, 16]") == "Overflow");
    CHECK(c.refusal("adds8", "[-128, -1]") == "Overflow");
    CHECK(c.refusal("muls16", "[-256, 128, 1]") == "Decode");
    CHECK(c.refusal("muls16", "[256, 128]") == "Overflow");
    CHECK(c.refusal("mul32", "[65536, 65536]") == "Overflow");
    CHECK(c.refusal("mul64", "[4294967296, 4294967296]") == "Overflow");
    CHECK(c.refusal("muls64", "[-9223372036854775808, -1]") == "Overflow");
    CHECK(c.refusal("muls64", "[4294967296, 2147483648]") == "Overflow");
    CHECK(c.refusal("neg64", "[-9223372036854775808]") == "Overflow");
    CHECK(c.refusal("div64", "[7, 0]") == "DivisionByZero");
    CHECK(c.refusal("div64", "[-9223372036854775808, -1]") == "Overflow");
    CHECK(c.refusal("rem64", "[7, 0]") == "DivisionByZero");
    CHECK(c.refusal("divu", "[7, 0]") == "DivisionByZero");

    CHECK(c.value("add8", "[200, 55]") == "255");
    CHECK(c.value("adds8", "[-127, -1]") == "-128");
    CHECK(c.value("muls16", "[-256, 128]") == "-32768");
    CHECK(c.value("mul64", "[4294967295, 4294967297]") == "18446744073709551615");
    CHECK(c.value("muls64", "[-4294967296, 2147483648]") == "-9223372036854775808");
    CHECK(c.value("div64", "[-7, 2]") == "-3");
    CHECK(c.value("rem64", "[-7, 2]") == "-1");
}

TEST_CASE("128 bits are exact at the ends") {
    Contract c(R"(module t version 1
view add(a: u128, b: u128) -> u128 { a + b }
view sub(a: u128, b: u128) -> u128 { a - b }
view mul(a: u128, b: u128) -> u128 { a * b }
view div(a: u128, b: u128) -> u128 { a / b }
view rem(a: u128, b: u128) -> u128 { a % b }
view muls(a: i128, b: i128) -> i128 { a * b }
view divs(a: i128, b: i128) -> i128 { a / b }
view rems(a: i128, b: i128) -> i128 { a % b }
view less(a: i128, b: i128) -> bool { a < b }
view shift(a: u128, n: u8) -> u128 { (a << n) >> n }
view bits(a: u128, b: u128) -> u128 { (a & b) ^ (~a | b) }
view wrap(a: u128, b: u128) -> u128 { a *% b +% 1 -% 2 }
)");
    const std::string most = "340282366920938463463374607431768211455";
    CHECK(c.refusal("add", "[" + most + ", 1]") == "Overflow");
    CHECK(c.refusal("sub", "[18446744073709551616, 18446744073709551617]") == "Overflow");
    CHECK(c.refusal("mul", "[18446744073709551616, 18446744073709551616]") == "Overflow");
    CHECK(c.refusal("mul", "[" + most + ", 2]") == "Overflow");
    CHECK(c.refusal("muls", "[170141183460469231731687303715884105727, 2]") == "Overflow");
    CHECK(c.refusal("muls", "[-170141183460469231731687303715884105728, -1]") == "Overflow");
    CHECK(c.refusal("divs", "[-170141183460469231731687303715884105728, -1]") == "Overflow");
    CHECK(c.refusal("div", "[1, 0]") == "DivisionByZero");
    CHECK(c.refusal("shift", "[1, 128]") == "BadShift");
    CHECK(c.refusal("add", "[-1, 1]") == "Decode");

    CHECK(c.value("add", "[18446744073709551615, 1]") == "18446744073709551616");
    CHECK(c.value("sub", "[18446744073709551616, 1]") == "18446744073709551615");
    CHECK(c.value("mul", "[18446744073709551615, 18446744073709551617]") == most);
    CHECK(c.value("mul", "[0, " + most + "]") == "0");
    CHECK(c.value("div", "[" + most + ", 10]") == "34028236692093846346337460743176821145");
    CHECK(c.value("rem", "[" + most + ", 1000000007]") == "279632276");
    CHECK(c.value("div", "[" + most + ", 18446744073709551617]") == "18446744073709551615");
    CHECK(c.value("rem", "[" + most + ", 18446744073709551618]") == "3");
    CHECK(c.value("muls", "[-170141183460469231731687303715884105728, 1]") ==
          "-170141183460469231731687303715884105728");
    CHECK(c.value("divs", "[-100000000000000000000000000000, 7]") ==
          "-14285714285714285714285714285");
    CHECK(c.value("rems", "[-100000000000000000000000000000, 7]") == "-5");
    CHECK(c.value("less", "[-18446744073709551617, 1]") == "true");
    CHECK(c.value("shift", "[" + most + ", 127]") == "1");
    CHECK(c.value("shift", "[" + most + ", 64]") == "18446744073709551615");
    CHECK(c.value("bits", "[" + most + ", 5]") == "0");
    CHECK(c.value("wrap", "[" + most + ", " + most + "]") == "0");
}

TEST_CASE("conversions refuse what is out of range, at every pair of widths and signs") {
    Contract c(R"(module t version 1
view u64_u8(a: u64) -> u8 { u8(a) }
view i64_u8(a: i64) -> u8 { u8(a) }
view i8_u64(a: i8) -> u64 { u64(a) }
view u64_i64(a: u64) -> i64 { i64(a) }
view i128_i64(a: i128) -> i64 { i64(a) }
view u8_i128(a: u8) -> i128 { i128(a) }
view u128_i128(a: u128) -> i128 { i128(a) }
)");
    CHECK(c.refusal("u64_u8", "[256]") == "OutOfRange");
    CHECK(c.refusal("i64_u8", "[-1]") == "OutOfRange");
    CHECK(c.refusal("i64_u8", "[256]") == "OutOfRange");
    CHECK(c.refusal("i8_u64", "[-1]") == "OutOfRange");
    CHECK(c.refusal("u64_i64", "[9223372036854775808]") == "OutOfRange");
    CHECK(c.refusal("i128_i64", "[-9223372036854775809]") == "OutOfRange");
    CHECK(c.refusal("u128_i128", "[170141183460469231731687303715884105728]") == "OutOfRange");
    CHECK(c.value("u64_u8", "[255]") == "255");
    CHECK(c.value("i64_u8", "[255]") == "255");
    CHECK(c.value("i8_u64", "[127]") == "127");
    CHECK(c.value("u64_i64", "[9223372036854775807]") == "9223372036854775807");
    CHECK(c.value("i128_i64", "[-9223372036854775808]") == "-9223372036854775808");
    CHECK(c.value("u8_i128", "[255]") == "255");
}

TEST_CASE("a refusal names the line of the operation") {
    Contract c(R"(module t version 1
view f(a: u32, b: u32) -> u32 {
    let x = a *
        b
    let y = x + b
    y - 5
}
view g(n: u32) -> u32 {
    require n > 3 else "too small"
    10 / (n - 4)
}
)");
    CHECK(c.call("f", "[65536, 65536]").line == 3);
    CHECK(c.call("f", "[65537, 65535]").line == 5);
    CHECK(c.call("f", "[1, 1]").line == 6);
    CHECK(c.call("g", "[3]").line == 9);
    CHECK(c.call("g", "[4]").line == 10);
    CHECK(c.call("g", "[3]").refusal == 256);
    CHECK(c.value("g", "[6]") == "5");
}

TEST_CASE("and, or and implies leave the right side alone when they can") {
    Contract c(R"(module t version 1
view both(a: bool, n: u32) -> bool { a and 10 / n > 2 }
view either(a: bool, n: u32) -> bool { a or 10 / n > 2 }
view follows(a: bool, n: u32) -> bool { a implies 10 / n > 2 }
view choice(n: u32) -> u32 { if n == 0 then 7 else 100 / n }
)");
    CHECK(c.refusal("both", "[true, 0]") == "DivisionByZero");
    CHECK(c.value("both", "[false, 0]") == "false");
    CHECK(c.value("both", "[true, 3]") == "true");
    CHECK(c.value("either", "[true, 0]") == "true");
    CHECK(c.refusal("either", "[false, 0]") == "DivisionByZero");
    CHECK(c.value("follows", "[false, 0]") == "true");
    CHECK(c.value("follows", "[true, 10]") == "false");
    CHECK(c.value("choice", "[0]") == "7");
    CHECK(c.value("choice", "[7]") == "14");
}

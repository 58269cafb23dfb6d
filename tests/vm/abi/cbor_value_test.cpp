#include <aqd/abi/cbor.h>
#include <aqd/base/bytes.h>
#include <aqd/base/hex.h>
#include <aqd/base/int128.h>
#include <aqd/base/result.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <array>
#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace aqd::abi {
namespace {

Bytes bytes(std::string_view hex) {
    return from_hex(hex).value();
}

std::string diagnostic(std::string_view hex) {
    const auto value = decode_value(bytes(hex));
    return value ? to_diagnostic(*value) : value.error().message;
}

Value text(std::string_view content) {
    return {std::string(content)};
}

TEST_CASE("values that have no encoding are refused") {
    CHECK_FALSE(encode_value(text("\xff")).has_value());
    CHECK_FALSE(encode_value({Value::Map{{text("a"), {true}}, {text("a"), {true}}}}).has_value());
    CHECK_FALSE(encode_value({Value::Map{{{Null{}}, {true}}}}).has_value());
    CHECK_FALSE(encode_value({Value::Map{{{Integer{true, 0}}, {true}}}}).has_value());
    CHECK_FALSE(
        encode_value({Value::Map{{{Integer{false, join_halves(1, 0)}}, {true}}}}).has_value());
    Value deep{Null{}};
    for (std::uint32_t i = 0; i <= Reader::max_depth; ++i) {
        Value::Array around;
        around.push_back(std::move(deep));
        deep = {std::move(around)};
    }
    REQUIRE_FALSE(encode_value(deep).has_value());
    CHECK((encode_value(deep).error().code == ErrorCode::invalid));
}

TEST_CASE("only one whole item is a value") {
    CHECK((decode_value({}).error().code == ErrorCode::malformed));
    CHECK((decode_value(bytes("0000")).error().code == ErrorCode::malformed));
    CHECK((decode_value(bytes("1800")).error().code == ErrorCode::non_canonical));
    CHECK((decode_value(bytes("f93c00")).error().code == ErrorCode::malformed));
}

TEST_CASE("maps are sorted when they are written") {
    const Value map{Value::Map{{text("aa"), {Integer{false, 2}}},
                               {text("z"), {Integer{false, 1}}},
                               {{Integer{false, 1000}}, {Null{}}},
                               {{Integer{false, 9}}, {false}}}};
    CHECK(to_hex(encode_value(map).value()) == "a409f41903e8f6617a0162616102");
}

TEST_CASE("diagnostic notation is that of RFC 8949, appendix A") {
    CHECK(diagnostic("00") == "0");
    CHECK(diagnostic("1bffffffffffffffff") == "18446744073709551615");
    CHECK(diagnostic("c249010000000000000000") == "18446744073709551616");
    CHECK(diagnostic("3bffffffffffffffff") == "-18446744073709551616");
    CHECK(diagnostic("c349010000000000000000") == "-18446744073709551617");
    CHECK(diagnostic("c350ffffffffffffffffffffffffffffffff") ==
          "-340282366920938463463374607431768211456");
    CHECK(diagnostic("c250ffffffffffffffffffffffffffffffff") ==
          "340282366920938463463374607431768211455");
    CHECK(diagnostic("20") == "-1");
    CHECK(diagnostic("f4") == "false");
    CHECK(diagnostic("f5") == "true");
    CHECK(diagnostic("f6") == "null");
    CHECK(diagnostic("40") == "h''");
    CHECK(diagnostic("4401020304") == "h'01020304'");
    CHECK(diagnostic("62225c") == R"("\"\\")");
    CHECK(diagnostic("62c3bc") == "\"\u00fc\"");
    CHECK(diagnostic("80") == "[]");
    CHECK(diagnostic("8301820203820405") == "[1, [2, 3], [4, 5]]");
    CHECK(diagnostic("a0") == "{}");
    CHECK(diagnostic("a201020304") == "{1: 2, 3: 4}");
    CHECK(diagnostic("a26161016162820203") == R"({"a": 1, "b": [2, 3]})");
    CHECK(diagnostic("826161a161626163") == R"(["a", {"b": "c"}])");
}

TEST_CASE("texts cannot move a terminal's cursor or turn its writing round") {
    CHECK(diagnostic("641b5b324a") == R"("\u001b[2J")");
    CHECK(diagnostic("617f") == R"("\u007f")");
    CHECK(diagnostic("610a") == R"("\n")");
    CHECK(diagnostic("62c29b") == R"("\u009b")");    // C1: one octet of a terminal's CSI
    CHECK(diagnostic("63e280ae") == R"("\u202e")");  // right-to-left override
    CHECK(diagnostic("63e281a6") == R"("\u2066")");  // isolate
    CHECK(diagnostic("63e280a9") == R"("\u2029")");  // paragraph separator
    CHECK(diagnostic("64d8b9d982") == "\"\u0639\u0642\"");
}

TEST_CASE("a hostile header does not make the decoder allocate") {
    // Sixty-four nested arrays, each announcing all the rest of the input.
    Bytes input;
    for (int i = 0; i < 64; ++i) {
        input.insert(input.end(), {0x99, 0x40, 0x00});
    }
    input.resize(1 << 20);
    CHECK_FALSE(decode_value(input).has_value());
}

/// The same value as nlohmann/json sees it; integers of more than 64 bits as a tagged string, which
/// that library does not know as numbers.
nlohmann::json to_json(const Value& value);

struct ToJson {
    nlohmann::json operator()(const Null& /*null*/) const { return nullptr; }
    nlohmann::json operator()(bool flag) const { return flag; }
    nlohmann::json operator()(const Integer& value) const {
        if (!value.negative) {
            return low_half(value.magnitude);
        }
        return -1 - static_cast<std::int64_t>(low_half(value.magnitude));
    }
    nlohmann::json operator()(const Bytes& octets) const { return nlohmann::json::binary(octets); }
    nlohmann::json operator()(const std::string& content) const { return content; }
    nlohmann::json operator()(const Value::Array& items) const {
        nlohmann::json out = nlohmann::json::array();
        for (const Value& item : items) {
            out.push_back(to_json(item));
        }
        return out;
    }
    nlohmann::json operator()(const Value::Map& entries) const {
        nlohmann::json out = nlohmann::json::object();
        for (const MapEntry& entry : entries) {
            out[std::get<std::string>(entry.key.content)] = to_json(entry.value);
        }
        return out;
    }
};

nlohmann::json to_json(const Value& value) {
    return std::visit(ToJson{}, value.content);
}

/// What that library can hold: integers of 64 bits, map keys that are texts.
bool fits_json(const Value& value) {
    if (const auto* number = std::get_if<Integer>(&value.content)) {
        return high_half(number->magnitude) == 0 &&
               (!number->negative || low_half(number->magnitude) >> 63 == 0);
    }
    if (const auto* items = std::get_if<Value::Array>(&value.content)) {
        for (const Value& item : *items) {
            if (!fits_json(item)) {
                return false;
            }
        }
    }
    if (const auto* entries = std::get_if<Value::Map>(&value.content)) {
        for (const MapEntry& entry : *entries) {
            if (!std::holds_alternative<std::string>(entry.key.content) ||
                !fits_json(entry.value)) {
                return false;
            }
        }
    }
    return true;
}

TEST_CASE("accepted inputs mean the same to another library, and have one spelling") {
    constexpr std::array<std::uint8_t, 24> likely{0x00, 0x17, 0x18, 0x20, 0x41, 0x49, 0x50, 0x61,
                                                  0x62, 0x80, 0x81, 0x82, 0xA0, 0xA1, 0xA2, 0x19,
                                                  0x38, 0xF4, 0xF5, 0xF6, 0x83, 0xC3, 0xBC, 0x63};
    // NOLINTNEXTLINE(bugprone-random-generator-seed): the same inputs in every run
    std::mt19937_64 random(3);
    int compared = 0;
    for (int round = 0; round < 300000; ++round) {
        Bytes input(1 + random() % 24);
        for (std::uint8_t& octet : input) {
            octet = random() % 8 == 0 ? static_cast<std::uint8_t>(random())
                                      : likely[random() % likely.size()];
        }
        // Cut to the first item, so that long inputs are not lost to trailing octets.
        Reader reader(input);
        const auto item = reader.skip();
        if (!item) {
            continue;
        }
        const auto value = decode_value(*item);
        if (!value || encode_value(*value).value() != to_bytes(*item)) {
            FAIL(to_hex(*item));
        }
        if (fits_json(*value)) {
            ++compared;
            const auto other = nlohmann::json::from_cbor(item->begin(), item->end());
            if (other != to_json(*value)) {
                FAIL(to_hex(*item) << " is " << other.dump());
            }
        }
    }
    CHECK(compared > 10000);
}

}  // namespace
}  // namespace aqd::abi

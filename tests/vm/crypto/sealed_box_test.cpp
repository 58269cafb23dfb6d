#include <aqd/base/bytes.h>
#include <aqd/base/hex.h>
#include <aqd/base/result.h>
#include <aqd/crypto/random.h>
#include <aqd/crypto/sealed_box.h>

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace aqd::crypto {
namespace {

constexpr ScryptCost cheap{.log_n = 4, .r = 8, .p = 1};

/// Gives the octets it was told to, for known answers.
class FixedSource final : public RandomSource {
  public:
    explicit FixedSource(Bytes octets) : octets_(std::move(octets)) {}
    void fill(std::span<std::uint8_t> out) override {
        std::ranges::copy(BytesView(octets_).first(out.size()), out.begin());
    }

  private:
    Bytes octets_;
};

TEST_CASE("a change of any octet keeps a box closed") {
    SeededRandom source(as_bytes("box"));
    const SealingKey key = SealingKey::random(source);
    const Bytes box = seal(key, as_bytes("certificate"), as_bytes("record 7"), source);
    for (std::size_t i = 0; i < box.size(); ++i) {
        Bytes changed = box;
        changed[i] ^= 1;
        const auto opened = open(key, changed, as_bytes("record 7"));
        REQUIRE_FALSE(opened.has_value());
        CHECK((opened.error().code == ErrorCode::denied));
    }
    for (std::size_t size = 0; size < box.size(); ++size) {
        CHECK_FALSE(open(key, BytesView(box).first(size), as_bytes("record 7")).has_value());
    }
}

TEST_CASE("another key or another place keeps a box closed") {
    SeededRandom source(as_bytes("box"));
    const SealingKey key = SealingKey::random(source);
    const Bytes box = seal(key, as_bytes("certificate"), as_bytes("record 7"), source);
    CHECK_FALSE(open(SealingKey::random(source), box, as_bytes("record 7")).has_value());
    CHECK_FALSE(open(key, box, as_bytes("record 8")).has_value());
    CHECK_FALSE(open(key, box, {}).has_value());
    CHECK(open(key, box, as_bytes("record 7")).value() == to_bytes(as_bytes("certificate")));
}

TEST_CASE("boxes are those of NIST's AES-256-GCM vectors") {
    // The GCM specification, McGrew and Viega, test case 16.
    const auto key = SealingKey::from_bytes(
        from_hex("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308").value());
    FixedSource source(from_hex("cafebabefacedbaddecaf888").value());
    const Bytes plaintext =
        from_hex(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c959568"
            "09532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
            .value();
    const Bytes associated = from_hex("feedfacedeadbeeffeedfacedeadbeefabaddad2").value();
    CHECK(to_hex(seal(key.value(), plaintext, associated, source)) ==
          "cafebabefacedbaddecaf888"
          "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b"
          "1056828838c5f61e6393ba7a0abcc9f662"
          "76fc6ece0f4e1768cddf8853bb2d551b");
}

TEST_CASE("empty contents and empty places are sealed too") {
    SystemRandom source;
    const SealingKey key = SealingKey::random(source);
    const Bytes box = seal(key, {}, {}, source);
    CHECK(box.size() == seal_overhead_bytes);
    CHECK(open(key, box, {}).value().empty());
}

TEST_CASE("derived keys are those of RFC 7914, as far as they reach") {
    const auto key = derive_key("password", as_bytes("NaCl"), {.log_n = 10, .r = 8, .p = 16});
    CHECK(to_hex(key.value().view()) ==
          "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162");
    const auto empty = derive_key("", {}, {.log_n = 4, .r = 1, .p = 1});
    CHECK(to_hex(empty.value().view()) ==
          "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442");
}

TEST_CASE("a hostile cost is refused before it costs anything") {
    for (const ScryptCost cost :
         {ScryptCost{25, 8, 1}, ScryptCost{255, 255, 255}, ScryptCost{24, 1, 1},
          ScryptCost{20, 8, 1}, ScryptCost{15, 8, 17}}) {
        const auto key = derive_key("password", as_bytes("salt"), cost);
        REQUIRE_FALSE(key.has_value());
        CHECK((key.error().code == ErrorCode::too_large));
    }
    CHECK_FALSE(derive_key("password", as_bytes("salt"), {0, 8, 1}).has_value());
    CHECK_FALSE(derive_key("password", as_bytes("salt"), {4, 0, 1}).has_value());
    CHECK_FALSE(derive_key("password", as_bytes("salt"), {4, 8, 0}).has_value());
}

TEST_CASE("a password box opens with its password only, and tells damage from nonsense") {
    SeededRandom source(as_bytes("password box"));
    const Bytes box =
        seal_with_password("correct horse", as_bytes("secret key"), source, cheap).value();
    CHECK(open_with_password("correct horse", box).value() == to_bytes(as_bytes("secret key")));
    CHECK((open_with_password("wrong horse", box).error().code == ErrorCode::denied));
    CHECK((open_with_password("correct horse", as_bytes("hello")).error().code ==
           ErrorCode::malformed));
    for (std::size_t i = 0; i < box.size(); ++i) {
        Bytes changed = box;
        changed[i] ^= 1;
        CHECK_FALSE(open_with_password("correct horse", changed).has_value());
    }
}

}  // namespace
}  // namespace aqd::crypto

#include "compiler/program/manifest.h"

#include "tests/compiler/check/support.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/hex.h>

#include <catch2/catch.hpp>

namespace aqd::program {

namespace {

const std::string fixtures = "tests/compiler/check/fixtures/";

abi::Manifest manifest(check_test::Sample& sample, const std::string& file) {
    for (const char* used :
         {"bodies.aqd", "notices.aqd", "birth.aqd", "tender.aqd", "morocco.aqd"}) {
        sample.with_file(fixtures + used);
    }
    const auto& program = sample.check_file(fixtures + file);
    INFO(sample.report());
    REQUIRE(program.has_value());
    return manifest_of(*program);
}

std::string constant(const std::string& declaration, std::size_t index = 0) {
    check_test::Sample sample;
    const auto& program = sample.check(
        "module t version 1\nenum E { A, B(x: u8, y: bool) }\nrecord R { a: u8, b: text[9]? }\n" +
        declaration + "\n");
    INFO(sample.report());
    REQUIRE(program.has_value());
    return to_hex(encode_constant(*program, *program->parameters[0].values[index].value));
}

}  // namespace

TEST_CASE("constants are written as deterministic CBOR") {
    CHECK(constant("parameter p: u8 = 23 from 2020-01-01") == "17");
    CHECK(constant("parameter p: i64 = -500 from 2020-01-01") == "3901f3");
    CHECK(constant("parameter p: u128 = 340282366920938463463374607431768211455 from 2020-01-01") ==
          "c250ffffffffffffffffffffffffffffffff");
    CHECK(constant("parameter p: months = 3 months round down from 2020-01-01") == "820302");
    CHECK(constant("parameter p: date = 1969-12-31 from 2020-01-01") == "20");
    CHECK(constant("parameter p: decimal[2] = 1.5 from 2020-01-01") == "1896");
    CHECK(constant("parameter p: E = A from 2020-01-01, B(7, true) from 2021-01-01") == "00");
    CHECK(constant("parameter p: E = A from 2020-01-01, B(7, true) from 2021-01-01", 1) ==
          "830107f5");
    CHECK(constant("parameter p: R = R(1, \"ab\") from 2020-01-01") == "8201626162");
    CHECK(constant("parameter p: R = R(1, none) from 2020-01-01") == "8201f6");
    CHECK(constant("parameter p: [u8; 3] = [7; 3] from 2020-01-01") == "83070707");
    CHECK(constant("parameter p: (bool, days) = (false, 30 days) from 2020-01-01") == "82f4181e");
}

TEST_CASE("the manifests of the pilots come back from their octets") {
    for (const char* file : {"death.aqd", "attestation.aqd", "tender.aqd", "birth.aqd",
                             "bodies.aqd", "token.aqd", "notices.aqd"}) {
        CAPTURE(file);
        check_test::Sample sample;
        const Bytes octets = abi::encode_manifest(manifest(sample, file));
        const auto back = abi::decode_manifest(octets);
        INFO((back ? std::string() : back.error().message));
        REQUIRE(back.has_value());
        CHECK(abi::encode_manifest(*back) == octets);
    }
}

TEST_CASE("the manifest of the declaration of death says what callers need") {
    check_test::Sample sample;
    const abi::Manifest made = manifest(sample, "death.aqd");
    CHECK(made.path == "civil.death");
    CHECK(made.modules.size() == 5);

    const abi::Procedure* declaration = made.procedure("Declaration");
    REQUIRE(declaration != nullptr);
    CHECK(declaration->unique == "person");
    CHECK(declaration->calendar == "std.calendar.morocco");
    CHECK(declaration->states.size() == 11);
    CHECK(declaration->states[1].labels.size() == 2);
    CHECK(declaration->data.front().name == "office");
    CHECK(declaration->data.back().type.kind == abi::TypeKind::unsigned_integer);
    CHECK(declaration->once_entries ==
          std::vector<std::string>{"Declaration.predeclare", "Declaration.complement"});
    CHECK(declaration->secrets.front().purge == "10 years after settled");

    const abi::Entry* predeclare = made.entry("Declaration.predeclare");
    REQUIRE(predeclare != nullptr);
    CHECK(predeclare->kind == abi::EntryKind::start);
    CHECK(predeclare->from_none);
    CHECK(predeclare->once);
    REQUIRE(predeclare->parameters.size() == 5);
    CHECK(predeclare->parameters[0].name == "office");
    CHECK(predeclare->parameters[3].type.kind == abi::TypeKind::secret);
    CHECK(predeclare->actors == std::vector<std::string>{"Registrar of any Hospital"});

    const abi::Entry* access = made.entry("Declaration.access_certificate");
    REQUIRE(access != nullptr);
    CHECK(access->subject == "certificate");
    CHECK(access->basis == "law 37-99 article 24");
    CHECK(made.public_texts.front() == "Declaration.judge.reference");
}

}  // namespace aqd::program

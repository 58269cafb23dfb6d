#include "compiler/analyse/analyse.h"
#include "compiler/program/dump.h"
#include "tests/compiler/check/support.h"

#include <catch2/catch.hpp>

namespace aqd::check_test {

namespace {

void golden(Sample& sample, const std::string& path, const std::string& name) {
    const auto& program = sample.check_file(path);
    INFO(sample.report());
    REQUIRE(program.has_value());
    CHECK(sample.sink().sorted().empty());
    check_golden("tests/compiler/check/golden/" + name, program::dump(*program));
}

}  // namespace

TEST_CASE("the token checks to its golden program") {
    Sample sample;
    golden(sample, "tests/compiler/check/fixtures/token.aqd", "token.txt");
}

TEST_CASE("the shared bodies check to their golden program") {
    Sample sample;
    sample.with_file("tests/compiler/check/fixtures/birth.aqd");
    golden(sample, "tests/compiler/check/fixtures/bodies.aqd", "bodies.txt");
}

TEST_CASE("the birth register checks to its golden program") {
    Sample sample;
    sample.with_file("tests/compiler/check/fixtures/bodies.aqd")
        .with_file("tests/compiler/check/fixtures/notices.aqd");
    golden(sample, "tests/compiler/check/fixtures/birth.aqd", "birth.txt");
}

TEST_CASE("the declaration of death checks to its golden program") {
    Sample sample;
    sample.with_file("tests/compiler/check/fixtures/bodies.aqd")
        .with_file("tests/compiler/check/fixtures/notices.aqd")
        .with_file("tests/compiler/check/fixtures/birth.aqd")
        .with_file("tests/compiler/check/fixtures/morocco.aqd");
    golden(sample, "tests/compiler/check/fixtures/death.aqd", "death.txt");
}

TEST_CASE("the tender checks to its golden program") {
    Sample sample;
    sample.with_file("tests/compiler/check/fixtures/bodies.aqd")
        .with_file("tests/compiler/check/fixtures/morocco.aqd");
    golden(sample, "tests/compiler/check/fixtures/tender.aqd", "tender.txt");
}

TEST_CASE("the attestation checks to its golden program") {
    Sample sample;
    sample.with_file("tests/compiler/check/fixtures/bodies.aqd")
        .with_file("tests/compiler/check/fixtures/tender.aqd")
        .with_file("tests/compiler/check/fixtures/morocco.aqd");
    golden(sample, "tests/compiler/check/fixtures/attestation.aqd", "attestation.txt");
}

TEST_CASE("the contracts of the repository check and pass their analyses") {
    const std::vector<std::string> paths{"contracts/gov/gov/bodies.aqd",
                                         "contracts/civil_death/civil/notices.aqd",
                                         "contracts/civil_death/civil/birth.aqd",
                                         "stdlib/std/calendar/morocco.aqd",
                                         "contracts/gov/gov/tender.aqd",
                                         "contracts/civil_death/civil/death.aqd",
                                         "contracts/cnss_attestation/cnss/attestation.aqd",
                                         "contracts/token/token.aqd"};
    for (const std::string& path : paths) {
        Sample sample;
        for (std::size_t i = 0; i < 5; ++i) {
            sample.with_file(paths[i]);
        }
        const auto& program = sample.check_file(path);
        INFO(sample.report());
        REQUIRE(program.has_value());
        CHECK(analyse::analyse(*program, sample.sink()));
        CHECK(sample.sink().sorted().empty());
    }
}

}  // namespace aqd::check_test

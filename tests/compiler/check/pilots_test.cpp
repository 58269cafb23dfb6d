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
    golden(sample, "contracts/token/token.aqd", "token.txt");
}

TEST_CASE("the shared bodies check to their golden program") {
    Sample sample;
    golden(sample, "contracts/gov/gov/bodies.aqd", "bodies.txt");
}

TEST_CASE("the birth register checks to its golden program") {
    Sample sample;
    sample.with_file("contracts/gov/gov/bodies.aqd")
        .with_file("contracts/civil_death/civil/notices.aqd");
    golden(sample, "contracts/civil_death/civil/birth.aqd", "birth.txt");
}

TEST_CASE("the declaration of death checks to its golden program") {
    Sample sample;
    sample.with_file("contracts/gov/gov/bodies.aqd")
        .with_file("contracts/civil_death/civil/notices.aqd")
        .with_file("contracts/civil_death/civil/birth.aqd")
        .with_file("stdlib/std/calendar/morocco.aqd");
    golden(sample, "contracts/civil_death/civil/death.aqd", "death.txt");
}

TEST_CASE("the tender checks to its golden program") {
    Sample sample;
    sample.with_file("contracts/gov/gov/bodies.aqd").with_file("stdlib/std/calendar/morocco.aqd");
    golden(sample, "contracts/gov/gov/tender.aqd", "tender.txt");
}

TEST_CASE("the attestation checks to its golden program") {
    Sample sample;
    sample.with_file("contracts/gov/gov/bodies.aqd")
        .with_file("contracts/gov/gov/tender.aqd")
        .with_file("stdlib/std/calendar/morocco.aqd");
    golden(sample, "contracts/cnss_attestation/cnss/attestation.aqd", "attestation.txt");
}

}  // namespace aqd::check_test

#include "compiler/diagnostics/sink.h"

#include <aqd/driver/compile.h>
#include <aqd/driver/frontend.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

// What the compiler promises about contracts: what must not compile does not, and says why.

using namespace aqd;

namespace {

const std::filesystem::path here = std::filesystem::path(AQD_SOURCE_DIR) / "tests/contracts";

/// The first line of a refused contract: "// CODE words that the message has".
std::vector<std::string> expected_words(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    REQUIRE(line.starts_with("// AQD"));
    std::istringstream words(line.substr(3));
    std::vector<std::string> all;
    for (std::string word; words >> word;) {
        all.push_back(word);
    }
    return all;
}

}  // namespace

TEST_CASE("a contract that breaks a rule is refused with the rule's code") {
    std::size_t count = 0;
    for (const auto& entry : std::filesystem::directory_iterator(here / "refused")) {
        if (entry.path().extension() != ".aqd") {
            continue;
        }
        ++count;
        INFO(entry.path());
        auto frontend = driver::Frontend::open({.file = entry.path()});
        REQUIRE(frontend.has_value());
        CHECK_FALSE(driver::compile(*frontend).has_value());
        const std::string report = frontend->report();
        INFO(report);
        CHECK(frontend->diagnostics().error_count() == 1);
        for (const std::string& word : expected_words(entry.path())) {
            INFO(word);
            CHECK(report.find(word) != std::string::npos);
        }
    }
    CHECK(count >= 7);
}

TEST_CASE("the contracts give the same octets wherever they lie") {
    const std::filesystem::path source = AQD_SOURCE_DIR;
    const std::filesystem::path copy =
        std::filesystem::temp_directory_path() / ("aqd_copy_" + std::to_string(getpid()));
    std::filesystem::create_directories(copy / "far away");
    for (const char* name : {"contracts", "stdlib", "aqd.toml"}) {
        std::filesystem::copy(source / name, copy / "far away" / name,
                              std::filesystem::copy_options::recursive);
    }
    for (const char* file : {"contracts/civil_death/civil/death.aqd",
                             "contracts/cnss_attestation/cnss/attestation.aqd",
                             "contracts/gov/gov/tender.aqd", "contracts/token/token.aqd"}) {
        INFO(file);
        auto here_frontend = driver::Frontend::open({.file = source / file});
        auto there_frontend = driver::Frontend::open({.file = copy / "far away" / file});
        REQUIRE(here_frontend.has_value());
        REQUIRE(there_frontend.has_value());
        const auto first = driver::compile(*here_frontend);
        const auto second = driver::compile(*there_frontend);
        REQUIRE(first.has_value());
        REQUIRE(second.has_value());
        CHECK(first->wasm == second->wasm);
    }
    std::filesystem::remove_all(copy);
}

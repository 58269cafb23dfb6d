#include "tests/vm/exec/spec/runner.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

using namespace aqd;

namespace {

std::string contents(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

TEST_CASE("a script is understood down to its escapes") {
    // The empty module, one that ends too early, and a call of a function that returns 42.
    const spec::Report report = spec::run_script(R"(
        ;; comment
        (module binary "\00asm\01\00\00\00")
        (assert_malformed (module binary "\00asm\01") "unexpected end")
        (module $m binary "\00asm\01\00\00\00" "\01\05\01\60\00\01\7f" "\03\02\01\00"
            "\07\05\01\01f\00\00" "\0a\06\01\04\00\41\2a\0b")
        (assert_return (invoke $m "f") (i32.const 42))
        (assert_return (invoke "f") (i32.const 0x2_a)))");
    CHECK(report.passed == 3);
    CHECK(report.skipped == 0);
    CHECK(report.failures.empty());
}

TEST_CASE("a wrong result is reported with its line") {
    const spec::Report report = spec::run_script(
        "(module binary \"\\00asm\\01\\00\\00\\00\\01\\05\\01\\60\\00\\01\\7f\\03\\02\\01\\00\"\n"
        "  \"\\07\\05\\01\\01f\\00\\00\\0a\\06\\01\\04\\00\\41\\2a\\0b\")\n"
        "(assert_return (invoke \"f\") (i32.const 7))");
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0] == "line 3: result 42, expected 7");
}

TEST_CASE("the specification's own scripts pass as far as their modules are supported") {
    const char* const folder = std::getenv("AQD_SPEC_DIR");
    if (folder == nullptr) {
        WARN("AQD_SPEC_DIR is not set: the scripts of the specification were not run");
        return;
    }
    std::vector<std::filesystem::path> scripts;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().string().ends_with(".bin.wast")) {
            scripts.push_back(entry.path());
        }
    }
    std::ranges::sort(scripts);
    REQUIRE(!scripts.empty());
    std::uint64_t passed = 0;
    std::uint64_t skipped = 0;
    for (const auto& script : scripts) {
        const spec::Report report = spec::run_script(contents(script));
        passed += report.passed;
        skipped += report.skipped;
        if (std::getenv("AQD_SPEC_VERBOSE") != nullptr) {
            std::printf("%-45s passed %6llu skipped %6llu failed %zu\n", script.filename().c_str(),
                        static_cast<unsigned long long>(report.passed),
                        static_cast<unsigned long long>(report.skipped), report.failures.size());
        }
        for (const std::string& failure : report.failures) {
            FAIL_CHECK(script.filename().string() << " " << failure);
        }
    }
    std::printf("specification: %llu assertions passed, %llu skipped as not supported\n",
                static_cast<unsigned long long>(passed), static_cast<unsigned long long>(skipped));
    CHECK(passed != 0);
}

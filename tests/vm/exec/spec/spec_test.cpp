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
    const auto machine = spec::engine();
    const spec::Report report = spec::run_script(R"(
        ;; comment
        (module binary "\00asm\01\00\00\00")
        (assert_malformed (module binary "\00asm\01") "unexpected end")
        (module $m binary "\00asm\01\00\00\00" "\01\05\01\60\00\01\7f" "\03\02\01\00"
            "\07\05\01\01f\00\00" "\0a\06\01\04\00\41\2a\0b")
        (assert_return (invoke $m "f") (i32.const 42))
        (assert_return (invoke "f") (i32.const 0x2_a)))",
                                                 *machine);
    CHECK(report.passed == 3);
    CHECK(report.skipped == 0);
    CHECK(report.failures.empty());
}

TEST_CASE("a wrong result is reported with its line") {
    const auto machine = spec::engine();
    const spec::Report report = spec::run_script(
        "(module binary \"\\00asm\\01\\00\\00\\00\\01\\05\\01\\60\\00\\01\\7f\\03\\02\\01\\00\"\n"
        "  \"\\07\\05\\01\\01f\\00\\00\\0a\\06\\01\\04\\00\\41\\2a\\0b\")\n"
        "(assert_return (invoke \"f\") (i32.const 7))",
        *machine);
    REQUIRE(report.failures.size() == 1);
    CHECK(report.failures[0] == "line 3: result 42, expected 7");
}

namespace {

/// Parts of the standard whose scripts are not run at all.
const std::pair<const char*, const char*> parts_left_out[] = {
    {"gc_", "garbage collection"},
    {"exceptions_", "exceptions"},
    {"simd_", "vectors"},
    {"relaxed-simd_", "relaxed vectors"},
};

const char* reason_to_leave_out(const std::string& script) {
    for (const auto& [prefix, reason] : parts_left_out) {
        if (script.starts_with(prefix)) {
            return reason;
        }
    }
    return nullptr;
}

std::vector<std::filesystem::path> scripts_in(const char* folder) {
    std::vector<std::filesystem::path> scripts;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        if (entry.path().string().ends_with(".bin.wast")) {
            scripts.push_back(entry.path());
        }
    }
    std::ranges::sort(scripts);
    return scripts;
}

}  // namespace

TEST_CASE("the specification's own scripts pass on the engine, and the oracle does the same") {
    const char* const folder = std::getenv("AQD_SPEC_DIR");
    if (folder == nullptr) {
        WARN("AQD_SPEC_DIR is not set: the scripts of the specification were not run");
        return;
    }
    const auto scripts = scripts_in(folder);
    REQUIRE(!scripts.empty());
    std::uint64_t passed = 0;
    std::uint64_t failed = 0;
    for (const auto& script : scripts) {
        const std::string name = script.filename().string();
        if (const char* const reason = reason_to_leave_out(name)) {
            std::printf("not run: %s (%s)\n", name.c_str(), reason);
            continue;
        }
        std::vector<std::string> differences;
        const auto machine = spec::engine_and_oracle(differences);
        const spec::Report report = spec::run_script(contents(script), *machine);
        passed += report.passed;
        failed += report.failures.size();
        if (report.skipped != 0) {
            std::printf("not run: %llu assertions of %s, whose modules use one of those parts\n",
                        static_cast<unsigned long long>(report.skipped), name.c_str());
        }
        for (const std::string& failure : report.failures) {
            FAIL_CHECK(name << " " << failure);
        }
        for (const std::string& difference : differences) {
            FAIL_CHECK(name << " " << difference);
        }
    }
    std::printf("%llu passed, %llu failed\n", static_cast<unsigned long long>(passed),
                static_cast<unsigned long long>(failed));
    CHECK(passed >= 35'000);
}

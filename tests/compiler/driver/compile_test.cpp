#include "tests/compiler/driver/folder.h"

#include <aqd/driver/compile.h>

#include <catch2/catch.hpp>

using namespace aqd;
using driver::testing::Folder;

namespace {

constexpr const char* library = R"(module lib.sums version 1
fn double(n: u32) -> u32 { n + n }
)";
constexpr const char* contract = R"(module a.main version 1
use lib.sums { double }
register sums: u32 -> u64 default 0
action add(n: u32) by anyone -> u64 { sums[n] += u64(double(n)); sums[n] }
)";

Result<driver::CompiledModule> compile(
    const std::filesystem::path& file,
    driver::Optimisation optimisation = driver::Optimisation::full) {
    AQD_TRY(frontend, driver::Frontend::open({.file = file}));
    return driver::compile(frontend, optimisation);
}

std::filesystem::path lay_out(const Folder& folder, const std::string& root) {
    folder.write("aqd.toml", "[modules]\nroots = [\"" + root + "\"]\n");
    folder.write(root + "/lib/sums.aqd", library);
    return folder.write(root + "/a/main.aqd", contract);
}

}  // namespace

TEST_CASE("a source with mistakes gives no module") {
    const Folder folder("mistake");
    const auto file = folder.write("a.aqd", "module a version 1\nview f() -> u8 { 256 }\n");
    const auto compiled = compile(file);
    REQUIRE_FALSE(compiled.has_value());
    CHECK(compiled.error().code == ErrorCode::invalid);
}

TEST_CASE("a value larger than a contract's memory is too large") {
    const Folder folder("large");
    const auto file = folder.write("a.aqd",
                                   "module a version 1\nfn f() -> [u64; 200000] { [0; 200000] "
                                   "}\nview g() -> u64 { f()[1] }\n");
    const auto compiled = compile(file);
    REQUIRE_FALSE(compiled.has_value());
    CHECK(compiled.error().code != ErrorCode::io);
}

TEST_CASE("a function that would keep the optimiser busy for minutes is named and refused") {
    const Folder folder("long");
    std::string source =
        "module a version 1\nregister r: u32 -> u64 default 0\naction go() by anyone {\n";
    for (int i = 0; i < 4000; ++i) {
        source += "    r[" + std::to_string(i) + "] += 1\n";
    }
    const auto compiled = compile(folder.write("a.aqd", source + "}\n"));
    REQUIRE_FALSE(compiled.has_value());
    CHECK(compiled.error().code == ErrorCode::too_large);
    CHECK(compiled.error().message.find("`a.go`") != std::string::npos);
}

TEST_CASE("the same source gives the same octets in any folder, again and again") {
    const Folder here("octets_here");
    const Folder there("octets/far/away");
    const auto first = compile(lay_out(here, "src"));
    const auto second = compile(lay_out(there, "somewhere/else"));
    INFO((first ? "" : first.error().message));
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(first->wasm == second->wasm);
    const std::string text(as_text(first->wasm));
    CHECK(text.find("octets_here") == std::string::npos);
    CHECK(text.find("lib/sums.aqd") != std::string::npos);
}

TEST_CASE("without optimisation the module is another one, and still a module") {
    const Folder folder("plain");
    const auto file = lay_out(folder, "src");
    const auto plain = compile(file, driver::Optimisation::none);
    REQUIRE(plain.has_value());
    CHECK(plain->wasm.size() > compile(file)->wasm.size());
}

TEST_CASE("every contract of this repository compiles") {
    for (const char* const name :
         {"gov/gov/bodies.aqd", "gov/gov/tender.aqd", "civil_death/civil/notices.aqd",
          "civil_death/civil/birth.aqd", "civil_death/civil/death.aqd",
          "cnss_attestation/cnss/attestation.aqd", "token/token.aqd"}) {
        INFO(name);
        auto frontend =
            driver::Frontend::open({.file = std::string(AQD_SOURCE_DIR) + "/contracts/" + name});
        REQUIRE(frontend.has_value());
        const auto compiled = driver::compile(*frontend);
        INFO(frontend->report());
        INFO((compiled ? "" : compiled.error().message));
        REQUIRE(compiled.has_value());
    }
}

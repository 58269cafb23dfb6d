#include "tests/custom_section.h"
#include "tests/scratch_folder.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/engine/engine.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <string>
#include <sys/stat.h>
#include <thread>
#include <vector>

using namespace aqd;
namespace fs = std::filesystem;

namespace {

Bytes contract(int number) {
    abi::Manifest manifest;
    manifest.path = "test.small";
    manifest.version = 1;
    manifest.modules = {{"test.small", {}}};
    Bytes module = test::wat(R"((module (memory (export "memory") 1)
        (func (export "f") (param i32) (result i32)
            (i32.add (local.get 0) (i32.const )" +
                             std::to_string(number) + "))))");
    testing::append_custom_section(module, abi::manifest_section, abi::encode_manifest(manifest));
    return module;
}

std::unique_ptr<engine::Engine> engine_in(const fs::path& folder,
                                          std::uint64_t octets = std::uint64_t{1} << 20) {
    engine::Options options;
    options.cache_folder = folder;
    options.cache_octets = octets;
    auto made = engine::Engine::create(options);
    REQUIRE(made.has_value());
    return std::move(*made);
}

/// A call of the function that each contract exports; 0 if it fails. Threads may not assert.
std::uint64_t result_of(const engine::Code& code) {
    // The linked module is shared with the engine; the instance is the test's own.
    auto instance = exec::Instance::create(
        std::shared_ptr<const exec::LinkedModule>(std::shared_ptr<void>(), &code.linked()));
    if (!instance) {
        return 0;
    }
    instance->initialise(1'000, nullptr);
    const std::uint64_t argument = 100;
    const exec::Outcome outcome = instance->invoke("f", {&argument, 1}, 1'000, nullptr);
    return outcome.results.size() == 1 ? outcome.results[0] : 0;
}

std::vector<fs::path> entries_of(const fs::path& folder) {
    std::vector<fs::path> entries;
    for (const auto& item : fs::directory_iterator(folder)) {
        if (item.path().filename() != "key") {
            entries.push_back(item.path());
        }
    }
    return entries;
}

std::string content_of(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

void write(const fs::path& path, const std::string& content) {
    std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
}

}  // namespace

TEST_CASE("a cache folder that others may enter is refused") {
    const testing::ScratchFolder scratch("cache");
    const fs::path folder = scratch.path() / "open";
    fs::create_directory(folder);
    fs::permissions(folder, fs::perms::owner_all | fs::perms::group_read);
    engine::Options options;
    options.cache_folder = folder;
    const auto refused = engine::Engine::create(options);
    REQUIRE(!refused.has_value());
    CHECK((refused.error().code == ErrorCode::denied));
    options.cache_folder = scratch.path() / "no" / "such";
    CHECK(!engine::Engine::create(options).has_value());
    fs::create_directory_symlink(scratch.path(), scratch.path() / "link");
    options.cache_folder = scratch.path() / "link";
    CHECK(!engine::Engine::create(options).has_value());
}

TEST_CASE("a damaged, cut or foreign entry is ignored and made anew") {
    const testing::ScratchFolder scratch("cache");
    const fs::path folder = scratch.path() / "cache";
    REQUIRE(engine_in(folder)->compile(contract(1)).has_value());
    const auto entries = entries_of(folder);
    REQUIRE(entries.size() == 1);
    const std::string good = content_of(entries[0]);
    std::string flipped = good;
    flipped[good.size() / 2] ^= 1;
    const testing::ScratchFolder other("cache");
    REQUIRE(engine_in(other.path() / "cache")->compile(contract(1)).has_value());
    const std::string foreign = content_of(entries_of(other.path() / "cache")[0]);
    CHECK(foreign != good);
    for (const std::string& bad : {flipped, good.substr(0, good.size() - 1), std::string(),
                                   std::string(1'000, 'x'), foreign}) {
        write(entries[0], bad);
        const auto code = engine_in(folder)->compile(contract(1));
        REQUIRE(code.has_value());
        CHECK(result_of(**code) == 101);
        CHECK(content_of(entries[0]) == good);
    }
    // A lost key makes all entries foreign, and nothing worse.
    fs::remove(folder / "key");
    REQUIRE(engine_in(folder)->compile(contract(1)).has_value());
    CHECK(content_of(entries[0]) != good);
}

TEST_CASE("another engine runs from the cache what the first one translated") {
    const testing::ScratchFolder scratch("cache");
    const fs::path folder = scratch.path() / "cache";
    REQUIRE(engine_in(folder)->compile(contract(1)).has_value());
    const auto entry = entries_of(folder).at(0);
    const auto written = fs::last_write_time(entry);
    const auto code = engine_in(folder)->compile(contract(1));
    REQUIRE(code.has_value());
    CHECK(result_of(**code) == 101);
    CHECK(code.value()->manifest().path == "test.small");
    CHECK((fs::last_write_time(entry) == written));
    struct stat facts{};
    REQUIRE(stat(folder.c_str(), &facts) == 0);
    CHECK((facts.st_mode & 0777) == 0700);
    for (const auto& item : fs::directory_iterator(folder)) {
        REQUIRE(stat(item.path().c_str(), &facts) == 0);
        CHECK((facts.st_mode & 0777) == 0600);
    }
    // Under other limits it is no entry.
    engine::Options narrow;
    narrow.cache_folder = folder;
    narrow.limits.memory_pages = 0;
    CHECK(!engine::Engine::create(narrow).value()->compile(contract(1)).has_value());
}

TEST_CASE("the cache does not grow beyond its bound") {
    const testing::ScratchFolder scratch("cache");
    const fs::path folder = scratch.path() / "cache";
    const auto first = engine_in(folder);
    REQUIRE(first->compile(contract(0)).has_value());
    const auto size = fs::file_size(entries_of(folder).at(0));
    const auto engine = engine_in(folder, 3 * size + size / 2);
    for (int i = 1; i < 8; ++i) {
        REQUIRE(engine->compile(contract(i)).has_value());
        CHECK(entries_of(folder).size() <= 3);
    }
    CHECK(entries_of(folder).size() == 3);
}

TEST_CASE("many threads compile the same and different modules, with a cache and without") {
    const testing::ScratchFolder scratch("cache");
    std::vector<Bytes> modules;
    for (int i = 0; i < 4; ++i) {
        modules.push_back(contract(i));
    }
    for (const bool cached : {false, true, true}) {
        const auto engine = engine_in(cached ? scratch.path() / "cache" : fs::path());
        std::vector<std::vector<std::uint64_t>> results(8);
        std::vector<std::thread> threads;
        threads.reserve(results.size());
        for (auto& found : results) {
            threads.emplace_back([&] {
                for (const Bytes& module : modules) {
                    const auto code = engine->compile(module);
                    if (code) {
                        found.push_back(result_of(**code));
                    }
                }
            });
        }
        for (std::thread& thread : threads) {
            thread.join();
        }
        for (const auto& found : results) {
            CHECK((found == std::vector<std::uint64_t>{100, 101, 102, 103}));
        }
    }
}

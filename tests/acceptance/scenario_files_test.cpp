#include "cli/files/json.h"

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>

// What every scenario of this folder keeps to, so that a reader may rely on it.

using namespace aqd;
using files::Json;

namespace {

/// A call that stands alone in its block: only there the root before and after says something about
/// it.
bool is_lone_call(const Json& step) {
    return step.contains("call") || step.contains("acknowledge");
}

std::vector<std::filesystem::path> scenario_files() {
    std::vector<std::filesystem::path> found;
    for (const char* folder : {"scenarios", "contracts"}) {
        const auto path = std::filesystem::path(AQD_SOURCE_DIR) / "tests/acceptance" / folder;
        for (const auto& entry : std::filesystem::directory_iterator(path)) {
            const std::string name = entry.path().filename().string();
            if (name.ends_with(".json") && !name.ends_with(".genesis.json")) {
                found.push_back(entry.path());
            }
        }
    }
    return found;
}

}  // namespace

TEST_CASE("whoever is refused leaves the state root unchanged") {
    const auto paths = scenario_files();
    REQUIRE(paths.size() >= 15);
    std::size_t refusals = 0;
    for (const std::filesystem::path& path : paths) {
        const auto scenario = files::read_json(path);
        REQUIRE(scenario.has_value());
        for (const Json& step : (*scenario)["steps"]) {
            const bool refused = step.contains("expect") && step["expect"].contains("refused");
            if (!refused || !is_lone_call(step)) {
                continue;
            }
            ++refusals;
            INFO(path << ": " << step.dump());
            CHECK(step["expect"].value("unchanged", false));
        }
    }
    CHECK(refusals >= 100);
}

#pragma once

#include <aqd/base/result.h>

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::driver {

/// The roots of modules.
struct Project {
    std::vector<std::filesystem::path> roots;
};

/// Reads the nearest `aqd.toml` in `start` or above it; without one there are no roots.
Result<Project> find_project(const std::filesystem::path& start);

/// `civil.death` as `civil/death.aqd` in the first root that has it.
std::optional<std::filesystem::path> find_module(const Project& project, std::string_view module);

/// The name of a file below a root, with `/`: "civil/death.aqd"; nothing if it is below none.
std::optional<std::string> name_below_roots(const Project& project,
                                            const std::filesystem::path& file);

}  // namespace aqd::driver

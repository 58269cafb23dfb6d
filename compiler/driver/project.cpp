#include "compiler/driver/project.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>

#define TOML_EXCEPTIONS 0  // NOLINT(readability-identifier-naming): how the library is set up
#include <toml++/toml.h>

namespace aqd::driver {
namespace {

namespace fs = std::filesystem;

constexpr const char* project_file = "aqd.toml";

Result<Project> read_project(const fs::path& file) {
    const toml::parse_result parsed = toml::parse_file(file.string());
    if (!parsed) {
        return fail(ErrorCode::malformed, file.string() + ": line " +
                                              std::to_string(parsed.error().source().begin.line) +
                                              ": " + std::string(parsed.error().description()));
    }
    Project project;
    const toml::array* const roots = parsed.table()["modules"]["roots"].as_array();
    if (roots == nullptr) {
        return fail(ErrorCode::invalid,
                    file.string() + ": expected [modules] with roots = [\"…\"]");
    }
    for (const toml::node& root : *roots) {
        const auto text = root.value<std::string>();
        if (!text) {
            return fail(ErrorCode::invalid, file.string() + ": roots are texts");
        }
        project.roots.push_back(file.parent_path() / *text);
    }
    return project;
}

}  // namespace

Result<Project> find_project(const fs::path& start) {
    std::error_code error;
    fs::path folder = fs::absolute(start, error);
    while (!error && !folder.empty()) {
        std::error_code ignored;
        if (fs::is_regular_file(folder / project_file, ignored)) {
            return read_project(folder / project_file);
        }
        if (folder == folder.parent_path()) {
            break;
        }
        folder = folder.parent_path();
    }
    return Project{};
}

std::optional<fs::path> find_module(const Project& project, std::string_view module) {
    std::string name(module);
    std::ranges::replace(name, '.', '/');
    for (const fs::path& root : project.roots) {
        std::error_code ignored;
        fs::path file = root / (name + ".aqd");
        if (fs::is_regular_file(file, ignored)) {
            return file;
        }
    }
    return std::nullopt;
}

std::optional<std::string> name_below_roots(const Project& project, const fs::path& file) {
    std::error_code error;
    const fs::path whole = fs::weakly_canonical(file, error);
    for (const fs::path& root : project.roots) {
        const fs::path above = fs::weakly_canonical(root, error);
        const fs::path rest = whole.lexically_relative(above);
        if (!error && !rest.empty() && *rest.begin() != "..") {
            return rest.generic_string();
        }
    }
    return std::nullopt;
}

}  // namespace aqd::driver

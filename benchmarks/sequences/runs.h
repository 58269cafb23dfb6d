#pragma once

#include <aqd/base/result.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace aqd::mining {

/// Forms that are executed one after another, since nothing jumps between them, each with how often
/// that is guessed to happen.
struct Run {
    std::vector<std::uint16_t> forms;
    std::vector<double> weights;
    std::uint32_t project = 0;
};

/// The code of a project: a folder of modules that count together.
struct Project {
    std::string name;
    std::size_t modules = 0;
    std::size_t forms = 0;
    std::vector<Run> runs;
};

/// Prepares every `.wasm` below a folder. A form in n loops counts 8^n; then all the forms of a
/// module are scaled so that their mean is one. A module that is no valid one is left out and named
/// on the standard error.
Project read_project(const std::filesystem::path& folder, std::uint32_t number);

}  // namespace aqd::mining

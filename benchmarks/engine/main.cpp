// Compares engines on the same work; docs/performance.md says how.

#include "benchmarks/engine/contract_kernel.h"
#include "benchmarks/engine/report.h"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <iomanip>
#include <iostream>

namespace {

using namespace aqd;
using namespace aqd::benchmarks;

struct Options {
    std::vector<std::string> folders;
    std::vector<std::string> only;
    std::string json;
    std::string compiler;
    std::uint32_t rounds = 7;
    std::uint32_t milliseconds = 30;
};

/// Our own kernels, and those of the folder that AQD_KERNELS names or that lies beside the
/// repository.
std::vector<std::filesystem::path> default_folders() {
    const std::filesystem::path source = AQD_SOURCE_DIR;
    std::vector<std::filesystem::path> folders{source / "benchmarks/engine/kernels"};
    const char* const named =
        std::getenv("AQD_KERNELS");  // NOLINT(concurrency-mt-unsafe): one thread
    const std::filesystem::path more =
        named != nullptr ? std::filesystem::path(named) : source.parent_path() / "shared/kernels";
    if (std::filesystem::is_directory(more)) {
        folders.push_back(more);
    }
    return folders;
}

Result<std::vector<Kernel>> kernels_of(const Options& options) {
    std::vector<std::filesystem::path> folders(options.folders.begin(), options.folders.end());
    if (folders.empty()) {
        folders = default_folders();
    }
    std::vector<Kernel> kernels;
    for (const std::filesystem::path& folder : folders) {
        AQD_CHECK(
            build_kernels(folder, std::filesystem::path(AQD_BINARY_DIR) / "kernels", kernels));
    }
    if (!options.compiler.empty() && options.folders.empty()) {
        AQD_CHECK(build_contract_kernels(options.compiler, AQD_SOURCE_DIR,
                                         std::filesystem::path(AQD_BINARY_DIR) / "kernels",
                                         kernels));
    }
    if (!options.only.empty()) {
        std::erase_if(kernels, [&](const Kernel& kernel) {
            return std::ranges::find(options.only, kernel.name) == options.only.end();
        });
    }
    return kernels;
}

void summarise(const std::vector<Engine>& engines, const std::vector<Measured>& all, bool seen) {
    const std::string table = table_of(engines, all, seen);
    if (table.empty()) {
        return;
    }
    std::cout << "\nTimes as multiples of native code, kernels "
              << (seen ? "whose code sequences were mined from" : "that nothing was mined from")
              << ":\n\n"
              << table;
    const double ours = mean_of(all, seen, "aqd");
    for (const Engine& engine : engines) {
        const double theirs = mean_of(all, seen, engine.name);
        if (engine.name.starts_with("wasm") && theirs > 0) {
            std::cout << "aqd is " << theirs / ours << " times as fast as " << engine.name << '\n';
        }
    }
    if (const double unmetered = mean_of(all, seen, "aqd_nogas"); unmetered > 0) {
        std::cout << "metering costs " << (ours / unmetered - 1) * 100 << " %\n";
    }
}

Result<int> compare(const Options& options) {
    AQD_TRY(kernels, kernels_of(options));
    const std::vector<Engine> engines =
        find_engines(std::filesystem::path(AQD_BINARY_DIR) / "benchmarks/engine", AQD_SOURCE_DIR);
    std::vector<Measured> all;
    int status = 0;
    for (const Kernel& kernel : kernels) {
        AQD_TRY(measured, measure(engines, kernel, options.rounds,
                                  std::chrono::milliseconds{options.milliseconds}));
        std::cerr << kernel.name << ", n = " << measured.n << '\n';
        for (const std::string& failure : measured.failures) {
            std::cerr << "  " << failure << '\n';
            status = 1;
        }
        all.push_back(std::move(measured));
    }
    std::cout << std::fixed << std::setprecision(2);
    summarise(engines, all, false);
    summarise(engines, all, true);
    const std::string json = json_of(engines, all, options.rounds);
    if (options.json.empty()) {
        std::cout << '\n' << json;
    } else {
        std::ofstream(options.json) << json;
    }
    return status;
}

}  // namespace

int main(int count, char** words) {
    try {
        CLI::App app{
            "Runs the same kernels natively, in our engine and in those that the PATH has"};
        Options options;
        app.add_option("--kernels", options.folders, "folders whose *.c are built and run");
        app.add_option("--compiler", options.compiler, "a program `aqd`, to build contracts with");
        app.add_option("--only", options.only, "run these kernels only");
        app.add_option("--json", options.json, "write the ratios to this file");
        app.add_option("--runs", options.rounds, "rounds, of which the best counts")
            ->check(CLI::Range(1, 1000));
        app.add_option("--milliseconds", options.milliseconds, "how long native code shall take")
            ->check(CLI::Range(1, 10'000));
        CLI11_PARSE(app, count, words);
        const auto status = compare(options);
        if (!status) {
            std::fprintf(stderr, "%s\n", status.error().message.c_str());
            return 1;
        }
        return *status;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
}

#include "benchmarks/gas/mean.h"

#include <aqd/chain/chain.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <limits>

namespace aqd::benchmarks {
namespace {

constexpr Effort effort{5e6, 5, 1.25};

Result<Bytes> compile(const std::filesystem::path& source) {
    const auto object =
        std::filesystem::temp_directory_path() / (source.stem().string() + ".aqd_gas.wasm");
    const std::string command =
        "clang-19 --target=wasm32 -mcpu=mvp -O2 -nostdlib -ffreestanding -w "
        "-Wl,--no-entry,--strip-all '" +
        source.string() + "' -o '" + object.string() + "'";
    if (std::system(command.c_str()) != 0) {
        return fail(ErrorCode::invalid, source.string() + " does not compile");
    }
    std::ifstream stream(object, std::ios::binary);
    Bytes module{std::istreambuf_iterator<char>(stream), {}};
    std::filesystem::remove(object);
    return module;
}

}  // namespace

Result<std::vector<Named>> measure_kernels(const std::vector<std::filesystem::path>& folders,
                                           const gas::Schedule& schedule) {
    std::vector<Named> out;
    for (const std::filesystem::path& folder : folders) {
        std::vector<std::filesystem::path> sources;
        std::error_code error;
        for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
            if (entry.path().extension() == ".c") {
                sources.push_back(entry.path());
            }
        }
        if (error) {
            return fail(ErrorCode::not_found, folder.string() + " cannot be read");
        }
        std::ranges::sort(sources);
        for (const std::filesystem::path& source : sources) {
            AQD_TRY(module, compile(source));
            AQD_TRY(sample, measure(module, schedule, false, effort));
            out.push_back({source.stem().string(), sample});
        }
    }
    return out;
}

Result<Named> measure_ledger(const std::filesystem::path& folder) {
    AQD_TRY(chain, chain::Chain::open(folder));
    Sample best{std::numeric_limits<double>::max(), 0};
    for (int round = 0; round < 3; ++round) {
        const double begin = thread_ns();
        AQD_TRY(report, chain->replay());
        const double took = thread_ns() - begin;
        if (took < best.ns) {
            best = {took, static_cast<double>(report.gas)};
        }
    }
    return Named{folder.filename().string() + " (blocks)", best};
}

double geometric_mean(const std::vector<Named>& list) {
    double sum = 0;
    for (const Named& one : list) {
        sum += std::log(one.sample.ns_per_gas());
    }
    return list.empty() ? 0 : std::exp(sum / static_cast<double>(list.size()));
}

}  // namespace aqd::benchmarks

#include "benchmarks/gas/hosts.h"
#include "benchmarks/gas/mean.h"
#include "benchmarks/gas/opcodes.h"
#include "benchmarks/gas/search.h"

#include <aqd/wasm/opcode.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Measures nanoseconds per gas: of kernels and ledgers (the mean), of every opcode and host
// function, of adversaries, and of the worst program that a search finds.

namespace aqd::benchmarks {
namespace {

using Json = nlohmann::json;

struct Options {
    std::vector<std::filesystem::path> kernels;
    std::vector<std::filesystem::path> ledgers;
    std::uint32_t schedule = gas::newest_schedule;
    double seconds = 10;
    std::uint64_t seed = 1;
    double mean = 0;  ///< given, instead of measured
    std::string json;
    std::vector<std::string> prices;
    std::vector<std::string> parts;
};

/// In the order of the classes.
constexpr std::array<std::string_view, wasm::gas_class_count> class_names = {
    "free",        "simple",      "arithmetic", "multiply",     "divide",   "load",
    "store",       "global",      "branch",     "branch_table", "call",     "call_indirect",
    "memory_size", "memory_grow", "bulk",       "table",        "floating", "floating_divide"};

/// "class=price" of the command line.
Result<> change(gas::Schedule& schedule, const std::string& words) {
    const std::size_t middle = words.find('=');
    const auto found = std::ranges::find(class_names, std::string_view(words).substr(0, middle));
    if (middle == std::string::npos || found == class_names.end()) {
        return fail(ErrorCode::invalid, "--price wants CLASS=PRICE, not " + words);
    }
    schedule.class_price[static_cast<std::size_t>(found - class_names.begin())] =
        static_cast<std::uint16_t>(std::atoi(words.c_str() + middle + 1));
    return {};
}

class Report {
  public:
    explicit Report(double mean) : mean_(mean) { json_["mean_ns_per_gas"] = mean; }

    void heading(const std::string& words) { std::printf("\n%s\n", words.c_str()); }

    void row(const std::string& part, const std::string& name, const Sample& sample) {
        const double ratio = mean_ == 0 ? 0 : sample.ns_per_gas() / mean_;
        std::printf("  %-44s %10.1f ns %10.1f gas %8.3f ns/gas %6.2f×\n", name.c_str(), sample.ns,
                    sample.gas, sample.ns_per_gas(), ratio);
        json_[part].push_back({{"name", name},
                               {"ns", sample.ns},
                               {"gas", sample.gas},
                               {"ns_per_gas", sample.ns_per_gas()},
                               {"ratio", ratio}});
    }

    Json& json() { return json_; }
    [[nodiscard]] double mean() const { return mean_; }

  private:
    double mean_;
    Json json_;
};

bool wants(const Options& options, const std::string& part) {
    return options.parts.empty() || std::ranges::find(options.parts, part) != options.parts.end();
}

void by_cost(std::vector<Named>& list) {
    std::ranges::sort(list, [](const Named& a, const Named& b) {
        return a.sample.ns_per_gas() > b.sample.ns_per_gas();
    });
}

/// What a price must be so that no opcode of the class takes over 1.5 means a gas in its leanest
/// loop, if everything else keeps its price.
void propose(const std::map<std::size_t, std::pair<double, std::string>>& needs,
             const gas::Schedule& schedule) {
    std::printf("\nclasses: price now, price that would bring the worst opcode to 1.5 means\n");
    for (const auto& [index, need] : needs) {
        std::printf("  %-16s %5u %8.1f   (%s)\n", std::string(class_names[index]).c_str(),
                    schedule.class_price[index], need.first, need.second.c_str());
    }
}

void measure_opcodes(Report& report, const gas::Schedule& schedule) {
    constexpr int times = 16;
    std::vector<Named> list;
    std::map<std::size_t, std::pair<double, std::string>> needs;
    for (const Fragment& fragment : fragments(true)) {
        const auto sample =
            measure(module_of(repeated(fragment, times)), schedule, fragment.chase, {});
        if (!sample) {
            std::printf("  %s: %s\n", fragment.name.c_str(), sample.error().message.c_str());
            continue;
        }
        const Sample one{sample->ns / times, sample->gas / times};
        list.push_back({fragment.name, one});
        const auto gas_class = static_cast<std::size_t>(wasm::facts_of(fragment.opcode).gas_class);
        const double inside = fragment.name.ends_with(" chain") || fragment.chase ? 8 : 1;
        const double missing = one.ns / (1.5 * report.mean()) - one.gas;
        const double price = schedule.class_price[gas_class] + missing / inside;
        auto& need = needs[gas_class];
        if (price > need.first) {
            need = {price, fragment.name};
        }
    }
    by_cost(list);
    report.heading("opcodes, in their leanest loops");
    for (const Named& one : list) {
        report.row("opcodes", one.name, one.sample);
    }
    propose(needs, schedule);
}

Result<int> run(const Options& options) {
    AQD_TRY(schedule, gas::schedule(options.schedule));
    for (const std::string& price : options.prices) {
        AQD_CHECK(change(schedule, price));
    }
    double mean = options.mean;
    std::vector<Named> typical;
    if (mean == 0) {
        AQD_TRY(kernels, measure_kernels(options.kernels, schedule));
        typical = std::move(kernels);
        for (const auto& folder : options.ledgers) {
            AQD_TRY(ledger, measure_ledger(folder));
            typical.push_back(std::move(ledger));
        }
        mean = geometric_mean(typical);
    }
    Report report(mean);
    std::printf("schedule %u, mean %.4f ns/gas\n", schedule.version, mean);
    if (!typical.empty()) {
        report.heading("what the mean is of");
        for (const Named& one : typical) {
            report.row("typical", one.name, one.sample);
        }
    }
    if (wants(options, "opcodes")) {
        measure_opcodes(report, schedule);
    }
    if (wants(options, "hosts")) {
        std::vector<Named> hosts = measure_hosts();
        by_cost(hosts);
        report.heading("host functions and the ledger's own work");
        for (const Named& one : hosts) {
            report.row("hosts", one.name, one.sample);
        }
    }
    if (wants(options, "worst")) {
        report.heading("adversaries");
        for (const Adversary& adversary : adversaries()) {
            const Bytes module = module_of(adversary.program);
            AQD_TRY(sample, adversary.fresh_instances
                                ? measure_instances(module, schedule, {})
                                : measure(module, schedule, adversary.chase, {}));
            report.row("adversaries", adversary.name, sample);
        }
        report.heading("search");
        const Worst worst =
            search_worst(schedule, options.seconds, options.seed, [&](const Worst& found) {
                std::printf("  %6.2f× after %llu programs:", found.ns_per_gas / mean,
                            static_cast<unsigned long long>(found.tried));
                for (const std::string& name : found.fragments) {
                    std::printf(" %s;", name.c_str());
                }
                std::printf("\n");
                std::fflush(stdout);
            });
        report.json()["search"] = {{"seed", options.seed},
                                   {"seconds", options.seconds},
                                   {"programs", worst.tried},
                                   {"ns_per_gas", worst.ns_per_gas},
                                   {"ratio", worst.ns_per_gas / mean},
                                   {"fragments", worst.fragments}};
    }
    if (!options.json.empty()) {
        std::ofstream(options.json) << report.json().dump(1) << '\n';
    }
    return 0;
}

}  // namespace
}  // namespace aqd::benchmarks

int main(int argc, char** argv) {
    try {
        aqd::benchmarks::Options options;
        options.kernels = {AQD_SOURCE_DIR "/benchmarks/engine/kernels"};
        CLI::App app(
            "Nanoseconds per gas: of opcodes, host functions and the worst programs, against the "
            "mean of kernels and ledgers");
        app.add_option("parts", options.parts, "opcodes, hosts, worst (all)");
        app.add_option("--kernels", options.kernels, "Folders of kernels in C");
        app.add_option("--ledger", options.ledgers, "Folders of ledgers, whose blocks count too");
        app.add_option("--schedule", options.schedule, "Version of the gas schedule");
        app.add_option("--price", options.prices, "CLASS=PRICE instead of that of the schedule");
        app.add_option("--seconds", options.seconds, "How long to search for the worst program");
        app.add_option("--seed", options.seed, "Of the search");
        app.add_option("--mean", options.mean,
                       "ns per gas to compare with, instead of measuring it");
        app.add_option("--json", options.json, "Write the numbers there");
        CLI11_PARSE(app, argc, argv);
        const auto result = aqd::benchmarks::run(options);
        if (!result) {
            std::fprintf(stderr, "%s\n", result.error().message.c_str());
            return 1;
        }
        return *result;
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
}

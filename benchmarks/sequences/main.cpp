// Mines sequences of instructions that are worth a handler of their own. See README.md.

#include "benchmarks/sequences/pair_encoding.h"
#include "benchmarks/sequences/runs.h"

#include <aqd/prepare/instruction.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>

namespace aqd::mining {
namespace {

struct Order {
    std::filesystem::path corpus;
    std::filesystem::path output;
    std::vector<std::filesystem::path> unseen;
    std::vector<std::pair<std::string, double>> factors;
    std::size_t count = 4'000;
    std::size_t likely = 0;
};

/// The corpus has a folder for each project, which counts by its size, times its factor.
std::vector<Project> read_corpus(const Order& order) {
    std::vector<std::filesystem::path> folders;
    for (const auto& entry : std::filesystem::directory_iterator(order.corpus)) {
        if (entry.is_directory()) {
            folders.push_back(entry.path());
        }
    }
    std::ranges::sort(folders);
    std::vector<Project> projects;
    for (const auto& folder : folders) {
        Project& project = projects.emplace_back(
            read_project(folder, static_cast<std::uint32_t>(projects.size())));
        double factor = 1;
        for (const auto& [name, one] : order.factors) {
            factor *= name == project.name ? one : 1;
        }
        for (Run& run : project.runs) {
            for (double& weight : run.weights) {
                weight *= factor;
            }
        }
        std::cout << std::setw(16) << project.name << std::setw(6) << project.modules << " modules"
                  << std::setw(9) << project.forms << " instructions\n";
    }
    return projects;
}

/// Pair encoding leaves behind sequences that were only steps to longer ones: more than are wanted
/// are made, and those that save least are dropped, in rounds, since what is left takes over.
std::vector<Forms> mine(const std::vector<Run>& runs, std::size_t count) {
    std::vector<Forms> sequences = encode_pairs(runs, count * 5 / 2);
    while (sequences.size() > count) {
        const Coverage now = cover(runs, sequences);
        std::vector<std::size_t> order(sequences.size());
        std::ranges::copy(std::views::iota(std::size_t{0}, order.size()), order.begin());
        std::ranges::stable_sort(order, std::ranges::greater{},
                                 [&](std::size_t i) { return now.saved[i]; });
        order.resize(std::max(count, sequences.size() * 9 / 10));
        std::vector<Forms> kept;
        kept.reserve(order.size());
        for (const std::size_t i : order) {
            kept.push_back(sequences[i]);
        }
        sequences = std::move(kept);
    }
    return sequences;
}

std::string text_of(const Forms& forms) {
    static constexpr std::string_view letters = "nabsk";
    std::string text = "AQD_SEQUENCE(";
    for (const std::uint16_t code : forms) {
        const prepare::Form form = prepare::form_of(code);
        text += text.back() == '(' ? "AQD_F(" : ",AQD_F(";
        text += prepare::facts_of(form.operation).name;
        for (const prepare::Kind kind : {form.x, form.y, form.destination}) {
            text += ",";
            text += letters[static_cast<std::size_t>(kind)];
        }
        text += ")";
    }
    return text + ")\n";
}

int run(const Order& order) {
    std::vector<Run> runs;
    for (Project& project : read_corpus(order)) {
        std::ranges::move(project.runs, std::back_inserter(runs));
    }
    std::vector<Forms> sequences = mine(runs, order.count);
    std::ranges::move(likely_sequences(runs, sequences, order.likely),
                      std::back_inserter(sequences));
    const auto report = [&](const std::string& name, const std::vector<Run>& of) {
        const Coverage result = cover(of, sequences);
        std::cout << std::setw(16) << name << std::fixed << std::setprecision(3) << std::setw(8)
                  << result.instructions / result.forms << " instructions a form\n";
    };
    report("corpus", runs);
    for (const auto& folder : order.unseen) {
        report(folder.filename(), read_project(folder, 0).runs);
    }
    std::ofstream out(order.output);
    out << "// Mined by benchmarks/sequences from the corpus that its README describes; not edited "
           "by hand.\n";
    for (const Forms& forms : sequences) {
        out << text_of(forms);
    }
    std::cout << sequences.size() << " sequences in " << order.output.string() << '\n';
    return out.good() ? 0 : 1;
}

std::optional<Order> order_of(std::span<char* const> arguments) {
    Order order;
    std::vector<std::string> places;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string_view argument = arguments[i];
        if (!argument.starts_with("--")) {
            places.emplace_back(argument);
            continue;
        }
        if (i + 1 == arguments.size()) {
            return std::nullopt;
        }
        const std::string_view value = arguments[++i];
        if (argument == "--count") {
            std::from_chars(value.begin(), value.end(), order.count);
        } else if (argument == "--likely") {
            std::from_chars(value.begin(), value.end(), order.likely);
        } else if (argument == "--unseen") {
            order.unseen.emplace_back(value);
        } else if (argument == "--factor" && value.contains('=')) {
            const std::size_t equals = value.find('=');
            order.factors.emplace_back(value.substr(0, equals),
                                       std::stod(std::string(value.substr(equals + 1))));
        } else {
            return std::nullopt;
        }
    }
    if (places.size() != 2) {
        return std::nullopt;
    }
    order.corpus = places[0];
    order.output = places[1];
    return order;
}

}  // namespace
}  // namespace aqd::mining

int main(int count, char** arguments) {
    const auto order = aqd::mining::order_of(std::span(arguments, count).subspan(1));
    if (!order) {
        std::cerr << "usage: aqd_mine_sequences CORPUS OUTPUT [--count N] [--likely N] [--factor "
                     "PROJECT=X]… "
                     "[--unseen FOLDER]…\n";
        return 2;
    }
    return aqd::mining::run(*order);
}

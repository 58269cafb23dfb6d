#include "benchmarks/engine/report.h"

#include <nlohmann/json.hpp>

#include <cmath>
#include <iomanip>
#include <sstream>

namespace aqd::benchmarks {
namespace {

using Json = nlohmann::ordered_json;

constexpr int name_width = 14;
constexpr int column_width = 11;

/// Three digits behind the point: more would be noise.
double rounded(double value) {
    return std::round(value * 1000) / 1000;
}

void put(std::ostream& out, double ratio) {
    out << std::setw(column_width);
    if (ratio == 0) {
        out << '-';
    } else {
        out << std::fixed << std::setprecision(2) << ratio;
    }
}

Json part_of(const std::vector<Engine>& engines, const std::vector<Measured>& all, bool seen) {
    Json part{{"geomean", Json::object()}, {"kernels", Json::object()}};
    for (const Engine& engine : engines) {
        const double mean = mean_of(all, seen, engine.name);
        if (mean != 0 && engine.name != "native") {
            part["geomean"][engine.name] = rounded(mean);
        }
    }
    for (const Measured& measured : all) {
        if (measured.seen != seen) {
            continue;
        }
        Json& row = part["kernels"][measured.kernel] = Json::object();
        for (const Engine& engine : engines) {
            const double ratio = measured.ratio(engine.name);
            if (ratio != 0 && engine.name != "native") {
                row[engine.name] = rounded(ratio);
            }
        }
    }
    return part;
}

}  // namespace

double mean_of(const std::vector<Measured>& all, bool seen, const std::string& engine) {
    double logarithms = 0;
    int count = 0;
    for (const Measured& measured : all) {
        const double ratio = measured.ratio(engine);
        if (measured.seen == seen && ratio > 0) {
            logarithms += std::log(ratio);
            ++count;
        }
    }
    return count == 0 ? 0 : std::exp(logarithms / count);
}

std::string table_of(const std::vector<Engine>& engines, const std::vector<Measured>& all,
                     bool seen) {
    std::ostringstream out;
    out << std::left << std::setw(name_width) << "kernel" << std::right << std::setw(column_width)
        << "native ms";
    for (const Engine& engine : engines) {
        if (engine.name != "native") {
            out << std::setw(column_width) << engine.name;
        }
    }
    out << '\n';
    bool any = false;
    for (const Measured& measured : all) {
        if (measured.seen != seen) {
            continue;
        }
        any = true;
        out << std::left << std::setw(name_width) << measured.kernel << std::right;
        put(out, measured.best.at("native") / 1e6);
        for (const Engine& engine : engines) {
            if (engine.name != "native") {
                put(out, measured.ratio(engine.name));
            }
        }
        out << '\n';
    }
    out << std::left << std::setw(name_width + column_width) << "geometric mean" << std::right;
    for (const Engine& engine : engines) {
        if (engine.name != "native") {
            put(out, mean_of(all, seen, engine.name));
        }
    }
    out << '\n';
    return any ? out.str() : std::string{};
}

std::string json_of(const std::vector<Engine>& engines, const std::vector<Measured>& all,
                    std::uint32_t rounds) {
    Json json = part_of(engines, all, false);
    Json seen = part_of(engines, all, true);
    if (!seen["kernels"].empty()) {
        json["seen"] = std::move(seen);
    }
    Json& run = json["run"] = Json{{"rounds", rounds}};
    for (const Engine& engine : engines) {
        run["engines"][engine.name] = engine.version;
    }
    for (const Measured& measured : all) {
        run["n"][measured.kernel] = measured.n;
        run["native_ms"][measured.kernel] = rounded(measured.best.at("native") / 1e6);
    }
    return json.dump(2) + '\n';
}

}  // namespace aqd::benchmarks

#include "cli/ledgers/profile_text.h"

#include "cli/screen/table.h"
#include "cli/values/number_text.h"

#include <aqd/engine/engine.h>

namespace aqd::ledgers {
namespace {

using files::Json;

constexpr std::uint64_t per_mille = 1000;

/// In thousandths, rounded.
std::uint64_t share_of(std::uint64_t gas, std::uint64_t whole) {
    return whole == 0 ? 0 : (gas * per_mille + whole / 2) / whole;
}

std::string percent(std::uint64_t gas, std::uint64_t whole) {
    const std::uint64_t share = share_of(gas, whole);
    return std::to_string(share / 10) + "." + std::to_string(share % 10) + " %";
}

std::string number(std::uint64_t value) {
    return values::with_commas(std::to_string(value));
}

Json run_json(const engine::RunProfile& run, std::uint64_t whole) {
    Json lines = Json::array();
    for (const auto& line : run.lines()) {
        lines.push_back({{"file", line.file.empty() ? Json() : Json(line.file)},
                         {"line", line.line == 0 ? Json() : Json(line.line)},
                         {"gas", line.gas},
                         {"share", static_cast<double>(share_of(line.gas, whole)) / per_mille}});
    }
    Json hosts = Json::array();
    for (const auto& host : run.hosts) {
        hosts.push_back({{"name", host.name},
                         {"calls", host.calls},
                         {"gas", host.gas},
                         {"share", static_cast<double>(share_of(host.gas, whole)) / per_mille}});
    }
    return {
        {"module", run.code->manifest().path}, {"export", run.exported}, {"gas", run.gas},
        {"start_gas", run.start_gas},          {"lines", lines},         {"host_functions", hosts}};
}

}  // namespace

std::uint64_t ProfileReport::ledger_gas() const {
    std::uint64_t rest = gas;
    for (const engine::RunProfile& run : runs) {
        rest -= run.gas;
    }
    return rest;
}

Json profile_json(const ProfileReport& report) {
    Json runs = Json::array();
    for (const engine::RunProfile& run : report.runs) {
        runs.push_back(run_json(run, report.gas));
    }
    return {{"gas", report.gas}, {"ledger_gas", report.ledger_gas()}, {"runs", runs}};
}

std::string profile_text(const ProfileReport& report) {
    screen::Table table;
    table.align_right(0);
    table.align_right(1);
    const auto row = [&](std::uint64_t gas, const std::string& what) {
        if (gas != 0) {
            table.row({number(gas), percent(gas, report.gas), what});
        }
    };
    std::string hosts;
    for (const engine::RunProfile& run : report.runs) {
        for (const auto& line : run.lines()) {
            row(line.gas,
                line.file.empty() ? "(support code)" : line.file + ":" + std::to_string(line.line));
        }
        row(run.start_gas, "(a fresh instance of " + run.code->manifest().path + ")");
        if (!run.hosts.empty()) {
            screen::Table functions;
            functions.align_right(0);
            functions.align_right(1);
            for (const auto& host : run.hosts) {
                functions.row({number(host.gas), percent(host.gas, report.gas),
                               host.name + " × " + number(host.calls)});
            }
            hosts += "of that in host functions of " + run.exported + "\n" + functions.text();
        }
    }
    row(report.ledger_gas(), "(the ledger: signature, octets, calls)");
    return "gas       " + number(report.gas) + "\n" + table.text() + hosts;
}

}  // namespace aqd::ledgers

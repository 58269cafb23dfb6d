#include "cli/sources/sources.h"
#include "cli/testing/player.h"
#include "cli/values/describe.h"
#include "cli/values/number_text.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/start_ledger.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>

#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Style;

struct Options {
    LedgerOptions where;
    std::vector<std::string> files;
};

bool is_ledger(const std::string& folder) {
    std::error_code ignored;
    return std::filesystem::exists(std::filesystem::path(folder) / "names.json", ignored);
}

Json report_json(const testing::Scenario& scenario, const testing::Report& report) {
    return {{"scenario", scenario.name},
            {"as_expected", !report.difference.has_value()},
            {"difference", report.difference ? Json(*report.difference) : Json()},
            {"calls", report.calls},
            {"refused", report.refused},
            {"events", report.events},
            {"block_seconds", report.block_seconds},
            {"height", report.height},
            {"state_root", to_hex(report.state_root.view())},
            {"steps", report.steps}};
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    std::vector<testing::Scenario> scenarios;
    for (const std::string& file : options.files) {
        AQD_TRY(scenario, testing::read_scenario(file));
        scenarios.push_back(std::move(scenario));
    }
    std::unique_ptr<ledgers::Ledger> ledger;
    if (is_ledger(options.where.folder)) {
        AQD_TRY(opened, options.where.open(true));
        ledger = std::move(opened);
    } else if (scenarios.front().genesis) {
        AQD_TRY(file, genesis::read_genesis(*scenarios.front().genesis, sources::read_module));
        AQD_TRY(started, start_ledger(options.where, file));
        ledger = std::move(started);
    } else {
        return screen::stop(Exit::bad_input,
                            options.where.folder +
                                ": there is no ledger here, and the scenario names no \"genesis\"");
    }
    Json all = Json::array();
    std::optional<std::string> difference;
    for (const testing::Scenario& scenario : scenarios) {
        AQD_TRY(player, testing::Player::create(*ledger, scenario, screen));
        AQD_TRY(report, player->play());
        all.push_back(report_json(scenario, report));
        if (report.difference) {
            difference = scenario.name + ": " + *report.difference;
            break;
        }
    }
    const Hash256 root = ledger->chain().state_root();
    screen.document({{"as_expected", !difference.has_value()},
                     {"scenarios", all},
                     {"height", ledger->chain().tip().height},
                     {"state_root", to_hex(root.view())}});
    if (difference) {
        return screen::stop(Exit::does_not_hold, *difference);
    }
    screen.line();
    screen.line(screen.paint(Style::good, "✓") + " as expected · block " +
                values::with_commas(std::to_string(ledger->chain().tip().height)) + " · root " +
                values::short_hash(root.view()));
    return Exit::done;
}

}  // namespace

Run run(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positionals("SCENARIO", options->files, "Scenario files, played one after the other");
    options->where.declare(arguments, true);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs

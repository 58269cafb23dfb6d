#include "cli/values/describe.h"
#include "cli/values/number_text.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>

#include <chrono>
#include <cmath>
#include <memory>
#include <string>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Style;

struct Options {
    LedgerOptions where;
    bool no_signatures = false;
};

std::string two_decimals(double value) {
    const auto hundredths = static_cast<std::uint64_t>(std::llround(value * 100.0));
    const std::string digits = std::to_string(hundredths % 100);
    return std::to_string(hundredths / 100) + "." + (digits.size() < 2 ? "0" : "") + digits;
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(false));
    const auto begin = std::chrono::steady_clock::now();
    const auto report = ledger->chain().replay(
        [&](std::uint64_t done, std::uint64_t total) { screen.progress("replay", done, total); },
        !options.no_signatures);
    screen.progress("replay", 1, 1);
    if (!report) {
        return screen::stop(Exit::does_not_hold, "replay differs: " + report.error().message,
                            {{"holds", false}});
    }
    if (report->state_root != ledger->chain().state_root()) {
        return screen::stop(Exit::does_not_hold,
                            "replay ends with another state root than the ledger has",
                            {{"holds", false}});
    }
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    screen.document({{"holds", true},
                     {"blocks", report->blocks},
                     {"calls", report->calls},
                     {"gas", report->gas},
                     {"state_root", to_hex(report->state_root.view())},
                     {"seconds", seconds}});
    screen.line("replay    " + values::with_commas(std::to_string(report->blocks)) +
                " blocks from genesis, " + values::with_commas(std::to_string(report->calls)) +
                " calls · every root, receipt and gas figure equal  " +
                screen.paint(Style::good, "✓") + "  " + two_decimals(seconds) + " s");
    screen.line("state     root " + values::short_hash(report->state_root.view()));
    return Exit::done;
}

}  // namespace

Run replay(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.flag("--no-signatures", options->no_signatures,
                   "Trust the signatures that the blocks' own keys vouch for");
    options->where.declare(arguments, false);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs

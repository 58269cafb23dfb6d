#include "cli/screen/table.h"
#include "cli/values/describe.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/proof/header.h>

#include <algorithm>
#include <memory>

namespace aqd::verbs {
namespace {

using screen::Json;

constexpr std::uint64_t shown_by_default = 20;
constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;

struct Options {
    LedgerOptions where;
    std::optional<std::uint64_t> from;
    std::optional<std::uint64_t> count;
};

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(false));
    const std::uint64_t tip = ledger->chain().tip().height;
    const std::uint64_t count = options.count.value_or(shown_by_default);
    const std::uint64_t from =
        std::max<std::uint64_t>(1, options.from.value_or(tip < count ? 1 : tip - count + 1));
    Json all = Json::array();
    screen::Table table;
    for (std::uint64_t height = from; height <= tip && height - from < count; ++height) {
        AQD_TRY(block, ledger->chain().block(height));
        AQD_TRY(receipts, ledger->chain().receipts(height));
        const Hash256 hash = proof::header_hash(block.header);
        const auto refused = std::ranges::count_if(
            receipts, [](const ledger::Receipt& receipt) { return receipt.refusal != 0; });
        all.push_back(
            {{"height", height},
             {"time", calendar::format_time(block.header.time_ns / nanoseconds_per_second) + "Z"},
             {"hash", to_hex(hash.view())},
             {"state_root", to_hex(block.header.state_root.view())},
             {"transactions", block.transactions.size()},
             {"receipts", receipts.size()},
             {"refused", refused}});
        table.row(
            {std::to_string(height), ledger->moment(block.header.time_ns),
             std::to_string(block.transactions.size()) + " tx",
             std::to_string(receipts.size()) + (receipts.size() == 1 ? " receipt" : " receipts"),
             refused == 0 ? "" : std::to_string(refused) + " refused",
             "state " + values::short_hash(block.header.state_root.view())});
    }
    table.align_right(0);
    screen.document({{"chain", to_hex(ledger->chain().id().view())},
                     {"name", ledger->chain().genesis().name},
                     {"tip", tip},
                     {"blocks", all}});
    screen.line(ledger->chain().genesis().name + " · genesis " +
                values::short_hash(ledger->chain().id().view()) + " · " + std::to_string(tip) +
                " blocks");
    screen.text(table.text());
    return screen::Exit::done;
}

}  // namespace

Run blocks(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.option("--from", options->from, "First block to show (the last 20)");
    arguments.option("--count", options->count, "How many");
    options->where.declare(arguments, false);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs

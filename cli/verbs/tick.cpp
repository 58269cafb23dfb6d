#include "cli/files/files.h"
#include "cli/ledgers/event_text.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/sending.h"
#include "cli/verbs/verbs.h"

#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Style;

struct Options {
    LedgerOptions where;
    std::optional<std::string> at;
};

/// What happened by itself in the blocks made.
screen::Outcome show_blocks(screen::Screen& screen, const ledgers::Ledger& ledger,
                            const chain::Made& made, Json& document) {
    document["blocks"] = Json::array();
    bool refused = false;
    for (std::uint64_t height = made.first_height; height <= made.last_height; ++height) {
        AQD_TRY(block, ledger.chain().block(height));
        AQD_TRY(receipts, ledger.chain().receipts(height));
        Json all = Json::array();
        screen.line(screen.paint(Style::bold, "block " + std::to_string(height)) + "   " +
                    ledger.moment(block.header.time_ns) + " · " + std::to_string(receipts.size()) +
                    " receipts");
        for (const ledger::Receipt& receipt : receipts) {
            AQD_TRY(json, ledgers::receipt_json(ledger, receipt));
            all.push_back(std::move(json));
            const bool by_people = receipt.origin == ledger::Origin::transaction;
            refused = refused || (by_people && receipt.refusal != 0);
            std::string line =
                "  " + (receipt.case_id ? ledger.case_text(*receipt.case_id) : std::string("—")) +
                "   " + (receipt.entry.empty() ? "calendar" : receipt.entry);
            if (receipt.refusal != 0) {
                line +=
                    "   " + screen.paint(Style::bad,
                                         "✗ refused " + ledgers::refusal_of(ledger, receipt).name);
            }
            for (const system::Event& event : receipt.events) {
                AQD_TRY(text, ledgers::event_line(ledger, event));
                line += text.empty() ? "" : "   " + text;
            }
            screen.line(line);
        }
        document["blocks"].push_back({{"height", height}, {"receipts", all}});
    }
    return refused ? Exit::refused : Exit::done;
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(true));
    AQD_TRY(time_ns, block_time(*ledger, options.at));
    AQD_TRY(waiting, pending_files(*ledger));
    std::vector<Bytes> transactions;
    for (const std::filesystem::path& path : waiting) {
        AQD_TRY(encoded, files::read(path));
        transactions.push_back(std::move(encoded));
    }
    const bool only_the_clock = transactions.empty() && time_ns.has_value();
    AQD_TRY(made, only_the_clock ? ledger->chain().advance_to(*time_ns)
                                 : ledger->chain().make_block(transactions, time_ns));
    Json document;
    document["not_admitted"] = Json::array();
    for (std::size_t i = 0; i < made.transactions.size(); ++i) {
        if (!made.transactions[i]) {
            const std::string& why = made.transactions[i].error().message;
            document["not_admitted"].push_back({{"file", waiting[i].string()}, {"message", why}});
            screen.line(screen.paint(Style::bad, "not admitted") + "   " + waiting[i].string() +
                        ": " + why);
        }
        std::error_code ignored;
        std::filesystem::remove(waiting[i], ignored);
    }
    const auto outcome = show_blocks(screen, *ledger, made, document);
    if (!outcome) {
        return outcome;
    }
    const bool left_out = !document["not_admitted"].empty();
    screen.document(document);
    return left_out ? screen::Outcome(Exit::not_admitted) : outcome;
}

}  // namespace

Run tick(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.option("--at", options->at,
                     "Time of the block on the civil clock (manual chains; a second later)");
    options->where.declare(arguments, true);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs

#include "cli/ledgers/receipt_text.h"
#include "cli/verbs/ledger_options.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>

#include <algorithm>
#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;

struct Options {
    LedgerOptions where;
    std::string which;
};

struct Found {
    std::uint64_t height = 0;
    std::vector<ledger::Receipt> receipts;
};

Result<Found> find(const ledgers::Ledger& ledger, const std::string& which) {
    if (which.size() == 2 * Hash256::size_bytes) {
        AQD_TRY(id, fixed_from_hex<Hash256>(which));
        AQD_TRY(place, ledger.chain().find_transaction(id));
        return Found{place.height, std::move(place.receipts)};
    }
    const bool is_number = !which.empty() && which.size() < 19 &&
                           std::ranges::all_of(which, [](char c) { return c >= '0' && c <= '9'; });
    if (!is_number) {
        return fail(ErrorCode::invalid,
                    "\"" + which + "\" is neither a block's height nor a transaction's 64 digits");
    }
    const std::uint64_t height = std::stoull(which);
    AQD_TRY(receipts, ledger.chain().receipts(height));
    return Found{height, std::move(receipts)};
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(ledger, options.where.open(false));
    AQD_TRY(found, find(*ledger, options.which));
    Json all = Json::array();
    for (const ledger::Receipt& receipt : found.receipts) {
        AQD_TRY(json, ledgers::receipt_json(*ledger, receipt));
        all.push_back(std::move(json));
        const std::string where =
            "block " + std::to_string(found.height) + ", receipt " + ledgers::receipt_name(receipt);
        AQD_TRY(text, ledgers::receipt_text(*ledger, screen, receipt, std::nullopt, where));
        screen.text(text);
    }
    screen.document({{"height", found.height}, {"receipts", all}});
    return Exit::done;
}

}  // namespace

Run receipts(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("WHICH", options->which, "Height of a block, or id of a transaction");
    options->where.declare(arguments, false);
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs

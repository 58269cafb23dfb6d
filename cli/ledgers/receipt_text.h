#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/open_ledger.h"
#include "cli/screen/screen.h"

#include <aqd/base/result.h>
#include <aqd/engine/engine.h>
#include <aqd/ledger/receipt.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace aqd::ledgers {

/// A refusal in words, from the manifest that ran or the table of the ledger.
struct RefusalText {
    std::string name;                ///< "NotAuthorised"; a reason without a name: "Refused"
    std::string text;                ///< one English sentence, or the contract's own text
    std::vector<abi::Label> labels;  ///< the contract's texts by language
};

RefusalText refusal_of(const Ledger& ledger, const ledger::Receipt& receipt);

/// The short name of a receipt, "2c91 88d0 …": SHA-256 of its encoding, as `receipts_root` has it.
std::string receipt_name(const ledger::Receipt& receipt);

/// The result by the entry's type; null if there is none.
Result<files::Json> result_json(const Ledger& ledger, const ledger::Receipt& receipt);

/// Field names are stable: docs/cli.md.
Result<files::Json> receipt_json(const Ledger& ledger, const ledger::Receipt& receipt);

/// What a call did or why it did nothing, as lines for people. `where` is said in the last line:
/// "block 6, receipt 88d0 …".
Result<std::string> receipt_text(const Ledger& ledger, const screen::Screen& screen,
                                 const ledger::Receipt& receipt,
                                 const std::optional<engine::Site>& site, const std::string& where);

}  // namespace aqd::ledgers

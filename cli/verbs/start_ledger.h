#pragma once

#include "cli/genesis/genesis_json.h"
#include "cli/ledgers/open_ledger.h"
#include "cli/verbs/ledger_options.h"

#include <aqd/base/result.h>

#include <memory>

namespace aqd::verbs {

/// Makes a ledger and, beside it, `chain.json`: what those who verify its proofs need.
Result<std::unique_ptr<ledgers::Ledger>> start_ledger(const LedgerOptions& where,
                                                      const genesis::GenesisFile& file);

}  // namespace aqd::verbs

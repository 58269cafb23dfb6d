#pragma once

#include "cli/ledgers/call_making.h"
#include "cli/screen/screen.h"
#include "cli/verbs/ledger_options.h"

#include <aqd/base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Signing, storing secrets, making the block, telling what became of it: `call`, `deploy`,
// `acknowledge` and `tick` share it.

namespace aqd::verbs {

struct SendOptions {
    std::string as;  ///< key file or actor
    std::optional<std::string> at;
    std::optional<std::string> signed_on;
    std::optional<std::string> private_store;
    std::optional<std::string> save;  ///< keep the case's id under this name
    std::optional<std::uint64_t> gas_limit;
    std::optional<std::uint64_t> nonce;
    std::optional<std::uint64_t> valid_until;
    bool pending = false;
    bool dry_run = false;
    bool profile = false;  ///< a dry run that says where the gas goes

    void declare(arguments::Arguments& arguments);
};

/// The time of a block to come in nanoseconds: `--at` on a manual chain (default: a second after
/// the tip); nothing on a chain with the system clock, where `--at` is refused.
Result<std::optional<std::int64_t>> block_time(const ledgers::Ledger& ledger,
                                               const std::optional<std::string>& at);

/// Transactions that wait for a block, in the folder `pending` of the ledger.
Result<std::vector<std::filesystem::path>> pending_files(const ledgers::Ledger& ledger);

/// Signs the calls, puts their secrets into the private store, and makes a block (or keeps the
/// transaction for later, or only tries it). Refusals end with `Exit::refused`.
screen::Outcome send(screen::Screen& screen, ledgers::Ledger& ledger, const LedgerOptions& where,
                     const SendOptions& options, std::vector<ledgers::CallWish> calls);

}  // namespace aqd::verbs

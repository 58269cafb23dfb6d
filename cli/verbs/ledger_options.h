#pragma once

#include "cli/arguments/arguments.h"
#include "cli/ledgers/open_ledger.h"
#include "cli/ledgers/private_records.h"

#include <aqd/base/result.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace aqd::verbs {

/// What every verb about a ledger takes.
struct LedgerOptions {
    std::string folder;  ///< --ledger, else AQD_LEDGER, else "ledger"
    std::optional<std::string> block_key;
    std::optional<std::string> passphrase_file;

    /// `writes`: the verb makes blocks, so it may need a key for them.
    void declare(arguments::Arguments& arguments, bool writes);

    [[nodiscard]] keys::PassphraseSource passphrase() const;
    [[nodiscard]] Result<std::unique_ptr<ledgers::Ledger>> open(bool write) const;

    /// The passphrase of the ledger's private store: the seed where there is one, since whoever has
    /// the scenario has every key anyway.
    [[nodiscard]] Result<std::string> private_passphrase(const ledgers::Ledger& ledger) const;
};

/// Where a ledger's secrets lie unless `--private` says otherwise.
std::filesystem::path private_folder(const ledgers::Ledger& ledger,
                                     const std::optional<std::string>& given);

}  // namespace aqd::verbs

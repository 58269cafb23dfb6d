#pragma once

#include "cli/files/json.h"

#include <aqd/engine/profile.h>

#include <cstdint>
#include <string>
#include <vector>

// Where the gas of calls went, for `--profile`.

namespace aqd::ledgers {

/// `gas` is what the receipts of the runs say together; what no run used is the ledger's own:
/// signatures, octets, calls.
struct ProfileReport {
    std::uint64_t gas = 0;
    std::vector<engine::RunProfile> runs;

    [[nodiscard]] std::uint64_t ledger_gas() const;
};

/// `{"gas", "ledger_gas", "runs": [{"module", "export", "gas", "start_gas", "lines": [{"file",
/// "line", "gas", "share"}], "host_functions": [{"name", "calls", "gas", "share"}]}]}`: the numbers
/// `ledger_gas`, `start_gas` and those of all lines add up to `gas`.
files::Json profile_json(const ProfileReport& report);

/// Lines for people, the costliest first.
std::string profile_text(const ProfileReport& report);

}  // namespace aqd::ledgers

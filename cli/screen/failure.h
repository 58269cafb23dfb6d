#pragma once

#include "cli/files/json.h"

#include <aqd/base/result.h>

#include <cstdint>
#include <expected>
#include <string>
#include <utility>

namespace aqd::screen {

/// Exit codes of the program (docs/cli.md).
enum class Exit : std::uint8_t {
    done = 0,
    usage = 1,
    bad_input = 2,  ///< a source, genesis, scenario, argument or proof file is not what it must be
    refused = 3,    ///< by the contract or the ledger; nothing was changed
    not_admitted = 4,   ///< the transaction was never included
    does_not_hold = 5,  ///< a proof, a replay, or what a scenario expects
    store = 6,          ///< damaged, locked, or the operating system said no
};

/// Why a verb did not do what it was asked.
struct Failure {
    Exit exit = Exit::bad_input;
    std::string message;
    files::Json details;  ///< more members for `--json`; null for none

    Failure(Exit code, std::string text, files::Json more = {})
        : exit(code), message(std::move(text)), details(std::move(more)) {}
    /// Damage, locks and the operating system are `store`; everything else is `bad_input`.
    Failure(Error error);  // NOLINT(google-explicit-constructor): AQD_TRY converts with it
};

/// `invalid` and so on, as `--json` spells it.
std::string_view error_name(ErrorCode code);

/// The end of a verb: its exit code, or why it failed.
using Outcome = std::expected<Exit, Failure>;

inline std::unexpected<Failure> stop(Exit exit, std::string message, files::Json details = {}) {
    return std::unexpected(Failure(exit, std::move(message), std::move(details)));
}

/// The error of a `Result` under another exit code.
inline std::unexpected<Failure> stop(Exit exit, const Error& error) {
    return stop(exit, error.message);
}

}  // namespace aqd::screen

#pragma once

#include "cli/genesis/module_file.h"

#include <aqd/base/result.h>
#include <aqd/ledger/genesis.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The JSON that people write (docs/formats/genesis_json.md) becomes the genesis of a chain.
namespace aqd::genesis {

/// What a genesis JSON says beyond what the ledger needs.
struct GenesisFile {
    ledger::Genesis genesis;
    /// Keys and identities of actors derive from it; only with a manual clock.
    std::optional<std::string> seed;
    /// How people call a body: "Commune:01.051" → "Casablanca-Anfa".
    std::map<std::string, std::string> labels;
    std::vector<std::string> actors;
};

/// Every error names the file and the place in it, "genesis.json: mandates[3].from: …".
Result<GenesisFile> read_genesis(const std::filesystem::path& path, const ModuleReader& modules);

}  // namespace aqd::genesis

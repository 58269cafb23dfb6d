#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/result.h>

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace aqd::ledgers {

/// What people call things, kept beside a ledger in `names.json` for this program alone: no node
/// needs it and nothing else depends on it.
struct NamesFile {
    std::optional<std::string> seed;  ///< the actors' keys derive from it (manual chains)
    std::string block_actor;          ///< the actor that signs blocks; empty: a key file is needed
    std::vector<std::string> actors;
    std::map<std::string, std::string> labels;  ///< "Commune:01.051" → "Casablanca-Anfa"
    std::map<std::string, abi::CaseId, std::less<>>
        cases;  ///< "fatima" → its case; "_7" is forgotten
};

/// Nothing if the file does not exist.
Result<NamesFile> read_names(const std::filesystem::path& ledger_folder);
Result<void> write_names(const std::filesystem::path& ledger_folder, const NamesFile& names);

}  // namespace aqd::ledgers

#pragma once

#include <aqd/base/result.h>
#include <aqd/proof/proof_file.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

/// Whom a verifier of proofs trusts, as a file that a chain hands out (docs/cli.md). Needs neither
/// ledger nor database.
namespace aqd::trust {

struct TrustFile {
    proof::Trust trust;
    /// Names of the registers by module path, so that keys can be shown by name; nothing is
    /// believed on their account.
    std::map<std::string, std::vector<std::string>> registers;
};

std::string encode_trust(const TrustFile& file);
Result<TrustFile> read_trust(const std::filesystem::path& path);

/// What a store key speaks of, as far as it can be told without a ledger: "register of
/// civil.death".
std::string key_text(BytesView key, const TrustFile& file);

}  // namespace aqd::trust

#pragma once

#include "cli/files/json.h"
#include "cli/genesis/genesis_json.h"
#include "cli/values/to_cbor.h"

#include <aqd/crypto/ecdsa.h>

#include <functional>

// The parts of a genesis that speak of modules' types: bodies, mandates, register rows.

namespace aqd::genesis {

/// What the parts need to know of the whole.
struct Reading {
    std::filesystem::path directory;
    std::vector<abi::Manifest> manifests;
    values::TypeTable types{Hash256{}};
    values::Surroundings around;
    /// The public key that a word names: an actor, or 66 hexadecimal digits.
    std::function<Result<crypto::PublicKey>(const std::string&)> key_of;
    std::function<Result<abi::Account>(const std::string&)> account_of;
};

/// One body of an authority: its keys, its `has` fields, "assertion_key", "from", "until", "label".
Result<ledger::Genesis::Body> read_body(const files::Json& json, const files::JsonPath& path,
                                        const abi::NamedType& authority, const Reading& reading,
                                        std::string& label);

/// {"role", "of", "holder", "person", "from", "until"}.
Result<ledger::Genesis::Mandate> read_mandate(const files::Json& json, const files::JsonPath& path,
                                              const Reading& reading);

Result<void> read_bodies(const files::Json& json, const files::JsonPath& path,
                         const Reading& reading, GenesisFile& out);
Result<void> read_mandates(const files::Json& json, const files::JsonPath& path,
                           const Reading& reading, GenesisFile& out);
Result<void> read_rows(const files::Json& json, const files::JsonPath& path, const Reading& reading,
                       GenesisFile& out);

}  // namespace aqd::genesis

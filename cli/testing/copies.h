#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/open_ledger.h"

#include <aqd/base/result.h>
#include <aqd/store/private_store.h>

#include <map>
#include <string>

namespace aqd::testing {

/// What a scenario keeps under a name: "$first_copy".
using Kept = std::map<std::string, files::Json, std::less<>>;

/// Arguments with every kept name replaced by its value, and every {"copy": {"case": "$answer",
/// "secret": "standing", "edit": value}} replaced by the commitment that such a copy of the secret
/// adds up to: the one on the ledger, or, with an "edit", another. Errors name `path`.
Result<files::Json> resolve_copies(const files::Json& arguments, const ledgers::Ledger& ledger,
                                   const store::PrivateStore* secrets, const Kept& kept,
                                   const files::JsonPath& path);

}  // namespace aqd::testing

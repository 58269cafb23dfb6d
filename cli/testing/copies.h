#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/open_ledger.h"

#include <aqd/base/result.h>
#include <aqd/store/private_store.h>

namespace aqd::testing {

/// Arguments with every {"copy": {"case": "$answer", "secret": "standing", "edit": value}} replaced
/// by the commitment that such a copy of the secret adds up to: the one on the ledger, or, with an
/// "edit", another. Errors name `path`.
Result<files::Json> resolve_copies(const files::Json& arguments, const ledgers::Ledger& ledger,
                                   const store::PrivateStore* secrets, const files::JsonPath& path);

}  // namespace aqd::testing

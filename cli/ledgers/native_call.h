#pragma once

#include "cli/ledgers/call_making.h"
#include "cli/ledgers/open_ledger.h"

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <string_view>

namespace aqd::ledgers {

/// The path under which calls name the entries of the ledger itself.
inline constexpr std::string_view native_module = "aqd.system";

/// Arguments of an entry of the ledger itself, from the members that a genesis JSON has for the
/// same thing: `deploy` {"file"} (.wasm or .aqd), `register_body` {"authority", …}, `grant` and
/// `revoke`
/// {"role", "of", "holder", …}, `close_day` {"calendar", "day"}, `set_offset` {"from", "offset"},
/// `acknowledge` and `act` {"case", "ordinal"} or {"case", "recipient", "notice"}.
Result<Bytes> native_arguments(const Ledger& ledger, const CallWish& wish);

/// The obligation of a case towards a recipient that is not met yet; `notice` by its full or last
/// name, or empty. `not_found`; `invalid` if several fit.
Result<std::uint32_t> find_obligation(const Ledger& ledger, const abi::CaseId& case_id,
                                      BytesView recipient, std::string_view notice);

}  // namespace aqd::ledgers

#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/open_ledger.h"

#include <aqd/base/result.h>
#include <aqd/system/event.h>

#include <string>

namespace aqd::ledgers {

/// An event as an object: "kind", "case", and the fields of `events.def` by name; bodies as
/// "Commune:01.051", dates as ISO text.
Result<files::Json> event_json(const Ledger& ledger, const system::Event& event);

/// One event in words for a timeline; empty for those that only matter to machines (deadlines that
/// were armed or disarmed).
Result<std::string> event_line(const Ledger& ledger, const system::Event& event);

/// The name of a state of a case's procedure: "established"; its number if the case is unknown.
std::string state_name(const Ledger& ledger, const std::optional<abi::CaseId>& case_id,
                       std::uint64_t ordinal);

}  // namespace aqd::ledgers

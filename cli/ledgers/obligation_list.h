#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/open_ledger.h"

#include <aqd/abi/keys.h>
#include <aqd/base/result.h>
#include <aqd/system/obligations.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace aqd::ledgers {

struct Obligation {
    abi::CaseId case_id;
    std::uint32_t ordinal = 0;
    system::ObligationRow row;
};

/// Where an obligation stands on a day.
enum class Standing : std::uint8_t { sent, acknowledged, acted, overdue };

/// Overdue: a term that has passed by `day` was not met by then; acting meets both terms.
Standing standing_on(const system::ObligationRow& row, calendar::Day day);

/// "acknowledged 14 Mar 2026", "overdue since 12 Mar 2026 (escalated)", "sent, acknowledge by …".
std::string standing_text(const system::ObligationRow& row, calendar::Day day);
std::string_view standing_name(Standing standing);

/// All of the ledger, or of one case, by case and ordinal.
Result<std::vector<Obligation>> list_obligations(const Ledger& ledger,
                                                 const std::optional<abi::CaseId>& of_case);

files::Json obligation_json(const Ledger& ledger, const Obligation& obligation, calendar::Day day);

}  // namespace aqd::ledgers

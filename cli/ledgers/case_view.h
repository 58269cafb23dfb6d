#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/obligation_list.h"
#include "cli/ledgers/open_ledger.h"
#include "cli/screen/screen.h"

#include <aqd/base/result.h>
#include <aqd/system/case_row.h>

#include <memory>
#include <string>
#include <vector>

namespace aqd::ledgers {

/// A case with what its procedure's manifest says of it.
struct CaseView {
    abi::CaseId id;
    system::CaseRow row;
    std::shared_ptr<const engine::Code> code;  ///< the version it is pinned to
    const abi::Procedure* procedure = nullptr;
    std::vector<Obligation> obligations;

    [[nodiscard]] std::string state() const;
    [[nodiscard]] const abi::Manifest& manifest() const { return code->manifest(); }
};

/// `not_found` if the ledger has no such case.
Result<CaseView> read_case_view(const Ledger& ledger, const abi::CaseId& id);

/// State, data by names, deadlines, obligations and history. Parties are shown as whether they are
/// bound: who they are is for those who know the person. Stable names: docs/cli.md.
Result<files::Json> case_json(const Ledger& ledger, const CaseView& view);
Result<std::string> case_text(const Ledger& ledger, const screen::Screen& screen,
                              const CaseView& view);

/// The label in French, else English, else Arabic, else the name.
std::string label_text(const std::vector<abi::Label>& labels, const std::string& name);

}  // namespace aqd::ledgers

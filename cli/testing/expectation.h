#pragma once

#include "cli/ledgers/open_ledger.h"
#include "cli/testing/scenario.h"

#include <aqd/base/result.h>
#include <aqd/ledger/receipt.h>

#include <optional>
#include <string>
#include <vector>

namespace aqd::testing {

/// What a step brought about.
struct StepFacts {
    const ledger::Receipt* receipt = nullptr;  ///< of the one call, if there is one
    std::optional<abi::CaseId> case_id;        ///< that the step is about
    std::optional<Error> not_admitted;
    bool root_changed = false;
    std::vector<const ledger::Receipt*> all;  ///< of every block that the step made
};

/// Empty if everything is as expected, else what is not: "expected refused NotAuthorised, but it
/// was done". Errors are those of reading the ledger, or of an expectation that makes no sense.
Result<std::string> difference(const ledgers::Ledger& ledger, const Expectation& expect,
                               const StepFacts& facts, const JsonPath& path);

/// The same for the result of a view or a call by its type.
Result<std::string> result_difference(const ledgers::Ledger& ledger, const Json& expected,
                                      const ledger::Receipt& receipt, const abi::Type& type,
                                      const JsonPath& path);

}  // namespace aqd::testing

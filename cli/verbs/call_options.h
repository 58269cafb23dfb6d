#pragma once

#include "cli/arguments/arguments.h"
#include "cli/ledgers/call_making.h"
#include "cli/verbs/ledger_options.h"

#include <optional>
#include <string>
#include <vector>

namespace aqd::verbs {

/// Module, entry and arguments, as `call` and `view` take them.
struct EntryOptions {
    std::string module;
    std::string entry;
    std::vector<std::string> named;     ///< --arg name=value
    std::optional<std::string> object;  ///< --args JSON or @file
    std::optional<std::string> case_word;

    void declare(arguments::Arguments& arguments);

    /// The arguments and the case; `invalid` for a name that is no parameter of the entry.
    [[nodiscard]] Result<ledgers::CallWish> wish(const ledgers::Ledger& ledger) const;

  private:
    Result<void> add_named(const ledgers::Ledger& ledger, ledgers::CallWish& wish) const;
};

}  // namespace aqd::verbs

#pragma once

#include "cli/ledgers/open_ledger.h"
#include "cli/screen/screen.h"
#include "cli/testing/scenario.h"

#include <aqd/base/result.h>
#include <aqd/ledger/receipt.h>

#include <string>
#include <vector>

namespace aqd::testing {

/// Writes a scenario as people read it: when, who, what came of it, in which block.
class Timeline {
  public:
    Timeline(screen::Screen& screen, const ledgers::Ledger& ledger)
        : screen_(&screen), ledger_(&ledger) {}

    void title(const std::string& text);

    /// A call and, below it, whom its notices reach.
    Result<void> call(const std::string& moment, const std::string& who, const CallStep& step,
                      const ledger::Receipt& receipt, std::uint64_t height, bool root_changed);
    void not_admitted(const std::string& moment, const std::string& who, const CallStep& step,
                      const std::string& why);

    /// What deadlines and deliveries did by themselves in blocks of one moment.
    Result<void> by_itself(const std::string& moment,
                           const std::vector<const ledger::Receipt*>& receipts,
                           std::uint64_t height);

    /// One line for a block of many calls.
    void many(const std::string& moment, const std::string& what, double seconds,
              std::uint64_t calls);

    void look(const std::string& moment, const std::string& what, const std::string& found);

  private:
    void line(const std::string& moment, const std::string& who, const std::string& what,
              const std::string& where);

    screen::Screen* screen_;
    const ledgers::Ledger* ledger_;
    std::string last_moment_;
};

}  // namespace aqd::testing

#pragma once

#include "cli/ledgers/call_making.h"
#include "cli/ledgers/open_ledger.h"
#include "cli/screen/screen.h"
#include "cli/testing/copies.h"
#include "cli/testing/expectation.h"
#include "cli/testing/scenario.h"
#include "cli/testing/timeline.h"

#include <aqd/base/result.h>
#include <aqd/crypto/random.h>
#include <aqd/store/private_store.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace aqd::testing {

/// What a scenario came to.
struct Report {
    std::uint64_t calls = 0;
    std::uint64_t refused = 0;
    std::uint64_t events = 0;
    double block_seconds = 0;  ///< spent making blocks, signatures checked and everything on disk
    std::uint64_t height = 0;
    Hash256 state_root;
    Json steps = Json::array();
    std::optional<std::string> difference;  ///< the first step that was not as expected
};

/// Plays a scenario on a manual chain: signs with keys of the ledger's seed, draws salts from it,
/// keeps secrets in the ledger's private store, and makes the blocks. The same scenario on the same
/// genesis gives the same roots.
class Player {
  public:
    /// `invalid` for a ledger without a seed or with the system clock.
    static Result<std::unique_ptr<Player>> create(ledgers::Ledger& ledger, const Scenario& scenario,
                                                  screen::Screen& screen);

    /// Stops at the first step that is not as expected. Errors are those of the scenario (with the
    /// step's place) and of the ledger.
    Result<Report> play();

  private:
    struct Prepared {
        std::vector<Bytes> transactions;
        std::vector<std::pair<std::size_t, std::size_t>> calls;  ///< first call and count of each
    };

    Player(ledgers::Ledger& ledger, const Scenario& scenario, screen::Screen& screen);

    Result<std::string> play_step(const Step& step);
    Result<std::string> play_look(const Step& step, const LookStep& look);
    Result<std::string> look_at_view(const Step& step, const CallStep& view);
    Result<std::string> look_at_case(const Step& step, const LookStep& look);
    Result<std::string> look_at_obligations(const Step& step, const LookStep& look);
    Result<std::string> play_block(const Step& step);
    Result<void> let_pass_what_is_due(const Step& step, std::int64_t time_ns);
    Result<void> read_receipts(const chain::Made& made);
    Result<void> tell_what_came_by_itself(std::int64_t time_ns);
    [[nodiscard]] Result<std::int64_t> time_of(const Step& step) const;
    Result<Prepared> prepare(const Step& step, std::int64_t time_ns);
    Result<ledgers::CallWish> wish_of(const CallStep& call, std::int64_t time_ns);
    /// The cases that these modules opened in the step, under the names asked for.
    Result<void> keep_opened(const std::map<std::string, std::string>& names,
                             const std::vector<const ledger::Receipt*>& receipts);
    [[nodiscard]] Result<std::string> name_of_opened(const std::string& pattern,
                                                     const ledger::Receipt& receipt) const;
    Result<std::string> judge(const Step& step, const Prepared& prepared, const chain::Made& made,
                              const Hash256& root_before);
    Result<void> tell_calls(const Step& step, std::size_t index, const StepFacts& facts,
                            std::uint64_t height);
    [[nodiscard]] std::string label_of(const std::string& actor) const;
    Result<const keys::Key*> key_of(const std::string& actor, const JsonPath& path);

    ledgers::Ledger* ledger_;
    const Scenario* scenario_;
    screen::Screen* screen_;
    Timeline timeline_;
    crypto::SeededRandom salts_;
    crypto::SystemRandom random_;  ///< for what seals the private store; no chain depends on it
    ledgers::SecretCollector secrets_;
    std::unique_ptr<store::PrivateStore> store_;
    std::map<std::string, keys::Key> keys_;
    Kept kept_;
    /// The receipts of the blocks of the step under way, and where each lies.
    std::map<std::uint64_t, std::vector<ledger::Receipt>> receipts_;
    Report report_;
};

}  // namespace aqd::testing

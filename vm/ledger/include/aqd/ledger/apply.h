#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/engine/engine.h>
#include <aqd/ledger/genesis.h>
#include <aqd/ledger/receipt.h>
#include <aqd/ledger/transaction.h>
#include <aqd/state/state_view.h>
#include <aqd/state/write_set.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// What a block does to a state: a pure function (semantics 4 to 12).
namespace aqd::ledger {

/// What is the same for every block of a chain.
struct ChainFacts {
    Hash256 chain;
    Rules rules;
};

struct BlockInput {
    std::uint64_t height = 0;
    std::int64_t time_ns = 0;
    std::span<const Admitted> transactions;
    /// True: the transactions are wishes, and what cannot be included is left out. False: they are
    /// a block's, and one that may not be there is an error.
    bool proposal = false;
};

/// What became of a wish.
enum class Inclusion : std::uint8_t {
    included,
    rejected,  ///< it can never be included; no trace
    later,     ///< the block is full, or deadlines and deliveries come first
};

struct BlockOutput {
    state::WriteSet state;
    state::WriteSet replay;
    std::vector<Receipt> receipts;
    std::vector<Inclusion> inclusions;          ///< one a transaction
    std::vector<std::optional<Error>> reasons;  ///< why it was rejected
    /// Deadlines or deliveries are still due: the next block belongs to them.
    bool more = false;
};

/// `invalid` for a block whose transactions may not be there; `corrupt` or `io` if the state cannot
/// be read.
Result<BlockOutput> apply_block(const ChainFacts& facts, engine::Engine& engine,
                                const state::StateView& state, const state::StateView& replay,
                                const BlockInput& input);

struct GenesisOutput {
    state::WriteSet state;
    state::WriteSet replay;
};

/// The state of height 0. `invalid` names what breaks a rule.
Result<GenesisOutput> apply_genesis(const Genesis& genesis, engine::Engine& engine);

/// The engine that a chain's rules ask for.
Result<std::unique_ptr<engine::Engine>> engine_for(const Genesis& genesis);

/// The code of a deployed module: what the engine has kept, or compiled from the state. `not_found`
/// if the state does not hold it.
Result<std::shared_ptr<const engine::Code>> load_code(engine::Engine& engine,
                                                      const state::StateView& state,
                                                      const Hash256& hash);

/// The next nonce of an account: 0 before its first transaction.
Result<std::uint64_t> next_nonce(const state::StateView& replay, const abi::Account& account);

/// A question to a state, or a transaction that was only tried.
struct CallReport {
    Receipt receipt;
    std::optional<engine::Site> site;  ///< where in the source it was refused
    /// Of a dry run, with its last report: what the whole transaction would write.
    state::WriteSet writes;
};

struct ViewRequest {
    std::string module;
    std::string entry;
    Bytes arguments;
    std::optional<abi::CaseId> case_id;
    std::optional<abi::Account> caller;
    std::uint64_t gas_limit = 200'000'000;
};

/// Runs a view of the version in force, at the time of `at` (the last block). `not_found` if the
/// module has no such view.
Result<CallReport> run_view(const ChainFacts& facts, engine::Engine& engine,
                            const state::StateView& state, std::uint64_t height,
                            std::int64_t time_ns, const ViewRequest& request);

/// Runs a transaction as if a block at this height and time began with it. Nonce and validity are
/// not looked at. One report a call; calls fired by deadlines that were due at once follow their
/// own.
Result<std::vector<CallReport>> dry_run(const ChainFacts& facts, engine::Engine& engine,
                                        const state::StateView& state, std::uint64_t height,
                                        std::int64_t time_ns, const Transaction& transaction);

}  // namespace aqd::ledger

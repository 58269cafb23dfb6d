#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/engine/engine.h>
#include <aqd/ledger/apply.h>
#include <aqd/ledger/block.h>
#include <aqd/ledger/genesis.h>
#include <aqd/ledger/receipt.h>
#include <aqd/ledger/transaction.h>
#include <aqd/state/state_view.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::chain {

struct OpenOptions {
    bool read_only = false;
    /// Who signs the blocks made here: needed to make any, and one of the genesis keys.
    std::optional<crypto::SecretKey> block_key;
    /// Walk the state's file before trusting it (store::Options).
    bool check_structure = true;
};

/// Where a transaction that was handed in is.
struct Placement {
    std::uint64_t height = 0;
    /// Indices into `Chain::receipts(height)`, one for each call. Deadlines that a call made due
    /// stand between them.
    std::vector<std::uint32_t> receipts;
};

struct Made {
    /// Heights of the blocks made: several while deadlines and deliveries fill blocks. None
    /// (`last_height` < `first_height`) if every transaction was rejected and nothing was due.
    std::uint64_t first_height = 0;
    std::uint64_t last_height = 0;
    /// One for each transaction handed in, in order: where it is, or why it left no trace.
    std::vector<Result<Placement>> transactions;
};

struct TransactionPlace {
    std::uint64_t height = 0;
    std::uint32_t index = 0;  ///< among the transactions of the block
    std::vector<ledger::Receipt> receipts;
};

struct ReplayReport {
    std::uint64_t blocks = 0;
    std::uint64_t calls = 0;
    std::uint64_t gas = 0;
    Hash256 state_root;
};

/// One ledger on disk: genesis, block log, state (docs/formats/chain.md). One process writes;
/// `conflict` for a second. Any thread may read; one thread makes blocks, and while it commits,
/// readers see either the block before or the block after.
class Chain {
  public:
    /// Makes `folder` hold a new chain of height 0. `conflict` if it holds one already; `invalid`
    /// for a genesis that breaks its rules.
    static Result<std::unique_ptr<Chain>> create(const std::filesystem::path& folder,
                                                 const ledger::Genesis& genesis,
                                                 const OpenOptions& options);

    /// Opens it and brings the state up to the last whole block of the log.
    static Result<std::unique_ptr<Chain>> open(const std::filesystem::path& folder,
                                               const OpenOptions& options = {});

    ~Chain();
    Chain(const Chain&) = delete;
    Chain& operator=(const Chain&) = delete;
    Chain(Chain&&) = delete;
    Chain& operator=(Chain&&) = delete;

    [[nodiscard]] const ledger::Genesis& genesis() const;
    [[nodiscard]] const Hash256& id() const;
    /// Of the last block; the genesis header at height 0.
    [[nodiscard]] proof::Header tip() const;
    [[nodiscard]] Hash256 state_root() const;
    [[nodiscard]] const state::StateView& state() const;
    [[nodiscard]] const state::StateView& replay_state() const;
    /// Compiled modules, shared by all calls.
    [[nodiscard]] engine::Engine& engine();

    /// The nonce that the next transaction of this account must carry.
    [[nodiscard]] Result<std::uint64_t> next_nonce(const abi::Account& account) const;
    /// The civil date of the tip.
    [[nodiscard]] Result<std::int32_t> today() const;
    /// Highest version of a module in force at the tip; null if there is none.
    [[nodiscard]] Result<std::shared_ptr<const engine::Code>> module(std::string_view path) const;

    /// Of a deployed version, as receipts and module rows name it; `not_found` if no version has
    /// it.
    [[nodiscard]] Result<std::shared_ptr<const engine::Code>> code(const Hash256& hash) const;

    /// Makes the blocks that these transactions and all that is due need, on disk when it returns.
    /// On a manual chain `time_ns` is the time of the first of them and must be later than the
    /// tip's; on a chain with the system clock it must be left out. Blocks that follow because
    /// deadlines or deliveries filled one come a nanosecond after it. An error means that nothing
    /// more can be done with this object.
    Result<Made> make_block(std::span<const Bytes> transactions,
                            std::optional<std::int64_t> time_ns = std::nullopt);

    /// Manual chains: one block without transactions at `time_ns`, and those that what is due then
    /// needs.
    Result<Made> advance_to(std::int64_t time_ns);

    [[nodiscard]] Result<ledger::Block> block(std::uint64_t height) const;
    [[nodiscard]] Result<std::vector<ledger::Receipt>> receipts(std::uint64_t height) const;
    /// `not_found` if no block has it.
    [[nodiscard]] Result<TransactionPlace> find_transaction(const Hash256& id) const;
    /// Receipts that a case appears in, oldest first: (height, index into `receipts(height)`).
    struct ReceiptPlace {
        std::uint64_t height = 0;
        std::uint32_t index = 0;
    };
    [[nodiscard]] Result<std::vector<ReceiptPlace>> history(const abi::CaseId& case_id) const;

    /// Runs a view on the last block. `gas_limit` as for a transaction.
    [[nodiscard]] Result<ledger::CallReport> view(const ledger::ViewRequest& request);
    /// Runs a transaction as if it were in the next block, at `time_ns` or the tip's time plus one
    /// second, and keeps nothing. Neither signature nor nonce is looked at.
    [[nodiscard]] Result<std::vector<ledger::CallReport>> dry_run(
        const ledger::Transaction& transaction, std::optional<std::int64_t> time_ns = std::nullopt);

    /// A file that proves what the state holds under `key`, or that it holds nothing
    /// (docs/formats/proof.md). Not before the first block.
    [[nodiscard]] Result<Bytes> prove(BytesView key) const;

    /// Executes every block again from genesis on a state in memory and compares every root,
    /// receipt and gas figure. `progress(done, total)` after each block, may be empty. `corrupt`
    /// names the first difference.
    [[nodiscard]] Result<ReplayReport> replay(
        const std::function<void(std::uint64_t, std::uint64_t)>& progress = {},
        bool check_signatures = true) const;

    struct Parts;  ///< private to the folder

  private:
    explicit Chain(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace aqd::chain

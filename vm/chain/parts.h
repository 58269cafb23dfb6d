#pragma once

#include "vm/chain/block_log.h"

#include <aqd/chain/chain.h>
#include <aqd/store/state_store.h>

#include <filesystem>
#include <memory>
#include <shared_mutex>
#include <string_view>
#include <vector>

namespace aqd::chain {

inline constexpr std::string_view genesis_file = "genesis.cbor";
inline constexpr std::string_view log_file = "blocks.log";
inline constexpr std::string_view state_folder = "state";

/// Derived tables of the store: transaction id → place; case ‖ height ‖ receipt index → nothing.
inline constexpr std::string_view transactions_table = "transactions";
inline constexpr std::string_view history_table = "history";

/// One record of the log.
struct LoggedBlock {
    ledger::Block block;
    std::vector<ledger::Receipt> receipts;
};

Bytes encode_logged(const LoggedBlock& logged);
Result<LoggedBlock> decode_logged(BytesView bytes);

/// Height of the block before it, its time and links; `invalid` names what does not follow.
Result<> check_follows(const proof::Header& header, const proof::Header& previous,
                       const Hash256& chain);

/// At least one good signature, none of a key that genesis does not name. `denied` otherwise.
Result<> check_signatures(const ledger::Block& block, const ledger::Genesis& genesis);

/// Decodes, with or without signatures; several threads share a large list.
std::vector<Result<ledger::Admitted>> admit_all(std::span<const Bytes> transactions,
                                                const Hash256& chain, bool check_signatures);

/// The same for a block's own: any error is the block's.
Result<std::vector<ledger::Admitted>> admit_block(const ledger::Block& block, const Hash256& chain,
                                                  bool check_signatures);

/// A header's roots from an execution; state and replay roots are filled in elsewhere.
void fill_lists(proof::Header& header, std::span<const Bytes> transactions,
                std::span<const ledger::Receipt> receipts);

/// Rows of the derived tables for a block.
std::vector<store::TableWrite> table_rows(const LoggedBlock& logged,
                                          std::span<const ledger::Admitted> admitted);

struct Chain::Parts {
    std::filesystem::path folder;
    ledger::Genesis genesis;
    ledger::ChainFacts facts;
    OpenOptions options;
    std::unique_ptr<engine::Engine> engine;
    std::unique_ptr<store::StateStore> store;
    std::unique_ptr<const store::StoreView> state;
    std::unique_ptr<const store::StoreView> replay;
    std::unique_ptr<BlockLog> log;
    proof::Header tip;
    std::vector<proof::HeaderSignature> tip_signatures;
    /// Held by the thread that makes a block when it changes what readers see: log, tip.
    mutable std::shared_mutex mutex;
    bool broken = false;  ///< an error left the files ahead of this object

    /// The record of a height from 1.
    [[nodiscard]] Result<LoggedBlock> logged(std::uint64_t height) const;
    /// Executes a block of the log on top of the store and commits it.
    Result<> recover_block(std::uint64_t height);
    Result<> open_store();
    Result<> recover();
};

}  // namespace aqd::chain

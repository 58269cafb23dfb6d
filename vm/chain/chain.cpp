#include "vm/chain/parts.h"

#include <aqd/chain/chain.h>
#include <aqd/crypto/sha256.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/modules.h>

#include <algorithm>

namespace aqd::chain {
namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;

Result<Bytes> read_file(const std::filesystem::path& path) {
    AQD_TRY(file, File::open(path, File::Mode::read));
    AQD_TRY(size, file.size());
    if (size > ledger::genesis_limit_bytes) {
        return fail(ErrorCode::too_large, path.string() + " is larger than any genesis");
    }
    Bytes bytes(size);
    AQD_CHECK(file.read(0, bytes));
    return bytes;
}

/// Complete under its name, or not there.
Result<> write_file(const std::filesystem::path& path, BytesView bytes) {
    std::filesystem::path fresh = path;
    fresh += ".new";
    {
        AQD_TRY(file, File::open(fresh, File::Mode::create));
        AQD_CHECK(file.write(0, bytes));
        AQD_CHECK(file.sync());
    }
    std::error_code error;
    std::filesystem::rename(fresh, path, error);
    if (error) {
        return fail(ErrorCode::io, "naming " + path.string() + ": " + error.message());
    }
    return sync_folder(path.parent_path());
}

Result<> check_block_key(const ledger::Genesis& genesis, const OpenOptions& options) {
    if (!options.block_key) {
        return {};
    }
    const crypto::PublicKey key = crypto::derive_public(*options.block_key);
    if (std::ranges::find(genesis.header_keys, key) == genesis.header_keys.end()) {
        return fail(ErrorCode::denied, "the block key is none of those that the genesis names");
    }
    return {};
}

/// Makes the state of height 0 and an empty log. The genesis file comes last: without it there is
/// no chain here, and the next attempt begins anew.
Result<> make_files(const std::filesystem::path& folder, const ledger::Genesis& genesis) {
    AQD_TRY(engine, ledger::engine_for(genesis));
    AQD_TRY(initial, ledger::apply_genesis(genesis, *engine));
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    std::filesystem::remove_all(folder / state_folder, error);
    if (error) {
        return fail(ErrorCode::io, "making " + folder.string() + ": " + error.message());
    }
    AQD_CHECK(BlockLog::create(folder / log_file, ledger::chain_id(genesis)));
    store::Options options;
    options.tables = {std::string(transactions_table), std::string(history_table)};
    AQD_TRY(store, store::StateStore::open(folder / state_folder, options));
    AQD_TRY(staged, store->stage(initial.state, initial.replay));
    AQD_CHECK(store->commit(std::move(staged), 0));
    return write_file(folder / genesis_file, ledger::encode_genesis(genesis));
}

}  // namespace

Chain::Chain(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Chain::~Chain() = default;

Result<std::unique_ptr<Chain>> Chain::create(const std::filesystem::path& folder,
                                             const ledger::Genesis& genesis,
                                             const OpenOptions& options) {
    // The decoder's rules are the rules.
    AQD_TRY(checked, ledger::decode_genesis(ledger::encode_genesis(genesis)));
    AQD_CHECK(check_block_key(checked, options));
    std::error_code ignored;
    if (std::filesystem::exists(folder / genesis_file, ignored)) {
        return fail(ErrorCode::conflict, "there is a chain already in " + folder.string());
    }
    // Blocks without their genesis are no leavings of an attempt: nobody wants them overwritten.
    const auto log_size = std::filesystem::file_size(folder / log_file, ignored);
    if (!ignored && log_size > BlockLog::empty_bytes) {
        return fail(ErrorCode::conflict,
                    "there are blocks in " + folder.string() + " whose genesis is missing");
    }
    AQD_CHECK(make_files(folder, checked));
    return open(folder, options);
}

Result<std::unique_ptr<Chain>> Chain::open(const std::filesystem::path& folder,
                                           const OpenOptions& options) {
    auto parts = std::make_unique<Parts>();
    parts->folder = folder;
    parts->options = options;
    AQD_TRY(genesis_bytes, read_file(folder / genesis_file));
    AQD_TRY(genesis, ledger::decode_genesis(genesis_bytes));
    parts->genesis = std::move(genesis);
    AQD_CHECK(check_block_key(parts->genesis, options));
    parts->facts = {ledger::chain_id(parts->genesis), parts->genesis.rules};
    AQD_TRY(engine, ledger::engine_for(parts->genesis));
    parts->engine = std::move(engine);
    // The store first: its lock keeps other writers off the log, too.
    AQD_CHECK(parts->open_store());
    const auto seen = parts->store->tip();
    AQD_TRY(log, BlockLog::open(folder / log_file, parts->facts.chain, options.read_only,
                                seen ? seen->height : 0));
    parts->log = std::make_unique<BlockLog>(std::move(log));
    AQD_CHECK(parts->recover());
    return std::unique_ptr<Chain>(new Chain(std::move(parts)));
}

Result<> Chain::Parts::open_store() {
    store::Options store_options;
    store_options.read_only = options.read_only;
    store_options.create = false;
    store_options.check_structure = options.check_structure;
    store_options.tables = {std::string(transactions_table), std::string(history_table)};
    AQD_TRY(opened, store::StateStore::open(folder / state_folder, store_options));
    store = std::move(opened);
    state = std::make_unique<store::StoreView>(store->view(store::Trie::state));
    replay = std::make_unique<store::StoreView>(store->view(store::Trie::replay));
    return {};
}

Result<LoggedBlock> Chain::Parts::logged(std::uint64_t height) const {
    if (height == 0) {
        return fail(ErrorCode::not_found, "height 0 is the genesis, not a block");
    }
    AQD_TRY(record, log->read(height - 1));
    auto decoded = decode_logged(record);
    if (!decoded) {
        return fail(ErrorCode::corrupt, "block " + std::to_string(height) +
                                            " does not decode: " + decoded.error().message);
    }
    return decoded;
}

Result<> Chain::Parts::recover() {
    const auto at = store->tip();
    if (!at || at->height > log->count()) {
        return fail(ErrorCode::corrupt,
                    "the state is ahead of the block log: blocks have been lost");
    }
    tip = ledger::genesis_header(genesis);
    if (at->height > 0) {
        AQD_TRY(last, logged(at->height));
        tip = last.block.header;
        tip_signatures = last.block.signatures;
        if (tip.height != at->height || tip.state_root != at->state_root ||
            tip.replay_root != at->replay_root) {
            return fail(ErrorCode::corrupt,
                        "the state is not that of block " + std::to_string(at->height));
        }
    }
    // A reader sees the chain as far as its state has been written.
    for (std::uint64_t height = at->height + 1; !options.read_only && height <= log->count();
         ++height) {
        AQD_CHECK(recover_block(height));
    }
    return {};
}

Result<> Chain::Parts::recover_block(std::uint64_t height) {
    AQD_TRY(record, logged(height));
    const proof::Header& header = record.block.header;
    AQD_CHECK(check_follows(header, tip, facts.chain));
    AQD_CHECK(check_signatures(record.block, genesis));
    AQD_TRY(admitted, admit_block(record.block, facts.chain, false));
    AQD_TRY(output, ledger::apply_block(facts, *engine, *state, *replay,
                                        {height, header.time_ns, admitted, false}));
    AQD_TRY(staged, store->stage(output.state, output.replay));
    const bool same = staged.state_root() == header.state_root &&
                      staged.replay_root() == header.replay_root &&
                      output.receipts == record.receipts;
    if (!same) {
        return fail(ErrorCode::corrupt, "block " + std::to_string(height) +
                                            " of the log does not give what it gave before");
    }
    AQD_CHECK(store->commit(std::move(staged), height, {{}, table_rows(record, admitted)}));
    tip = header;
    tip_signatures = record.block.signatures;
    return {};
}

const ledger::Genesis& Chain::genesis() const {
    return parts_->genesis;
}

const Hash256& Chain::id() const {
    return parts_->facts.chain;
}

proof::Header Chain::tip() const {
    const std::shared_lock lock(parts_->mutex);
    return parts_->tip;
}

Hash256 Chain::state_root() const {
    return parts_->store->root(store::Trie::state);
}

const state::StateView& Chain::state() const {
    return *parts_->state;
}

const state::StateView& Chain::replay_state() const {
    return *parts_->replay;
}

engine::Engine& Chain::engine() {
    return *parts_->engine;
}

Result<std::uint64_t> Chain::next_nonce(const abi::Account& account) const {
    return ledger::next_nonce(*parts_->replay, account);
}

Result<std::int32_t> Chain::today() const {
    AQD_TRY(clock, system::read_clock(*parts_->state));
    return clock.day(tip().time_ns / nanoseconds);
}

Result<std::shared_ptr<const engine::Code>> Chain::module(std::string_view path) const {
    AQD_TRY(day, today());
    AQD_TRY(row, system::read_module(*parts_->state, abi::lineage_of(parts_->facts.chain, path)));
    const system::ModuleVersion* version = row ? row->in_force(day) : nullptr;
    if (version == nullptr) {
        return std::shared_ptr<const engine::Code>();
    }
    return code(version->code);
}

Result<std::shared_ptr<const engine::Code>> Chain::code(const Hash256& hash) const {
    return ledger::load_code(*parts_->engine, *parts_->state, hash);
}

Result<ledger::Block> Chain::block(std::uint64_t height) const {
    const std::shared_lock lock(parts_->mutex);
    if (height > parts_->tip.height) {
        return fail(ErrorCode::not_found, "there is no block " + std::to_string(height) + " yet");
    }
    AQD_TRY(record, parts_->logged(height));
    return std::move(record.block);
}

Result<std::vector<ledger::Receipt>> Chain::receipts(std::uint64_t height) const {
    const std::shared_lock lock(parts_->mutex);
    if (height > parts_->tip.height) {
        return fail(ErrorCode::not_found, "there is no block " + std::to_string(height) + " yet");
    }
    AQD_TRY(record, parts_->logged(height));
    return std::move(record.receipts);
}

Result<Bytes> Chain::prove(BytesView key) const {
    const std::shared_lock lock(parts_->mutex);
    if (parts_->tip.height == 0) {
        return fail(ErrorCode::not_found, "there is no block yet that could vouch for anything");
    }
    AQD_TRY(proved, parts_->store->prove(key));
    return proof::encode_proof({parts_->tip, parts_->tip_signatures, to_bytes(key),
                                std::move(proved.value), std::move(proved.path)});
}

Result<ledger::CallReport> Chain::view(const ledger::ViewRequest& request) {
    const proof::Header at = tip();
    return ledger::run_view(parts_->facts, *parts_->engine, *parts_->state, at.height, at.time_ns,
                            request);
}

Result<std::vector<ledger::CallReport>> Chain::dry_run(const ledger::Transaction& transaction,
                                                       std::optional<std::int64_t> time_ns) {
    const proof::Header at = tip();
    return ledger::dry_run(parts_->facts, *parts_->engine, *parts_->state, at.height + 1,
                           time_ns.value_or(at.time_ns + nanoseconds), transaction);
}

}  // namespace aqd::chain

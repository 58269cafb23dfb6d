#include "vm/chain/parts.h"

#include <aqd/base/assert.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>

// Making blocks: execute, sign, log, commit, in this order. Whatever stops the process between two
// steps, opening again ends at the last block that is whole in the log.

namespace aqd::chain {
namespace {

/// Leaves room for the blocks that follow one another by a nanosecond.
constexpr std::int64_t latest_time_ns = 9'214'646'400'000'000'000;  // 2262-01-01

std::int64_t system_time_ns() {
    return std::chrono::duration_cast<std::chrono::nanoseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

/// The wishes that have found no place yet, with their numbers among all that were handed in.
struct Waiting {
    std::vector<ledger::Admitted> transactions;
    std::vector<std::size_t> numbers;
};

/// Executes one block and appends it. Moves what was included or rejected from `waiting` to `made`.
/// True if more blocks are needed.
Result<bool> make_one(Chain::Parts& parts, const crypto::SecretKey& block_key, std::int64_t time_ns,
                      Waiting& waiting, Made& made) {
    proof::Header header;
    header.chain = parts.facts.chain;
    header.height = parts.tip.height + 1;
    header.time_ns = time_ns;
    header.previous = proof::header_hash(parts.tip);
    AQD_TRY(output, ledger::apply_block(parts.facts, *parts.engine, *parts.state, *parts.replay,
                                        {header.height, time_ns, waiting.transactions, true}));
    LoggedBlock logged;
    std::vector<ledger::Admitted> included;
    Waiting later;
    for (std::size_t i = 0; i < waiting.transactions.size(); ++i) {
        const std::size_t number = waiting.numbers[i];
        switch (output.inclusions[i]) {
            case ledger::Inclusion::included: {
                Placement placement;
                placement.height = header.height;
                made.transactions[number] = placement;
                logged.block.transactions.push_back(waiting.transactions[i].encoded());
                included.push_back(std::move(waiting.transactions[i]));
                break;
            }
            case ledger::Inclusion::rejected: {
                const std::optional<Error>& reason = output.reasons[i];
                AQD_ASSERT(reason);
                made.transactions[number] = std::unexpected(*reason);
                break;
            }
            case ledger::Inclusion::later:
                later.transactions.push_back(std::move(waiting.transactions[i]));
                later.numbers.push_back(number);
                break;
        }
    }
    waiting = std::move(later);
    const bool nothing = included.empty() && output.receipts.empty() && output.state.empty() &&
                         !made.transactions.empty();
    if (nothing) {
        // Every wish was refused at the door, and nothing was due: no block.
        return !waiting.transactions.empty();
    }
    logged.receipts = std::move(output.receipts);
    fill_lists(header, logged.block.transactions, logged.receipts);
    AQD_TRY(staged, parts.store->stage(output.state, output.replay));
    header.state_root = staged.state_root();
    header.replay_root = staged.replay_root();
    logged.block.header = header;
    logged.block.signatures = {proof::sign_header(header, block_key)};
    const std::unique_lock lock(parts.mutex);
    AQD_CHECK(parts.log->append(encode_logged(logged)));
    AQD_CHECK(
        parts.store->commit(std::move(staged), header.height, {{}, table_rows(logged, included)}));
    parts.tip = header;
    parts.tip_signatures = logged.block.signatures;
    made.last_height = header.height;
    return output.more || !waiting.transactions.empty();
}

/// Which receipts are whose: known when the block is.
Result<> place_receipts(const Chain& chain, const std::vector<std::optional<Hash256>>& ids,
                        Made& made) {
    for (std::uint64_t height = made.first_height; height <= made.last_height; ++height) {
        AQD_TRY(receipts, chain.receipts(height));
        std::map<Hash256, std::vector<std::uint32_t>> by_transaction;
        for (std::uint32_t i = 0; i < receipts.size(); ++i) {
            if (receipts[i].origin == ledger::Origin::transaction) {
                by_transaction[receipts[i].transaction].push_back(i);
            }
        }
        for (std::size_t i = 0; i < ids.size(); ++i) {
            Result<Placement>& placement = made.transactions[i];
            const std::optional<Hash256>& id = ids[i];
            if (id && placement && placement->height == height) {
                placement->receipts = by_transaction[*id];
            }
        }
    }
    return {};
}

}  // namespace

Result<Made> Chain::make_block(std::span<const Bytes> transactions,
                               std::optional<std::int64_t> time_ns) {
    const std::optional<crypto::SecretKey>& block_key = parts_->options.block_key;
    if (parts_->options.read_only || !block_key) {
        return fail(ErrorCode::denied, "the chain was opened without a block key");
    }
    if (parts_->broken) {
        return fail(ErrorCode::io, "an error left this chain unfinished: open it again");
    }
    const bool manual = parts_->genesis.clock == ledger::Clock::manual;
    if (manual != time_ns.has_value()) {
        return fail(ErrorCode::invalid,
                    manual ? "a chain with a manual clock must be told the time of a block"
                           : "a chain with the system's clock takes no other time");
    }
    if (time_ns && (*time_ns <= parts_->tip.time_ns || *time_ns > latest_time_ns)) {
        return fail(ErrorCode::invalid,
                    "a block must be later than the one before it, and before the year 2262");
    }
    Made made;
    made.first_height = parts_->tip.height + 1;
    made.last_height = parts_->tip.height;
    made.transactions.assign(transactions.size(), Placement());
    Waiting waiting;
    std::vector<std::optional<Hash256>> ids(transactions.size());
    std::vector<Result<ledger::Admitted>> admitted =
        admit_all(transactions, parts_->facts.chain, true);
    for (std::size_t i = 0; i < admitted.size(); ++i) {
        if (!admitted[i]) {
            made.transactions[i] = std::unexpected(admitted[i].error());
            continue;
        }
        ids[i] = admitted[i]->id();
        waiting.transactions.push_back(std::move(*admitted[i]));
        waiting.numbers.push_back(i);
    }
    std::int64_t time = time_ns.value_or(std::max(system_time_ns(), parts_->tip.time_ns + 1));
    for (bool more = true; more; ++time) {
        auto one = make_one(*parts_, *block_key, time, waiting, made);
        if (!one) {
            parts_->broken = true;
            return std::unexpected(std::move(one).error());
        }
        more = *one;
    }
    AQD_CHECK(place_receipts(*this, ids, made));
    return made;
}

Result<Made> Chain::advance_to(std::int64_t time_ns) {
    return make_block({}, time_ns);
}

}  // namespace aqd::chain

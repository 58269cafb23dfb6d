#include "vm/chain/memory_trie.h"
#include "vm/chain/parts.h"

#include <aqd/state/memory_state.h>

#include <shared_mutex>

// Everything again from genesis, on a state and a trie that share no code with the store.

namespace aqd::chain {
namespace {

/// A state with its root.
struct Rooted {
    state::MemoryState rows;
    MemoryTrie trie;

    void apply(const state::WriteSet& writes) {
        rows.apply(writes);
        trie.apply(writes);
    }
};

std::unexpected<Error> differs(std::uint64_t height, std::string_view what) {
    return fail(ErrorCode::corrupt,
                "block " + std::to_string(height) + ": " + std::string(what) + " differs");
}

Result<> compare(const LoggedBlock& logged, const ledger::BlockOutput& output, Rooted& state,
                 Rooted& replay) {
    const proof::Header& header = logged.block.header;
    for (std::size_t i = 0; i < std::min(output.receipts.size(), logged.receipts.size()); ++i) {
        if (output.receipts[i].gas != logged.receipts[i].gas) {
            return differs(header.height, "the gas of receipt " + std::to_string(i));
        }
    }
    if (output.receipts != logged.receipts) {
        return differs(header.height, "a receipt");
    }
    proof::Header again = header;
    fill_lists(again, logged.block.transactions, output.receipts);
    again.state_root = state.trie.root();
    again.replay_root = replay.trie.root();
    if (again.state_root != header.state_root) {
        return differs(header.height, "the state root");
    }
    if (again != header) {
        return differs(header.height, "another root of the header");
    }
    return {};
}

}  // namespace

Result<ReplayReport> Chain::replay(
    const std::function<void(std::uint64_t, std::uint64_t)>& progress, bool signatures) const {
    const proof::Header last = tip();
    // An engine of its own: nothing compiled earlier is relied on.
    AQD_TRY(engine, ledger::engine_for(parts_->genesis));
    AQD_TRY(initial, ledger::apply_genesis(parts_->genesis, *engine));
    Rooted state;
    Rooted replay;
    state.apply(initial.state);
    replay.apply(initial.replay);
    ReplayReport report;
    proof::Header previous = ledger::genesis_header(parts_->genesis);
    for (std::uint64_t height = 1; height <= last.height; ++height) {
        AQD_TRY(logged, [&] {
            // Another thread may be making blocks.
            const std::shared_lock lock(parts_->mutex);
            return parts_->logged(height);
        }());
        const proof::Header& header = logged.block.header;
        AQD_CHECK(check_follows(header, previous, parts_->facts.chain));
        AQD_CHECK(check_signatures(logged.block, parts_->genesis));
        AQD_TRY(admitted, admit_block(logged.block, parts_->facts.chain, signatures));
        AQD_TRY(output, ledger::apply_block(parts_->facts, *engine, state.rows, replay.rows,
                                            {height, header.time_ns, admitted, false}));
        state.apply(output.state);
        replay.apply(output.replay);
        AQD_CHECK(compare(logged, output, state, replay));
        ++report.blocks;
        for (const ledger::Receipt& receipt : output.receipts) {
            ++report.calls;
            report.gas += receipt.gas;
        }
        previous = header;
        if (progress) {
            progress(height, last.height);
        }
    }
    if (previous != last) {
        return differs(last.height, "the header");
    }
    report.state_root = state.trie.root();
    return report;
}

}  // namespace aqd::chain

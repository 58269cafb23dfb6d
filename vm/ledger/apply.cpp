#include "vm/ledger/block_run.h"
#include "vm/ledger/prices.h"

#include <aqd/abi/cbor.h>
#include <aqd/ledger/apply.h>
#include <aqd/ledger/block.h>
#include <aqd/state/overlay.h>

namespace aqd::ledger {
namespace {

constexpr std::uint8_t nonce_table = 1;

Bytes nonce_key(const abi::Account& account) {
    Bytes key{nonce_table};
    append(key, account.view());
    return key;
}

/// Why a transaction can never be in a block of this height; nothing if it can.
Result<std::optional<Error>> why_not(const ChainFacts& facts, const state::StateView& replay,
                                     const Admitted& transaction, std::uint64_t height) {
    const Transaction& body = transaction.body();
    const auto because = [](ErrorCode code, std::string words) {
        return std::optional<Error>(Error{code, std::move(words), std::nullopt});
    };
    if (body.chain != facts.chain) {
        return because(ErrorCode::denied, "the transaction was signed for another chain");
    }
    if (height > body.valid_until) {
        return because(ErrorCode::invalid,
                       "the transaction was valid until block " + std::to_string(body.valid_until));
    }
    if (body.gas_limit > facts.rules.transaction_gas) {
        return because(ErrorCode::too_large, "the gas limit is over that of the chain, " +
                                                 std::to_string(facts.rules.transaction_gas));
    }
    const std::uint64_t least =
        prices::of_transaction(transaction.encoded().size(), body.calls.size());
    if (body.gas_limit < least) {
        return because(
            ErrorCode::invalid,
            "the gas limit does not pay for the transaction itself, " + std::to_string(least));
    }
    if (body.calls.size() > facts.rules.calls_per_block) {
        return because(ErrorCode::too_large, "more calls than a block may have");
    }
    AQD_TRY(nonce, next_nonce(replay, transaction.sender()));
    if (body.nonce != nonce) {
        return because(ErrorCode::conflict, "the nonce is " + std::to_string(body.nonce) +
                                                "; the account's next one is " +
                                                std::to_string(nonce));
    }
    return std::optional<Error>();
}

/// What the transactions of a block have taken of its bounds.
struct Used {
    std::uint64_t gas = 0;
    std::uint64_t calls = 0;
    std::uint64_t octets = 0;
};

/// Of a block: header, signatures, and the heads of lists. Over what they can be.
constexpr std::uint64_t frame_octets = 64 << 10;
/// Of one transaction in a block: the head of its byte string.
constexpr std::uint64_t head_octets = 9;

bool fits(const Rules& rules, const Used& used, const Admitted& transaction) {
    const Transaction& body = transaction.body();
    return used.gas + body.gas_limit <= rules.block_gas &&
           used.calls + body.calls.size() <= rules.calls_per_block &&
           used.octets + transaction.encoded().size() + head_octets + frame_octets <=
               block_limit_bytes;
}

Result<bool> anything_due(BlockRun& run) {
    AQD_TRY(ripe, run.any_ripe());
    if (ripe) {
        return true;
    }
    return run.any_queued();
}

/// The part of a block that its transactions make. Stops where deadlines have to go first.
Result<> run_transactions(const ChainFacts& facts, BlockRun& run, state::Overlay& replay,
                          const BlockInput& input, BlockOutput& output) {
    Used used;
    AQD_TRY(due, anything_due(run));
    bool full = due;
    for (std::size_t i = 0; i < input.transactions.size() && !full; ++i) {
        const Admitted& transaction = input.transactions[i];
        AQD_TRY(reason, why_not(facts, replay, transaction, input.height));
        if (reason) {
            output.inclusions[i] = Inclusion::rejected;
            output.reasons[i] = std::move(reason);
            continue;
        }
        if (!fits(facts.rules, used, transaction)) {
            break;
        }
        Bytes nonce;
        abi::Writer(nonce).write_uint(transaction.body().nonce + 1);
        AQD_CHECK(replay.put(nonce_key(transaction.sender()), nonce));
        AQD_CHECK(run.run_transaction(transaction));
        used.gas += transaction.body().gas_limit;
        used.calls += transaction.body().calls.size();
        used.octets += transaction.encoded().size() + head_octets;
        output.inclusions[i] = Inclusion::included;
        AQD_TRY(ripe, run.any_ripe());
        full = ripe || !run.has_room();
    }
    return {};
}

}  // namespace

Result<std::uint64_t> next_nonce(const state::StateView& replay, const abi::Account& account) {
    AQD_TRY(row, replay.get(nonce_key(account)));
    if (!row) {
        return std::uint64_t{0};
    }
    abi::Reader reader(*row);
    const auto nonce = reader.read_uint();
    if (!nonce || !reader.at_end()) {
        return fail(ErrorCode::corrupt, "a nonce row does not decode");
    }
    return *nonce;
}

Result<BlockOutput> apply_block(const ChainFacts& facts, engine::Engine& engine,
                                const state::StateView& state, const state::StateView& replay,
                                const BlockInput& input) {
    state::Overlay state_overlay(state);
    state::Overlay replay_overlay(replay);
    BlockOutput output;
    output.inclusions.assign(input.transactions.size(), Inclusion::later);
    output.reasons.resize(input.transactions.size());
    AQD_TRY(run, BlockRun::begin(facts, engine, state_overlay, input.height, input.time_ns));
    AQD_CHECK(run->fire_ripe());
    AQD_TRY(ripe, run->any_ripe());
    if (!ripe) {
        AQD_CHECK(run->deliver_queued());
    }
    AQD_CHECK(run_transactions(facts, *run, replay_overlay, input, output));
    if (!input.proposal) {
        for (std::size_t i = 0; i < input.transactions.size(); ++i) {
            if (output.inclusions[i] != Inclusion::included) {
                const std::string why =
                    output.reasons[i] ? output.reasons[i]->message : "it is not its turn";
                return fail(ErrorCode::invalid, "block " + std::to_string(input.height) +
                                                    " may not have transaction " +
                                                    std::to_string(i) + ": " + why);
            }
        }
    }
    AQD_TRY(more, anything_due(*run));
    output.more = more;
    AQD_TRY(state_writes, state_overlay.write_set());
    output.state = std::move(state_writes);
    AQD_TRY(replay_writes, replay_overlay.write_set());
    output.replay = std::move(replay_writes);
    output.receipts = std::move(run->receipts());
    return output;
}

Result<CallReport> run_view(const ChainFacts& facts, engine::Engine& engine,
                            const state::StateView& state, std::uint64_t height,
                            std::int64_t time_ns, const ViewRequest& request) {
    state::Overlay overlay(state);
    AQD_TRY(run, BlockRun::begin(facts, engine, overlay, height, time_ns));
    AQD_CHECK(run->run_view(request));
    return CallReport{std::move(run->receipts().front()), std::move(run->sites().front()), {}};
}

Result<std::vector<CallReport>> dry_run(const ChainFacts& facts, engine::Engine& engine,
                                        const state::StateView& state, std::uint64_t height,
                                        std::int64_t time_ns, const Transaction& transaction) {
    if (transaction.calls.empty() || transaction.calls.size() > calls_limit) {
        return fail(ErrorCode::invalid, "a transaction has 1 to 256 calls");
    }
    state::Overlay overlay(state);
    AQD_TRY(run, BlockRun::begin(facts, engine, overlay, height, time_ns));
    AQD_CHECK(run->run_transaction(suppose(transaction)));
    AQD_TRY(writes, overlay.write_set());
    std::vector<CallReport> reports;
    reports.reserve(run->receipts().size());
    for (std::size_t i = 0; i < run->receipts().size(); ++i) {
        reports.push_back({std::move(run->receipts()[i]), std::move(run->sites()[i]), {}});
    }
    reports.back().writes = std::move(writes);
    return reports;
}

}  // namespace aqd::ledger

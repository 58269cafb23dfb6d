#include "tests/vm/chain/scratch_chain.h"
#include "vm/chain/block_log.h"
#include "vm/chain/parts.h"

#include <aqd/proof/proof_file.h>

using namespace aqd;
using namespace aqd::chain;
using namespace aqd::chain::testing;

namespace {

std::unique_ptr<Chain> new_chain(const Scratch& scratch,
                                 const ledger::Genesis& genesis = kit_genesis()) {
    return value_of(Chain::create(scratch.chain(), genesis, writing()));
}

std::unique_ptr<Chain> reopened(const Scratch& scratch) {
    return value_of(Chain::open(scratch.chain(), writing()));
}

Made one_block(Chain& chain, const std::vector<Bytes>& transactions,
               calendar::Day day = first_day) {
    const std::int64_t time = std::max(at_noon(day), chain.tip().time_ns + 1'000'000'000);
    return value_of(chain.make_block(transactions, time));
}

}  // namespace

TEST_CASE("what is no chain cannot be opened") {
    const Scratch scratch;
    const auto chain = Chain::open(scratch.chain());
    REQUIRE_FALSE(chain.has_value());
    CHECK(chain.error().code == ErrorCode::not_found);
}

TEST_CASE("a chain is made once, by one of its block keys, and written by one process") {
    const Scratch scratch;
    OpenOptions wrong = writing();
    wrong.block_key = stranger().secret;
    const auto denied = Chain::create(scratch.chain(), kit_genesis(), wrong);
    REQUIRE_FALSE(denied.has_value());
    CHECK(denied.error().code == ErrorCode::denied);
    auto chain = new_chain(scratch);
    const auto second = Chain::open(scratch.chain(), writing());
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == ErrorCode::conflict);
    chain.reset();
    const auto twice = Chain::create(scratch.chain(), kit_genesis(), writing());
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().code == ErrorCode::conflict);
}

TEST_CASE("a chain that was stopped while it was made can be made again") {
    const Scratch scratch;
    new_chain(scratch).reset();
    std::filesystem::remove(scratch.chain() / genesis_file);
    CHECK(new_chain(scratch)->tip().height == 0);
}

TEST_CASE("a chain without a key, or told an old time, makes no block") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    CHECK_FALSE(chain->make_block({}, std::nullopt).has_value());
    CHECK_FALSE(chain->make_block({}, kit_genesis().time_ns).has_value());
    CHECK(chain->tip().height == 0);
    CHECK_FALSE(chain->prove(row_key(*chain, "k")).has_value());
    chain.reset();
    auto reader = value_of(Chain::open(scratch.chain()));
    const auto made = reader->make_block({}, at_noon(first_day));
    REQUIRE_FALSE(made.has_value());
    CHECK(made.error().code == ErrorCode::denied);
}

TEST_CASE("a transaction is taken once: not now, not after a restart, not on another network") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    const Bytes transaction = signed_call(*chain, stranger(), {put_row("k", 1)});
    REQUIRE(one_block(*chain, {transaction}).transactions[0].has_value());
    const Made again = one_block(*chain, {transaction});
    REQUIRE_FALSE(again.transactions[0].has_value());
    CHECK(again.transactions[0].error().code == ErrorCode::conflict);
    CHECK(again.last_height < again.first_height);
    chain.reset();
    chain = reopened(scratch);
    CHECK_FALSE(one_block(*chain, {transaction}).transactions[0].has_value());
    const Scratch elsewhere;
    ledger::Genesis genesis = kit_genesis();
    genesis.name = "elsewhere";
    auto other = new_chain(elsewhere, genesis);
    const Made foreign = one_block(*other, {transaction});
    REQUIRE_FALSE(foreign.transactions[0].has_value());
    CHECK(foreign.transactions[0].error().code == ErrorCode::denied);
    CHECK(other->tip().height == 0);
}

TEST_CASE("a refusal is on record and leaves the state root as it was") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    one_block(*chain, {signed_call(*chain, stranger(), {put_row("k", 1)})});
    const Hash256 root = chain->state_root();
    const Hash256 replay_root = chain->tip().replay_root;
    Script refuses;
    refuses.refuse(256);
    const Made made = one_block(
        *chain,
        {signed_call(*chain, stranger(),
                     {{"test.kit", "run", std::nullopt, refuses.as_arguments(), std::nullopt}})});
    CHECK((chain->state_root() == root));
    CHECK((chain->tip().state_root == root));
    CHECK((chain->tip().replay_root != replay_root));
    const auto receipts = value_of(chain->receipts(made.last_height));
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == 256);
}

TEST_CASE("blocks, receipts, transactions and histories are found again") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    const Bytes transaction =
        signed_call(*chain, stranger(), {open_case(1, first_day, 3), put_row("k", 1)});
    const Made made = one_block(*chain, {transaction});
    const Placement placement = value_of(made.transactions[0]);
    CHECK(placement.height == 1);
    CHECK((placement.receipts == std::vector<std::uint32_t>{0, 1}));
    const abi::CaseId case_id = value_of(chain->receipts(1))[0].case_id.value();
    one_block(*chain, {}, first_day + 4);
    chain.reset();
    chain = reopened(scratch);
    CHECK((value_of(chain->block(1)).transactions == std::vector<Bytes>{transaction}));
    const Hash256 id = value_of(ledger::admit(transaction, chain->id())).id();
    const TransactionPlace place = value_of(chain->find_transaction(id));
    CHECK(place.height == 1);
    CHECK(place.index == 0);
    CHECK(place.receipts.size() == 2);
    CHECK_FALSE(chain->find_transaction(Hash256()).has_value());
    const auto history = value_of(chain->history(case_id));
    REQUIRE(history.size() == 2);
    CHECK(history[0].height == 1);
    CHECK(history[0].index == 0);
    CHECK(history[1].height == 2);
    CHECK_FALSE(chain->block(0).has_value());
    CHECK_FALSE(chain->receipts(3).has_value());
    CHECK(value_of(chain->today()) == first_day + 4);
    CHECK(value_of(chain->module("test.kit"))->manifest().version == 1);
    CHECK(value_of(chain->module("test.none")) == nullptr);
}

TEST_CASE("a proof shows a row or its absence to who trusts the genesis alone") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    one_block(*chain, {signed_call(*chain, stranger(), {put_row("k", 7)})});
    const proof::Trust trust = ledger::trust_of(chain->genesis());
    const Bytes present = value_of(chain->prove(row_key(*chain, "k")));
    const proof::Verified verified = value_of(proof::verify(present, trust));
    CHECK(verified.height == 1);
    CHECK((verified.value.value() == number_item(7)));
    const proof::Verified absent =
        value_of(proof::verify(value_of(chain->prove(row_key(*chain, "z"))), trust));
    CHECK_FALSE(absent.value.has_value());
    ledger::Genesis other = kit_genesis();
    other.name = "other";
    CHECK_FALSE(proof::verify(present, ledger::trust_of(other)).has_value());
}

TEST_CASE("deadlines that fill blocks make more blocks, and transactions come after them") {
    const Scratch scratch;
    ledger::Genesis genesis = kit_genesis();
    genesis.rules.timers_per_block = 2;
    auto chain = new_chain(scratch, genesis);
    std::vector<Bytes> opens;
    for (std::uint64_t x = 0; x < 5; ++x) {
        opens.push_back(signed_call(*chain, stranger(), {open_case(x, first_day, 3)}, x));
    }
    one_block(*chain, opens);
    const Made made = one_block(*chain, {signed_call(*chain, operator_actor(), {put_row("k", 1)})},
                                first_day + 4);
    CHECK(made.last_height == made.first_height + 2);
    CHECK(value_of(made.transactions[0]).height == made.last_height);
    CHECK(value_of(chain->block(made.last_height)).header.time_ns ==
          value_of(chain->block(made.first_height)).header.time_ns + 2);
}

TEST_CASE("a replay from genesis meets every root, receipt and gas figure") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    for (std::uint64_t x = 0; x < 6; ++x) {
        one_block(*chain,
                  {signed_call(*chain, stranger(),
                               {open_case(x, first_day + static_cast<calendar::Day>(x), 2),
                                put_row("k", x)})},
                  first_day + static_cast<calendar::Day>(x));
    }
    std::uint64_t steps = 0;
    const ReplayReport report =
        value_of(chain->replay([&](std::uint64_t, std::uint64_t) { ++steps; }));
    CHECK(report.blocks == 6);
    CHECK(steps == 6);
    CHECK((report.state_root == chain->state_root()));
}

TEST_CASE("a replay finds a log that tells another story") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    one_block(*chain, {signed_call(*chain, stranger(), {put_row("k", 1)})});
    one_block(*chain, {signed_call(*chain, stranger(), {put_row("k", 2)})});
    const Hash256 id = chain->id();
    chain.reset();
    // The same log with one more gas on a receipt, checksums and all.
    const std::filesystem::path path = scratch.chain() / log_file;
    std::vector<Bytes> records;
    {
        const BlockLog log = value_of(BlockLog::open(path, id, true));
        records = {value_of(log.read(0)), value_of(log.read(1))};
    }
    LoggedBlock first = value_of(decode_logged(records[0]));
    first.receipts[0].gas += 1;
    records[0] = encode_logged(first);
    REQUIRE(BlockLog::create(path, id).has_value());
    {
        BlockLog log = value_of(BlockLog::open(path, id, false));
        for (const Bytes& record : records) {
            REQUIRE(log.append(record).has_value());
        }
    }
    chain = reopened(scratch);
    const auto report = chain->replay();
    REQUIRE_FALSE(report.has_value());
    CHECK(report.error().code == ErrorCode::corrupt);
    CHECK(report.error().message == "block 1: the gas of receipt 0 differs");
}

TEST_CASE("a state that has lost its log is not a chain") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    one_block(*chain, {signed_call(*chain, stranger(), {put_row("k", 1)})});
    const Hash256 id = chain->id();
    chain.reset();
    REQUIRE(BlockLog::create(scratch.chain() / log_file, id).has_value());
    const auto opened = Chain::open(scratch.chain(), writing());
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().code == ErrorCode::corrupt);
}

TEST_CASE("blocks of the log that the state has not seen are made up for") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    std::filesystem::copy(scratch.chain() / state_folder, scratch.chain() / "old",
                          std::filesystem::copy_options::recursive);
    one_block(*chain, {signed_call(*chain, stranger(), {open_case(1, first_day, 2)})});
    one_block(*chain, {}, first_day + 3);
    const proof::Header tip = chain->tip();
    chain.reset();
    std::filesystem::remove_all(scratch.chain() / state_folder);
    std::filesystem::rename(scratch.chain() / "old", scratch.chain() / state_folder);
    chain = reopened(scratch);
    CHECK((chain->tip() == tip));
    CHECK((chain->state_root() == tip.state_root));
    CHECK(value_of(chain->replay()).blocks == 2);
}

TEST_CASE("a chain with the system's clock takes its time from there") {
    const Scratch scratch;
    ledger::Genesis genesis = kit_genesis();
    genesis.clock = ledger::Clock::system;
    genesis.time_ns = 0;
    auto chain = new_chain(scratch, genesis);
    CHECK_FALSE(chain->make_block({}, at_noon(first_day)).has_value());
    REQUIRE(chain->make_block({}).has_value());
    const std::int64_t first = chain->tip().time_ns;
    REQUIRE(chain->make_block({}).has_value());
    CHECK(chain->tip().time_ns > first);
}

TEST_CASE("views and dry runs see the last block and keep nothing") {
    const Scratch scratch;
    auto chain = new_chain(scratch);
    one_block(*chain, {signed_call(*chain, stranger(), {put_row("k", 5)})});
    Script reads;
    const auto key = reads.text("k");
    reads.call("register_get", 0, abi::id8("rows"), key.address, key.size, Script::scratch, 100)
        .return_last(Script::scratch);
    const auto report = value_of(chain->view({"test.kit", "look", reads.as_arguments(), {}, {}}));
    CHECK((report.receipt.result.value() == number_item(5)));
    ledger::Transaction transaction;
    transaction.chain = chain->id();
    transaction.sender = stranger().key;
    transaction.gas_limit = 1'000'000;
    transaction.calls = {put_row("k", 6)};
    const auto reports = value_of(chain->dry_run(transaction));
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].receipt.refusal == 0);
    CHECK(reports[0].writes.size() == 1);
    CHECK(chain->tip().height == 1);
    CHECK(value_of(chain->replay()).blocks == 1);
}

#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/ledger/block.h>

#include <catch2/catch.hpp>

// Blocks that somebody wants to be endless, or the last of their chain.

namespace {

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;

constexpr auto code(abi::Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

}  // namespace

TEST_CASE("a gas limit that does not even pay for the transaction leaves no trace") {
    Ledger ledger;
    CallOptions options;
    options.gas_limit = 0;
    const std::vector<Bytes> transactions{
        ledger.signed_by(stranger(), {{"test.kit", "run", {}, Bytes(1'000), {}}}, options)};
    const BlockOutput output = ledger.make(transactions);
    CHECK(output.inclusions[0] == Inclusion::rejected);
    CHECK(output.receipts.empty());
    CHECK(output.replay.empty());
}

TEST_CASE("a block takes no more octets than a block may have") {
    Ledger ledger;
    CallOptions options;
    options.gas_limit = 2'000'000;
    std::vector<Bytes> transactions;
    std::size_t total = 0;
    for (std::uint64_t nonce = 0; total <= block_limit_bytes + transaction_limit_bytes; ++nonce) {
        options.nonce = nonce;
        transactions.push_back(ledger.signed_by(
            stranger(), {{"test.kit", "none", {}, Bytes(transaction_limit_bytes - 400), {}}},
            options));
        total += transactions.back().size();
    }
    const BlockOutput output = ledger.make(transactions);
    CHECK(output.inclusions.front() == Inclusion::included);
    CHECK(output.inclusions.back() == Inclusion::later);
    Block block;
    for (std::size_t i = 0; i < transactions.size(); ++i) {
        if (output.inclusions[i] == Inclusion::included) {
            block.transactions.push_back(transactions[i]);
        }
    }
    block.header.transactions_root = transactions_root(block.transactions);
    CHECK(encode_block(block).size() <= block_limit_bytes);
}

TEST_CASE("deadlines that arm one another in the past end, however many cases there are") {
    Genesis genesis = kit_genesis();
    genesis.rules.timers_per_block = 500;
    Ledger ledger(genesis);
    std::vector<abi::CaseId> ids;
    ids.reserve(60);
    for (std::uint64_t x = 0; x < 60; ++x) {
        ids.push_back(ledger.open_case(x));
    }
    Script handler;
    load_case(handler);
    handler.call("timer_arm_at", 0, 1, 0);
    ledger.set_script("d1", handler);
    for (const abi::CaseId& id : ids) {
        Script script;
        load_case(script);
        script.call("timer_arm_at", 0, 0, first_day);
        const Receipt receipt = ledger.step(id, script);
        REQUIRE(receipt.refusal == 0);
    }
    ledger.go_to(first_day + 1);
    Transaction transaction =
        ledger.transaction(stranger(), {{"test.kit", "run", {}, Script().as_arguments(), {}}});
    transaction.valid_until = 1'000'000;
    const std::vector<Bytes> wish{
        encode_signed(sign_transaction(std::move(transaction), stranger().secret))};
    std::size_t blocks = 0;
    bool included = false;
    while (!included && blocks < 500) {
        const BlockOutput output = ledger.make(wish);
        included = output.inclusions[0] == Inclusion::included;
        ++blocks;
    }
    INFO(blocks);
    CHECK(included);
    CHECK(ledger.case_row(ids[0]).faulted);
}

TEST_CASE("a notice that begets notices comes to an end") {
    Genesis genesis = kit_genesis();
    genesis.rules.deliveries_per_block = 1'000;
    Ledger ledger(genesis);
    const abi::CaseId id = ledger.open_case(1);
    const abi::CaseId other = ledger.open_case(2);
    const auto send = [&](Script& script) {
        const Script::Region fields = script.data(array_of({}));
        const Script::Region list =
            script.data(array_of({bytes_item(id.view()), bytes_item(other.view())}));
        script.call("notice_send", 0, abi::id8("N"), fields.address, fields.size, list.address,
                    list.size, -1);
    };
    Script handler;
    load_case(handler);
    send(handler);
    ledger.set_script("P.on_n", handler);
    Script first;
    load_case(first);
    send(first);
    REQUIRE(ledger.step(id, first).refusal == 0);
    std::size_t deliveries = 0;
    std::size_t last = 1;
    for (int block = 0; last != 0 && block < 300; ++block) {
        last = ledger.make().receipts.size();
        deliveries += last;
    }
    CHECK(last == 0);
    CHECK(deliveries < 3'000);
}

TEST_CASE("after an all-or-nothing bundle fails the clock is as it was") {
    Ledger ledger;
    const std::int64_t tomorrow = (std::int64_t{first_day} + 1) * 86'400;
    const Bytes offset =
        array_of({number_item(static_cast<std::uint64_t>(tomorrow)), number_item(3'600)});
    CallOptions options;
    options.atomic = true;
    const std::vector<Bytes> transactions{ledger.signed_by(
        operator_actor(),
        {{"aqd.system", "set_offset", {}, offset, {}}, {"aqd.system", "nothing", {}, {}, {}}},
        options)};
    const Ledger twin;
    const BlockOutput output = ledger.make(transactions);
    REQUIRE(output.receipts.size() == 2);
    CHECK(output.receipts[0].refusal == code(abi::Refusal::BundleFailed));
    CHECK(output.state.empty());
}

TEST_CASE("an empty transaction can be tried without harm") {
    Ledger ledger;
    const Transaction nothing = ledger.transaction(stranger(), {});
    CHECK(
        !dry_run(ledger.facts(), ledger.engine(), ledger.state(), 1, ledger.time_ns() + 1, nothing)
             .has_value());
}

TEST_CASE("a view has no more gas than a transaction") {
    Ledger ledger;
    Script script;
    script.spin();
    const auto report =
        run_view(ledger.facts(), ledger.engine(), ledger.state(), ledger.height(), ledger.time_ns(),
                 {"test.kit", "look", script.as_arguments(), {}, {}, UINT64_MAX});
    REQUIRE(report.has_value());
    CHECK(report->receipt.refusal == code(abi::Refusal::OutOfGas));
    CHECK(report->receipt.gas == ledger.facts().rules.transaction_gas);
}

TEST_CASE("no call of a bundle sees a deadline that is due and has not fired") {
    Genesis genesis = kit_genesis();
    genesis.rules.timers_per_block = 1;
    Ledger ledger(genesis);
    std::vector<Call> calls;
    for (const std::uint64_t x : {1, 2, 3}) {
        const abi::CaseId id = ledger.open_case(x);
        Script script;
        load_case(script);
        script.call("timer_arm_at", 0, 0, first_day - 2);
        calls.push_back({"test.kit", "P.step", id, script.as_arguments(), {}});
    }
    SECTION("one by one") {
        const std::vector<Bytes> wish{ledger.signed_by(stranger(), calls)};
        const BlockOutput output = ledger.make(wish);
        std::vector<std::uint16_t> refusals;
        for (const Receipt& receipt : output.receipts) {
            if (receipt.origin == Origin::transaction) {
                refusals.push_back(receipt.refusal);
            }
        }
        CHECK(refusals == std::vector<std::uint16_t>{0, 0, code(abi::Refusal::OutOfGas)});
        CHECK(output.more);
        CHECK(ledger.make().receipts.size() == 1);
        CHECK_FALSE(ledger.make().more);
    }
    SECTION("all or nothing") {
        CallOptions options;
        options.atomic = true;
        const std::vector<Bytes> wish{ledger.signed_by(stranger(), calls, options)};
        const BlockOutput output = ledger.make(wish);
        REQUIRE(output.receipts.size() == 3);
        CHECK(output.receipts[2].refusal == code(abi::Refusal::OutOfGas));
        CHECK(output.state.empty());
        CHECK_FALSE(output.more);
    }
}

TEST_CASE("a queue is taken from its front without passing over what has gone") {
    class Counting final : public state::StateView {
      public:
        explicit Counting(const state::StateView& base) : base_(&base) {}
        [[nodiscard]] Result<std::optional<Bytes>> get(BytesView key) const override {
            return base_->get(key);
        }
        Result<std::optional<state::Row>> next(BytesView prefix, BytesView after) const override {
            ++walked;
            return base_->next(prefix, after);
        }
        mutable std::size_t walked = 0;

      private:
        const state::StateView* base_;
    };
    state::MemoryState rows;
    std::vector<state::Write> writes;
    writes.reserve(201);
    for (std::uint8_t i = 0; i < 200; ++i) {
        writes.push_back({Bytes{1, i}, Bytes{i}});
    }
    writes.push_back({Bytes{2}, Bytes{0}});
    rows.apply(*state::WriteSet::from(std::move(writes)));
    const Counting base(rows);
    state::Overlay overlay(base);
    const auto checkpoint = overlay.checkpoint();
    for (std::uint8_t i = 0; i < 200; ++i) {
        const auto first = overlay.next(Bytes{1}, {});
        REQUIRE(first.has_value());
        REQUIRE(first->has_value());
        CHECK((**first == state::Row{Bytes{1, i}, Bytes{i}}));
        REQUIRE(overlay.remove(Bytes{1, i}).has_value());
    }
    CHECK_FALSE(overlay.next(Bytes{1}, {})->has_value());
    CHECK((overlay.next({}, {})->value().key == Bytes{2}));
    CHECK(base.walked < 1'000);
    REQUIRE(overlay.put(Bytes{1, 7}, Bytes{9}).has_value());
    CHECK((overlay.next({}, {})->value() == state::Row{Bytes{1, 7}, Bytes{9}}));
    REQUIRE(overlay.remove(Bytes{1, 7}).has_value());
    CHECK((overlay.next({}, {})->value().key == Bytes{2}));
    overlay.rollback(checkpoint);
    CHECK((overlay.next({}, {})->value() == state::Row{Bytes{1, 0}, Bytes{0}}));
}

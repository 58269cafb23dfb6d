#include "tests/vm/ledger/kit/ledger.h"

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;
using abi::Refusal;

namespace {

constexpr std::uint16_t code(Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

Script put_row(std::string_view key, std::uint64_t value, std::int64_t mode = 0) {
    Script script;
    const auto k = script.text(key);
    const auto v = script.data(number_item(value));
    script.call("register_put", abi::id8("rows"), k.address, k.size, v.address, v.size, mode);
    return script;
}

Call call_of(const Script& script, std::string entry = "run") {
    return {"test.kit", std::move(entry), std::nullopt, script.as_arguments(), std::nullopt};
}

std::optional<Bytes> row_of(const Ledger& ledger, std::string_view key) {
    const Bytes store_key =
        abi::store_key(abi::KeyKind::register_row, abi::lineage_of(ledger.chain(), "test.kit"),
                       abi::id8("rows"), text_item(key));
    return ledger.state().get(store_key).value();
}

}  // namespace

TEST_CASE("a refused call changes nothing but the nonce, and its receipt says why") {
    Ledger ledger;
    Script script = put_row("k", 1);
    script.refuse(256);
    const auto before = ledger.state().rows();
    const Receipt receipt = ledger.run(stranger(), script);
    CHECK(receipt.refusal == 256);
    CHECK(receipt.gas > 0);
    CHECK(receipt.events.empty());
    CHECK((ledger.state().rows() == before));
    CHECK(next_nonce(ledger.replay(), stranger().account).value() == 1);
}

TEST_CASE("a trap and running out of gas change nothing either") {
    Ledger ledger;
    const auto before = ledger.state().rows();
    Script script = put_row("k", 1);
    script.trap();
    CHECK(ledger.run(stranger(), script).refusal == code(Refusal::Trap));
    script = put_row("k", 1);
    script.spin();
    CallOptions options;
    options.gas_limit = 1'000'000;
    const Receipt receipt = ledger.run(stranger(), script, "run", options);
    CHECK(receipt.refusal == code(Refusal::OutOfGas));
    CHECK(receipt.gas == 1'000'000);
    options.gas_limit = 24'000;
    const Receipt poor = ledger.run(stranger(), put_row("k", 1), "run", options);
    CHECK(poor.refusal == code(Refusal::OutOfGas));
    CHECK(poor.gas == 24'000);
    CHECK((ledger.state().rows() == before));
}

TEST_CASE("what is not there or not for callers cannot be called") {
    Ledger ledger;
    const Bytes arguments = Script().as_arguments();
    CHECK(ledger.call(stranger(), "test.none", "run", arguments).refusal ==
          code(Refusal::UnknownModule));
    CHECK(ledger.call(stranger(), "test.kit", "nothing", arguments).refusal ==
          code(Refusal::UnknownEntry));
    CHECK(ledger.call(stranger(), "test.kit", "look", arguments).refusal ==
          code(Refusal::UnknownEntry));
    CHECK(ledger.call(stranger(), "test.kit", "on_n", arguments).refusal ==
          code(Refusal::UnknownEntry));
    CHECK(ledger.call(stranger(), "test.kit", "P.on_reply", arguments).refusal ==
          code(Refusal::UnknownEntry));
    CHECK(ledger.call(stranger(), "aqd.system", "nothing", arguments).refusal ==
          code(Refusal::UnknownEntry));
}

TEST_CASE("a transaction that may not be in a block leaves no trace") {
    Ledger ledger;
    const Bytes good = ledger.signed_by(stranger(), {call_of(put_row("k", 1))});
    CallOptions later;
    later.nonce = 5;
    CallOptions greedy;
    greedy.gas_limit = ledger.facts().rules.transaction_gas + 1;
    Transaction old = ledger.transaction(stranger(), {call_of(put_row("k", 1))});
    old.valid_until = 0;
    const std::vector<Bytes> bad{ledger.signed_by(stranger(), {call_of(put_row("k", 1))}, later),
                                 ledger.signed_by(stranger(), {call_of(put_row("k", 1))}, greedy),
                                 encode_signed(sign_transaction(old, stranger().secret))};
    const BlockOutput output = ledger.make(bad);
    for (std::size_t i = 0; i < bad.size(); ++i) {
        CHECK(output.inclusions[i] == Inclusion::rejected);
        CHECK(output.reasons[i].has_value());
    }
    CHECK(output.receipts.empty());
    CHECK(output.state.empty());
    CHECK(output.replay.empty());
    // The same transaction again: once only.
    const std::vector<Bytes> twice{good, good};
    const BlockOutput both = ledger.make(twice);
    CHECK(both.inclusions[0] == Inclusion::included);
    CHECK(both.inclusions[1] == Inclusion::rejected);
    const std::vector<Bytes> again{good};
    CHECK(ledger.make(again).inclusions[0] == Inclusion::rejected);
}

TEST_CASE("a block that carries a transaction it may not have is no block") {
    Ledger ledger;
    CallOptions later;
    later.nonce = 5;
    const std::vector<Admitted> admitted{
        admit(ledger.signed_by(stranger(), {call_of(Script())}, later), ledger.chain()).value()};
    const auto output = apply_block(ledger.facts(), ledger.engine(), ledger.state(),
                                    ledger.replay(), {1, ledger.time_ns() + 1, admitted, false});
    REQUIRE_FALSE(output.has_value());
    CHECK(output.error().code == ErrorCode::invalid);
}

TEST_CASE("an all-or-nothing bundle undoes its earlier calls") {
    Ledger ledger;
    CallOptions options;
    options.atomic = true;
    const std::vector<Call> calls{call_of(put_row("a", 1)), call_of(put_row("b", 2, 2)),
                                  call_of(put_row("c", 3))};
    const std::vector<Bytes> transactions{ledger.signed_by(stranger(), calls, options)};
    const auto before = ledger.state().rows();
    const BlockOutput output = ledger.make(transactions);
    REQUIRE(output.receipts.size() == 3);
    CHECK(output.receipts[0].refusal == code(Refusal::BundleFailed));
    CHECK(output.receipts[0].gas > 0);
    CHECK(output.receipts[1].refusal == code(Refusal::MissingKey));
    CHECK(output.receipts[2].refusal == code(Refusal::BundleFailed));
    CHECK(output.receipts[2].gas == 0);
    CHECK((ledger.state().rows() == before));
}

TEST_CASE("an all-or-nothing bundle undoes the deadlines that it made due") {
    Ledger ledger;
    Script fires = put_row("fired", 1);
    ledger.set_script("d1", fires);
    Script opens;
    opens.call("case_create", abi::id8("P"));
    opens.call("timer_arm_at", 0, 1, ledger.time_ns() / 1'000'000'000 - 5);
    store_case(opens, 0, 9);
    CallOptions options;
    options.atomic = true;
    Script fails;
    fails.refuse(256);
    const std::vector<Bytes> transactions{
        ledger.signed_by(stranger(), {call_of(opens, "P.open"), call_of(fails)}, options)};
    const auto before = ledger.state().rows();
    const BlockOutput output = ledger.make(transactions);
    REQUIRE(output.receipts.size() == 2);
    CHECK((ledger.state().rows() == before));
    // The same without the failing call: the deadline stands between.
    const std::vector<Bytes> alone{ledger.signed_by(
        stranger(), {call_of(opens, "P.open"), call_of(put_row("after", 1))}, options)};
    const BlockOutput good = ledger.make(alone);
    REQUIRE(good.receipts.size() == 3);
    CHECK(good.receipts[1].origin == Origin::deadline);
    CHECK(row_of(ledger, "fired").has_value());
}

TEST_CASE("the calls of other bundles stand for themselves") {
    Ledger ledger;
    const std::vector<Call> calls{call_of(put_row("a", 1)), call_of(put_row("b", 2, 2)),
                                  call_of(put_row("c", 3))};
    const std::vector<Bytes> transactions{ledger.signed_by(stranger(), calls)};
    const BlockOutput output = ledger.make(transactions);
    REQUIRE(output.receipts.size() == 3);
    CHECK(output.receipts[0].refusal == 0);
    CHECK(output.receipts[1].refusal == code(Refusal::MissingKey));
    CHECK(output.receipts[2].refusal == 0);
    CHECK((row_of(ledger, "a").value() == number_item(1)));
    CHECK((row_of(ledger, "c").value() == number_item(3)));
}

TEST_CASE("a bundle shares one gas limit") {
    Ledger ledger;
    Script spins;
    spins.spin();
    CallOptions options;
    options.gas_limit = 2'000'000;
    const std::vector<Call> calls{call_of(put_row("a", 1)), call_of(spins),
                                  call_of(put_row("c", 3))};
    const std::vector<Bytes> transactions{ledger.signed_by(stranger(), calls, options)};
    const BlockOutput output = ledger.make(transactions);
    REQUIRE(output.receipts.size() == 3);
    CHECK(output.receipts[0].refusal == 0);
    CHECK(output.receipts[1].refusal == code(Refusal::OutOfGas));
    CHECK(output.receipts[0].gas + output.receipts[1].gas == 2'000'000);
    CHECK(output.receipts[2].refusal == code(Refusal::OutOfGas));
    CHECK(output.receipts[2].gas == 0);
}

TEST_CASE("what a full block cannot take waits for the next one") {
    Genesis genesis = kit_genesis();
    genesis.rules.calls_per_block = 2;
    Ledger ledger(genesis);
    CallOptions second;
    second.nonce = 1;
    const std::vector<Bytes> transactions{
        ledger.signed_by(stranger(), {call_of(put_row("a", 1)), call_of(put_row("b", 1))}),
        ledger.signed_by(stranger(), {call_of(put_row("c", 1))}, second)};
    const BlockOutput output = ledger.make(transactions);
    CHECK(output.inclusions[0] == Inclusion::included);
    CHECK(output.inclusions[1] == Inclusion::later);
    const std::vector<Bytes> rest{transactions[1]};
    CHECK(ledger.make(rest).inclusions[0] == Inclusion::included);
}

TEST_CASE("a view sees the state and cannot write") {
    Ledger ledger;
    REQUIRE(ledger.run(stranger(), put_row("k", 77)).refusal == 0);
    Script reads;
    const auto key = reads.text("k");
    reads.call("register_get", 0, abi::id8("rows"), key.address, key.size, Script::scratch, 100)
        .return_last(Script::scratch);
    const auto report = ledger.look(reads);
    REQUIRE(report.has_value());
    CHECK(report->receipt.refusal == 0);
    CHECK((report->receipt.result.value() == number_item(77)));
    const auto writes = ledger.look(put_row("k", 78));
    REQUIRE(writes.has_value());
    CHECK(writes->receipt.refusal == code(Refusal::Trap));
    REQUIRE(writes->site.has_value());
    CHECK(writes->site->module == "test.kit");
    CHECK(writes->site->code_offset > 0);
    Script creates;
    creates.call("case_create", abi::id8("P"));
    CHECK(ledger.look(creates)->receipt.refusal == code(Refusal::Trap));
    const auto missing = run_view(ledger.facts(), ledger.engine(), ledger.state(), 1,
                                  ledger.time_ns(), {"test.kit", "run", {}, {}, {}});
    CHECK_FALSE(missing.has_value());
}

TEST_CASE("a dry run tells what would happen and does nothing") {
    Ledger ledger;
    const auto before = ledger.state().rows();
    const auto reports = dry_run(
        ledger.facts(), ledger.engine(), ledger.state(), 1, ledger.time_ns() + 1,
        ledger.transaction(stranger(), {call_of(put_row("k", 1)), call_of(put_row("z", 1, 2))}));
    REQUIRE(reports.has_value());
    REQUIRE(reports->size() == 2);
    CHECK((*reports)[0].receipt.refusal == 0);
    CHECK((*reports)[1].receipt.refusal == code(Refusal::MissingKey));
    CHECK((*reports)[1].site.has_value());
    CHECK((*reports)[1].writes.size() == 1);
    CHECK((ledger.state().rows() == before));
    const Receipt real = ledger.run(stranger(), put_row("k", 1));
    CHECK(real.refusal == 0);
}

TEST_CASE("the same block gives the same output every time") {
    Ledger ledger;
    Script script = put_row("k", 1);
    script.call("case_create", abi::id8("P"));
    store_case(script, 0, 5);
    const std::vector<Admitted> admitted{
        admit(ledger.signed_by(stranger(), {call_of(script, "P.open")}), ledger.chain()).value()};
    const BlockInput input{1, ledger.time_ns() + 1, admitted, false};
    const auto one =
        apply_block(ledger.facts(), ledger.engine(), ledger.state(), ledger.replay(), input);
    const auto two =
        apply_block(ledger.facts(), ledger.engine(), ledger.state(), ledger.replay(), input);
    REQUIRE(one.has_value());
    REQUIRE(two.has_value());
    CHECK((one->state == two->state));
    CHECK((one->replay == two->replay));
    CHECK((one->receipts == two->receipts));
}

#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/ledger/block.h>
#include <aqd/ledger/genesis.h>
#include <aqd/ledger/receipt.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;

namespace {

Receipt sample_receipt() {
    Receipt receipt;
    receipt.transaction = Hash256::from(Bytes(32, 9));
    receipt.call_index = 2;
    receipt.caller = stranger().account;
    receipt.module = "test.kit";
    receipt.version = 1;
    receipt.entry = "run";
    receipt.case_id = abi::CaseId::from(Bytes(20, 4));
    receipt.effective = -3;
    receipt.gas = 1234;
    receipt.result = Bytes{0x01};
    receipt.events.push_back({system::EventKind::settled, receipt.case_id, {0x81, 0x05}});
    return receipt;
}

template <class Decode>
void check_strict(const Bytes& good, Decode decode) {
    REQUIRE(decode(good).has_value());
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_FALSE(decode(BytesView(good).first(size)).has_value());
    }
    Bytes longer = good;
    longer.push_back(0xF6);
    CHECK_FALSE(decode(longer).has_value());
}

}  // namespace

TEST_CASE("receipts are read strictly and come back as they were") {
    const Bytes good = encode_receipt(sample_receipt());
    check_strict(good, [](BytesView bytes) { return decode_receipt(bytes); });
    CHECK((decode_receipt(good).value() == sample_receipt()));
}

TEST_CASE("an event of an unknown kind is not understood") {
    const system::Event event{static_cast<system::EventKind>(9999), std::nullopt, {0x80}};
    const auto decoded = system::decode_event(system::encode_event(event));
    REQUIRE_FALSE(decoded.has_value());
    CHECK(decoded.error().code == ErrorCode::unsupported);
}

TEST_CASE("a block whose transactions are not those of its header is refused") {
    Block block;
    block.header.height = 1;
    block.header.chain = Hash256::from(Bytes(32, 1));
    block.header.previous = Hash256::from(Bytes(32, 2));
    block.transactions = {{1, 2, 3}, {4}};
    CHECK_FALSE(decode_block(encode_block(block)).has_value());
    block.header.transactions_root = transactions_root(block.transactions);
    block.signatures = {proof::sign_header(block.header, block_actor().secret)};
    check_strict(encode_block(block), [](BytesView bytes) { return decode_block(bytes); });
    CHECK((decode_block(encode_block(block)).value() == block));
    std::swap(block.transactions[0], block.transactions[1]);
    CHECK_FALSE(decode_block(encode_block(block)).has_value());
}

TEST_CASE("a genesis is read strictly and comes back as it was") {
    Genesis genesis = kit_genesis();
    genesis.modules.clear();
    genesis.offsets = {{0, 3600}};
    genesis.rows = {{"test.kit", "rows", text_item("k"), number_item(1)}};
    genesis.mandates.push_back(
        {"test.kit.Supplier", stranger().account, {}, {}, abi::Person::from(Bytes(32, 5)), 3, 9});
    const Bytes good = encode_genesis(genesis);
    check_strict(good, [](BytesView bytes) { return decode_genesis(bytes); });
    CHECK((decode_genesis(good).value() == genesis));
}

TEST_CASE("a genesis that breaks a rule is refused") {
    const auto refused = [](const std::function<void(Genesis&)>& change) {
        Genesis genesis = kit_genesis();
        genesis.modules.clear();
        change(genesis);
        return !decode_genesis(encode_genesis(genesis)).has_value();
    };
    CHECK_FALSE(refused([](Genesis&) {}));
    CHECK(refused([](Genesis& genesis) { genesis.name.clear(); }));
    CHECK(refused([](Genesis& genesis) { genesis.header_keys.clear(); }));
    CHECK(refused(
        [](Genesis& genesis) { genesis.header_keys.push_back(genesis.header_keys.front()); }));
    CHECK(refused([](Genesis& genesis) { genesis.header_keys = {crypto::PublicKey()}; }));
    CHECK(refused([](Genesis& genesis) { genesis.calendars[0].closed_weekdays = 0x7F; }));
    CHECK(refused([](Genesis& genesis) { genesis.bodies[0].authority = "Commune"; }));
    CHECK(refused([](Genesis& genesis) { genesis.bodies[0].keys = number_item(1); }));
    CHECK(refused([](Genesis& genesis) { genesis.rules.timers_per_block = 0; }));
    CHECK(refused(
        [](Genesis& genesis) { genesis.rules.transaction_gas = genesis.rules.block_gas + 1; }));
}

TEST_CASE("a state that a genesis cannot make is refused") {
    const auto refused = [](const std::function<void(Genesis&)>& change) {
        Genesis genesis = kit_genesis();
        change(genesis);
        const auto engine = engine_for(genesis);
        REQUIRE(engine.has_value());
        return !apply_genesis(genesis, **engine).has_value();
    };
    CHECK_FALSE(refused([](Genesis&) {}));
    CHECK(refused([](Genesis& genesis) { genesis.bodies.push_back(genesis.bodies.front()); }));
    CHECK(refused(
        [](Genesis& genesis) { genesis.mandates[0].keys = array_of({text_item("nowhere")}); }));
    CHECK(refused([](Genesis& genesis) { genesis.calendars[0].holidays = {20'000, 20'000}; }));
    CHECK(refused([](Genesis& genesis) { genesis.modules[0].wasm = {1, 2, 3}; }));
    CHECK(refused([](Genesis& genesis) { genesis.modules.push_back(genesis.modules.front()); }));
    CHECK(refused([](Genesis& genesis) {
        genesis.rows = {{"test.kit", "nothing", number_item(1), number_item(1)}};
    }));
    CHECK(refused([](Genesis& genesis) {
        genesis.rows = {{"test.none", "rows", number_item(1), number_item(1)}};
    }));
    CHECK(refused([](Genesis& genesis) { genesis.offsets = {{0, 0}, {0, 3600}}; }));
}

TEST_CASE("chains with different genesis have different names") {
    Genesis genesis = kit_genesis();
    const Hash256 one = chain_id(genesis);
    genesis.time_ns += 1;
    CHECK((chain_id(genesis) != one));
}

#include "tests/vm/ledger/kit/ledger.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

// Arguments of host functions that no compiler would write. Each ends the call with a refusal; none
// stops the node, and `apply_block` succeeds.

namespace {

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;

constexpr auto code(abi::Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

Script sending(const Ledger& ledger) {
    Script script;
    script.call("case_create", abi::id8("P"));
    const Script::Region fields = script.data(array_of({}));
    const Script::Region list = script.data(array_of({commune(ledger.chain(), "anfa")}));
    script.call("notice_send", 0, abi::id8("N"), fields.address, fields.size, list.address,
                list.size, -1);
    store_case(script, 0, 1);
    return script;
}

/// The kit with a memory of 400 pages instead of 2.
Bytes large_kit() {
    const Bytes kit = kit_module();
    const Bytes small{5, 3, 1, 0, 2};
    const Bytes large{5, 4, 1, 0, 0x90, 3};
    const auto found = std::ranges::search(kit, small);
    REQUIRE(!found.empty());
    Bytes module(kit.begin(), found.begin());
    append(module, large);
    module.insert(module.end(), found.end(), kit.end());
    return module;
}

}  // namespace

TEST_CASE("a signing date before the years of the language is no transaction") {
    const Ledger ledger;
    for (const std::int32_t day :
         {std::numeric_limits<std::int32_t>::min(), calendar::min_day - 1, calendar::max_day + 1}) {
        CallOptions options;
        options.signed_on = day;
        const Bytes bytes = ledger.signed_by(
            stranger(), {{"test.kit", "P.open", {}, Script().as_arguments(), {}}}, options);
        CHECK(!admit(bytes, ledger.chain()).has_value());
    }
}

TEST_CASE("a contract that takes any signing date still counts from a day") {
    Ledger ledger;
    Script script;
    script.call("backdate", -1);
    const Script rest = sending(ledger);
    CallOptions options;
    options.signed_on = calendar::min_day;
    Script both;
    both.call("backdate", -1).call("case_create", abi::id8("P"));
    const Script::Region fields = both.data(array_of({}));
    const Script::Region list = both.data(array_of({commune(ledger.chain(), "anfa")}));
    both.call("notice_send", 0, abi::id8("N"), fields.address, fields.size, list.address, list.size,
              -1);
    store_case(both, 0, 1);
    const Receipt receipt = ledger.run(stranger(), both, "P.open", options);
    CHECK(receipt.refusal == 0);
    CHECK(receipt.effective == calendar::min_day);
    ledger.make();
}

TEST_CASE("an instant outside the years of the language arms no deadline") {
    Ledger ledger;
    const abi::CaseId id = ledger.open_case(1);
    Script handler;
    load_case(handler);
    handler.call("timer_arm", 1, ledger.today(), std::numeric_limits<std::int64_t>::max(), 3, 0,
                 -1);
    store_case(handler, 0, 1);
    ledger.set_script("d1", handler);
    for (const std::int64_t instant :
         {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
          std::int64_t{-1} << 40, std::int64_t{1} << 40}) {
        Script script;
        load_case(script);
        script.call("timer_arm_at", 0, 1, instant);
        store_case(script, 0, 1);
        CHECK(ledger.step(id, script).refusal == code(abi::Refusal::BadDate));
    }
}

TEST_CASE("what no register row may hold is refused, not a fault of the node") {
    Ledger ledger;
    const auto put = [&](BytesView key, BytesView value) {
        Script script;
        const Script::Region k = script.data(key);
        const Script::Region v = script.data(value);
        script.call("register_put", abi::id8("rows"), k.address, k.size, v.address, v.size, 0);
        return ledger.run(stranger(), script).refusal;
    };
    CHECK(put(bytes_item(Bytes(600)), number_item(1)) == code(abi::Refusal::TooLong));
    CHECK(put(Bytes{}, number_item(1)) == code(abi::Refusal::Trap));
    CHECK(put(Bytes{0x18, 0x01}, number_item(1)) == code(abi::Refusal::Trap));
    CHECK(put(number_item(1), Bytes{0x9f, 0xff}) == code(abi::Refusal::Trap));
    CHECK(put(number_item(1), Bytes{0x01, 0x01}) == code(abi::Refusal::Trap));
    CHECK(put(number_item(1), number_item(1)) == 0);
}

TEST_CASE("what is too large for any state is refused where memories are large") {
    Genesis genesis = kit_genesis();
    genesis.rules.memory_pages = 400;
    genesis.rules.transaction_gas = 2'000'000'000;
    genesis.modules.front().wasm = large_kit();
    Ledger ledger(genesis);
    Script script;
    const Script::Region key = script.text("k");
    // The head of a byte string of 20 million octets, at the end of what scripts use.
    script.call("register_put", abi::id8("rows"), key.address, key.size, 1 << 20, 20'000'005, 0);
    CallOptions options;
    options.gas_limit = 2'000'000'000;
    CHECK(ledger.run(stranger(), script, "run", options).refusal == code(abi::Refusal::TooLong));
}

TEST_CASE("absurd pointers and lengths trap and leave nothing") {
    Ledger ledger;
    const std::size_t before = ledger.state().size();
    const std::int64_t end = 2 * 65'536;
    for (const auto& [address, size] :
         {std::pair<std::int64_t, std::int64_t>{end, 1},
          {end - 1, 2},
          {-1, 1},
          {-1, -1},
          {0, -1},
          {4'096, std::numeric_limits<std::int32_t>::min()},
          {std::numeric_limits<std::int32_t>::max(), std::numeric_limits<std::int32_t>::max()}}) {
        for (const char* function : {"register_put", "register_remove"}) {
            Script script;
            script.call(function, abi::id8("rows"), address, size, address, size, 0);
            CHECK(ledger.run(stranger(), script).refusal == code(abi::Refusal::Trap));
        }
        for (const char* function : {"return_value", "any_body_exists", "sha256", "notify"}) {
            Script script;
            script.call(function, address, size, address, size);
            CHECK(ledger.run(stranger(), script).refusal == code(abi::Refusal::Trap));
        }
    }
    CHECK(ledger.state().size() == before);
}

TEST_CASE("keys longer than any row find nothing") {
    Ledger ledger;
    Script script;
    script.call("register_has", 0, abi::id8("rows"), 0, 60'000).expect(0);
    script.call("register_get", 0, abi::id8("rows"), 0, 60'000, 0, 0).expect(-1);
    script.call("body_exists", 0, abi::id8("Commune"), 0, 60'000).expect(0);
    script.call("body_attributes", 0, abi::id8("Commune"), 0, 60'000, 0, 0).expect(-1);
    script.call("any_body_exists", 0, 60'000).expect(0);
    script.call("caller_has_role", 0, abi::id8("Officer"), 0, 60'000).expect(0);
    CHECK(ledger.run(stranger(), script).refusal == 0);
}

TEST_CASE("modules, names and deadlines that the manifest does not have") {
    Ledger ledger;
    const abi::CaseId id = ledger.open_case(1);
    const auto refused = [&](const std::function<void(Script&)>& act) {
        Script script;
        load_case(script);
        act(script);
        return ledger.step(id, script).refusal != 0;
    };
    CHECK(refused([](Script& s) { s.call("register_get", 99, abi::id8("rows"), 0, 1, 0, 0); }));
    CHECK(refused([](Script& s) { s.call("register_get", -1, abi::id8("rows"), 0, 1, 0, 0); }));
    CHECK(refused([](Script& s) { s.call("register_put", 42, 0, 1, 0, 1, 0); }));
    CHECK(refused([](Script& s) { s.call("timer_arm", 2, first_day, 1, 0, 0, -1); }));
    CHECK(refused([](Script& s) { s.call("timer_arm", -1, first_day, 1, 0, 0, -1); }));
    CHECK(refused([](Script& s) { s.call("timer_arm", 0, first_day, -1, 0, 0, -1); }));
    CHECK(refused([](Script& s) { s.call("timer_arm", 0, first_day, 1, 5, 0, -1); }));
    CHECK(refused([](Script& s) { s.call("timer_arm", 0, first_day, 1, 0, 16, -1); }));
    CHECK(refused([](Script& s) { s.call("timer_arm", 0, first_day, 1, 0, 0, 99); }));
    CHECK(refused([](Script& s) {
        s.call("timer_arm", 0, std::numeric_limits<std::int32_t>::min(), 1, 0, 0, -1);
    }));
    CHECK(refused([](Script& s) { s.call("timer_disarm", 2); }));
    CHECK(refused([](Script& s) { s.call("case_store", 3, 0, 0, 0, 0, 0); }));
    CHECK(refused([](Script& s) { s.call("refuse", 70'000); }));
    CHECK(refused([](Script& s) { s.call("refuse", 258); }));
    CHECK(refused([](Script& s) { s.call("refuse", 0); }));
}

TEST_CASE("nothing of a case can be had without one") {
    Ledger ledger;
    for (const char* function :
         {"case_id", "case_state", "case_opened", "case_data", "case_store", "timer_disarm",
          "receipt_to", "breach", "accessed", "notice_recipients", "answer"}) {
        Script script;
        script.call(function, 0, 0, 0, 0, 0, 0);
        INFO(function);
        CHECK(ledger.run(stranger(), script).refusal != 0);
    }
}

TEST_CASE("a case that is created and not stored leaves no timer, notice or event") {
    Ledger ledger;
    const std::size_t before = ledger.state().size();
    Script script;
    script.call("case_create", abi::id8("P"));
    script.call("timer_arm", 0, first_day, 1, 0, 0, -1);
    const Receipt receipt = ledger.run(stranger(), script, "P.open");
    CHECK(receipt.refusal == code(abi::Refusal::Trap));
    CHECK(receipt.events.empty());
    CHECK(ledger.state().size() == before);
}

TEST_CASE("a case that was created cannot be let go for another") {
    Ledger ledger;
    ledger.open_case(7);
    Script script;
    script.call("case_create", abi::id8("P"));
    const Script::Region unique = script.data(number_item(7));
    script.call("case_join", abi::id8("P"), unique.address, unique.size);
    const Receipt receipt = ledger.run(stranger(), script, "P.open");
    CHECK(receipt.refusal == code(abi::Refusal::Trap));
}

TEST_CASE("a deadline opens no case") {
    Ledger ledger;
    const abi::CaseId id =
        ledger.open_case(1, [](Script& script) { script.call("timer_arm_at", 0, 0, first_day); });
    Script handler;
    handler.call("case_create", abi::id8("P"));
    store_case(handler, 0, 2);
    ledger.set_script("d1", handler);
    ledger.go_to(first_day + 1);
    const BlockOutput output = ledger.make();
    REQUIRE(output.receipts.size() == 1);
    CHECK(output.receipts[0].refusal == code(abi::Refusal::Trap));
    CHECK(ledger.case_row(id).faulted);
}

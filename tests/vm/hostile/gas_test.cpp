#include "tests/vm/ledger/kit/ledger.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/system/questions.h>
#include <aqd/system/terms.h>

#include <catch2/catch.hpp>

// What a hostile contract can make the machine do is paid for: gas grows with the work, whatever
// the size of the request.

namespace {

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;

std::uint64_t gas_of(Ledger& ledger, const Script& script, std::string entry = "run") {
    const Receipt receipt = ledger.run(stranger(), script, std::move(entry));
    INFO("refusal " << receipt.refusal);
    REQUIRE(receipt.refusal == 0);
    return receipt.gas;
}

/// A kit whose notice N has no bound on its recipients.
Genesis unbounded_genesis() {
    Genesis genesis = kit_genesis();
    abi::Manifest manifest = kit_manifest({});
    manifest.notices.front().most_recipients = 0;
    genesis.modules.front().wasm = kit_module(manifest);
    return genesis;
}

Bytes case_list(std::uint32_t count) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        Bytes id(20);
        id[0] = static_cast<std::uint8_t>(i);
        id[1] = static_cast<std::uint8_t>(i >> 8);
        writer.write_bytes(id);
    }
    return out;
}

Script sending_to(std::uint32_t count, std::size_t field_size) {
    Script script;
    script.call("case_create", abi::id8("P"));
    const Bytes fields = array_of({bytes_item(Bytes(field_size))});
    const Script::Region about = script.data(fields);
    const Script::Region list = script.data(case_list(count));
    script.call("notice_send", 0, abi::id8("N"), about.address, about.size, list.address, list.size,
                -1);
    store_case(script, 0, 1);
    return script;
}

}  // namespace

TEST_CASE("counting workdays over millennia costs by the day") {
    Ledger ledger;
    const auto due = [&](std::int64_t amount) {
        Script script;
        script.call("due", first_day, amount, 1, 0, 1);
        return gas_of(ledger, script);
    };
    const std::uint64_t few = due(10);
    const std::uint64_t many = due(1'000'000);
    CHECK(many - few >= 1'000'000);
    // Beyond the last day there is nothing to count.
    CHECK(due(std::int64_t{1} << 60) < 10'000'000);
}

TEST_CASE("counting civil days does not walk them") {
    Ledger ledger;
    const auto due = [&](std::int64_t amount) {
        Script script;
        script.call("due", first_day, amount, 0, 0, -1);
        return gas_of(ledger, script);
    };
    CHECK(due(10) == due(1'000'000));
}

TEST_CASE("a notice is paid for by recipient, with what each of them keeps of it") {
    const auto cost = [](std::uint32_t recipients, std::size_t size) {
        Ledger ledger(unbounded_genesis());
        return gas_of(ledger, sending_to(recipients, size), "P.open");
    };
    const std::uint64_t one = cost(1, 2'000);
    const std::uint64_t hundred = cost(100, 2'000);
    CHECK((hundred - one) / 99 >= 2'000 * 4);
}

TEST_CASE("asking again for the recipients of notices is paid for by the row") {
    const auto cost = [](std::uint32_t recipients) {
        Ledger ledger(unbounded_genesis());
        Script script = sending_to(recipients, 100);
        const std::uint64_t before = gas_of(ledger, script, "P.open");
        Ledger again(unbounded_genesis());
        script.call("notice_recipients", 0, abi::id8("N"), Script::scratch, 0);
        return gas_of(again, script, "P.open") - before;
    };
    CHECK(cost(200) >= cost(1) + 199 * 200);
}

TEST_CASE("looking at a large row costs by its size, however little of it is taken") {
    Ledger ledger;
    const Bytes key = text_item("k");
    ledger.put(abi::store_key(abi::KeyKind::register_row,
                              abi::lineage_of(ledger.chain(), "test.kit"), abi::id8("rows"), key),
               bytes_item(Bytes(500'000)));
    const auto cost = [&](std::string_view function) {
        Script script;
        const Script::Region at = script.data(key);
        script.call(function, 0, abi::id8("rows"), at.address, at.size, Script::scratch, 0);
        return gas_of(ledger, script);
    };
    CHECK(cost("register_get") >= 500'000);
    CHECK(cost("register_has") >= 500'000);
}

TEST_CASE("making a large case current costs by its size") {
    Ledger ledger;
    const abi::CaseId id = ledger.open_case(1);
    const auto cost = [&] {
        Script script;
        const Script::Region unique = script.data(number_item(1));
        script.call("case_join", abi::id8("P"), unique.address, unique.size).expect(1);
        return gas_of(ledger, script);
    };
    const std::uint64_t small = cost();
    system::CaseRow row = ledger.case_row(id);
    row.data = bytes_item(Bytes(500'000));
    Bytes key{static_cast<std::uint8_t>(abi::KeyKind::case_row)};
    append(key, id.view());
    ledger.put(key, system::encode_case(row));
    CHECK(cost() - small >= 499'000);
}

TEST_CASE("a fresh instance costs by its memory and its segments") {
    const auto start_gas = [](const std::string& fields) {
        abi::Manifest manifest;
        manifest.path = "test.small";
        manifest.version = 1;
        manifest.modules = {{"test.small", {}}};
        const Bytes content = abi::encode_manifest(manifest);
        Bytes module = test::wat("(module " + fields + ")");
        const auto size = abi::manifest_section.size() + 1 + content.size();
        REQUIRE(size < 128);
        module.push_back(0);
        module.push_back(static_cast<std::uint8_t>(size));
        module.push_back(static_cast<std::uint8_t>(abi::manifest_section.size()));
        append(module, as_bytes(abi::manifest_section));
        append(module, content);
        const auto engine = *engine::Engine::create({});
        return (*engine->compile(module))->start_gas();
    };
    CHECK(start_gas(R"((memory (export "memory") 1))") == 0);
    CHECK(start_gas(R"((memory (export "memory") 16))") >= 15 * 8'000);
    CHECK(start_gas(R"((memory (export "memory") 1) (table 10000 funcref))") >= 10'000);
    CHECK(start_gas(R"((memory (export "memory") 1) (data (i32.const 0) ")" +
                    std::string(16'000, 'a') + "\")") >= 2'000);
}

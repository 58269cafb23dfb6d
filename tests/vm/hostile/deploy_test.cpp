#include "tests/custom_section.h"
#include "tests/vm/ledger/kit/ledger.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/crypto/sha256.h>
#include <aqd/system/bodies.h>
#include <aqd/system/modules.h>

#include <catch2/catch.hpp>

// Modules that lie about themselves, and people who may not deploy them.

namespace {

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;
using aqd::testing::append_custom_section;

constexpr auto code(abi::Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

std::uint16_t deploy(Ledger& ledger, const Actor& actor, const Bytes& wasm) {
    CallOptions options;
    options.gas_limit = 200'000'000;
    return ledger.call(actor, "aqd.system", "deploy", array_of({bytes_item(wasm)}), options)
        .refusal;
}

abi::Manifest small_manifest() {
    abi::Manifest manifest;
    manifest.path = "test.small";
    manifest.version = 1;
    manifest.modules = {{"test.small", {}}};
    abi::Entry entry;
    entry.name = "run";
    entry.exported = "run";
    manifest.entries = {entry};
    return manifest;
}

Bytes small_module(std::string_view text, const abi::Manifest& manifest = small_manifest()) {
    Bytes module = test::wat(text);
    append_custom_section(module, abi::manifest_section, abi::encode_manifest(manifest));
    return module;
}

constexpr std::string_view good =
    R"((module (memory (export "memory") 1) (func (export "run") (param i32))))";

/// The next version of the office, which serves communes in version 1.
KitOptions office(std::uint32_t version) {
    KitOptions options;
    options.path = "test.office";
    options.version = version;
    options.from = first_day;
    return options;
}

}  // namespace

TEST_CASE("a module whose wasm is not what its manifest says is refused") {
    Ledger ledger;
    const auto refused = [&](std::string_view text) {
        return deploy(ledger, operator_actor(), small_module(text)) ==
               code(abi::Refusal::BadModule);
    };
    CHECK(refused(R"((module (func (export "run") (param i32))))"));
    CHECK(refused(R"((module (memory 1) (func (export "run") (param i32))))"));
    CHECK(refused(R"((module (memory (export "memory") 1) (func (param i32))))"));
    CHECK(refused(R"((module (memory (export "memory") 1) (func (export "run"))))"));
    CHECK(refused(R"((module (memory (export "memory") 1) (func (export "run") (param i64))))"));
    CHECK(refused(R"((module (memory (export "memory") 17) (func (export "run") (param i32))))"));
    CHECK(refused(R"((module (import "aqd" "nothing" (func)) (memory (export "memory") 1)
                      (func (export "run") (param i32))))"));
    CHECK(refused(R"((module (import "env" "now" (func (result i64))) (memory (export "memory") 1)
                      (func (export "run") (param i32))))"));
    CHECK(refused(R"((module (import "aqd" "now" (func (result i32))) (memory (export "memory") 1)
                      (func (export "run") (param i32))))"));
    CHECK(refused(R"((module (import "aqd" "memory" (memory 1)) (export "memory" (memory 0))
                      (func (export "run") (param i32))))"));
    CHECK(deploy(ledger, operator_actor(), small_module(good)) == 0);
}

TEST_CASE("a module with two manifests, or one that contradicts itself, is refused") {
    Ledger ledger;
    const auto refused = [&](const Bytes& module) {
        return deploy(ledger, operator_actor(), module) == code(abi::Refusal::BadModule);
    };
    Bytes twice = small_module(good);
    append_custom_section(twice, abi::manifest_section, abi::encode_manifest(small_manifest()));
    CHECK(refused(twice));
    CHECK(refused(test::wat(good)));
    const auto changed = [&](const std::function<void(abi::Manifest&)>& change) {
        abi::Manifest manifest = small_manifest();
        change(manifest);
        return refused(small_module(good, manifest));
    };
    CHECK(changed([](abi::Manifest& m) { m.modules.clear(); }));
    CHECK(changed([](abi::Manifest& m) { m.modules = {{"test.kit", {}}, {"test.small", {}}}; }));
    CHECK(changed([](abi::Manifest& m) { m.entries.push_back(m.entries[0]); }));
    CHECK(changed([](abi::Manifest& m) { m.entries[0].procedure = "P"; }));
    CHECK(changed([](abi::Manifest& m) { m.abi = 2; }));
    const auto crowd = [](abi::Manifest& m) {
        for (int i = 0; i < 1'000; ++i) {
            m.entries.push_back(m.entries[0]);
            m.entries.back().name = "e" + std::to_string(i);
        }
    };
    CHECK(changed(crowd));
    for (const char* path : {"", "aqd.system", "aqd.x", ".", "a.", ".a", "a..b", "a b",
                             "civil.d\u0435ath", "a\x1b[2Jb", "a\n"}) {
        CHECK(changed([&](abi::Manifest& m) {
            m.path = path;
            m.modules = {{path, {}}};
        }));
    }
}

TEST_CASE("a line table that lies harms nobody") {
    Ledger ledger;
    Bytes nonsense = small_module(good);
    append_custom_section(nonsense, abi::lines_section, Bytes{0x82, 0x80});
    CHECK(deploy(ledger, operator_actor(), nonsense) == code(abi::Refusal::BadModule));
    abi::LineTable lines;
    lines.files = {"../../etc/passwd"};
    lines.rows = {{0, 0, 0, 0}, {0xffff'fffe, 0, 0xffff'ffff, 0xffff'ffff}};
    Bytes module = small_module(
        R"((module (memory (export "memory") 1) (func (export "run") (param i32) unreachable)))");
    append_custom_section(module, abi::lines_section, abi::encode_lines(lines));
    REQUIRE(deploy(ledger, operator_actor(), module) == 0);
    CHECK(ledger.call(stranger(), "test.small", "run", Bytes{0x80}).refusal ==
          code(abi::Refusal::Trap));
}

TEST_CASE("what happens before an entry is part of its call") {
    const auto outcome = [](std::string_view text) {
        Ledger ledger;
        REQUIRE(deploy(ledger, operator_actor(), small_module(text)) == 0);
        CallOptions options;
        options.gas_limit = 1'000'000;
        const Receipt receipt = ledger.call(stranger(), "test.small", "run", Bytes{0x80}, options);
        CHECK(receipt.gas <= options.gas_limit);
        return receipt.refusal;
    };
    CHECK(outcome(R"((module (memory (export "memory") 1) (func $s (loop br 0)) (start $s)
                      (func (export "run") (param i32))))") == code(abi::Refusal::OutOfGas));
    CHECK(outcome(R"((module (memory (export "memory") 1) (func $s unreachable) (start $s)
                      (func (export "run") (param i32))))") == code(abi::Refusal::Trap));
    CHECK(outcome(R"((module (import "aqd" "refuse" (func $r (param i32)))
                      (memory (export "memory") 1) (func $s i32.const 25 call $r) (start $s)
                      (func (export "run") (param i32))))") == code(abi::Refusal::Failed));
    CHECK(outcome(R"((module (memory (export "memory") 1) (data (i32.const 65535) "ab")
                      (func (export "run") (param i32))))") == code(abi::Refusal::Trap));
    CHECK(outcome(R"((module (memory (export "memory") 1) (table 1 funcref)
                      (elem (i32.const 1) $f) (func $f (export "run") (param i32))))") ==
          code(abi::Refusal::Trap));
    CHECK(outcome(R"((module (memory (export "memory") 1)
                      (func $f (export "run") (param i32) local.get 0 call $f)))") ==
          code(abi::Refusal::StackExhausted));
}

TEST_CASE("memory, globals and tables are new in every call") {
    Ledger ledger;
    REQUIRE(deploy(ledger, operator_actor(), small_module(R"((module
        (import "aqd" "refuse" (func $r (param i32)))
        (memory (export "memory") 1) (global $g (mut i32) (i32.const 0)) (table 2 funcref)
        (func $f (export "run") (param i32)
          (if (global.get $g) (then i32.const 25 call $r))
          (if (i32.load (i32.const 65532)) (then i32.const 25 call $r))
          (if (i32.ne (memory.size) (i32.const 1)) (then i32.const 25 call $r))
          (global.set $g (i32.const 1))
          (i32.store (i32.const 65532) (i32.const 1))
          (drop (memory.grow (i32.const 3)))
          (i32.store (i32.const 200000) (i32.const 1))
        )))")) == 0);
    for (int i = 0; i < 3; ++i) {
        CHECK(ledger.call(stranger(), "test.small", "run", Bytes{0x80}).refusal == 0);
    }
}

TEST_CASE("who may not deploy makes the node keep nothing") {
    Ledger ledger;
    const Bytes module = small_module(good);
    CHECK(deploy(ledger, stranger(), module) == code(abi::Refusal::NotOwner));
    CHECK(ledger.engine().find(crypto::sha256(module)) == nullptr);
}

TEST_CASE("an engine keeps as much as it was told to and compiles the rest again") {
    const Ledger ledger;
    engine::Options options;
    options.chain = ledger.chain();
    options.kept_octets = 3 * kit_module().size();
    const auto engine = *engine::Engine::create(options);
    std::vector<Hash256> hashes;
    for (std::uint32_t version = 1; version <= 6; ++version) {
        KitOptions kit;
        kit.version = version;
        const Bytes module = kit_module(kit);
        hashes.push_back((*engine->compile(module))->hash());
        REQUIRE(engine->find(hashes.front()) != nullptr);
    }
    // The first was asked for all the time, the second long ago.
    CHECK(engine->find(hashes[0]) != nullptr);
    CHECK(engine->find(hashes[1]) == nullptr);
    CHECK(engine->find(hashes[5]) != nullptr);
}

TEST_CASE("an owner cannot make a module serve bodies that it did not serve") {
    Genesis genesis = kit_genesis();
    KitOptions other;
    other.path = "test.other";
    genesis.modules.push_back({kit_module(other), stranger().account});
    Ledger ledger(genesis);
    other.version = 2;
    other.from = first_day;
    other.serves = "test.kit.Commune";
    CHECK(deploy(ledger, stranger(), kit_module(other)) == code(abi::Refusal::NotOwner));
    CHECK(deploy(ledger, operator_actor(), kit_module(other)) == 0);
    other.version = 3;
    CHECK(deploy(ledger, stranger(), kit_module(other)) == 0);
}

TEST_CASE("a module that no longer serves a body hears nothing of it") {
    Ledger ledger;
    REQUIRE(deploy(ledger, operator_actor(), kit_module(office(2))) == 0);
    ledger.open_case(1, [&](Script& script) {
        const Script::Region fields = script.data(array_of({}));
        const Script::Region list = script.data(array_of({commune(ledger.chain(), "anfa")}));
        script.call("notice_send", 0, abi::id8("N"), fields.address, fields.size, list.address,
                    list.size, -1);
    });
    CHECK(ledger.make().receipts.empty());
}

TEST_CASE("versions go up, and only ahead") {
    Ledger ledger;
    const auto version = [&](std::uint32_t number, std::int32_t from) {
        KitOptions options;
        options.version = number;
        options.from = from;
        return deploy(ledger, operator_actor(), kit_module(options));
    };
    constexpr auto bad = code(abi::Refusal::BadModule);
    CHECK(version(1, first_day) == bad);
    CHECK(version(0, first_day) == bad);
    CHECK(version(2, first_day - 1) == bad);
    CHECK(version(2, first_day + 10) == 0);
    CHECK(version(2, first_day + 10) == bad);
    CHECK(version(3, first_day + 9) == bad);
    CHECK(version(UINT32_MAX, first_day + 10) == 0);
    CHECK(version(UINT32_MAX, first_day + 11) == bad);
}

TEST_CASE("a signing date brings back no version that does not take it") {
    Genesis genesis = kit_genesis();
    KitOptions first;
    first.backdated_days = 0;
    genesis.modules.front().wasm = kit_module(first);
    Ledger ledger(genesis);
    KitOptions second;
    second.version = 2;
    second.from = first_day + 2;
    REQUIRE(deploy(ledger, operator_actor(), kit_module(second)) == 0);
    ledger.go_to(first_day + 3);
    Script script;
    script.call("case_create", abi::id8("P"));
    store_case(script, 0, 1);
    CallOptions options;
    options.signed_on = first_day + 1;
    const Receipt receipt = ledger.run(stranger(), script, "P.open", options);
    REQUIRE(receipt.refusal == 0);
    CHECK(receipt.version == 2);
}

TEST_CASE("an assertion for one call of a bundle is none for another") {
    Ledger ledger;
    Script script;
    script.call("caller_has_role", 0, abi::id8("Citizen"), 0, 0).expect(1);
    const Call call{"test.kit", "run", {}, script.as_arguments(), {}};
    Transaction transaction = ledger.transaction(stranger(), {call, call});
    Assertion assertion;
    assertion.body =
        system::join_body(*system::tag_of(ledger.chain(), "test.kit.Dgsn"), array_of({}));
    assertion.subject = abi::Person::from(Bytes(32, 8));
    assertion.level = 2;
    assertion.time = ledger.time_ns() / 1'000'000'000;
    const Hash256 audience =
        audience_of(ledger.chain(), abi::lineage_of(ledger.chain(), "test.kit"), "run",
                    bare_digest(transaction), transaction.nonce, 0);
    assertion.signature = crypto::sign(dgsn().secret, assertion_digest(audience, assertion));
    transaction.calls[0].assertion = assertion;
    transaction.calls[1].assertion = assertion;
    const std::vector<Bytes> wish{encode_signed(sign_transaction(transaction, stranger().secret))};
    const BlockOutput output = ledger.make(wish);
    REQUIRE(output.receipts.size() == 2);
    CHECK(output.receipts[0].refusal == 0);
    CHECK(output.receipts[1].refusal == code(abi::Refusal::BadAssertion));
}

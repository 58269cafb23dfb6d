#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/crypto/sha256.h>
#include <aqd/system/bodies.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/mandates.h>
#include <aqd/system/modules.h>
#include <aqd/system/store_keys.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;
using abi::Refusal;

namespace {

constexpr std::int64_t out = Script::scratch;
const auto rows_name = abi::id8("rows");
const auto officer = abi::id8("Officer");
const auto citizen = abi::id8("Citizen");
const auto commune_name = abi::id8("Commune");
const auto procedure_name = abi::id8("P");

constexpr std::uint16_t code(Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

/// Runs the script as a stranger and expects success.
Receipt succeeds(Ledger& ledger, const Script& script, const Actor& actor = stranger(),
                 std::string entry = "run") {
    const Receipt receipt = ledger.run(actor, script, std::move(entry));
    CHECK(receipt.refusal == 0);
    return receipt;
}

void refused(Ledger& ledger, Refusal refusal, const Script& script,
             const std::string& entry = "run") {
    CHECK(ledger.run(stranger(), script, entry).refusal == code(refusal));
}

Script put(std::string_view key, BytesView value, std::int64_t mode) {
    Script script;
    const auto k = script.text(key);
    const auto v = script.data(value);
    script.call("register_put", rows_name, k.address, k.size, v.address, v.size, mode);
    return script;
}

Script has_role(std::uint64_t role, const Bytes& keys, std::int64_t expected) {
    Script script;
    const auto region = script.data(keys);
    script.call("caller_has_role", 0, role, region.address, region.size).expect(expected);
    return script;
}

}  // namespace

TEST_CASE("regions outside the memory end the call") {
    Ledger ledger;
    Script script;
    script.call("sha256", 131'000, 1000, out);
    refused(ledger, Refusal::Trap, script);
    script = Script();
    script.call("sha256", out, 4, 131'060);
    refused(ledger, Refusal::Trap, script);
    script = Script();
    script.call("args_read", -1);
    refused(ledger, Refusal::Trap, script);
    script = Script();
    script.call("return_value", out, -1);
    refused(ledger, Refusal::Trap, script);
}

TEST_CASE("what must be one canonical item is refused otherwise") {
    Ledger ledger;
    for (const Bytes& bad :
         {Bytes{}, Bytes{0x18, 0x05}, Bytes{0x01, 0x02}, Bytes{0x82, 0x01}, Bytes{0xFF}}) {
        refused(ledger, Refusal::Trap, put("k", bad, 0));
        Script returns;
        const auto region = returns.data(bad);
        returns.call("return_value", region.address, region.size);
        refused(ledger, Refusal::Trap, returns);
    }
}

TEST_CASE("a contract may only give the refusals that it has") {
    Ledger ledger;
    Script script;
    script.refuse(257);
    CHECK(ledger.run(stranger(), script).refusal == 257);
    script = Script();
    script.refuse(code(Refusal::WrongState));
    refused(ledger, Refusal::WrongState, script);
    for (const std::int64_t none : {0, 255, 258, 70'000, -1}) {
        script = Script();
        script.refuse(none);
        refused(ledger, Refusal::Trap, script);
    }
}

TEST_CASE("a call knows its block") {
    Ledger ledger;
    Script script;
    script.call("today").expect(first_day);
    script.call("now").expect(ledger.time_ns() / 1'000'000'000 + 1);
    script.call("effective").expect(first_day);
    script.call("block_height").expect(1);
    succeeds(ledger, script);
}

TEST_CASE("a signing date counts as far back as the start allows") {
    Ledger ledger;
    const auto effective = [&](std::int32_t signed_on, std::int64_t expected) {
        Script script;
        script.call("backdate", 5).call("effective").expect(expected);
        CallOptions options;
        options.signed_on = signed_on;
        return ledger.run(stranger(), script, "P.open", options).refusal;
    };
    CHECK(effective(first_day - 3, first_day - 3) == 0);
    CHECK(effective(first_day - 5, first_day - 5) == 0);
    CHECK(effective(first_day - 6, first_day) == 0);
    CHECK(effective(first_day, first_day) == 0);
    CHECK(effective(first_day + 1, first_day) == code(Refusal::BadSigningDate));
}

TEST_CASE("a backdated act needs a mandate on both dates") {
    Genesis genesis = kit_genesis();
    genesis.mandates[0].from = first_day - 2;
    Ledger ledger(genesis);
    const auto act = [&](std::int32_t signed_on, bool role_first) {
        Script script;
        const auto keys = script.data(array_of({text_item("anfa")}));
        if (!role_first) {
            script.call("backdate", 5);
        }
        script.call("caller_has_role", 0, officer, keys.address, keys.size).expect(1);
        if (role_first) {
            script.call("backdate", 5);
        }
        CallOptions options;
        options.signed_on = signed_on;
        return ledger.run(officer_of_anfa(), script, "P.open", options).refusal;
    };
    CHECK(act(first_day - 2, false) == 0);
    CHECK(act(first_day - 2, true) == 0);
    CHECK(act(first_day - 3, false) == Script::unexpected);
    CHECK(act(first_day - 3, true) == code(Refusal::NotAuthorised));
}

TEST_CASE("a role is held for one body, on the days of the mandate") {
    Genesis genesis = kit_genesis();
    genesis.mandates[0].from = first_day;
    genesis.mandates[0].until = first_day + 1;
    Ledger ledger(genesis);
    const Bytes anfa = array_of({text_item("anfa")});
    const Bytes taza = array_of({text_item("taza")});
    succeeds(ledger, has_role(officer, anfa, 1), officer_of_anfa());
    succeeds(ledger, has_role(officer, {}, 1), officer_of_anfa());
    succeeds(ledger, has_role(officer, taza, 0), officer_of_anfa());
    succeeds(ledger, has_role(officer, anfa, 0), officer_of_taza());
    succeeds(ledger, has_role(officer, {}, 0), stranger());
    succeeds(ledger, has_role(abi::id8("Other"), {}, 0), officer_of_anfa());
    ledger.go_to(first_day + 1);
    succeeds(ledger, has_role(officer, anfa, 1), officer_of_anfa());
    ledger.go_to(first_day + 2);
    succeeds(ledger, has_role(officer, anfa, 0), officer_of_anfa());
}

TEST_CASE("a body that has ended has no officers") {
    Genesis genesis = kit_genesis();
    genesis.bodies[0].until = first_day - 1;
    Ledger ledger(genesis);
    succeeds(ledger, has_role(officer, {}, 0), officer_of_anfa());
    succeeds(ledger, has_role(officer, {}, 1), officer_of_taza());
}

TEST_CASE("the caller acts as the person and for the body of the matched mandate") {
    Genesis genesis = kit_genesis();
    genesis.mandates[0].person = abi::Person::from(Bytes(32, 6));
    Ledger ledger(genesis);
    Script script;
    script.call("caller_account", out).expect_memory(out, officer_of_anfa().account.view());
    script.call("caller_person", out)
        .expect_memory(out, system::person_of(officer_of_anfa().account).view());
    script.call("caller_body", out, 100).expect(-1);
    script.call("caller_has_role", 0, officer, 0, 0).expect(1);
    script.call("caller_person", out).expect_memory(out, Bytes(32, 6));
    const Bytes body = commune(ledger.chain(), "anfa");
    script.call("caller_body", out, 100)
        .expect(static_cast<std::int64_t>(body.size()))
        .expect_memory(out, body);
    succeeds(ledger, script, officer_of_anfa());
}

TEST_CASE("a caller is the persons of the account and its mandates, and nobody else") {
    Genesis genesis = kit_genesis();
    genesis.mandates[0].person = abi::Person::from(Bytes(32, 6));
    Ledger ledger(genesis);
    Script script;
    const auto own = script.data(system::person_of(officer_of_anfa().account).view());
    const auto mandated = script.data(Bytes(32, 6));
    const auto other = script.data(Bytes(32, 7));
    script.call("caller_is_person", other.address).expect(0);
    script.call("caller_is_person", own.address).expect(1);
    script.call("caller_is_person", mandated.address).expect(1);
    script.call("caller_person", out).expect_memory(out, Bytes(32, 6));
    succeeds(ledger, script, officer_of_anfa());
}

TEST_CASE("bodies are known by their keys, with their attributes") {
    Ledger ledger;
    Script script;
    const auto anfa = script.data(array_of({text_item("anfa")}));
    const auto nowhere = script.data(array_of({text_item("nowhere")}));
    script.call("body_exists", 0, commune_name, anfa.address, anfa.size).expect(1);
    script.call("body_exists", 0, commune_name, nowhere.address, nowhere.size).expect(0);
    script.call("body_exists", 0, abi::id8("Dgsn"), anfa.address, anfa.size).expect(0);
    script.call("body_attributes", 0, commune_name, anfa.address, anfa.size, out, 100)
        .expect(2)
        .expect_memory(out, array_of({number_item(7)}));
    script.call("body_attributes", 0, commune_name, nowhere.address, nowhere.size, out, 100)
        .expect(-1);
    const auto body = script.data(commune(ledger.chain(), "anfa"));
    const auto no_body = script.data(commune(ledger.chain(), "nowhere"));
    script.call("any_body_exists", body.address, body.size).expect(1);
    script.call("any_body_exists", no_body.address, no_body.size).expect(0);
    script.call("any_body_exists", anfa.address, anfa.size).expect(0);
    script.call("authority_tag", 0, commune_name, out)
        .expect_memory(
            out, abi::authority_tag(abi::lineage_of(ledger.chain(), "test.kit"), commune_name));
    succeeds(ledger, script);
    script = Script();
    script.call("body_exists", 9, commune_name, 0, 0);
    refused(ledger, Refusal::Trap, script);
}

TEST_CASE("rows are set, inserted, updated and removed by their rules") {
    Ledger ledger;
    const Bytes one = number_item(1);
    refused(ledger, Refusal::MissingKey, put("k", one, 2));
    CHECK(ledger.run(stranger(), put("k", one, 1)).refusal == 0);
    refused(ledger, Refusal::KeyExists, put("k", one, 1));
    CHECK(ledger.run(stranger(), put("k", number_item(300), 2)).refusal == 0);
    refused(ledger, Refusal::Trap, put("k", one, 3));
    Script script;
    const auto key = script.text("k");
    const auto other = script.text("z");
    script.call("register_has", 0, rows_name, key.address, key.size).expect(1);
    script.call("register_has", 0, rows_name, other.address, other.size).expect(0);
    script.call("register_get", 0, rows_name, other.address, other.size, out, 10).expect(-1);
    // A buffer that is too small: the length, and as much as fits.
    script.call("register_get", 0, rows_name, key.address, key.size, out, 1)
        .expect(3)
        .expect_memory(out, Bytes{0x19, 0x00});
    script.call("register_get", 0, rows_name, key.address, key.size, out, 10)
        .expect(3)
        .expect_memory(out, number_item(300));
    script.call("register_remove", rows_name, key.address, key.size);
    script.call("register_has", 0, rows_name, key.address, key.size).expect(0);
    succeeds(ledger, script);
    script = Script();
    const auto gone = script.text("k");
    script.call("register_remove", rows_name, gone.address, gone.size);
    refused(ledger, Refusal::MissingKey, script);
}

TEST_CASE("only declared registers are written, and keys have a limit") {
    Ledger ledger;
    Script script;
    const auto key = script.text("k");
    script.call("register_put", abi::id8("secret"), key.address, key.size, key.address, key.size,
                0);
    refused(ledger, Refusal::Trap, script);
    refused(ledger, Refusal::TooLong, put(std::string(500, 'k'), number_item(1), 0));
}

TEST_CASE("a case is loaded, joined and opened by its rules") {
    Ledger ledger;
    Script script;
    script.call("case_load", procedure_name).expect(0);
    const auto unique = script.data(number_item(1));
    script.call("case_join", procedure_name, unique.address, unique.size).expect(0);
    succeeds(ledger, script);
    const abi::CaseId case_id = ledger.open_case(1);
    script = Script();
    load_case(script);
    script.call("case_id", out).expect_memory(out, case_id.view());
    script.call("case_state").expect(0);
    script.call("case_opened").expect(first_day);
    script.call("case_data", out, 100).expect(2).expect_memory(out, array_of({number_item(1)}));
    store_case(script, 1, 1);
    CHECK(ledger.step(case_id, script).refusal == 0);
    CHECK(ledger.case_row(case_id).state.value() == 1);
    script = Script();
    const auto same = script.data(number_item(1));
    script.call("case_join", procedure_name, same.address, same.size)
        .expect(1)
        .call("case_state")
        .expect(1);
    const Receipt joined = succeeds(ledger, script, stranger(), "P.open");
    CHECK((joined.case_id.value() == case_id));
    CHECK((event_names(joined) == std::vector<std::string>{"case_joined"}));
}

TEST_CASE("two open cases never share a unique value, a settled one has none") {
    Ledger ledger;
    const abi::CaseId first = ledger.open_case(1);
    Script second;
    second.call("case_create", procedure_name);
    store_case(second, 0, 1);
    refused(ledger, Refusal::UniqueTaken, second, "P.open");
    Script settles;
    load_case(settles);
    store_case(settles, 2, 1);
    CHECK(ledger.step(first, settles).refusal == 0);
    CHECK(ledger.case_row(first).settled_on.value() == first_day);
    CHECK(ledger.run(stranger(), second, "P.open").refusal == 0);
    // Left again, the settled case finds its value taken.
    Script reopens;
    load_case(reopens);
    store_case(reopens, 0, 1);
    CHECK(ledger.step(first, reopens).refusal == code(Refusal::UniqueTaken));
}

TEST_CASE("functions of the case need one") {
    Ledger ledger;
    for (const char* function : {"case_state", "case_opened"}) {
        Script script;
        script.call(function);
        refused(ledger, Refusal::NoCase, script);
    }
    Script script;
    script.call("case_id", out);
    refused(ledger, Refusal::NoCase, script);
    script = Script();
    script.call("receipt_to", out);
    refused(ledger, Refusal::NoCase, script);
    script = Script();
    store_case(script, 0, 1);
    refused(ledger, Refusal::NoCase, script);
    script = Script();
    script.call("timer_arm", 0, first_day, 1, 0, 0, -1);
    refused(ledger, Refusal::NoCase, script);
}

TEST_CASE("what a procedure does not declare cannot be done to its cases") {
    Ledger ledger;
    const auto bad = [&](const std::function<void(Script&)>& step) {
        Script script;
        script.call("case_create", procedure_name);
        step(script);
        refused(ledger, Refusal::Trap, script, "P.open");
    };
    bad([](Script&) {});  // opened, never stored
    bad([](Script& script) { store_case(script, 3, 1); });
    bad([](Script& script) { script.call("timer_arm", 2, first_day, 1, 0, 0, -1); });
    bad([](Script& script) { script.call("timer_arm", 0, first_day, 1, 5, 0, -1); });
    bad([](Script& script) { script.call("timer_arm", 0, first_day, 1, 0, 0, 9); });
    bad([](Script& script) { script.call("timer_arm_at", 0, 2, 0); });
    bad([](Script& script) { script.call("case_create", procedure_name); });
    Script unknown;
    unknown.call("case_create", abi::id8("Q"));
    refused(ledger, Refusal::Trap, unknown, "P.open");
    Script negative;
    negative.call("case_create", procedure_name);
    negative.call("timer_arm", 0, first_day, -1, 0, 0, -1);
    refused(ledger, Refusal::BadDate, negative, "P.open");
}

TEST_CASE("due days follow the rules of deadlines") {
    Ledger ledger;
    Script script;
    script.call("due", first_day, 30, 0, 0, -1).expect(first_day + 30);
    script.call("due", first_day, 30, 0, 1, -1).expect(first_day + 31);
    script.call("due", first_day, 5, 1, 0, 1).expect(first_day + 7);
    script.call("due", first_day, 1, 2, 8, -1).expect(calendar::day_from_civil({2026, 4, 2}));
    script.call("due", first_day, 24, 3, 0, -1).expect(first_day + 1);
    script.call("due", first_day, INT64_MAX, 0, 0, -1).expect(calendar::max_day);
    script.call("due", first_day, INT64_MAX, 2, 8, -1).expect(calendar::max_day);
    script.call("due", first_day, INT64_MAX, 3, 0, -1).expect(calendar::max_day);
    succeeds(ledger, script);
    script = Script();
    script.call("due", calendar::max_day + 1, 1, 0, 0, -1);
    refused(ledger, Refusal::BadDate, script);
    script = Script();
    script.call("due", first_day, 1, 0, 16, -1);
    refused(ledger, Refusal::BadDate, script);
}

TEST_CASE("a case tells persons and the holders of roles, on its timeline") {
    Ledger ledger;
    const Bytes anfa = commune(ledger.chain(), "anfa");
    const abi::CaseId case_id = ledger.open_case(1, [&](Script& script) {
        const auto person = script.data(Bytes(32, 3));
        const auto message = script.text("bonjour");
        const auto commitment = script.data(bytes_item(Bytes(32, 4)));
        const auto keys = script.data(array_of({text_item("anfa")}));
        const auto body = script.data(anfa);
        const auto purpose = script.text("check");
        script.call("receipt_to", person.address);
        script.call("notify", person.address, message.address, message.size);
        script.call("notify", person.address, commitment.address, commitment.size);
        script.call("escalate", 0, officer, keys.address, keys.size);
        script.call("breach", body.address, body.size);
        script.call("accessed", 5, purpose.address, purpose.size, purpose.address, purpose.size);
    });
    const system::BreachRow breach =
        system::decode_breach(ledger.state().get(system::breach_key(case_id, 0)).value().value())
            .value();
    CHECK((breach.body == anfa));
    CHECK(breach.on == first_day);
    Script bad;
    bad.call("case_create", procedure_name);
    const auto number = bad.data(number_item(1));
    bad.call("notify", number.address, number.address, number.size);
    refused(ledger, Refusal::Trap, bad, "P.open");
    bad = Script();
    bad.call("case_create", procedure_name);
    const auto none = bad.data(number_item(1));
    bad.call("breach", none.address, none.size);
    refused(ledger, Refusal::Trap, bad, "P.open");
}

TEST_CASE("SHA-256 is SHA-256") {
    Ledger ledger;
    Script script;
    const auto region = script.data(as_bytes("abc"));
    script.call("sha256", region.address, region.size, out)
        .expect_memory(out, crypto::sha256(as_bytes("abc")).view());
    succeeds(ledger, script);
}

TEST_CASE("host functions charge for what they carry") {
    Ledger ledger;
    const auto gas_of = [&](std::size_t size) {
        Script script;
        script.call("sha256", 4096, size, out);
        return ledger.run(stranger(), script).gas;
    };
    CHECK(gas_of(20'000) - gas_of(10'000) == 20'000);
}

TEST_CASE("an assertion is good for one call of one entry") {
    Ledger ledger;
    const Bytes body =
        system::join_body(*system::tag_of(ledger.chain(), "test.kit.Dgsn"), array_of({}));
    const Script script = has_role(citizen, {}, 1);
    const auto asserted = [&](const std::function<void(Assertion&)>& before,
                              const std::function<void(Transaction&)>& after) {
        Transaction transaction = ledger.transaction(
            stranger(), {{"test.kit", "run", std::nullopt, script.as_arguments(), std::nullopt}});
        Assertion assertion;
        assertion.body = body;
        assertion.subject = abi::Person::from(Bytes(32, 8));
        assertion.level = 2;
        assertion.time = ledger.time_ns() / 1'000'000'000;
        before(assertion);
        const Hash256 audience =
            audience_of(ledger.chain(), abi::lineage_of(ledger.chain(), "test.kit"), "run",
                        bare_digest(transaction), transaction.nonce, 0);
        assertion.signature = crypto::sign(dgsn().secret, assertion_digest(audience, assertion));
        transaction.calls[0].assertion = assertion;
        after(transaction);
        const std::vector<Bytes> transactions{
            encode_signed(sign_transaction(transaction, stranger().secret))};
        const BlockOutput output = ledger.make(transactions);
        REQUIRE(output.receipts.size() == 1);
        return output.receipts[0].refusal;
    };
    const auto nothing = [](auto&) {};
    CHECK(asserted(nothing, nothing) == 0);
    CHECK(asserted([](Assertion& assertion) { assertion.level = 1; }, nothing) ==
          Script::unexpected);
    CHECK(asserted([](Assertion& assertion) { assertion.time += 100; }, nothing) ==
          code(Refusal::BadAssertion));
    CHECK(asserted([](Assertion& assertion) { assertion.time -= 4000; }, nothing) ==
          code(Refusal::BadAssertion));
    CHECK(asserted([&](Assertion& assertion) { assertion.body = commune(ledger.chain(), "anfa"); },
                   nothing) == code(Refusal::BadAssertion));
    CHECK(asserted(nothing, [](Transaction& transaction) {
              transaction.calls[0].assertion->level = 3;
          }) == code(Refusal::BadAssertion));
    CHECK(asserted(nothing, [](Transaction& transaction) {
              transaction.calls[0].entry = "P.open";
          }) == code(Refusal::BadAssertion));
    CHECK(asserted(nothing, [](Transaction& transaction) {
              transaction.calls[0].module = "test.office";
          }) == code(Refusal::BadAssertion));
    CHECK(asserted(nothing, [](Transaction& transaction) { transaction.gas_limit -= 1; }) ==
          code(Refusal::BadAssertion));
    succeeds(ledger, has_role(citizen, {}, 0));
}

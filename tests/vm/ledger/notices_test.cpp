#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/system/obligations.h>
#include <aqd/system/store_keys.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;
using abi::Refusal;

namespace {

constexpr std::uint16_t code(Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

/// Sends notice N with fields [5].
void send(Script& script, const Bytes& recipients, std::int64_t module = 0) {
    const auto fields = script.data(array_of({number_item(5)}));
    const auto list = script.data(recipients);
    script.call("notice_send", module, abi::id8("N"), fields.address, fields.size, list.address,
                list.size, -1);
}

abi::CaseId open_and_send(Ledger& ledger, const Bytes& recipients) {
    return ledger.open_case(1, [&](Script& script) { send(script, recipients); });
}

system::ObligationRow obligation(const Ledger& ledger, const abi::CaseId& case_id,
                                 std::uint32_t ordinal) {
    return system::read_obligation(ledger.state(), case_id, ordinal).value().value();
}

Bytes reference(const abi::CaseId& case_id, std::uint32_t ordinal) {
    return array_of({bytes_item(case_id.view()), number_item(ordinal)});
}

/// A script that the office's listener fails with, so that obligations stay open.
void no_listener(Ledger& ledger) {
    Script fails;
    fails.refuse(256);
    ledger.set_script("on_n", fails, "test.office");
    ledger.set_script("on_n", fails);
}

std::vector<Receipt> block_on(Ledger& ledger, calendar::Day day) {
    ledger.go_to(day);
    return ledger.make().receipts;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("only the declaring module and the one it names may send") {
    Genesis genesis = kit_genesis();
    KitOptions other;
    other.path = "test.other";
    other.declares = "test.kit";
    genesis.modules.push_back({kit_module(other), operator_actor().account});
    Ledger ledger(genesis);
    Script script;
    script.call("case_create", abi::id8("P"));
    send(script, array_of({commune(ledger.chain(), "anfa")}), 1);
    store_case(script, 0, 1);
    CHECK(ledger.call(stranger(), "test.other", "P.open", script.as_arguments()).refusal ==
          code(Refusal::NotAuthorised));
}

TEST_CASE("a notice makes one obligation for each distinct recipient") {
    Ledger ledger;
    const Bytes anfa = commune(ledger.chain(), "anfa");
    const Bytes taza = commune(ledger.chain(), "taza");
    no_listener(ledger);
    const abi::CaseId case_id = open_and_send(ledger, array_of({anfa, taza, anfa}));
    const system::ObligationRow row = obligation(ledger, case_id, 0);
    CHECK(row.notice == "test.kit.N");
    CHECK((row.recipient == anfa));
    CHECK(row.acknowledge_by.value() == first_day + 2);
    CHECK(row.act_by.value() == first_day + 10);
    CHECK((obligation(ledger, case_id, 1).recipient == taza));
    CHECK_FALSE(system::read_obligation(ledger.state(), case_id, 2).value().has_value());
    // The recipients of the earlier sendings, in order.
    Script asks;
    load_case(asks);
    asks.call("notice_recipients", 0, abi::id8("N"), Script::scratch, 1000)
        .return_last(Script::scratch);
    CHECK((ledger.step(case_id, asks).result.value() == array_of({anfa, taza})));
}

TEST_CASE("a notice to more recipients than it may have is refused") {
    Ledger ledger;
    Script script;
    script.call("case_create", abi::id8("P"));
    send(script, array_of({commune(ledger.chain(), "a"), commune(ledger.chain(), "b"),
                           commune(ledger.chain(), "c"), commune(ledger.chain(), "d"),
                           commune(ledger.chain(), "e")}));
    store_case(script, 0, 1);
    CHECK(ledger.run(stranger(), script, "P.open").refusal == code(Refusal::TooLong));
}

TEST_CASE("only a live mandate of the recipient acknowledges, and once") {
    Ledger ledger;
    no_listener(ledger);
    const abi::CaseId case_id = open_and_send(ledger, array_of({commune(ledger.chain(), "anfa")}));
    ledger.make();
    const Bytes arguments = reference(case_id, 0);
    const auto acknowledge = [&](const Actor& actor, const Bytes& what) {
        return ledger.call(actor, "aqd.system", "acknowledge", what).refusal;
    };
    CHECK(acknowledge(stranger(), arguments) == code(Refusal::NoObligation));
    CHECK(acknowledge(officer_of_taza(), arguments) == code(Refusal::NoObligation));
    CHECK(acknowledge(officer_of_anfa(), reference(case_id, 9)) == code(Refusal::NoObligation));
    CHECK(acknowledge(officer_of_anfa(), {0x80}) == code(Refusal::Decode));
    const Receipt receipt = ledger.call(officer_of_anfa(), "aqd.system", "acknowledge", arguments);
    CHECK(receipt.refusal == 0);
    CHECK((event_names(receipt) == Names{"acknowledged"}));
    CHECK((receipt.case_id.value() == case_id));
    CHECK(acknowledge(officer_of_anfa(), arguments) == code(Refusal::AlreadyDone));
    CHECK(obligation(ledger, case_id, 0).acknowledged_on.has_value());
    CHECK_FALSE(obligation(ledger, case_id, 0).is_met());
    CHECK(ledger.call(officer_of_anfa(), "aqd.system", "act", arguments).refusal == 0);
    CHECK(obligation(ledger, case_id, 0).is_met());
    CHECK(ledger.call(officer_of_anfa(), "aqd.system", "act", arguments).refusal ==
          code(Refusal::AlreadyDone));
    CHECK(block_on(ledger, first_day + 100).empty());
}

TEST_CASE("the sending case hears of an acknowledgement in the next block") {
    Ledger ledger;
    no_listener(ledger);
    Script hears;
    load_case(hears);
    hears.expect_memory(Script::arguments, array_of({commune(ledger.chain(), "anfa")}));
    store_case(hears, 1, 1);
    ledger.set_script("P.on_ack", hears);
    const abi::CaseId case_id = open_and_send(ledger, array_of({commune(ledger.chain(), "anfa")}));
    ledger.make();
    REQUIRE(ledger.call(officer_of_anfa(), "aqd.system", "acknowledge", reference(case_id, 0))
                .refusal == 0);
    CHECK(ledger.case_row(case_id).state.value() == 0);
    const std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == 0);
    CHECK(receipts[0].entry == "P.on_ack");
    CHECK(ledger.case_row(case_id).state.value() == 1);
}

TEST_CASE("who stays silent is overdue, reminded, and then others hear of it") {
    Ledger ledger;
    no_listener(ledger);
    const abi::CaseId case_id = open_and_send(ledger, array_of({commune(ledger.chain(), "anfa")}));
    ledger.make();
    CHECK(block_on(ledger, first_day + 2).empty());
    CHECK((event_names(block_on(ledger, first_day + 3)) == Names{"overdue", "reminded"}));
    CHECK(block_on(ledger, first_day + 5).empty());
    CHECK((event_names(block_on(ledger, first_day + 6)) == Names{"reminded"}));
    CHECK((event_names(block_on(ledger, first_day + 9)) == Names{"notice_escalated"}));
    CHECK(block_on(ledger, first_day + 10).empty());
    CHECK((event_names(block_on(ledger, first_day + 11)) == Names{"overdue"}));
    CHECK(block_on(ledger, first_day + 300).empty());
    CHECK(obligation(ledger, case_id, 0).escalated);
}

TEST_CASE("a late block tells the same story in the same order") {
    Ledger ledger;
    no_listener(ledger);
    open_and_send(ledger, array_of({commune(ledger.chain(), "anfa")}));
    ledger.make();
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 300);
    CHECK((event_names(receipts) ==
           Names{"overdue", "reminded", "reminded", "notice_escalated", "overdue"}));
    REQUIRE(receipts.size() == 4);
    CHECK(receipts[0].effective == first_day + 3);
    CHECK(receipts[1].effective == first_day + 6);
    CHECK(receipts[2].effective == first_day + 9);
    CHECK(receipts[3].effective == first_day + 11);
}

TEST_CASE("an acknowledgement ends the reminders; a late act brings its own") {
    Ledger ledger;
    no_listener(ledger);
    const abi::CaseId case_id = open_and_send(ledger, array_of({commune(ledger.chain(), "anfa")}));
    ledger.make();
    CHECK((event_names(block_on(ledger, first_day + 3)) == Names{"overdue", "reminded"}));
    REQUIRE(ledger.call(officer_of_anfa(), "aqd.system", "acknowledge", reference(case_id, 0))
                .refusal == 0);
    ledger.make();  // the sending case hears of it
    CHECK(block_on(ledger, first_day + 10).empty());
    CHECK((event_names(block_on(ledger, first_day + 11)) == Names{"overdue", "reminded"}));
    CHECK((event_names(block_on(ledger, first_day + 14)) == Names{"reminded"}));
}

TEST_CASE("the module that serves a recipient takes a notice in, and that is its act") {
    Ledger ledger;
    Script listens;
    const Bytes anfa = commune(ledger.chain(), "anfa");
    const auto key = listens.text("heard");
    listens.call("register_put", abi::id8("rows"), key.address, key.size, key.address, key.size, 0);
    ledger.set_script("on_n", listens, "test.office");
    const abi::CaseId case_id = open_and_send(ledger, array_of({anfa}));
    CHECK_FALSE(obligation(ledger, case_id, 0).is_met());
    const std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].origin == Origin::delivery);
    CHECK(receipts[0].module == "test.office");
    CHECK(receipts[0].refusal == 0);
    CHECK((event_names(receipts) == Names{"delivered", "acted"}));
    CHECK(obligation(ledger, case_id, 0).is_met());
    ledger.make();  // the sending case hears of it
    CHECK(block_on(ledger, first_day + 100).empty());
}

TEST_CASE("a listener gets the fields, the sending case and the recipient") {
    Ledger ledger;
    const Bytes anfa = commune(ledger.chain(), "anfa");
    const abi::CaseId case_id = ledger.open_case(1);
    Script listens;
    listens.expect_memory(Script::arguments,
                          array_of({array_of({number_item(5)}), bytes_item(case_id.view()), anfa}));
    ledger.set_script("on_n", listens, "test.office");
    Script sends;
    load_case(sends);
    send(sends, array_of({anfa}));
    store_case(sends, 0, 1);
    REQUIRE(ledger.step(case_id, sends).refusal == 0);
    const std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == 0);
}

TEST_CASE("a listener that fails leaves the obligation open") {
    Ledger ledger;
    no_listener(ledger);
    const abi::CaseId case_id = open_and_send(ledger, array_of({commune(ledger.chain(), "anfa")}));
    const std::vector<Receipt> receipts = ledger.make().receipts;
    CHECK((event_names(receipts) == Names{"not_delivered"}));
    CHECK_FALSE(obligation(ledger, case_id, 0).acknowledged_on.has_value());
}

TEST_CASE("a notice to a case is handed over once, in its own code") {
    Ledger ledger;
    const abi::CaseId recipient = ledger.open_case(7);
    Script hears;
    load_case(hears);
    store_case(hears, 1, 7);
    ledger.set_script("P.on_n", hears);
    const abi::CaseId sender = open_and_send(ledger, array_of({bytes_item(recipient.view())}));
    const std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == 0);
    CHECK((event_names(receipts) == Names{"transition", "delivered"}));
    CHECK(ledger.case_row(recipient).state.value() == 1);
    CHECK(obligation(ledger, sender, 0).is_met());
    CHECK(ledger.make().receipts.empty());
    // Nobody acknowledges for a case.
    CHECK(
        ledger.call(officer_of_anfa(), "aqd.system", "acknowledge", reference(sender, 0)).refusal ==
        code(Refusal::NoObligation));
}

TEST_CASE("a case whose handler fails is marked, and a case that is not there hears nothing") {
    Ledger ledger;
    const abi::CaseId recipient = ledger.open_case(7);
    Script fails;
    fails.trap();
    ledger.set_script("P.on_n", fails);
    open_and_send(ledger, array_of({bytes_item(recipient.view()), bytes_item(Bytes(20, 3))}));
    const std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 2);
    CHECK((event_names(receipts) == Names{"faulted", "not_delivered", "not_delivered"}));
    CHECK(ledger.case_row(recipient).faulted);
}

TEST_CASE("a case that has gone on meanwhile hears nothing, and is not marked") {
    Ledger ledger;
    const abi::CaseId recipient = ledger.open_case(7);
    Script elsewhere;
    elsewhere.refuse(code(Refusal::WrongState));
    ledger.set_script("P.on_n", elsewhere);
    open_and_send(ledger, array_of({bytes_item(recipient.view())}));
    CHECK((event_names(ledger.make().receipts) == Names{"not_delivered"}));
    CHECK_FALSE(ledger.case_row(recipient).faulted);
}

TEST_CASE("more deliveries than a block takes wait, and transactions with them") {
    Genesis genesis = kit_genesis();
    genesis.rules.deliveries_per_block = 1;
    Ledger ledger(genesis);
    no_listener(ledger);
    open_and_send(ledger,
                  array_of({commune(ledger.chain(), "anfa"), commune(ledger.chain(), "taza")}));
    const std::vector<Bytes> transactions{ledger.signed_by(
        stranger(), {{"test.kit", "run", std::nullopt, Script().as_arguments(), std::nullopt}})};
    const BlockOutput output = ledger.make(transactions);
    CHECK(output.receipts.size() == 1);
    CHECK(output.more);
    CHECK(output.inclusions[0] == Inclusion::later);
    const BlockOutput next = ledger.make(transactions);
    CHECK(next.receipts.size() == 2);
    CHECK(next.inclusions[0] == Inclusion::included);
}

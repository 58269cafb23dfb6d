#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/system/store_keys.h>
#include <aqd/system/terms.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;
using calendar::day_from_civil;

namespace {

constexpr std::int64_t days = 0;
constexpr std::int64_t workdays = 1;
constexpr std::int64_t months = 2;
constexpr std::int64_t hours = 3;
constexpr std::int64_t no_calendar = -1;
constexpr std::int64_t test_calendar = 1;  ///< index in the kit's modules

/// A case with deadline d1 that runs from today.
abi::CaseId open_with_term(Ledger& ledger, std::uint64_t x, std::int64_t amount, std::int64_t unit,
                           std::int64_t flags = 0, std::int64_t calendar = no_calendar) {
    const std::int64_t today = ledger.today();
    return ledger.open_case(x, [&](Script& script) {
        script.call("timer_arm", 0, today, amount, unit, flags, calendar);
    });
}

/// The block at noon of that day.
std::vector<Receipt> block_on(Ledger& ledger, calendar::Day day) {
    ledger.go_to(day);
    return ledger.make().receipts;
}

}  // namespace

TEST_CASE("a term admits acts through its last day and fires on the next") {
    Ledger ledger;
    const abi::CaseId case_id = open_with_term(ledger, 1, 30, days);
    CHECK(ledger.case_row(case_id).timers.size() == 1);
    CHECK(block_on(ledger, first_day + 30).empty());
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 31);
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].origin == Origin::deadline);
    CHECK(receipts[0].entry == "P.d1");
    CHECK(receipts[0].effective == first_day + 31);
    CHECK((event_names(receipts) == std::vector<std::string>{"deadline_fired"}));
    CHECK(ledger.case_row(case_id).timers.empty());
    CHECK(block_on(ledger, first_day + 400).empty());
}

TEST_CASE("a late block fires deadlines with the dates that they had") {
    Ledger ledger;
    ledger.set_script("d1", Script());
    const abi::CaseId one = open_with_term(ledger, 1, 10, days);
    const abi::CaseId two = open_with_term(ledger, 2, 5, days);
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 100);
    REQUIRE(receipts.size() == 2);
    CHECK((receipts[0].case_id.value() == two));
    CHECK(receipts[0].effective == first_day + 6);
    CHECK((receipts[1].case_id.value() == one));
    CHECK(receipts[1].effective == first_day + 11);
}

TEST_CASE("deadlines of one second fire in the order in which they were armed") {
    Ledger ledger;
    std::vector<abi::CaseId> cases;
    for (std::uint64_t x = 0; x < 5; ++x) {
        cases.push_back(open_with_term(ledger, x, 3, days));
    }
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 4);
    REQUIRE(receipts.size() == 5);
    for (std::size_t i = 0; i < 5; ++i) {
        CHECK((receipts[i].case_id.value() == cases[i]));
    }
}

TEST_CASE("months end on the day that the rounding names") {
    Ledger ledger;
    ledger.go_to(day_from_civil({2026, 8, 31}));
    ledger.make();
    const auto due_day = [&](std::uint64_t x, std::int64_t flags) {
        const abi::CaseId case_id = open_with_term(ledger, x, 1, months, flags);
        static_cast<void>(case_id);
        return true;
    };
    due_day(1, system::flag_round_down);
    due_day(2, system::flag_round_up);
    std::vector<Receipt> receipts = block_on(ledger, day_from_civil({2026, 10, 1}));
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].effective == day_from_civil({2026, 10, 1}));
    receipts = block_on(ledger, day_from_civil({2026, 10, 2}));
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].effective == day_from_civil({2026, 10, 2}));
    // Without rounding there is no such day: the call is refused.
    Script script;
    script.call("case_create", abi::id8("P"));
    script.call("timer_arm", 0, day_from_civil({2026, 8, 31}), 1, months, 0, no_calendar);
    CHECK(ledger.run(stranger(), script, "P.open").refusal ==
          static_cast<std::uint16_t>(abi::Refusal::BadDate));
}

TEST_CASE("workdays pass over closed days, and a due day rolls to an open one") {
    Ledger ledger;
    ledger.go_to(first_day + 4);  // a Friday
    ledger.make();
    open_with_term(ledger, 1, 1, workdays, 0, test_calendar);
    open_with_term(ledger, 2, 1, days, 0, test_calendar);
    open_with_term(ledger, 3, 1, days, system::flag_exact, test_calendar);
    std::vector<Receipt> receipts = block_on(ledger, first_day + 6);  // Sunday
    REQUIRE(receipts.size() == 1);  // the exact one, due on Saturday
    CHECK(receipts[0].effective == first_day + 6);
    receipts = block_on(ledger, first_day + 8);  // Tuesday
    REQUIRE(receipts.size() == 2);
    CHECK(receipts[0].effective == first_day + 8);
    CHECK(receipts[1].effective == first_day + 8);
}

TEST_CASE("a day closed later moves terms that run, and none that have passed") {
    Ledger ledger;
    const abi::CaseId moved =
        open_with_term(ledger, 1, 2, workdays, 0, test_calendar);  // due Wednesday
    const Bytes wednesday = array_of(
        {text_item("test.calendar"), number_item(static_cast<std::uint64_t>(first_day) + 2)});
    REQUIRE(ledger.call(operator_actor(), "aqd.system", "close_day", wednesday).refusal == 0);
    // Thursday: the timer is reached, and found to be due today.
    std::vector<Receipt> receipts = block_on(ledger, first_day + 3);
    REQUIRE(receipts.size() == 1);
    CHECK((event_names(receipts) == std::vector<std::string>{"deadline_moved"}));
    CHECK(ledger.case_row(moved).timers.size() == 1);
    receipts = block_on(ledger, first_day + 4);
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].effective == first_day + 4);
    CHECK((event_names(receipts) == std::vector<std::string>{"deadline_fired"}));
}

TEST_CASE("hours run from the time of the block") {
    Ledger ledger;
    const abi::CaseId case_id = open_with_term(ledger, 1, 48, hours);
    static_cast<void>(case_id);
    const std::int64_t armed = ledger.time_ns();
    ledger.go_to(first_day + 2);
    // `go_to` gives noon; the case was opened at or after noon.
    const std::vector<Receipt> receipts = ledger.make().receipts;
    CHECK(receipts.size() == (ledger.time_ns() >= armed + 48 * 3'600'000'000'000 ? 1U : 0U));
    CHECK(block_on(ledger, first_day + 3).size() + receipts.size() == 1);
}

TEST_CASE("a date or a time is kept as it is given") {
    Ledger ledger;
    ledger.open_case(1, [](Script& script) {
        script.call("timer_arm_at", 0, 0, first_day + 5);
        script.call("timer_arm_at", 1, 1, (at_noon(first_day + 5) / 1'000'000'000) - 60);
    });
    std::vector<Receipt> receipts = block_on(ledger, first_day + 5);
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].entry == "P.d2");
    receipts = block_on(ledger, first_day + 6);
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].entry == "P.d1");
}

TEST_CASE("arming again replaces, disarming removes") {
    Ledger ledger;
    const abi::CaseId case_id = open_with_term(ledger, 1, 3, days);
    Script again;
    load_case(again);
    again.call("timer_arm", 0, first_day, 6, days, 0, no_calendar);
    store_case(again, 0, 1);
    REQUIRE(ledger.step(case_id, again).refusal == 0);
    CHECK(ledger.case_row(case_id).timers.size() == 1);
    CHECK(block_on(ledger, first_day + 5).empty());
    Script disarms;
    load_case(disarms);
    disarms.call("timer_disarm", 0).call("timer_disarm", 1);
    store_case(disarms, 0, 1);
    const Receipt receipt = ledger.step(case_id, disarms);
    CHECK(receipt.refusal == 0);
    CHECK((event_names(receipt) == std::vector<std::string>{"deadline_disarmed"}));
    CHECK(block_on(ledger, first_day + 50).empty());
}

TEST_CASE("a deadline that was due when it was armed fires right after the call") {
    Ledger ledger;
    Script script;
    script.call("case_create", abi::id8("P"));
    script.call("timer_arm", 0, first_day - 30, 3, days, 0, no_calendar);
    store_case(script, 0, 1);
    const std::vector<Bytes> transactions{
        ledger.signed_by(stranger(), {{"test.kit", "P.open", std::nullopt, script.as_arguments(),
                                       std::nullopt}}),
        ledger.signed_by(operator_actor(), {{"test.kit", "run", std::nullopt,
                                             Script().as_arguments(), std::nullopt}})};
    const std::vector<Receipt> receipts = ledger.make(transactions).receipts;
    REQUIRE(receipts.size() == 3);
    CHECK(receipts[1].origin == Origin::deadline);
    CHECK(receipts[1].effective == first_day - 30 + 4);
}

TEST_CASE("a handler that fails leaves its case as it was, marked as faulted") {
    Ledger ledger;
    Script fails;
    load_case(fails);
    store_case(fails, 1, 1);
    fails.trap();
    ledger.set_script("d1", fails);
    const abi::CaseId case_id = open_with_term(ledger, 1, 3, days);
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 4);
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == static_cast<std::uint16_t>(abi::Refusal::Trap));
    CHECK((event_names(receipts) == std::vector<std::string>{"deadline_fired", "faulted"}));
    const system::CaseRow row = ledger.case_row(case_id);
    CHECK(row.faulted);
    CHECK(row.state.value() == 0);
    CHECK(row.timers.empty());
    CHECK(block_on(ledger, first_day + 5).empty());
}

TEST_CASE("a handler acts at its legal date, with its case and without a caller") {
    Ledger ledger;
    Script handler;
    load_case(handler);
    handler.call("effective").expect(first_day + 4);
    handler.call("today").expect(first_day + 20);
    handler.call("case_state").expect(0);
    handler.call("caller_has_role", 0, abi::id8("Officer"), 0, 0).expect(0);
    handler.call("caller_account", Script::scratch).expect_memory(Script::scratch, Bytes(20));
    handler.call("timer_arm", 1, first_day + 4, 2, days, 0, no_calendar);
    store_case(handler, 1, 1);
    ledger.set_script("d1", handler);
    Script second;
    load_case(second);
    second.call("effective").expect(first_day + 7);
    store_case(second, 2, 1);
    ledger.set_script("d2", second);
    const abi::CaseId case_id = open_with_term(ledger, 1, 3, days);
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 20);
    REQUIRE(receipts.size() == 2);
    CHECK(receipts[0].refusal == 0);
    CHECK(receipts[1].refusal == 0);
    const system::CaseRow row = ledger.case_row(case_id);
    CHECK(row.state.value() == 2);
    CHECK(row.settled);
    CHECK(row.settled_on.value() == first_day + 7);
    CHECK_FALSE(row.unique.has_value());
}

TEST_CASE("while deadlines are due, a block carries no transactions") {
    Genesis genesis = kit_genesis();
    genesis.rules.timers_per_block = 2;
    Ledger ledger(genesis);
    for (std::uint64_t x = 0; x < 5; ++x) {
        open_with_term(ledger, x, 3, days);
    }
    ledger.go_to(first_day + 4);
    const std::vector<Bytes> transactions{ledger.signed_by(
        operator_actor(),
        {{"test.kit", "run", std::nullopt, Script().as_arguments(), std::nullopt}})};
    BlockOutput output = ledger.make(transactions);
    CHECK(output.receipts.size() == 2);
    CHECK(output.inclusions[0] == Inclusion::later);
    CHECK(output.more);
    const std::vector<Admitted> early{admit(transactions[0], ledger.chain()).value()};
    CHECK_FALSE(apply_block(ledger.facts(), ledger.engine(), ledger.state(), ledger.replay(),
                            {ledger.height() + 1, ledger.time_ns() + 1, early, false})
                    .has_value());
    output = ledger.make(transactions);
    CHECK(output.inclusions[0] == Inclusion::later);
    output = ledger.make(transactions);
    CHECK(output.inclusions[0] == Inclusion::included);
    CHECK(output.receipts.size() == 2);
    CHECK_FALSE(output.more);
}

TEST_CASE("deadlines that arm one another for ever are stopped") {
    Ledger ledger;
    Script handler;
    load_case(handler);
    handler.call("timer_arm_at", 0, 0, first_day - 10);
    store_case(handler, 0, 1);
    ledger.set_script("d1", handler);
    const abi::CaseId case_id = open_with_term(ledger, 1, 3, days);
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 4);
    REQUIRE(receipts.size() == 1501);
    CHECK(receipts.back().refusal == static_cast<std::uint16_t>(abi::Refusal::LoopLimit));
    CHECK(ledger.case_row(case_id).faulted);
    CHECK(ledger.make().receipts.empty());
}

TEST_CASE("the civil clock decides when a day begins") {
    Genesis genesis = kit_genesis();
    genesis.offsets = {{0, 3600}};
    genesis.time_ns = at_noon(first_day - 1);
    Ledger ledger(genesis);
    const abi::CaseId case_id = open_with_term(ledger, 1, 0, days);
    static_cast<void>(case_id);
    // Half past eleven in the evening UTC is the next day at UTC + 1.
    const std::int64_t late = at_noon(first_day) + (11 * 3600 + 1800) * std::int64_t{1'000'000'000};
    const auto output = apply_block(ledger.facts(), ledger.engine(), ledger.state(),
                                    ledger.replay(), {9, late, {}, false});
    REQUIRE(output.has_value());
    CHECK(output->receipts.size() == 1);
    const auto before = apply_block(ledger.facts(), ledger.engine(), ledger.state(),
                                    ledger.replay(), {9, late - 1800'000'000'000 - 1, {}, false});
    REQUIRE(before.has_value());
    CHECK(before->receipts.empty());
}

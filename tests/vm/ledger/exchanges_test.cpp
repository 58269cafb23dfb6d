#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/system/questions.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;
using abi::Refusal;
using system::QuestionStatus;

namespace {

using Names = std::vector<std::string>;

constexpr std::uint16_t code(Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

void ask(Script& script, const Bytes& asked, const Bytes& asking) {
    const auto fields = script.data(array_of({number_item(8)}));
    const auto to = script.data(asked);
    const auto from = script.data(asking);
    script.call("ask", abi::id8("X"), fields.address, fields.size, to.address, to.size,
                from.address, from.size, -1);
}

abi::CaseId open_and_ask(Ledger& ledger) {
    const Bytes anfa = commune(ledger.chain(), "anfa");
    const Bytes taza = commune(ledger.chain(), "taza");
    return ledger.open_case(1, [&](Script& script) { ask(script, anfa, taza); });
}

system::QuestionRow question(const Ledger& ledger, const abi::CaseId& case_id) {
    return system::read_question(ledger.state(), case_id, 0).value().value();
}

/// The office opens a case of its own for each question.
void office_takes_questions(Ledger& ledger) {
    Script takes;
    takes.call("case_create", abi::id8("P"));
    store_case(takes, 0, 50);
    ledger.set_script("P.on_ask", takes, "test.office");
}

/// The asking case keeps what it heard in state b.
void kit_hears_replies(Ledger& ledger, const Bytes& reply) {
    Script hears;
    load_case(hears);
    hears.expect_memory(Script::arguments, array_of({reply}));
    store_case(hears, 1, 1);
    ledger.set_script("P.on_reply", hears);
}

Receipt office_answers(Ledger& ledger, const abi::CaseId& office_case, std::uint64_t answer) {
    Script answers;
    load_case(answers);
    const auto fields = answers.data(array_of({number_item(answer)}));
    answers.call("answer", fields.address, fields.size);
    store_case(answers, 1, 50);
    CallOptions options;
    options.case_id = office_case;
    return ledger.call(officer_of_anfa(), "test.office", "P.step", answers.as_arguments(), options);
}

std::vector<Receipt> block_on(Ledger& ledger, calendar::Day day) {
    ledger.go_to(day);
    return ledger.make().receipts;
}

}  // namespace

TEST_CASE("a case has one open question of a kind") {
    Ledger ledger;
    const abi::CaseId case_id = open_and_ask(ledger);
    Script again;
    load_case(again);
    ask(again, commune(ledger.chain(), "anfa"), commune(ledger.chain(), "taza"));
    store_case(again, 0, 1);
    CHECK(ledger.step(case_id, again).refusal == code(Refusal::QuestionOpen));
}

TEST_CASE("a case that was not opened by a question has nothing to answer") {
    Ledger ledger;
    const abi::CaseId case_id = ledger.open_case(1);
    Script answers;
    load_case(answers);
    const auto fields = answers.data(array_of({}));
    answers.call("answer", fields.address, fields.size);
    CHECK(ledger.step(case_id, answers).refusal == code(Refusal::NoQuestion));
}

TEST_CASE("a question opens a case of the body asked, and its answer comes back") {
    Ledger ledger;
    office_takes_questions(ledger);
    kit_hears_replies(ledger, array_of({number_item(0), number_item(42)}));
    const abi::CaseId asking = open_and_ask(ledger);
    std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == 0);
    CHECK((event_names(receipts) == Names{"case_opened", "transition", "question_taken"}));
    const abi::CaseId office_case = receipts[0].case_id.value();
    CHECK((question(ledger, asking).answering.value() == office_case));
    const Receipt answered = office_answers(ledger, office_case, 42);
    CHECK(answered.refusal == 0);
    CHECK((event_names(answered) == Names{"answered", "transition"}));
    CHECK(question(ledger, asking).status == QuestionStatus::answered);
    receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == 0);
    CHECK((event_names(receipts) == Names{"reply_received", "transition"}));
    CHECK(ledger.case_row(asking).state.value() == 1);
    CHECK(ledger.case_row(asking).open_questions.empty());
    CHECK(office_answers(ledger, office_case, 43).refusal == code(Refusal::NoQuestion));
    CHECK(block_on(ledger, first_day + 100).empty());
}

TEST_CASE("the body asked sees the fields, the asking case and the asking body") {
    Ledger ledger;
    const abi::CaseId asking = ledger.open_case(1);
    Script takes;
    takes.expect_memory(Script::arguments,
                        array_of({array_of({number_item(8)}), bytes_item(asking.view()),
                                  commune(ledger.chain(), "taza")}));
    takes.call("case_create", abi::id8("P"));
    store_case(takes, 0, 50);
    ledger.set_script("P.on_ask", takes, "test.office");
    Script asks;
    load_case(asks);
    ask(asks, commune(ledger.chain(), "anfa"), commune(ledger.chain(), "taza"));
    store_case(asks, 0, 1);
    REQUIRE(ledger.step(asking, asks).refusal == 0);
    const std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].refusal == 0);
}

TEST_CASE("a question ends when its case leaves the state that it waited in") {
    Ledger ledger;
    office_takes_questions(ledger);
    const abi::CaseId asking = open_and_ask(ledger);
    const abi::CaseId office_case = ledger.make().receipts.at(0).case_id.value();
    Script stays;
    load_case(stays);
    store_case(stays, 0, 7);
    REQUIRE(ledger.step(asking, stays).refusal == 0);
    CHECK(question(ledger, asking).status == QuestionStatus::open);
    Script leaves;
    load_case(leaves);
    store_case(leaves, 1, 7);
    const Receipt left = ledger.step(asking, leaves);
    CHECK((event_names(left) == Names{"transition", "question_cancelled"}));
    CHECK(question(ledger, asking).status == QuestionStatus::cancelled);
    CHECK(ledger.case_row(asking).open_questions.empty());
    const Receipt answered = office_answers(ledger, office_case, 42);
    CHECK((event_names(answered) == Names{"answer_dropped", "transition"}));
    CHECK(ledger.case_row(asking).state.value() == 1);
    CHECK(block_on(ledger, first_day + 100).empty());
}

TEST_CASE("a question that is asked on the way to a state waits there") {
    Ledger ledger;
    const abi::CaseId asking = ledger.open_case(1);
    Script asks;
    load_case(asks);
    ask(asks, commune(ledger.chain(), "anfa"), commune(ledger.chain(), "taza"));
    store_case(asks, 1, 7);
    REQUIRE(ledger.step(asking, asks).refusal == 0);
    CHECK(ledger.case_row(asking).state.value() == 1);
    CHECK(question(ledger, asking).status == QuestionStatus::open);
    CHECK(ledger.case_row(asking).open_questions.size() == 1);
}

TEST_CASE("a question that nobody takes up is refused") {
    Ledger ledger;
    Script refuses;
    refuses.refuse(256);
    ledger.set_script("P.on_ask", refuses, "test.office");
    kit_hears_replies(ledger, number_item(1));
    const abi::CaseId asking = open_and_ask(ledger);
    CHECK((event_names(ledger.make().receipts) == Names{"question_refused"}));
    CHECK(question(ledger, asking).status == QuestionStatus::refused);
    CHECK((event_names(ledger.make().receipts) == Names{"reply_received", "transition"}));
    CHECK(ledger.case_row(asking).state.value() == 1);
    CHECK(block_on(ledger, first_day + 100).empty());
}

TEST_CASE("silence is a reply at the end of its term, and a later answer is dropped") {
    Ledger ledger;
    office_takes_questions(ledger);
    kit_hears_replies(ledger, number_item(2));
    const abi::CaseId asking = open_and_ask(ledger);
    const abi::CaseId office_case = ledger.make().receipts.at(0).case_id.value();
    CHECK(block_on(ledger, first_day + 5).empty());
    const std::vector<Receipt> receipts = block_on(ledger, first_day + 6);
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].origin == Origin::question);
    CHECK(receipts[0].effective == first_day + 6);
    CHECK((event_names(receipts) == Names{"silent", "reply_received", "transition"}));
    CHECK(ledger.case_row(asking).state.value() == 1);
    const Receipt late = office_answers(ledger, office_case, 42);
    CHECK(late.refusal == 0);
    CHECK((event_names(late) == Names{"answer_dropped", "transition"}));
    CHECK(ledger.make().receipts.empty());
}

TEST_CASE("a case that settles waits for no answer") {
    Ledger ledger;
    office_takes_questions(ledger);
    const abi::CaseId asking = open_and_ask(ledger);
    const abi::CaseId office_case = ledger.make().receipts.at(0).case_id.value();
    Script settles;
    load_case(settles);
    store_case(settles, 2, 1);
    CHECK((event_names(ledger.step(asking, settles)) ==
           Names{"transition", "settled", "question_cancelled"}));
    CHECK(question(ledger, asking).status == QuestionStatus::cancelled);
    CHECK((event_names(office_answers(ledger, office_case, 42)) ==
           Names{"answer_dropped", "transition"}));
    CHECK(block_on(ledger, first_day + 100).empty());
}

TEST_CASE("a reply that the asking case cannot take marks it") {
    Ledger ledger;
    Script fails;
    fails.trap();
    ledger.set_script("P.on_reply", fails);
    const abi::CaseId asking = open_and_ask(ledger);
    ledger.make();
    CHECK((event_names(ledger.make().receipts) == Names{"reply_received", "faulted"}));
    CHECK(ledger.case_row(asking).faulted);
}

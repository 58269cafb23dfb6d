#include <aqd/system/bodies.h>
#include <aqd/system/calendars.h>
#include <aqd/system/case_row.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/mandates.h>
#include <aqd/system/modules.h>
#include <aqd/system/obligations.h>
#include <aqd/system/questions.h>
#include <aqd/system/timers.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::system;

namespace {

const abi::CaseId some_case = abi::CaseId::from(Bytes(20, 1));
const abi::Lineage some_lineage = abi::Lineage::from(Bytes(32, 2));
const Bytes some_body = join_body(Bytes(40, 3), Bytes{0x81, 0x01});

/// Every cut and every longer form is refused, and the row comes back as it was.
template <class Row>
void check_strict(const Row& row, Bytes (*encode)(const Row&), Result<Row> (*decode)(BytesView)) {
    const Bytes good = encode(row);
    const auto decoded = decode(good);
    INFO((decoded ? "" : decoded.error().message));
    REQUIRE(decoded.has_value());
    CHECK((*decoded == row));
    for (std::size_t size = 0; size < good.size(); ++size) {
        CHECK_FALSE(decode(BytesView(good).first(size)).has_value());
    }
    Bytes longer = good;
    longer.push_back(0);
    CHECK_FALSE(decode(longer).has_value());
}

Term some_term() {
    Term term;
    term.amount = 5;
    term.unit = Unit::workdays;
    term.start = 20'000;
    term.start_instant = 1'728'000'000;
    term.calendar = some_lineage;
    return term;
}

}  // namespace

TEST_CASE("rows are read strictly and come back as they were") {
    check_strict(BodyRow{{0x80}, crypto::PublicKey(), -5, 9}, encode_body, decode_body);
    check_strict(MandateRow{{Bytes(40, 1), {0x80}, abi::Person(), 1, std::nullopt, abi::Person()},
                            {{}, {}, abi::Person(), 2, 3, std::nullopt}},
                 encode_mandates, decode_mandates);
    check_strict(ModuleRow{"a.b", abi::Account(), {{1, 5, Hash256()}, {3, 5, Hash256()}}},
                 encode_module, decode_module);
    CaseRow open;
    open.lineage = some_lineage;
    open.procedure = "P";
    open.version = 2;
    open.state = 1;
    open.settled_on = 3;
    open.unique = Bytes{0x01};
    open.timers = {{0, Bytes(26, 1)}, {2, Bytes(26, 2)}};
    open.question = QuestionLink{some_case, 4};
    open.open_questions = {{77, 1}};
    open.data = Bytes{0x81, 0x05};
    check_strict(open, encode_case, decode_case);
    check_strict(CaseRow{}, encode_case, decode_case);
    ObligationRow obligation;
    obligation.notice = "a.b.N";
    obligation.fields = {0x80};
    obligation.recipient = some_body;
    obligation.acknowledge = some_term();
    obligation.act_by = 5;
    obligation.remind_every = abi::Period{3, 1};
    obligation.next_reminder = some_term();
    obligation.timer = Bytes{5};
    check_strict(obligation, encode_obligation, decode_obligation);
    check_strict(
        QuestionRow{
            "a.b.X", some_body, some_body, {0x80}, 4, QuestionStatus::silent, some_case, Bytes{5}},
        encode_question, decode_question);
    check_strict(DeliveryRow{DeliveryKind::reply, some_case, 3, some_lineage, Bytes{0x01}},
                 encode_delivery, decode_delivery);
    check_strict(BreachRow{some_body, 5}, encode_breach, decode_breach);
    check_strict(TimerRow{Waker::question, some_case, 2, {false, 20'000, 0}, some_term()},
                 encode_timer, decode_timer);
    check_strict(TimerRow{Waker::deadline, some_case, 2, {true, 0, -5}, std::nullopt}, encode_timer,
                 decode_timer);
}

TEST_CASE("rows that contradict themselves are refused") {
    CHECK_FALSE(decode_calendar(encode_calendar(0x7F)).has_value());
    CHECK_FALSE(decode_module(encode_module({"a", {}, {{2, 0, {}}, {1, 0, {}}}})).has_value());
    CHECK_FALSE(decode_module(encode_module({"a", {}, {{1, 5, {}}, {2, 4, {}}}})).has_value());
    CaseRow unsorted;
    unsorted.timers = {{2, Bytes(26, 1)}, {1, Bytes(26, 2)}};
    CHECK_FALSE(decode_case(encode_case(unsorted)).has_value());
    CHECK_FALSE(decode_body(encode_body({{0x01}, {}, 0, {}})).has_value());
}

TEST_CASE("a body is an authority and its keys") {
    const BodyParts parts = split_body(some_body).value();
    CHECK((parts == BodyParts{Bytes(40, 3), {0x81, 0x01}}));
    CHECK_FALSE(split_body(Bytes{0x80}).has_value());
    CHECK_FALSE(split_body(Bytes{0x81, 0x01}).has_value());
    CHECK_FALSE(split_body(join_body(Bytes(39, 3), Bytes{0x80})).has_value());
}

TEST_CASE("the version in force is the last that has begun") {
    const ModuleRow row{"a", {}, {{1, 10, {}}, {2, 20, {}}, {5, 20, {}}}};
    CHECK(row.in_force(9) == nullptr);
    CHECK(row.in_force(10)->version == 1);
    CHECK(row.in_force(19)->version == 1);
    CHECK(row.in_force(20)->version == 5);
    CHECK(row.find(2)->from == 20);
    CHECK(row.find(3) == nullptr);
}

TEST_CASE("names are cut at the last dot") {
    CHECK(split_name("a.b.C")->module == "a.b");
    CHECK(split_name("a.b.C")->name == "C");
    for (const char* bad : {"", "C", ".C", "a."}) {
        CHECK_FALSE(split_name(bad).has_value());
    }
}

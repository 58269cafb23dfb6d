#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/system/modules.h>

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;
using abi::Refusal;

namespace {

constexpr std::uint16_t code(Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

const Bytes null_item{0xF6};

Bytes day_item(std::int32_t day) {
    Bytes out;
    abi::Writer(out).write_int(day);
    return out;
}

std::uint16_t native(Ledger& ledger, const Actor& actor, std::string entry, Bytes arguments) {
    return ledger.call(actor, "aqd.system", std::move(entry), std::move(arguments)).refusal;
}

std::uint16_t deploy(Ledger& ledger, const Actor& actor, const Bytes& wasm) {
    return native(ledger, actor, "deploy", array_of({bytes_item(wasm)}));
}

Bytes version_of_kit(std::uint32_t version, std::int32_t from, std::string path = "test.kit") {
    KitOptions options;
    options.path = std::move(path);
    options.version = version;
    options.from = from;
    return kit_module(options);
}

Bytes grant_arguments(const Actor& actor, std::string_view code_of_commune, std::int32_t from) {
    return array_of({text_item("test.kit.Officer"), bytes_item(actor.account.view()),
                     text_item("test.kit.Commune"), array_of({text_item(code_of_commune)}),
                     null_item, day_item(from), null_item});
}

std::uint16_t officer_check(Ledger& ledger, const Actor& actor, std::string_view code_of_commune) {
    Script script;
    const auto keys = script.data(array_of({text_item(code_of_commune)}));
    script.call("caller_has_role", 0, abi::id8("Officer"), keys.address, keys.size).expect(1);
    return ledger.run(actor, script).refusal;
}

}  // namespace

TEST_CASE("an operator deploys new modules, an owner the next versions") {
    Ledger ledger;
    const Bytes fresh = version_of_kit(1, 0, "test.fresh");
    CHECK(deploy(ledger, stranger(), fresh) == code(Refusal::NotOwner));
    CHECK(native(ledger, operator_actor(), "deploy", number_item(1)) == code(Refusal::Decode));
    CHECK(deploy(ledger, operator_actor(), {1, 2, 3}) == code(Refusal::BadModule));
    CHECK(deploy(ledger, operator_actor(), version_of_kit(1, 0, "aqd.mine")) ==
          code(Refusal::BadModule));
    const Receipt receipt =
        ledger.call(operator_actor(), "aqd.system", "deploy", array_of({bytes_item(fresh)}));
    CHECK(receipt.refusal == 0);
    CHECK((event_names(receipt) == std::vector<std::string>{"deployed"}));
    CHECK(ledger.call(stranger(), "test.fresh", "run", Script().as_arguments()).refusal == 0);
    CHECK(deploy(ledger, stranger(), version_of_kit(2, first_day, "test.fresh")) ==
          code(Refusal::NotOwner));
    CHECK(deploy(ledger, operator_actor(), version_of_kit(2, first_day - 1, "test.fresh")) ==
          code(Refusal::BadModule));
    CHECK(deploy(ledger, operator_actor(), version_of_kit(1, first_day, "test.fresh")) ==
          code(Refusal::BadModule));
    CHECK(deploy(ledger, operator_actor(), version_of_kit(2, first_day, "test.fresh")) == 0);
}

TEST_CASE("a version that does not keep what is stored is refused") {
    Ledger ledger;
    KitOptions options;
    options.version = 2;
    options.from = first_day;
    abi::Manifest manifest = kit_manifest(options);
    manifest.procedures[0].states[0].name = "elsewhere";
    const auto before = ledger.state().rows();
    CHECK(deploy(ledger, operator_actor(), kit_module(manifest)) == code(Refusal::BadUpgrade));
    CHECK(ledger.state().rows().size() == before.size());
    CHECK(deploy(ledger, operator_actor(), version_of_kit(2, first_day)) == 0);
}

TEST_CASE("a deployment that cannot pay for its octets changes nothing") {
    Ledger ledger;
    CallOptions options;
    options.gas_limit = 100'000;
    const auto before = ledger.state().rows();
    const Receipt receipt =
        ledger.call(operator_actor(), "aqd.system", "deploy",
                    array_of({bytes_item(version_of_kit(1, 0, "test.fresh"))}), options);
    CHECK(receipt.refusal == code(Refusal::OutOfGas));
    CHECK(receipt.gas == 100'000);
    CHECK((ledger.state().rows() == before));
}

TEST_CASE("a module with manifest and exports that do not meet is refused") {
    Ledger ledger;
    const auto refused = [&](const std::function<void(abi::Manifest&)>& change) {
        KitOptions options;
        options.path = "test.fresh";
        options.declares = "test.fresh";
        abi::Manifest manifest = kit_manifest(options);
        change(manifest);
        return deploy(ledger, operator_actor(), kit_module(manifest)) == code(Refusal::BadModule);
    };
    CHECK(refused([](abi::Manifest& manifest) { manifest.entries[0].exported = "nothing"; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.entries[0].exported = "memory"; }));
    CHECK(refused(
        [](abi::Manifest& manifest) { manifest.procedures[0].deadlines[0].exported = "nothing"; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.procedures[0].deadlines[0].name = ""; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.notices = {{}}; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.notices[0].reminders = 101; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.notices[0].remind_every->amount = 0; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.notices[0].act_within->unit = 5; }));
    CHECK(refused(
        [](abi::Manifest& manifest) { manifest.exchanges[0].within->amount = 10'000'000; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.exchanges[0].name = "a.b"; }));
    CHECK(refused([](abi::Manifest& manifest) { manifest.serves = "Nothing"; }));
}

TEST_CASE("a case keeps the version it was opened under, new cases take the newest") {
    Ledger ledger;
    const abi::CaseId old_case = ledger.open_case(1);
    REQUIRE(deploy(ledger, operator_actor(), version_of_kit(2, first_day + 10)) == 0);
    ledger.go_to(first_day + 9);
    const abi::CaseId last_day = ledger.open_case(2);
    CHECK(ledger.case_row(last_day).version == 1);
    ledger.go_to(first_day + 10);
    const abi::CaseId new_case = ledger.open_case(3);
    CHECK(ledger.case_row(new_case).version == 2);
    const auto version_that_runs = [&](const abi::CaseId& case_id, std::uint64_t x) {
        Script script;
        load_case(script);
        store_case(script, 1, x);
        return ledger.step(case_id, script).version;
    };
    CHECK(version_that_runs(old_case, 1) == 1);
    CHECK(version_that_runs(new_case, 3) == 2);
    CHECK(ledger.run(stranger(), Script()).version == 2);
    // A start that joins an old case runs the old code; a backdated one opens under the version of
    // its signing date.
    Script joins;
    const auto unique = joins.data(number_item(1));
    joins.call("case_join", abi::id8("P"), unique.address, unique.size).expect(1);
    const Receipt joined = ledger.run(stranger(), joins, "P.open");
    CHECK(joined.refusal == 0);
    CHECK(joined.version == 1);
    CHECK((joined.case_id.value() == old_case));
    Script backdated;
    backdated.call("backdate", 5).call("case_create", abi::id8("P"));
    store_case(backdated, 0, 4);
    CallOptions options;
    options.signed_on = first_day + 8;
    const Receipt signed_before = ledger.run(stranger(), backdated, "P.open", options);
    CHECK(signed_before.refusal == 0);
    CHECK(signed_before.version == 1);
    CHECK(signed_before.effective == first_day + 8);
    CHECK(ledger.case_row(signed_before.case_id.value()).version == 1);
    CHECK(ledger.case_row(signed_before.case_id.value()).opened == first_day + 8);
}

TEST_CASE("a deadline runs in the version of its case") {
    Ledger ledger;
    ledger.open_case(1,
                     [](Script& script) { script.call("timer_arm", 0, first_day, 20, 0, 0, -1); });
    REQUIRE(deploy(ledger, operator_actor(), version_of_kit(2, first_day + 10)) == 0);
    ledger.go_to(first_day + 30);
    const std::vector<Receipt> receipts = ledger.make().receipts;
    REQUIRE(receipts.size() == 1);
    CHECK(receipts[0].version == 1);
}

TEST_CASE("bodies are registered and mandates granted and ended by operators alone") {
    Ledger ledger;
    const Bytes fes = array_of({text_item("test.kit.Commune"), array_of({text_item("fes")}),
                                array_of({}), null_item, day_item(0), null_item});
    CHECK(native(ledger, stranger(), "register_body", fes) == code(Refusal::NotOwner));
    CHECK(native(ledger, operator_actor(), "register_body", number_item(1)) ==
          code(Refusal::Decode));
    CHECK(native(ledger, operator_actor(), "grant", grant_arguments(stranger(), "fes", 0)) ==
          code(Refusal::UnknownBody));
    CHECK(native(ledger, operator_actor(), "register_body", fes) == 0);
    CHECK(native(ledger, stranger(), "grant", grant_arguments(stranger(), "fes", 0)) ==
          code(Refusal::NotOwner));
    CHECK(officer_check(ledger, stranger(), "fes") == Script::unexpected);
    CHECK(native(ledger, operator_actor(), "grant", grant_arguments(stranger(), "fes", 0)) == 0);
    CHECK(officer_check(ledger, stranger(), "fes") == 0);
    CHECK(officer_check(ledger, stranger(), "anfa") == Script::unexpected);
    const Bytes revoke =
        array_of({text_item("test.kit.Officer"), bytes_item(stranger().account.view()),
                  array_of({text_item("fes")})});
    CHECK(native(ledger, stranger(), "revoke", revoke) == code(Refusal::NotOwner));
    CHECK(native(ledger, operator_actor(), "revoke", revoke) == 0);
    CHECK(officer_check(ledger, stranger(), "fes") == Script::unexpected);
    CHECK(native(ledger, operator_actor(), "revoke", revoke) == code(Refusal::BadRow));
}

TEST_CASE("only days ahead are closed, once, by an operator") {
    Ledger ledger;
    const auto close = [&](const Actor& actor, std::string_view calendar, std::int32_t day) {
        return native(ledger, actor, "close_day", array_of({text_item(calendar), day_item(day)}));
    };
    CHECK(close(stranger(), "test.calendar", first_day + 1) == code(Refusal::NotOwner));
    CHECK(close(operator_actor(), "test.calendar", first_day) == code(Refusal::BadRow));
    CHECK(close(operator_actor(), "test.none", first_day + 1) == code(Refusal::BadRow));
    CHECK(close(operator_actor(), "test.calendar", first_day + 1) == 0);
    CHECK(close(operator_actor(), "test.calendar", first_day + 1) == code(Refusal::BadRow));
}

TEST_CASE("the civil clock changes ahead, without losing a day") {
    Ledger ledger;
    const auto set = [&](const Actor& actor, std::int64_t from, std::int64_t seconds) {
        return native(ledger, actor, "set_offset",
                      array_of({day_item(static_cast<std::int32_t>(from)),
                                day_item(static_cast<std::int32_t>(seconds))}));
    };
    const std::int64_t now = ledger.time_ns() / 1'000'000'000;
    CHECK(set(stranger(), now + 1000, 3600) == code(Refusal::NotOwner));
    CHECK(set(operator_actor(), now - 1000, 3600) == code(Refusal::BadRow));
    CHECK(set(operator_actor(), now + 1000, 100'000) == code(Refusal::BadRow));
    CHECK(set(operator_actor(), now + 1000, -80'000) == code(Refusal::BadRow));
    CHECK(set(operator_actor(), now + 1000, 3600) == 0);
    CHECK(set(operator_actor(), now + 500, 0) == code(Refusal::BadRow));
}

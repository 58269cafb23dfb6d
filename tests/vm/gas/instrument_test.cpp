#include "tests/vm/wasm/wat.h"

#include <aqd/gas/instrument.h>
#include <aqd/gas/regions.h>

#include <catch2/catch.hpp>

#include <map>
#include <string>
#include <vector>

using namespace aqd;

namespace {

gas::Schedule schedule() {
    return *gas::schedule(gas::newest_schedule);
}

gas::Instrumented instrumented(const std::string& text) {
    const auto module = test::valid_module(test::wat("(module " + text + ")"));
    auto result = gas::instrument(module, schedule());
    REQUIRE(result.has_value());
    CHECK(test::wabt_accepts(result->module));
    test::valid_module(result->module);
    return std::move(*result);
}

}  // namespace

TEST_CASE("what contracts cannot have cannot be instrumented") {
    const auto refused = [](const std::string& text) {
        const auto module = test::valid_module(test::wat("(module " + text + ")"));
        const auto result = gas::instrument(module, schedule());
        REQUIRE(!result.has_value());
        CHECK((result.error().code == ErrorCode::unsupported));
    };
    refused("(table 1 funcref) (func $f) (elem (i32.const 0) funcref (ref.null func))");
    refused("(func $f) (global funcref (ref.func $f))");
    refused(
        "(global $g (import \"a\" \"b\") i32) (table 1 funcref) (func $f)"
        " (elem (global.get $g) $f)");
}

TEST_CASE("an instrumented module is valid, whatever its control flow") {
    instrumented("");
    instrumented("(func) (start 0)");
    instrumented(
        "(import \"e\" \"f\" (func (param i32))) (table 2 funcref) (elem (i32.const 0) 1 0)"
        "(memory 1) (data (i32.const 0) \"ab\") (data \"c\") (export \"g\" (func 1))"
        "(func (param i32 i64) (result i32) (local i64 i32)"
        "  (call 0 (i32.const 1)) (call_indirect (param i32) (i32.const 3) (i32.const 1))"
        "  (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 1))"
        "  (drop (memory.grow (i32.const 0)))"
        "  (block (loop (br_if 1 (local.get 0)) (br_if 0 (local.get 0)) (br_table 0 1 0 (local.get "
        "0))))"
        "  (if (result i32) (local.get 0) (then (return (i32.const 1)))"
        "    (else (call 1 (i32.const 1) (i64.const 2)))))");
}

TEST_CASE("its notes cost what the regions cost") {
    const std::string text =
        "(func (param i32) (result i32) (local i64 i64 i64 i64 i64)"
        "  (block (block (loop (br_if 1 (local.get 0)) (local.set 0 (i32.const 2)) "
        "    (if (local.get 0) (then nop) (else (local.set 0 (i32.const 3)) (br 2)))"
        "    (if (local.get 0) (then (br 1)))"
        "    (br_table 0 1 2 (local.get 0)))) (drop (i32.const 9)))"
        "  (local.get 0))";
    const auto module = test::valid_module(test::wat("(module " + text + ")"));
    std::map<std::uint32_t, std::uint32_t> regions;
    for (const auto& [offset, cost] : gas::region_costs(module, 0, schedule())) {
        regions[offset] = cost;
    }
    const gas::Instrumented result = instrumented(text);
    std::map<std::uint32_t, std::uint32_t> notes;
    for (const gas::Note& note : result.notes) {
        if (note.cost != 0) {
            notes[result.steps[note.step].code_offset] = note.cost;
        }
    }
    std::erase_if(regions, [](const auto& region) { return region.second == 0; });
    CHECK(notes == regions);
}

TEST_CASE("a place of the new module is one of the old") {
    const gas::Instrumented result = instrumented("(func (block (br 0)) unreachable)");
    REQUIRE(!result.steps.empty());
    REQUIRE(!result.origins.empty());
    const auto& last = result.origins.back();
    CHECK(result.original(last.new_offset) == last.code_offset);
    CHECK(result.original(last.new_offset + 1) == last.code_offset);
    CHECK(result.original(0) == 0);
}

TEST_CASE("without prices only sizes cost") {
    const gas::Schedule free = gas::unpriced(schedule());
    CHECK(free.price(wasm::Opcode::i32_add) == 0);
    CHECK(free.locals_cost(1000) == 0);
    CHECK(free.bulk_cost(64) == schedule().bulk_cost(64));
    CHECK(free.grow_cost(1) == schedule().grow_cost(1));
}

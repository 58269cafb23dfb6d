#include "tests/vm/wasm/wat.h"

#include <aqd/gas/regions.h>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace aqd;

namespace {

/// A schedule in which the classes are told apart by their digits.
gas::Schedule readable() {
    gas::Schedule schedule;
    schedule.class_price.fill(1);
    schedule.class_price[static_cast<std::size_t>(wasm::GasClass::free)] = 0;
    schedule.class_price[static_cast<std::size_t>(wasm::GasClass::branch)] = 100;
    schedule.class_price[static_cast<std::size_t>(wasm::GasClass::call)] = 1000;
    schedule.locals_per_gas = 2;
    return schedule;
}

/// The costs of all regions of the first function, in order of their heads.
std::vector<std::uint32_t> costs(const std::string& function) {
    const auto module = test::valid_module(test::wat("(module " + function + ")"));
    std::vector<std::uint32_t> list;
    std::uint32_t last = 0;
    for (const auto& [offset, cost] : gas::region_costs(module, 0, readable())) {
        CHECK(offset > last);
        last = offset;
        list.push_back(cost);
    }
    return list;
}

using Costs = std::vector<std::uint32_t>;

}  // namespace

TEST_CASE("a function without branches is one region") {
    CHECK(costs("(func)") == Costs{0});
    CHECK(costs("(func nop i32.const 1 drop)") == Costs{2});
}

TEST_CASE("locals are paid for at the entry, rounded up") {
    CHECK(costs("(func (local i32 i32 i32))") == Costs{2});
    CHECK(costs("(func (param i32 i32))") == Costs{0});
}

TEST_CASE("a region ends with the branch that leaves it, and a branch not taken enters the next") {
    CHECK(costs("(func (block i32.const 1 br_if 0 nop i32.const 2 drop))") == Costs{101, 2, 0});
}

TEST_CASE("a region goes on through a label that it falls into") {
    // Entry: loop head, constant, br_if; from the loop head the same; then nothing.
    CHECK(costs("(func (drop (i32.const 9)) (loop i32.const 1 br_if 0))") == Costs{103, 101, 0});
}

TEST_CASE("both sides of a conditional are regions, and so is what follows a branch to its end") {
    CHECK(costs("(func i32.const 1 (if (then nop i32.const 1 drop) (else i32.const 1 drop"
                " i32.const 1 drop)) i32.const 1 drop)") == Costs{101, 2, 6, 2});
    // Without `else`, the end is where the condition sends those who skip.
    CHECK(costs("(func i32.const 1 (if (then i32.const 1 drop)) i32.const 1 drop)") ==
          Costs{101, 4, 2});
}

TEST_CASE("a call does not end a region") {
    CHECK(costs("(func call 0 call 0 i32.const 1 drop)") == Costs{2002});
}

TEST_CASE("what cannot be reached costs nothing") {
    CHECK(costs("(func return i32.const 1 drop (block i32.const 1 drop))") == Costs{100});
    CHECK(costs("(func (block br 0 i32.const 1 drop) i32.const 1 drop)") == Costs{100, 2});
    // A block that is left in no way but by `unreachable` has nothing behind it.
    CHECK(costs("(func (block unreachable) i32.const 1 drop)") == Costs{100});
}

TEST_CASE("sums stop at the greatest 32-bit number") {
    gas::Schedule schedule = readable();
    schedule.class_price.fill(0xffff);
    gas::RegionMeter meter(schedule);
    meter.begin_function(0);
    for (int i = 0; i < 70'000; ++i) {
        meter.add(wasm::Opcode::i32_add);
    }
    meter.close();
    CHECK(meter.cost({}) == 0xffff'ffff);
}

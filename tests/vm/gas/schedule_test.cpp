#include <aqd/gas/schedule.h>

#include <catch2/catch.hpp>

using namespace aqd;

TEST_CASE("a schedule that this build does not know is refused") {
    REQUIRE(!gas::schedule(0).has_value());
    CHECK((gas::schedule(gas::newest_schedule + 1).error().code == ErrorCode::not_found));
}

TEST_CASE("every class but the free one has a price") {
    const auto schedule = *gas::schedule(gas::newest_schedule);
    CHECK(schedule.version == gas::newest_schedule);
    for (std::size_t i = 0; i < wasm::gas_class_count; ++i) {
        CHECK((schedule.class_price[i] == 0) ==
              (i == static_cast<std::size_t>(wasm::GasClass::free)));
    }
}

TEST_CASE("costs by size are rounded up and do not wrap") {
    auto schedule = *gas::schedule(1);
    schedule.bulk_bytes_per_gas = 8;
    CHECK(schedule.bulk_cost(0) == 0);
    CHECK(schedule.bulk_cost(1) == 1);
    CHECK(schedule.bulk_cost(8) == 1);
    CHECK(schedule.bulk_cost(9) == 2);
    CHECK(schedule.bulk_cost(0xffff'ffff) == 0x2000'0000);
    CHECK(schedule.grow_cost(65'536) == std::uint64_t{65'536} * schedule.page_price);
}

TEST_CASE("opcodes are found by their codes, and only those of the table") {
    CHECK((wasm::opcode_of(0x6a).value() == wasm::Opcode::i32_add));
    CHECK((wasm::prefixed_opcode_of(10).value() == wasm::Opcode::memory_copy));
    CHECK(!wasm::opcode_of(0xfc).has_value());
    CHECK(!wasm::opcode_of(0x27).has_value());
    CHECK(!wasm::prefixed_opcode_of(18).has_value());
    CHECK(!wasm::prefixed_opcode_of(0xffff'ffff).has_value());
}

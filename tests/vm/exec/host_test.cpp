#include "tests/vm/exec/harness.h"

#include <catch2/catch.hpp>

#include <cstring>

using namespace aqd;
using exec::HostCall;
using exec::Trap;
using test::call;
using test::instance_of;

namespace {

constexpr auto i32 = wasm::ValueType::i32;
constexpr auto i64 = wasm::ValueType::i64;

const std::string imports =
    "(import \"env\" \"hash\" (func $hash (param i32 i32) (result i64)))"
    "(import \"env\" \"stop\" (func $stop (param i32)))"
    "(memory 1)";

struct Seen {
    int calls = 0;
};

Trap hash(void* context, HostCall& host) {
    ++static_cast<Seen*>(context)->calls;
    const auto octets = host.memory(host.argument(0), host.argument(1));
    if (!octets) {
        return Trap::memory_out_of_bounds;
    }
    if (!host.charge(2 * host.argument(1))) {
        return Trap::out_of_gas;
    }
    std::uint64_t sum = 0;
    for (const std::uint8_t octet : *octets) {
        sum = sum * 31 + octet;
    }
    host.set_result(sum);
    return Trap::none;
}

Trap stop(void*, HostCall& host) {
    return host.argument(0) == 0   ? Trap::none
           : host.argument(0) == 1 ? Trap::host_refusal
                                   : Trap::host_fault;
}

const std::vector<exec::HostFunction> hosts = {{"env", "hash", {{i32, i32}, {i64}}, 50, hash},
                                               {"env", "stop", {{i32}, {}}, 10, stop}};

}  // namespace

TEST_CASE("a host function that refuses ends the call at its place, with the gas used so far") {
    exec::Instance instance = instance_of(
        imports + "(func (export \"f\") (param i32) (call $stop (local.get 0)))", hosts);
    const exec::Outcome fine = call(instance, "f", {0});
    CHECK((fine.trap == Trap::none));
    const exec::Outcome refused = call(instance, "f", {1});
    CHECK((refused.trap == Trap::host_refusal));
    CHECK(refused.gas_used == fine.gas_used);
    CHECK(refused.where->function_index == 2);
    CHECK((call(instance, "f", {2}).trap == Trap::host_fault));
    // The instance can be used again.
    CHECK((call(instance, "f", {0}).trap == Trap::none));
}

TEST_CASE("a host function sees memory with its bounds checked, and the caller's context") {
    Seen seen;
    exec::Instance instance = instance_of(imports +
                                              "(data (i32.const 65534) \"\\01\\02\")"
                                              "(func (export \"f\") (param i32 i32) (result i64)"
                                              " (call $hash (local.get 0) (local.get 1)))",
                                          hosts);
    const exec::Outcome outcome = call(instance, "f", {65'534, 2}, 1'000, &seen);
    CHECK((outcome.trap == Trap::none));
    CHECK(outcome.results[0] == 33);
    CHECK((call(instance, "f", {65'534, 3}, 1'000, &seen).trap == Trap::memory_out_of_bounds));
    CHECK((call(instance, "f", {0xffff'ffff, 0xffff'ffff}, 1'000, &seen).trap ==
           Trap::memory_out_of_bounds));
    CHECK(seen.calls == 3);
}

TEST_CASE("the fixed gas of a host function is charged before it runs, the rest as it says") {
    Seen seen;
    exec::Instance instance = instance_of(imports +
                                              "(func (export \"f\") (param i32) (result i64)"
                                              " (call $hash (i32.const 0) (local.get 0)))",
                                          hosts);
    const std::uint64_t none = call(instance, "f", {0}, 1'000, &seen).gas_used;
    CHECK(call(instance, "f", {10}, 1'000, &seen).gas_used == none + 20);
    CHECK((call(instance, "f", {10}, none + 19, &seen).trap == Trap::out_of_gas));
    CHECK(call(instance, "f", {10}, none + 19, &seen).gas_used == none + 19);
    seen.calls = 0;
    CHECK((call(instance, "f", {0}, none - 1, &seen).trap == Trap::out_of_gas));
    CHECK(seen.calls == 0);
}

TEST_CASE("a failed charge ends the call even if the host function goes on") {
    const std::vector<exec::HostFunction> careless = {
        {"env", "f", {{}, {}}, 0, [](void*, HostCall& host) {
             static_cast<void>(host.charge(1'000'000));
             return Trap::none;
         }}};
    exec::Instance instance =
        instance_of("(import \"env\" \"f\" (func)) (func (export \"f\") call 0)", careless);
    CHECK((call(instance, "f", {}, 1'000).trap == Trap::out_of_gas));
}

TEST_CASE("a host function can be called through a table, and from outside if it is exported") {
    Seen seen;
    exec::Instance instance = instance_of(
        imports +
            "(export \"hash\" (func $hash)) (table 2 funcref) (elem (i32.const 0) $hash $stop)"
            "(func (export \"f\") (param i32) (result i64)"
            " (call_indirect (param i32 i32) (result i64) (i32.const 0) (i32.const 1)"
            " (local.get 0)))",
        hosts);
    CHECK((call(instance, "f", {0}, 1'000, &seen).trap == Trap::none));
    CHECK((call(instance, "f", {1}, 1'000, &seen).trap == Trap::indirect_call_type));
    const exec::Outcome direct = call(instance, "hash", {0, 5}, 1'000, &seen);
    CHECK((direct.trap == Trap::none));
    CHECK(direct.gas_used == 60);
    CHECK(seen.calls == 2);
}

TEST_CASE("a result of 32 bits is cut to them") {
    const std::vector<exec::HostFunction> wide = {
        {"env", "f", {{}, {i32}}, 0, [](void*, HostCall& host) {
             host.set_result(0xffff'ffff'0000'0007);
             return Trap::none;
         }}};
    exec::Instance instance = instance_of(
        "(import \"env\" \"f\" (func (result i32)))"
        " (func (export \"f\") (result i64) (i64.extend_i32_u (call 0)))",
        wide);
    CHECK(call(instance, "f").results[0] == 7);
}

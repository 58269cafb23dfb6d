#include "tests/vm/wasm/wat.h"

#include <aqd/embed/engine.h>

#include <catch2/catch.hpp>

#include <limits>
#include <string>

using namespace aqd;
using embed::Trap;
using embed::Value;

namespace {

embed::Module module_of(const std::string& text, const embed::HostFunctions& functions = {},
                        const embed::Options& options = {}) {
    const auto engine = embed::Engine::create(options);
    REQUIRE(engine.has_value());
    auto module = engine->compile(test::wat("(module " + text + ")"), functions);
    INFO((module ? "" : module.error().message));
    REQUIRE(module.has_value());
    return *module;
}

embed::Instance instance_of(const std::string& text) {
    auto instance = module_of(text).instantiate();
    REQUIRE(instance.has_value());
    return std::move(*instance);
}

ErrorCode code_of(const Result<embed::Outcome>& result) {
    REQUIRE(!result.has_value());
    return result.error().code;
}

}  // namespace

TEST_CASE("octets that are no module, or one over the limits, are refused with words") {
    const auto engine = embed::Engine::create();
    REQUIRE(engine.has_value());
    for (const Bytes& octets : {Bytes{}, Bytes{0, 'a', 's'}, Bytes(100, 0xff)}) {
        const auto module = engine->compile(octets);
        REQUIRE(!module.has_value());
        CHECK((module.error().code == ErrorCode::malformed));
        CHECK(!module.error().message.empty());
    }
    embed::Options contracts;
    contracts.limits = wasm::Limits::contracts();
    const auto strict = embed::Engine::create(contracts);
    const Bytes floats = test::wat("(module (func (param f64)))");
    CHECK(engine->compile(floats).has_value());
    CHECK((strict->compile(floats).error().code == ErrorCode::unsupported));
    contracts.gas_schedule = 77;
    CHECK((embed::Engine::create(contracts).error().code == ErrorCode::not_found));
}

TEST_CASE("an import that the host does not offer is named") {
    const auto engine = embed::Engine::create();
    const auto module =
        engine->compile(test::wat("(module (import \"env\" \"tell\" (func (param i32))))"));
    REQUIRE(!module.has_value());
    CHECK((module.error().code == ErrorCode::not_found));
    CHECK_THAT(module.error().message, Catch::Contains("env.tell"));
}

TEST_CASE("a call with another name, number or type of arguments runs nothing") {
    embed::Instance instance = instance_of(
        "(func (export \"add\") (param i32 i64) (result i64)"
        " (i64.add (i64.extend_i32_u (local.get 0)) (local.get 1)))"
        "(func (export \"refer\") (param externref)) (memory (export \"m\") 1)");
    CHECK((code_of(instance.call("sub", {1, 2})) == ErrorCode::not_found));
    CHECK((code_of(instance.call("m")) == ErrorCode::not_found));
    CHECK((code_of(instance.call("add", {1})) == ErrorCode::invalid));
    CHECK((code_of(instance.call("add", {1, 2})) == ErrorCode::invalid));
    CHECK((code_of(instance.call("add", {1, 2.0})) == ErrorCode::invalid));
    CHECK((code_of(instance.call("refer", {1})) == ErrorCode::unsupported));
    const auto fine = instance.call("add", {-1, std::int64_t{1}});
    REQUIRE(fine.has_value());
    CHECK(fine->value<std::int64_t>() == 0x1'0000'0000);
}

TEST_CASE("numbers of every type go in and come out as they are") {
    embed::Instance instance = instance_of(
        "(func (export \"all\") (param i32 i64 f32 f64) (result f64 f32 i64 i32)"
        " (local.get 3) (local.get 2) (local.get 1) (local.get 0))");
    const auto outcome = instance.call("all", {-5, std::int64_t{-6}, 1.5F, -0.0});
    REQUIRE(outcome.has_value());
    REQUIRE(outcome->results.size() == 4);
    CHECK((outcome->results[0] == Value(-0.0)));
    CHECK((outcome->results[1] == Value(1.5F)));
    CHECK(outcome->results[2].as<std::int64_t>() == -6);
    CHECK(outcome->results[3].as<std::int32_t>() == -5);
}

TEST_CASE("a trap is told with its place, out of gas with the whole limit") {
    embed::Instance instance = instance_of(
        "(func (export \"spin\") (loop (br 0)))"
        "(func (export \"divide\") (param i32) (result i32)"
        " (i32.div_u (i32.const 1) (local.get 0)))");
    const auto divided = instance.call("divide", {0});
    REQUIRE(divided.has_value());
    CHECK((divided->trap == Trap::integer_divide_by_zero));
    CHECK(divided->results.empty());
    REQUIRE(divided->where.has_value());
    CHECK(divided->where->function_index == 1);
    CHECK(divided->where->code_offset != 0);
    CHECK(divided->where->file.empty());

    const auto spun = instance.call("spin", {}, {.gas_limit = 1'000});
    REQUIRE(spun.has_value());
    CHECK((spun->trap == Trap::out_of_gas));
    CHECK(spun->gas_used == 1'000);
    // It can be used again.
    CHECK(instance.call("divide", {1})->value<std::int32_t>() == 1);
}

TEST_CASE("memory and globals can be read and written, and not beyond their end") {
    embed::Instance instance = instance_of(
        "(memory (export \"memory\") 1 2) (data (i32.const 8) \"words\")"
        "(global (export \"g\") (mut i64) (i64.const 7))"
        "(func (export \"set\") (param i64) (global.set 0 (local.get 0)))"
        "(func (export \"grow\") (result i32) (memory.grow (i32.const 1)))"
        "(func (export \"load\") (param i32) (result i32) (i32.load8_u (local.get 0)))");
    CHECK(as_text(*instance.read(8, 5)) == "words");
    CHECK((instance.read(65'536, 1).error().code == ErrorCode::too_large));
    CHECK((instance.read(std::numeric_limits<std::uint64_t>::max(), 2).error().code ==
           ErrorCode::too_large));
    CHECK(instance.read(65'536, 0).has_value());
    CHECK((instance.write(65'535, Bytes{1, 2}).error().code == ErrorCode::too_large));
    REQUIRE(instance.call("grow").has_value());
    REQUIRE(instance.write(65'535, Bytes{1, 2}).has_value());
    CHECK(instance.memory().size() == std::size_t{2} * 65'536);
    CHECK(instance.call("load", {65'536})->value<std::int32_t>() == 2);

    REQUIRE(instance.call("set", {std::int64_t{-1}}).has_value());
    CHECK(instance.global("g")->as<std::int64_t>() == -1);
    CHECK((instance.global("memory").error().code == ErrorCode::not_found));
    REQUIRE(instance.reset().has_value());
    CHECK(instance.global("g")->as<std::int64_t>() == 7);
    CHECK(instance.memory().size() == 65'536);
    CHECK(as_text(*instance.read(8, 5)) == "words");
}

TEST_CASE("a start function that traps makes no instance") {
    const embed::Module module = module_of("(func $f unreachable) (start $f)");
    const auto instance = module.instantiate();
    REQUIRE(!instance.has_value());
    CHECK((instance.error().code == ErrorCode::invalid));
    CHECK_THAT(instance.error().message, Catch::Contains("unreachable"));
    const embed::Module costly =
        module_of("(func $f (loop (br 0))) (start $f) (func (export \"g\"))");
    CHECK_THAT(costly.instantiate({.gas_limit = 100}).error().message,
               Catch::Contains("out_of_gas"));
}

TEST_CASE("an instance whose reset failed runs nothing until another one works") {
    embed::HostFunctions functions;
    functions.add(
        "env", "ready",
        [](embed::Caller& caller) {
            const bool* ready = caller.host<bool>();
            return ready == nullptr || *ready ? Trap::none : caller.refuse("not now");
        },
        5);
    const embed::Module module = module_of(
        "(import \"env\" \"ready\" (func $r)) (start $r) (func (export \"f\"))", functions);
    auto instance = module.instantiate();
    REQUIRE(instance.has_value());
    bool ready = false;
    const auto refused = instance->reset({.host = &ready});
    REQUIRE(!refused.has_value());
    CHECK_THAT(refused.error().message, Catch::Contains("not now"));
    CHECK((code_of(instance->call("f")) == ErrorCode::conflict));
    ready = true;
    REQUIRE(instance->reset({.host = &ready}).has_value());
    CHECK(instance->call("f").has_value());
    CHECK(instance->started().gas_used == 5);
}

TEST_CASE("a module lists what it exports to be called") {
    const embed::Module module = module_of(
        "(func (export \"b\") (param i32)) (func (export \"a\") (result f64) (f64.const 0))");
    const auto functions = module.functions();
    REQUIRE(functions.size() == 2);
    CHECK(functions[0].name == "a");
    CHECK((functions[0].type == wasm::FunctionType{{}, {wasm::ValueType::f64}}));
    CHECK((module.type_of("b")->parameters.size() == 1));
    CHECK(!module.type_of("c").has_value());
}

TEST_CASE("instances of a pool come fresh, whatever was done to them before") {
    const embed::Module module = module_of(
        "(memory 1) (data (i32.const 0) \"\\05\")"
        "(func (export \"next\") (result i32)"
        " (i32.store8 (i32.const 0) (i32.add (i32.load8_u (i32.const 0)) (i32.const 1)))"
        " (i32.load8_u (i32.const 0)))");
    embed::InstancePool pool(module, 1);
    for (int round = 0; round < 3; ++round) {
        auto first = pool.take();
        auto second = pool.take();
        REQUIRE(first.has_value());
        REQUIRE(second.has_value());
        CHECK((*first)->call("next")->value<std::int32_t>() == 6);
        CHECK((*second)->call("next")->value<std::int32_t>() == 6);
        CHECK((*second)->call("next")->value<std::int32_t>() == 7);
    }
}

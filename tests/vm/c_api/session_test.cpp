#include "tests/vm/c_api/session.h"

#include "tests/vm/wasm/wat.h"

#include <aqd/vm.h>

#include <catch2/catch.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace aqd;

namespace {

aqd_module* module_of(const std::string& text) {
    aqd_engine* engine = nullptr;
    REQUIRE(aqd_engine_create(nullptr, &engine, nullptr) == AQD_OK);
    const Bytes wasm = test::wat("(module " + text + ")");
    aqd_module* module = nullptr;
    REQUIRE(aqd_module_compile(engine, wasm.data(), wasm.size(), nullptr, &module, nullptr) ==
            AQD_OK);
    aqd_engine_destroy(engine);
    return module;
}

aqd_outcome outcome() {
    aqd_outcome made{};
    made.struct_size = sizeof made;
    return made;
}

}  // namespace

TEST_CASE("a session in C: host functions, calls, traps, memory; everything is given back") {
    const Bytes wasm = test::wat(
        "(module (import \"env\" \"add\" (func $add (param i32 i32) (result i32))) (memory 1)"
        "(func (export \"twice\") (param i32) (result i32)"
        " (call $add (local.get 0) (local.get 0)))"
        "(func (export \"divide\") (param i32 i32) (result i32)"
        " (i32.div_s (local.get 0) (local.get 1))))");
    CHECK(run_session(wasm.data(), wasm.size()) == 0);
}

TEST_CASE("names and types of what a module exports") {
    aqd_module* module = module_of(
        "(func (export \"mix\") (param i32 f64 externref) (result i64 f32)"
        " (i64.const 1) (f32.const 2)) (func (export \"a\"))"
        "(global (export \"g\") f64 (f64.const 0.5))");
    std::size_t count = 0;
    REQUIRE(aqd_module_function_count(module, &count, nullptr) == AQD_OK);
    CHECK(count == 2);
    char name[4];
    std::size_t length = 0;
    REQUIRE(aqd_module_function_name(module, 1, name, sizeof name, &length, nullptr) == AQD_OK);
    CHECK(std::string(name, length) == "mix");
    aqd_type parameters[3];
    aqd_type results[2];
    std::size_t parameter_count = 0;
    std::size_t result_count = 0;
    REQUIRE(aqd_module_function_type(module, "mix", parameters, 3, &parameter_count, results, 2,
                                     &result_count, nullptr) == AQD_OK);
    CHECK((std::vector(parameters, parameters + 3) ==
           std::vector<aqd_type>{AQD_I32, AQD_F64, AQD_REFERENCE}));
    CHECK((std::vector(results, results + 2) == std::vector<aqd_type>{AQD_I64, AQD_F32}));

    aqd_instance* instance = nullptr;
    REQUIRE(aqd_instance_create(module, nullptr, &instance, nullptr) == AQD_OK);
    std::uint64_t value = 0;
    aqd_type type = 0;
    REQUIRE(aqd_instance_global(instance, "g", &value, &type, nullptr) == AQD_OK);
    CHECK(value == 0x3fe0'0000'0000'0000);
    CHECK(type == AQD_F64);
    CHECK(aqd_instance_destroy(instance) == AQD_OK);
    aqd_module_destroy(module);
}

TEST_CASE("instances of a pool are fresh, and may be given back when it is gone") {
    aqd_module* module = module_of(
        "(global $n (mut i32) (i32.const 0)) (func (export \"next\") (result i32)"
        " (global.set $n (i32.add (global.get $n) (i32.const 1))) (global.get $n))");
    aqd_pool* pool = nullptr;
    REQUIRE(aqd_pool_create(module, 2, &pool, nullptr) == AQD_OK);
    aqd_module_destroy(module);
    for (int round = 0; round < 3; ++round) {
        aqd_instance* instance = nullptr;
        REQUIRE(aqd_pool_take(pool, nullptr, &instance, nullptr) == AQD_OK);
        if (round == 2) {
            aqd_pool_destroy(pool);
        }
        std::uint64_t result = 0;
        aqd_outcome ended = outcome();
        REQUIRE(aqd_instance_call(instance, "next", nullptr, 0, &result, 1, nullptr, &ended,
                                  nullptr) == AQD_OK);
        CHECK(result == 1);
        CHECK(aqd_instance_destroy(instance) == AQD_OK);
    }
}

TEST_CASE("eight threads share a module and a pool through C", "[threads]") {
    aqd_module* module = module_of(
        "(memory 1) (func (export \"f\") (param i32) (result i32) (drop (memory.grow (i32.const "
        "1)))"
        " (i32.store (i32.const 8) (local.get 0)) (i32.load (i32.const 8)))");
    aqd_pool* pool = nullptr;
    REQUIRE(aqd_pool_create(module, 4, &pool, nullptr) == AQD_OK);
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    threads.reserve(8);
    for (std::uint64_t number = 0; number < 8; ++number) {
        threads.emplace_back([&, number] {
            for (int round = 0; round < 100; ++round) {
                aqd_instance* instance = nullptr;
                aqd_outcome ended = outcome();
                std::uint64_t result = 0;
                const aqd_status taken =
                    round % 2 == 0 ? aqd_pool_take(pool, nullptr, &instance, nullptr)
                                   : aqd_instance_create(module, nullptr, &instance, nullptr);
                good += taken == AQD_OK &&
                                aqd_instance_call(instance, "f", &number, 1, &result, 1, nullptr,
                                                  &ended, nullptr) == AQD_OK &&
                                result == number &&
                                aqd_instance_reset(instance, nullptr, nullptr) == AQD_OK &&
                                aqd_instance_destroy(instance) == AQD_OK
                            ? 1
                            : 0;
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(good == 800);
    aqd_pool_destroy(pool);
    aqd_module_destroy(module);
}

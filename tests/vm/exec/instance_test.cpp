#include "tests/vm/exec/harness.h"

#include <catch2/catch.hpp>

#include <algorithm>
#include <thread>

using namespace aqd;
using exec::Trap;
using test::call;
using test::instance_of;

TEST_CASE("each trap is reported by its own value, at the offset of its instruction") {
    const std::pair<const char*, Trap> cases[] = {
        {"(func (export \"f\") unreachable)", Trap::unreachable},
        {"(func (export \"f\") (drop (i32.load (i32.const 65533))))", Trap::memory_out_of_bounds},
        {"(func (export \"f\") (i64.store8 (i32.const 65536) (i64.const 0)))",
         Trap::memory_out_of_bounds},
        {"(func (export \"f\") (drop (i32.load offset=4294967295 (i32.const 4294967295))))",
         Trap::memory_out_of_bounds},
        {"(func (export \"f\") (drop (i32.rem_s (i32.const 1) (i32.const 0))))",
         Trap::integer_divide_by_zero},
        {"(func (export \"f\") (drop (i64.div_s (i64.const 0x8000000000000000)"
         " (i64.const -1))))",
         Trap::integer_overflow},
        {"(func (export \"f\") (call_indirect (i32.const 9)))", Trap::undefined_element},
        {"(func (export \"f\") (call_indirect (i32.const 1)))", Trap::uninitialized_element},
        {"(func (export \"f\") (call_indirect (param i32) (i32.const 0) (i32.const 0)))",
         Trap::indirect_call_type},
        {"(func (export \"f\") (memory.fill (i32.const 65530) (i32.const 1) (i32.const 7)))",
         Trap::memory_out_of_bounds},
        {"(func (export \"f\") (table.copy (i32.const 3) (i32.const 0) (i32.const 2)))",
         Trap::table_out_of_bounds},
    };
    for (const auto& [text, trap] : cases) {
        INFO(text);
        exec::Instance instance =
            instance_of(std::string("(memory 1) (table 4 funcref) (elem (i32.const 0) 0) ") + text);
        const exec::Outcome outcome = call(instance, "f");
        CHECK((outcome.trap == trap));
        CHECK(outcome.results.empty());
        REQUIRE(outcome.where.has_value());
        CHECK(outcome.where->function_index == 0);
        const wasm::Module& module = instance.module().code().module.module();
        const std::uint8_t octet = module.bytes[outcome.where->code_offset];
        const bool expected = octet == 0x00 || octet == 0x28 || octet == 0x3c || octet == 0x6f ||
                              octet == 0x7f || octet == 0x11 || octet == 0xfc;
        CHECK(expected);
    }
}

TEST_CASE("a missing or mistyped import is named") {
    const auto module = test::valid_module(
        test::wat("(module (import \"env\" \"f\" (func (param i32) (result i64))))"));
    const auto prepared = prepare::prepare(module, *gas::schedule(1));
    const auto missing = exec::link(prepared, {});
    REQUIRE(!missing.has_value());
    CHECK((missing.error().code == ErrorCode::not_found));
    CHECK(missing.error().message == "import env.f is not offered by the host");
    const std::vector<exec::HostFunction> wrong = {{"env", "f", {{}, {}}, 0, nullptr}};
    const auto mistyped = exec::link(prepared, wrong);
    REQUIRE(!mistyped.has_value());
    CHECK((mistyped.error().code == ErrorCode::invalid));
    CHECK(mistyped.error().message ==
          "import env.f has type (i32) -> (i64), the host offers () -> ()");
}

TEST_CASE("an imported memory is not supported, and says so") {
    const auto module = test::valid_module(test::wat("(module (import \"env\" \"m\" (memory 1)))"));
    const auto result = exec::link(prepare::prepare(module, *gas::schedule(1)), {});
    REQUIRE(!result.has_value());
    CHECK((result.error().code == ErrorCode::unsupported));
}

TEST_CASE("names and arguments from outside are checked before a call") {
    const exec::Instance instance =
        instance_of("(func (export \"f\") (param i32)) (memory (export \"m\") 1)");
    CHECK(instance.check_call("f", 1).value() == 0);
    CHECK((instance.check_call("f", 0).error().code == ErrorCode::invalid));
    CHECK((instance.check_call("m", 0).error().code == ErrorCode::not_found));
    CHECK((instance.check_call("", 0).error().code == ErrorCode::not_found));
}

TEST_CASE("segments that do not fit trap while the instance is initialised") {
    exec::Instance data =
        *exec::Instance::create(test::linked("(memory 1) (data (i32.const 65535) \"ab\")"));
    CHECK((data.initialise(1'000, nullptr).trap == Trap::memory_out_of_bounds));
    exec::Instance elements =
        *exec::Instance::create(test::linked("(table 1 funcref) (func) (elem (i32.const 1) 0)"));
    CHECK((elements.initialise(1'000, nullptr).trap == Trap::table_out_of_bounds));
}

TEST_CASE("the start function runs within the gas for it") {
    const auto module =
        test::linked("(memory 1) (start 0) (func (i32.store (i32.const 0) (i32.const 7)))");
    exec::Instance instance = *exec::Instance::create(module);
    CHECK((instance.initialise(1, nullptr).trap == Trap::out_of_gas));
    instance.reset();
    const exec::Outcome outcome = instance.initialise(1'000, nullptr);
    CHECK((outcome.trap == Trap::none));
    CHECK(outcome.gas_used > 0);
    CHECK(instance.memory()[0] == 7);
}

TEST_CASE("256 calls fit on the stack, 257 do not") {
    exec::Instance instance = instance_of(
        "(func (export \"f\") (param i32) (if (local.get 0)"
        " (then (call 0 (i32.sub (local.get 0) (i32.const 1))))))");
    CHECK((call(instance, "f", {255}).trap == Trap::none));
    CHECK((call(instance, "f", {256}).trap == Trap::stack_exhausted));
    // The counters are back where they were, whichever way the call ended.
    CHECK((call(instance, "f", {255}).trap == Trap::none));
}

TEST_CASE("frames count 8 octets for each parameter, local and operand at the greatest height") {
    // One parameter, 62 locals, one operand: 512 octets, so 128 frames fill 64 KiB.
    std::string locals = "(local";
    for (int i = 0; i < 61; ++i) {
        locals += " i64";
    }
    locals += ")";
    exec::Instance instance =
        instance_of("(func (export \"f\") (param i32) " + locals +
                    " (if (local.get 0)"
                    " (then (call 0 (i32.sub (local.get 0) (i32.const 1))))))");
    CHECK((call(instance, "f", {127}).trap == Trap::none));
    CHECK((call(instance, "f", {128}).trap == Trap::stack_exhausted));
}

TEST_CASE("gas that just suffices suffices, and one less does not") {
    exec::Instance instance = instance_of(
        "(func (export \"f\") (param i32) (result i32) (local i32)"
        " (loop (local.set 1 (i32.add (local.get 1) (local.get 0)))"
        " (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1))))) (local.get 1))");
    const exec::Outcome full = call(instance, "f", {100});
    REQUIRE((full.trap == Trap::none));
    CHECK(full.results == std::vector<std::uint64_t>{5'050});
    const exec::Outcome exact = call(instance, "f", {100}, full.gas_used);
    CHECK((exact.trap == Trap::none));
    CHECK(exact.gas_used == full.gas_used);
    const exec::Outcome short_of_one = call(instance, "f", {100}, full.gas_used - 1);
    CHECK((short_of_one.trap == Trap::out_of_gas));
    CHECK(short_of_one.gas_used == full.gas_used - 1);
    CHECK(short_of_one.where.has_value());
    CHECK((call(instance, "f", {1}, 0).trap == Trap::out_of_gas));
}

TEST_CASE("memory grows to the lesser of its maximum and the limit, and each page is paid for") {
    exec::Instance instance = instance_of(
        "(memory 1 3) (func (export \"grow\") (param i32) (result i32) (memory.grow (local.get 0)))"
        " (func (export \"size\") (result i32) memory.size)");
    const std::uint64_t page_price = gas::schedule(1)->page_price;
    CHECK(call(instance, "grow", {3}).results[0] == 0xffff'ffff);
    CHECK(call(instance, "grow", {0xffff'ffff}).results[0] == 0xffff'ffff);
    const exec::Outcome none = call(instance, "grow", {0});
    CHECK(none.results[0] == 1);
    const exec::Outcome two = call(instance, "grow", {2});
    CHECK(two.results[0] == 1);
    CHECK(two.gas_used == none.gas_used + 2 * page_price);
    CHECK(call(instance, "size").results[0] == 3);
    CHECK(instance.memory().size() == 3 * 65'536);
    instance.reset();
    instance.initialise(0, nullptr);
    CHECK((call(instance, "grow", {1}, none.gas_used + page_price - 1).trap == Trap::out_of_gas));
    CHECK(call(instance, "size").results[0] == 1);

    auto module =
        wasm::decode(test::wat("(module (memory 1) (func (export \"f\") (result i32)"
                               " (memory.grow (i32.const 16))))"));
    exec::Instance contract = *exec::Instance::create(
        *exec::link(prepare::prepare(*wasm::validate(*module), *gas::schedule(1)), {}));
    contract.initialise(0, nullptr);
    CHECK(call(contract, "f").results[0] == 0xffff'ffff);
}

TEST_CASE("after a reset nothing of the earlier calls is left") {
    exec::Instance instance = instance_of(
        "(memory 1 20) (global $g (mut i32) (i32.const 5)) (table 2 funcref) (elem func 0)"
        " (data (i32.const 3) \"xyz\") (data \"p\")"
        " (func (export \"f\") (result i32) (global.set $g (i32.add (global.get $g) (i32.const 1)))"
        " (drop (memory.grow (i32.const 15)))"
        " (i32.store8 (i32.const 1000000) (i32.const 1)) (i32.store8 (i32.const 3) (i32.const 0))"
        " (memory.init 1 (i32.const 0) (i32.const 0) (i32.const 1)) (data.drop 1)"
        " (global.get $g))");
    const exec::Outcome first = call(instance, "f");
    REQUIRE((first.trap == Trap::none));
    CHECK(first.results[0] == 6);
    CHECK((call(instance, "f").trap == Trap::memory_out_of_bounds));
    instance.reset();
    instance.initialise(0, nullptr);
    CHECK(instance.memory().size() == 65'536);
    CHECK(instance.memory()[0] == 0);
    CHECK(instance.memory()[3] == 'x');
    const exec::Outcome again = call(instance, "f");
    CHECK(again.results == first.results);
    CHECK(again.gas_used == first.gas_used);
    CHECK(std::ranges::count(instance.memory(), 0) ==
          static_cast<std::ptrdiff_t>(instance.memory().size() - 4));
}

TEST_CASE("an i32 argument is cut to its lower half") {
    exec::Instance instance = instance_of(
        "(func (export \"f\") (param i32 i64) (result i64)"
        " (i64.add (i64.extend_i32_u (local.get 0)) (local.get 1)))");
    CHECK(call(instance, "f", {0x1'0000'0001, 0x1'0000'0000}).results[0] == 0x1'0000'0001);
}

TEST_CASE("a function may return several results, more than it has locals") {
    exec::Instance instance = instance_of(
        "(func (result i32 i64 i32) i32.const 1 i64.const 2 i32.const 3)"
        "(func (export \"f\") (result i32 i64 i32) call 0)"
        "(func (export \"g\") (result i64) (local i32) call 0 local.set 0 local.get 0"
        " i64.extend_i32_u i64.add br 0)");
    CHECK(call(instance, "f").results == std::vector<std::uint64_t>{1, 2, 3});
    CHECK(call(instance, "g").results == std::vector<std::uint64_t>{5});
}

TEST_CASE("two threads run instances of one module without hindering each other") {
    const auto module = test::linked(
        "(memory 1) (func (export \"f\") (param i32) (result i32)"
        " (loop (i32.store (i32.const 0) (i32.add (i32.load (i32.const 0)) (local.get 0)))"
        " (br_if 0 (local.tee 0 (i32.sub (local.get 0) (i32.const 1)))))"
        " (i32.load (i32.const 0)))");
    std::uint64_t results[2] = {};
    const auto work = [&](int index) {
        exec::Instance instance = *exec::Instance::create(module);
        instance.initialise(0, nullptr);
        for (int i = 0; i < 20; ++i) {
            results[index] = call(instance, "f", {1'000}).results[0];
            instance.reset();
            instance.initialise(0, nullptr);
        }
    };
    std::thread other(work, 1);
    work(0);
    other.join();
    CHECK(results[0] == 500'500);
    CHECK(results[1] == 500'500);
}

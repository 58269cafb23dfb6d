#include "tests/vm/wasm/wat.h"

#include <aqd/embed/engine.h>

#include <catch2/catch.hpp>

#include <memory>
#include <stdexcept>
#include <string>

using namespace aqd;
using embed::Caller;
using embed::Trap;

namespace {

Result<embed::Module> compile(const std::string& text, const embed::HostFunctions& functions) {
    return embed::Engine::create()->compile(test::wat("(module " + text + ")"), functions);
}

embed::Outcome call(const std::string& text, const embed::HostFunctions& functions,
                    const embed::CallOptions& options = {}) {
    const auto module = compile(text, functions);
    REQUIRE(module.has_value());
    auto instance = module->instantiate();
    REQUIRE(instance.has_value());
    const auto outcome = instance->call("f", {}, options);
    REQUIRE(outcome.has_value());
    return *outcome;
}

}  // namespace

TEST_CASE("a lambda gives a host function its type; another type is refused") {
    embed::HostFunctions functions;
    functions.add("env", "mix", [](std::int32_t a, std::uint64_t b, float c, double d) {
        return static_cast<double>(a) + static_cast<double>(b) + static_cast<double>(c) + d;
    });
    const std::string text =
        "(func (export \"f\") (result f64)"
        " (call 0 (i32.const -1) (i64.const 2) (f32.const 0.5) (f64.const 0.25)))";
    const auto wrong =
        compile("(import \"env\" \"mix\" (func (param i32 i64 f32 f32) (result f64)))", functions);
    REQUIRE(!wrong.has_value());
    CHECK((wrong.error().code == ErrorCode::invalid));
    CHECK_THAT(wrong.error().message, Catch::Contains("(i32 i64 f32 f64) -> (f64)"));
    const embed::Outcome outcome = call(
        "(import \"env\" \"mix\" (func (param i32 i64 f32 f64) (result f64)))" + text, functions);
    CHECK(outcome.value<double>() == 1.75);
}

TEST_CASE("a host function ends the call by a trap, by words, or by what it throws") {
    embed::HostFunctions functions;
    functions.add("env", "trap", [] { return Trap::integer_overflow; });
    functions.add("env", "refuse", [](Caller& caller) { return caller.refuse("closed today"); });
    functions.add("env", "throw", [] { throw std::runtime_error("lost the line"); });
    functions.add("env", "maybe", [](std::int32_t what) -> std::expected<std::int32_t, Trap> {
        if (what == 0) {
            return std::unexpected(Trap::null_reference);
        }
        return what + 1;
    });
    const std::pair<const char*, std::pair<Trap, const char*>> cases[] = {
        {"trap", {Trap::integer_overflow, ""}},
        {"refuse", {Trap::host_refusal, "closed today"}},
        {"throw", {Trap::host_fault, "lost the line"}}};
    for (const auto& [name, expected] : cases) {
        const embed::Outcome outcome = call(
            "(import \"env\" \"" + std::string(name) + "\" (func)) (func (export \"f\") (call 0))",
            functions);
        CHECK((outcome.trap == expected.first));
        CHECK(outcome.message == expected.second);
        CHECK(outcome.where.has_value());
    }
    const std::string maybe = "(import \"env\" \"maybe\" (func (param i32) (result i32)))";
    CHECK((call(maybe + "(func (export \"f\") (drop (call 0 (i32.const 0))))", functions).trap ==
           Trap::null_reference));
    CHECK(call(maybe + "(func (export \"f\") (result i32) (call 0 (i32.const 4)))", functions)
              .value<std::int32_t>() == 5);
}

TEST_CASE("a host function reaches memory within its bounds, the caller's host, and gas") {
    embed::HostFunctions functions;
    functions.add(
        "env", "write",
        [](Caller& caller, std::uint32_t address, std::uint32_t size) {
            const auto octets = caller.memory(address, size);
            if (!octets) {
                return Trap::memory_out_of_bounds;
            }
            if (!caller.charge(size)) {
                return Trap::none;  // It ends out of gas all the same.
            }
            caller.host<std::string>()->assign(octets->begin(), octets->end());
            return Trap::none;
        },
        10);
    const auto text = [](const char* address) {
        return "(import \"env\" \"write\" (func (param i32 i32))) (memory 1)"
               "(data (i32.const 4) \"hello\")"
               "(func (export \"f\") (call 0 (i32.const " +
               std::string(address) + ") (i32.const 5)))";
    };
    std::string heard;
    const embed::Outcome fine = call(text("4"), functions, {.host = &heard});
    CHECK(heard == "hello");
    CHECK(fine.gas_used >= 15);
    CHECK((call(text("65532"), functions, {.host = &heard}).trap == Trap::memory_out_of_bounds));
    CHECK((call(text("4"), functions, {.gas_limit = fine.gas_used - 1, .host = &heard}).trap ==
           Trap::out_of_gas));
}

TEST_CASE("what a lambda holds lives as long as the last module that was made with it") {
    auto held = std::make_shared<int>(41);
    const std::weak_ptr<int> watched = held;
    {
        std::optional<embed::Instance> instance;
        {
            embed::HostFunctions functions;
            functions.add("env", "held", [held = std::move(held)] { return *held + 1; });
            const auto module = compile(
                "(import \"env\" \"held\" (func (result i32))) (export \"f\" (func 0))", functions);
            REQUIRE(module.has_value());
            instance.emplace(std::move(*module->instantiate()));
        }
        CHECK(!watched.expired());
        CHECK(instance->call("f")->value<std::int32_t>() == 42);
    }
    CHECK(watched.expired());
}

TEST_CASE("a host function that calls its own instance gets an error, and may call another") {
    struct Hosts {
        embed::Instance* self = nullptr;
        embed::Instance* other = nullptr;
        ErrorCode self_said{};
        bool reset_refused = false;
    };
    embed::HostFunctions functions;
    functions.add("env", "again", [](Caller& caller) {
        auto* hosts = caller.host<Hosts>();
        if (hosts == nullptr) {
            return 1;
        }
        hosts->self_said = hosts->self->call("f").error().code;
        hosts->reset_refused = !hosts->self->reset().has_value();
        return hosts->other->call("f")->value<std::int32_t>() + 1;
    });
    const auto module = compile(
        "(import \"env\" \"again\" (func (result i32)))"
        "(func (export \"f\") (result i32) (call 0))",
        functions);
    auto self = module->instantiate();
    auto other = module->instantiate();
    Hosts hosts{&*self, &*other};
    CHECK(self->call("f", {}, {.host = &hosts})->value<std::int32_t>() == 2);
    CHECK((hosts.self_said == ErrorCode::conflict));
    CHECK(hosts.reset_refused);
    CHECK(!self->is_running());
}

TEST_CASE("a second function of the same name replaces the first") {
    embed::HostFunctions functions;
    functions.add("env", "n", [] { return 1; }).add("env", "n", [] { return 2; });
    CHECK(functions.functions().size() == 1);
    CHECK(call("(import \"env\" \"n\" (func (result i32))) (export \"f\" (func 0))", functions)
              .value<std::int32_t>() == 2);
}

#include "tests/vm/embed/counter_contract.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/embed/contract_call.h>
#include <aqd/embed/engine.h>
#include <aqd/state/memory_state.h>

#include <catch2/catch.hpp>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

using namespace aqd;

namespace {

constexpr int thread_count = 8;
constexpr int rounds = 60;

/// Runs the same work in eight threads; it says whether all went well.
void in_threads(const std::function<bool(int)>& work) {
    std::atomic<int> good = 0;
    std::vector<std::thread> threads;
    threads.reserve(thread_count);
    for (int number = 0; number < thread_count; ++number) {
        threads.emplace_back([&, number] { good += work(number) ? 1 : 0; });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    CHECK(good == thread_count);
}

const std::string text =
    "(module (import \"env\" \"add\" (func $add (param i32 i32) (result i32)))"
    "(memory (export \"memory\") 1) (table 2 funcref) (elem (i32.const 0) $add $spin)"
    "(func $spin (export \"spin\") (loop (br 0)))"
    "(func (export \"sum\") (param $n i32) (result i32) (local $s i32)"
    " (loop $next (local.set $s (call_indirect (param i32 i32) (result i32)"
    "   (local.get $s) (local.get $n) (i32.const 0)))"
    "  (br_if $next (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))"
    " (i32.store (i32.const 0) (local.get $s)) (local.get $s))"
    "(func (export \"root\") (param f64) (result f64) (f64.sqrt (local.get 0)))"
    "(func (export \"grow\") (result i32) (memory.grow (i32.const 1))))";

bool round_of(embed::Instance& instance) {
    const auto sum = instance.call("sum", {100});
    const auto root = instance.call("root", {6.25});
    const auto grown = instance.call("grow");
    const auto spun = instance.call("spin", {}, {.gas_limit = 5'000});
    return sum && sum->value<std::int32_t>() == 5050 && root && root->value<double>() == 2.5 &&
           grown && grown->value<std::int32_t>() == 1 && spun &&
           spun->trap == embed::Trap::out_of_gas && instance.reset().has_value() &&
           instance.memory().size() == 65'536;
}

}  // namespace

TEST_CASE("eight threads compile, run and reset at once, sharing an engine and a module",
          "[threads]") {
    std::atomic<std::uint64_t> added = 0;
    embed::HostFunctions functions;
    functions.add("env", "add", [&added](std::int32_t a, std::int32_t b) {
        added.fetch_add(1, std::memory_order_relaxed);
        return a + b;
    });
    const Bytes wasm = test::wat(text);
    const auto engine = embed::Engine::create();
    const auto shared = engine->compile(wasm, functions);
    REQUIRE(shared.has_value());
    embed::InstancePool pool(*shared, 4);
    in_threads([&](int /*number*/) {
        for (int round = 0; round < rounds; ++round) {
            const auto own = engine->compile(wasm, functions);
            if (!own) {
                return false;
            }
            auto instance = (round % 2 == 0 ? *own : *shared).instantiate();
            auto lease = pool.take();
            if (!instance || !lease || !round_of(*instance) || !round_of(**lease)) {
                return false;
            }
        }
        return true;
    });
    CHECK(added == std::uint64_t{thread_count} * rounds * 2 * 100);
}

TEST_CASE("eight threads compile and call contracts on one engine, over one state", "[threads]") {
    const auto engine = engine::Engine::create({});
    const Bytes wasm = test::counter_contract();
    state::MemoryState state;
    const std::vector<state::Write> rows{{test::counter_key(), Bytes{7}}};
    state.apply(*state::WriteSet::from(rows));
    in_threads([&](int number) {
        for (int round = 0; round < rounds; ++round) {
            const auto code = (*engine)->compile(wasm);
            embed::ContractCall call;
            call.entry = (number + round) % 2 == 0 ? "count" : "look";
            const std::uint8_t expected = call.entry == "count" ? 8 : 7;
            const auto outcome =
                code ? embed::run_contract(**engine, {}, **code, {}, state, call)
                     : Result<embed::ContractOutcome>(std::unexpected(code.error()));
            if (!outcome || outcome->refusal != 0 || outcome->result != Bytes{expected}) {
                return false;
            }
        }
        return true;
    });
}

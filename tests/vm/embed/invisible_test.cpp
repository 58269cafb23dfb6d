#include "tests/vm/embed/counter_contract.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/embed/contract_call.h>
#include <aqd/embed/engine.h>
#include <aqd/state/memory_state.h>

#include <catch2/catch.hpp>

#include <array>
#include <cfenv>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <sys/resource.h>
#include <vector>

using namespace aqd;

namespace {

/// What a process could notice of a library that it calls.
struct Surroundings {
    std::vector<std::string> handlers;
    std::vector<rlim_t> limits;
    std::set<std::string> descriptors;
    std::vector<std::string> mappings;
    int rounding = 0;
    int float_flags = 0;
    std::string blocked_signals;

    bool operator==(const Surroundings&) const = default;
};

std::string octets_of(const auto& value) {
    return {reinterpret_cast<const char*>(&value), sizeof value};
}

Surroundings look_around() {
    Surroundings seen;
    seen.rounding = std::fegetround();
    seen.float_flags = std::fetestexcept(FE_ALL_EXCEPT);
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction action{};
        if (sigaction(signal, nullptr, &action) == 0) {
            seen.handlers.push_back(octets_of(action.sa_handler) + octets_of(action.sa_flags));
        }
    }
    sigset_t blocked{};
    sigprocmask(SIG_SETMASK, nullptr, &blocked);
    seen.blocked_signals = octets_of(blocked);
    for (int resource = 0; resource < static_cast<int>(RLIMIT_NLIMITS); ++resource) {
        rlimit limit{};
        if (getrlimit(static_cast<__rlimit_resource_t>(resource), &limit) == 0) {
            seen.limits.push_back(limit.rlim_cur);
            seen.limits.push_back(limit.rlim_max);
        }
    }
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        // The folder itself is open while it is read.
        std::error_code gone;
        const auto target = std::filesystem::read_symlink(entry.path(), gone);
        if (!gone && target.string().find("/fd") == std::string::npos) {
            seen.descriptors.insert(entry.path().filename().string() + target.string());
        }
    }
    std::ifstream maps("/proc/self/maps");
    for (std::string line; std::getline(maps, line);) {
        // The heap is the allocator's, and counts what the test itself remembers.
        if (line.find("[heap]") == std::string::npos) {
            seen.mappings.push_back(line);
        }
    }
    return seen;
}

void run_modules() {
    embed::HostFunctions functions;
    functions.add("env", "stop", [](embed::Caller& caller) { return caller.refuse("stop"); });
    const auto engine = embed::Engine::create();
    const auto module = engine->compile(
        test::wat("(module (import \"env\" \"stop\" (func $stop)) (memory 1 500)"
                  "(func (export \"stop\") (call $stop))"
                  "(func (export \"trap\") (i32.store (i32.const -1) (i32.const 0)))"
                  "(func (export \"divide\") (result f64) (f64.div (f64.const 1) (f64.const 3)))"
                  "(func (export \"spin\") (loop (br 0)))"
                  "(func $deep (export \"deep\") (call $deep))"
                  "(func (export \"grow\") (result i32) (memory.grow (i32.const 400))))"),
        functions);
    REQUIRE(module.has_value());
    embed::InstancePool pool(*module, 2);
    for (int round = 0; round < 3; ++round) {
        auto instance = module->instantiate();
        auto lease = pool.take();
        for (const char* name : {"stop", "trap", "divide", "spin", "deep"}) {
            CHECK(instance->call(name, {}, {.gas_limit = 1'000'000}).has_value());
            CHECK((*lease)->call(name, {}, {.gas_limit = 1'000'000}).has_value());
        }
        CHECK(instance->call("grow")->value<std::int32_t>() == 1);
        CHECK((*lease)->call("grow")->value<std::int32_t>() == 1);
        instance->memory()[std::size_t{400} * 65'536] = 1;
        CHECK(instance->reset().has_value());
    }
}

void run_contracts() {
    const auto engine = engine::Engine::create({});
    const auto code = (*engine)->compile(test::counter_contract());
    REQUIRE(code.has_value());
    const state::MemoryState state;
    for (const char* entry : {"count", "look", "fail", "crash"}) {
        embed::ContractCall call;
        call.entry = entry;
        CHECK(embed::run_contract(**engine, {}, **code, {}, state, call).has_value());
    }
}

}  // namespace

TEST_CASE("a host sees no trace of a session: signals, floats, limits, descriptors, mappings") {
    // What libraries set up at their first use is not this engine's, and the allocator keeps what
    // it once had.
    run_modules();
    run_contracts();
    for (const int rounding : {FE_TONEAREST, FE_UPWARD, FE_DOWNWARD, FE_TOWARDZERO}) {
        std::fesetround(rounding);
        std::feclearexcept(FE_ALL_EXCEPT);
        std::feraiseexcept(FE_UNDERFLOW);
        const Surroundings before = look_around();
        run_modules();
        run_contracts();
        const Surroundings after = look_around();
        std::fesetround(FE_TONEAREST);
        CHECK(before.handlers == after.handlers);
        CHECK(before.blocked_signals == after.blocked_signals);
        CHECK(before.limits == after.limits);
        CHECK(before.descriptors == after.descriptors);
        CHECK(before.mappings == after.mappings);
        CHECK(before.rounding == after.rounding);
        CHECK(before.float_flags == after.float_flags);
    }
}

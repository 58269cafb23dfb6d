#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/engine/profile.h>

#include <catch2/catch.hpp>

#include <algorithm>

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;

namespace {

/// Rows, a digest, and then the given end.
Script busy(const std::function<void(Script&)>& end) {
    Script script;
    const auto key = script.text("k");
    const auto value = script.data(number_item(7));
    script.call("register_put", abi::id8("rows"), key.address, key.size, value.address, value.size,
                0);
    script.call("sha256", key.address, key.size, value.address);
    end(script);
    return script;
}

std::uint64_t sum_of(const engine::RunProfile& run) {
    std::uint64_t sum = run.start_gas;
    for (const auto& place : run.places) {
        sum += place.gas;
    }
    return sum;
}

/// The same call on two ledgers, one of them watched.
void check_profile(const Script& script, std::uint64_t gas_limit) {
    Ledger plain;
    Ledger watched;
    engine::Profiler profiler(watched.engine());
    CallOptions options;
    options.gas_limit = gas_limit;
    const Receipt expected = plain.run(stranger(), script, "run", options);
    const Receipt found = watched.run(stranger(), script, "run", options);
    CHECK((found == expected));
    CHECK((watched.state().rows() == plain.state().rows()));
    const auto runs = profiler.take();
    REQUIRE(runs.size() == 1);
    const engine::RunProfile& run = runs.front();
    CHECK(sum_of(run) == run.gas);
    CHECK(run.gas < expected.gas);
    std::uint64_t lines = run.start_gas;
    for (const auto& line : run.lines()) {
        lines += line.gas;
    }
    CHECK(lines == run.gas);
    CHECK(profiler.take().empty());
}

}  // namespace

TEST_CASE("the places of a profile add up to the gas of the run, however it ends") {
    check_profile(busy([](Script&) {}), 50'000'000);
    check_profile(busy([](Script& script) { script.refuse(256); }), 50'000'000);
    check_profile(busy([](Script& script) { script.trap(); }), 50'000'000);
    check_profile(busy([](Script& script) { script.spin(); }), 1'000'000);
}

TEST_CASE("a profile names the host functions with what they cost") {
    Ledger ledger;
    engine::Profiler profiler(ledger.engine());
    ledger.run(stranger(), busy([](Script&) {}));
    const auto runs = profiler.take();
    REQUIRE(runs.size() == 1);
    const auto& hosts = runs.front().hosts;
    const auto digest = std::ranges::find(hosts, "sha256", &engine::RunProfile::HostFunction::name);
    REQUIRE(digest != hosts.end());
    CHECK(digest->calls == 1);
    CHECK(digest->gas > 0);
    CHECK(std::ranges::is_sorted(hosts, std::ranges::greater(),
                                 &engine::RunProfile::HostFunction::gas));
}

TEST_CASE("an engine that nobody watches any more runs as before") {
    Ledger ledger;
    {
        const engine::Profiler profiler(ledger.engine());
    }
    CHECK(ledger.run(stranger(), busy([](Script&) {})).refusal == 0);
}

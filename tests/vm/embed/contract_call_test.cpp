#include "tests/vm/embed/counter_contract.h"

#include <aqd/embed/contract_call.h>
#include <aqd/state/memory_state.h>

#include <catch2/catch.hpp>

using namespace aqd;

namespace {

struct Host {
    std::unique_ptr<engine::Engine> engine = *engine::Engine::create({});
    std::shared_ptr<const engine::Code> code = *engine->compile(test::counter_contract());
    state::MemoryState state;

    [[nodiscard]] Result<embed::ContractOutcome> call(const std::string& entry,
                                                      std::uint64_t gas_limit = 1'000'000) const {
        embed::ContractCall call;
        call.entry = entry;
        call.gas_limit = gas_limit;
        return embed::run_contract(*engine, {}, *code, {}, state, call);
    }
};

/// A state that cannot be read.
class BrokenState final : public state::StateView {
  public:
    [[nodiscard]] Result<std::optional<Bytes>> get(BytesView /*key*/) const override {
        return fail(ErrorCode::io, "the disk is gone");
    }
    [[nodiscard]] Result<std::optional<state::Row>> next(BytesView /*prefix*/,
                                                         BytesView /*after*/) const override {
        return fail(ErrorCode::io, "the disk is gone");
    }
};

}  // namespace

TEST_CASE("an entry that callers have not, or a state that fails, is an error and no outcome") {
    const Host host;
    CHECK((host.call("reset").error().code == ErrorCode::not_found));
    embed::ContractCall call;
    call.entry = "count";
    const auto broken = embed::run_contract(*host.engine, {}, *host.code, {}, BrokenState(), call);
    REQUIRE(!broken.has_value());
    CHECK((broken.error().code == ErrorCode::io));
}

TEST_CASE("a refused call writes nothing; a trap is told with its place") {
    const Host host;
    const auto refused = host.call("fail");
    REQUIRE(refused.has_value());
    CHECK(refused->refusal == abi::first_contract_error);
    CHECK(refused->writes.empty());
    const auto crashed = host.call("crash");
    REQUIRE(crashed.has_value());
    CHECK(crashed->refusal == static_cast<std::uint16_t>(abi::Refusal::Trap));
    CHECK(crashed->writes.empty());
    REQUIRE(crashed->site.has_value());
    CHECK(crashed->site->trap == "unreachable");
    const auto dry = host.call("count", 10);
    REQUIRE(dry.has_value());
    CHECK(dry->refusal == static_cast<std::uint16_t>(abi::Refusal::OutOfGas));
}

TEST_CASE("a call gives its write set and leaves the state to the host") {
    Host host;
    for (std::uint8_t round = 1; round <= 3; ++round) {
        const auto counted = host.call("count");
        REQUIRE(counted.has_value());
        REQUIRE(counted->refusal == 0);
        CHECK((counted->result.value() == Bytes{round}));
        REQUIRE(counted->writes.size() == 1);
        CHECK((counted->writes.begin()->key == test::counter_key()));
        CHECK(host.state.size() == (round == 1 ? 0U : 1U));
        host.state.apply(counted->writes);
    }
    const auto seen = host.call("look");
    REQUIRE(seen.has_value());
    CHECK((seen->result.value() == Bytes{3}));
    CHECK(seen->writes.empty());
}

#include "tests/vm/exec/oracle/generator.h"
#include "tests/vm/wasm/wat.h"

#include <aqd/exec/instance.h>
#include <aqd/gas/instrument.h>

#include <catch2/catch.hpp>

#include <string>
#include <vector>

using namespace aqd;

namespace {

using enum wasm::ValueType;

exec::Trap note_number(void*, exec::HostCall& call) {
    return call.charge(call.argument(0) & 15U) ? exec::Trap::none : exec::Trap::out_of_gas;
}

exec::Trap mix(void*, exec::HostCall& call) {
    call.set_result(call.argument(0) * 3 + call.argument(1));
    return exec::Trap::none;
}

/// Charges for the notes of the module that is its context.
exec::Trap pay_note(void* context, exec::HostCall& call) {
    const auto& notes = static_cast<const gas::Instrumented*>(context)->notes;
    return call.charge(notes[call.argument(0)].cost) ? exec::Trap::none : exec::Trap::out_of_gas;
}

std::vector<exec::HostFunction> hosts() {
    return {{"env", "note", {{i32}, {}}, 5, note_number},
            {"env", "mix", {{i64, i32}, {i64}}, 3, mix},
            {std::string(gas::note_module), std::string(gas::note_name), {{i32}, {}}, 0, pay_note}};
}

exec::Instance instance_of(const wasm::ValidatedModule& module, const gas::Schedule& schedule) {
    auto linked = exec::link(prepare::prepare(module, schedule), hosts());
    REQUIRE(linked.has_value());
    return *exec::Instance::create(*linked);
}

/// How many calls of a random module were compared.
int compare(std::uint64_t seed) {
    oracle::Random random(seed);
    const auto schedule = *gas::schedule(gas::newest_schedule);
    oracle::Shape shape;
    shape.features.floats = random.one_in(2);
    shape.features.tail_calls = random.one_in(2);
    const auto module = test::valid_module(oracle::random_module(random, shape));
    auto notes = gas::instrument(module, schedule);
    if (!notes) {
        return 0;
    }
    exec::Instance plain = instance_of(module, schedule);
    exec::Instance noted = instance_of(test::valid_module(notes->module), gas::unpriced(schedule));
    const auto started = plain.initialise(10'000, nullptr);
    const auto started_too = noted.initialise(10'000, &*notes);
    CHECK(started.gas_used == started_too.gas_used);
    if (started.trap != exec::Trap::none) {
        return 1;
    }
    int calls = 0;
    for (std::uint32_t function = module->imported_functions; function < module->functions.size();
         ++function) {
        std::vector<std::uint64_t> arguments;
        for (std::size_t i = module->type_of_function(function).parameters.size(); i != 0; --i) {
            arguments.push_back(random.next());
        }
        const std::uint64_t limit = random.one_in(3) ? random.below(500) : 50'000;
        const auto expected = plain.invoke(function, arguments, limit, nullptr);
        const auto found = noted.invoke(function + 1, arguments, limit, &*notes);
        if (expected.trap == exec::Trap::stack_exhausted ||
            found.trap == exec::Trap::stack_exhausted) {
            break;
        }
        INFO("seed " << seed << " function " << function);
        CHECK(name_of(found.trap) == name_of(expected.trap));
        CHECK(found.gas_used == expected.gas_used);
        CHECK((found.results == expected.results ||
               module->type_of_function(function).results.empty()));
        if (expected.where && expected.trap != exec::Trap::out_of_gas &&
            expected.where->function_index < module->functions.size()) {
            CHECK(notes->original(found.where->code_offset) == expected.where->code_offset);
        }
        ++calls;
    }
    return calls;
}

}  // namespace

TEST_CASE("an instrumented module does the same for the same gas") {
    int calls = 0;
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        calls += compare(seed);
    }
    CHECK(calls > 500);
}

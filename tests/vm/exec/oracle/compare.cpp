#include "tests/vm/exec/oracle/compare.h"

#include "tests/vm/exec/oracle/oracle.h"

#include <aqd/exec/instance.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <sstream>
#include <vector>

namespace aqd::oracle {
namespace {

/// What the host functions leave behind.
using Notes = std::vector<std::uint64_t>;

exec::Trap note(void* context, exec::HostCall& call) {
    auto& notes = *static_cast<Notes*>(context);
    notes.push_back(call.argument(0));
    if (!call.charge(call.argument(0) & 15U)) {
        return exec::Trap::none;
    }
    notes.push_back(call.gas_left());
    if (call.argument(0) == 0xffff'ffff) {
        return exec::Trap::host_refusal;
    }
    if (auto span = call.memory(call.argument(0) & 0xffffU, 4)) {
        (*span)[0] = static_cast<std::uint8_t>(notes.size());
    }
    return exec::Trap::none;
}

exec::Trap mix(void* context, exec::HostCall& call) {
    static_cast<Notes*>(context)->push_back(call.argument(0) ^ call.memory_size());
    call.set_result(call.argument(0) * 3 + call.argument(1));
    return exec::Trap::none;
}

const std::vector<exec::HostFunction>& host_functions() {
    using enum wasm::ValueType;
    static const std::vector<exec::HostFunction> list = {
        {"env", "note", {{i32}, {}}, 5, note}, {"env", "mix", {{i64, i32}, {i64}}, 3, mix}};
    return list;
}

std::string text_of(const exec::Outcome& outcome) {
    std::ostringstream out;
    out << name_of(outcome.trap) << " gas " << outcome.gas_used;
    for (const std::uint64_t result : outcome.results) {
        out << " " << result;
    }
    if (outcome.where) {
        out << " at function " << outcome.where->function_index << " offset "
            << outcome.where->code_offset;
    }
    return out.str();
}

struct Sides {
    exec::Instance engine;
    Oracle oracle;
    Notes engine_notes;
    Notes oracle_notes;

    std::string difference(const exec::Outcome& a, const exec::Outcome& b) {
        if (a.trap != b.trap || a.gas_used != b.gas_used || a.results != b.results ||
            a.where != b.where) {
            return "engine: " + text_of(a) + "; oracle: " + text_of(b);
        }
        if (engine_notes != oracle_notes) {
            return "the host was told different things";
        }
        const auto memory = engine.memory();
        if (!std::ranges::equal(memory, oracle.memory())) {
            return "memories differ";
        }
        for (std::uint32_t i = 0; i < oracle.global_count(); ++i) {
            if (engine.global(i) != oracle.global(i)) {
                return "globals differ";
            }
        }
        return {};
    }
};

std::uint64_t argument(Random& random) {
    static constexpr std::uint64_t favourites[] = {0, 1, 2, 0xffff'ffff, ~std::uint64_t{0}, 100};
    return random.one_in(2) ? favourites[random.below(6)] : random.next();
}

}  // namespace

Comparison compare(BytesView file, Random& random) {
    Comparison result;
    auto decoded = wasm::decode(file, wasm::Limits::widest());
    if (!decoded) {
        return {"decode: " + decoded.error().message, 0, 0};
    }
    auto validated = wasm::validate(std::move(*decoded));
    if (!validated) {
        return {"validate: " + validated.error().message, 0, 0};
    }
    const gas::Schedule schedule = *gas::schedule(gas::newest_schedule);
    auto linked = exec::link(prepare::prepare(*validated, schedule), host_functions());
    if (!linked) {
        return {"link: " + linked.error().message, 0, 0};
    }
    Sides sides{
        *exec::Instance::create(*linked), Oracle(*validated, schedule, host_functions()), {}, {}};
    const auto check = [&](const std::string& what, const exec::Outcome& a,
                           const exec::Outcome& b) {
        ++result.calls;
        result.traps += a.trap != exec::Trap::none;
        const std::string difference = sides.difference(a, b);
        if (!difference.empty()) {
            result.difference = what + ": " + difference;
        }
        return difference.empty();
    };
    const auto a = sides.engine.initialise(10'000, &sides.engine_notes);
    const auto b = sides.oracle.initialise(10'000, &sides.oracle_notes);
    if (!check("initialise", a, b) || a.trap != exec::Trap::none) {
        return result;
    }
    for (int round = 0; round < 4; ++round) {
        for (const wasm::Export& entry : (*validated)->exports) {
            if (entry.kind != wasm::ExternalKind::function) {
                continue;
            }
            std::vector<std::uint64_t> arguments(
                (*validated)->type_of_function(entry.index).parameters.size());
            std::ranges::generate(arguments, [&] { return argument(random); });
            const std::uint64_t gas = random.one_in(3) ? random.below(300) : 20'000;
            const auto ours = sides.engine.invoke(entry.index, arguments, gas, &sides.engine_notes);
            const auto theirs =
                sides.oracle.invoke(entry.index, arguments, gas, &sides.oracle_notes);
            if (!check(entry.name + " with gas " + std::to_string(gas), ours, theirs)) {
                return result;
            }
        }
    }
    return result;
}

}  // namespace aqd::oracle

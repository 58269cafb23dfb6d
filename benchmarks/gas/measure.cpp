#include "benchmarks/gas/measure.h"

#include <aqd/exec/instance.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <ctime>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

namespace aqd::benchmarks {
namespace {

constexpr std::uint64_t endless = std::numeric_limits<std::int64_t>::max();

Result<exec::Instance> load(BytesView module, const gas::Schedule& schedule) {
    AQD_TRY(decoded, wasm::decode(module, wasm::Limits::widest()));
    AQD_TRY(validated, wasm::validate(std::move(decoded)));
    AQD_TRY(linked, exec::link(prepare::prepare(validated, schedule), {}));
    return exec::Instance::create(linked);
}

/// One cycle through all words of memory, each holding the address of the next.
void fill_with_permutation(std::span<std::uint8_t> memory) {
    constexpr std::size_t stride = 64;
    std::vector<std::uint32_t> order(memory.size() / stride);
    std::iota(order.begin(), order.end(), 0U);
    std::shuffle(order.begin() + 1, order.end(), std::mt19937(1));
    for (std::size_t i = 0; i < order.size(); ++i) {
        const std::uint32_t next =
            order[(i + 1) % order.size()] * static_cast<std::uint32_t>(stride);
        std::memcpy(memory.data() + order[i] * stride, &next, sizeof next);
    }
}

Result<exec::Outcome> run(exec::Instance& instance, std::uint32_t n) {
    const std::array<std::uint64_t, 1> arguments{n};
    exec::Outcome outcome = instance.invoke("run", arguments, endless, nullptr);
    if (outcome.trap != exec::Trap::none) {
        return fail(ErrorCode::invalid, "it traps: " + std::string(name_of(outcome.trap)));
    }
    return outcome;
}

}  // namespace

double thread_ns() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

Result<Sample> measure(BytesView module, const gas::Schedule& schedule, bool chase,
                       const Effort& effort) {
    AQD_TRY(instance, load(module, schedule));
    instance.initialise(endless, nullptr);
    AQD_CHECK(instance.check_call("run", 1));
    if (chase) {
        fill_with_permutation(instance.memory());
    }
    std::uint32_t n = 1;
    for (;;) {
        const double begin = thread_ns();
        AQD_CHECK(run(instance, n));
        const double took = thread_ns() - begin;
        if (took >= effort.round_ns || n > (1U << 30)) {
            break;
        }
        const double factor =
            std::clamp(1.3 * effort.round_ns / std::max(took, 100.0), 1.2, effort.growth);
        n = static_cast<std::uint32_t>(n * factor) + 1;
    }
    Sample best{std::numeric_limits<double>::max(), 0};
    for (int round = 0; round < effort.rounds; ++round) {
        const double begin = thread_ns();
        AQD_TRY(outcome, run(instance, n));
        const double took = thread_ns() - begin;
        if (took < best.ns) {
            best = {took, static_cast<double>(outcome.gas_used)};
        }
    }
    return Sample{best.ns / n, best.gas / n};
}

Result<Sample> measure_instances(BytesView module, const gas::Schedule& schedule,
                                 const Effort& effort) {
    AQD_TRY(instance, load(module, schedule));
    Sample best{std::numeric_limits<double>::max(), 0};
    for (int round = 0; round < effort.rounds * 20; ++round) {
        const double begin = thread_ns();
        instance.initialise(endless, nullptr);
        AQD_TRY(outcome, run(instance, 1));
        instance.reset();
        const double took = thread_ns() - begin;
        if (took < best.ns) {
            best = {took, static_cast<double>(outcome.gas_used)};
        }
    }
    return best;
}

}  // namespace aqd::benchmarks

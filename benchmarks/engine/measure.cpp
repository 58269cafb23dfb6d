#include "benchmarks/engine/measure.h"

#include <algorithm>
#include <limits>

namespace aqd::benchmarks {
namespace {

/// Below a sixty-fourth of the aim the number doubles; then it grows by an eighth, since the time
/// of some kernels is exponential in it.
constexpr std::uint64_t far_below = 64;
constexpr std::uint32_t most_n = 1U << 30U;

Result<std::uint32_t> fitting_number(const Engine& native, const Kernel& kernel,
                                     std::chrono::nanoseconds aim) {
    std::uint32_t n = 1;
    while (n < most_n) {
        AQD_TRY(sample, call_run(native, kernel, n));
        if (sample.time >= aim) {
            break;
        }
        n += sample.time < aim / far_below ? n : std::max<std::uint32_t>(n / 8, 1);
    }
    return n;
}

/// What the process takes without the work: the least of three.
Result<std::chrono::nanoseconds> start_up(const Engine& engine, const Kernel& kernel) {
    auto least = std::chrono::nanoseconds::max();
    for (int round = 0; round < 3; ++round) {
        AQD_TRY(time, call_empty(engine, kernel));
        least = std::min(least, time);
    }
    return least;
}

struct Entrant {
    const Engine* engine = nullptr;
    std::chrono::nanoseconds start_up{};
    std::chrono::nanoseconds best = std::chrono::nanoseconds::max();
    bool out = false;
};

std::vector<Entrant> entrants_for(const std::vector<Engine>& engines, const Kernel& kernel,
                                  Measured& measured) {
    std::vector<Entrant> entrants;
    for (const Engine& engine : engines) {
        Entrant entrant;
        entrant.engine = &engine;
        if (engine.clock == Engine::Clock::outside && kernel.has_empty) {
            const auto time = start_up(engine, kernel);
            if (!time) {
                measured.failures.push_back(engine.name + ": " + time.error().message);
                continue;
            }
            entrant.start_up = *time;
        }
        entrants.push_back(entrant);
    }
    return entrants;
}

}  // namespace

double Measured::ratio(const std::string& engine) const {
    const auto native = best.find("native");
    const auto other = best.find(engine);
    return native == best.end() || other == best.end() ? 0 : other->second / native->second;
}

Result<Measured> measure(const std::vector<Engine>& engines, const Kernel& kernel,
                         std::uint32_t rounds, std::chrono::nanoseconds native_time) {
    Measured measured{kernel.name, kernel.seen, 0, {}, {}};
    AQD_TRY(n, fitting_number(engines.front(), kernel, native_time));
    measured.n = n;
    AQD_TRY(expected, call_run(engines.front(), kernel, n));
    std::vector<Entrant> entrants = entrants_for(engines, kernel, measured);
    for (std::uint32_t round = 0; round < rounds; ++round) {
        for (Entrant& entrant : entrants) {
            if (entrant.out) {
                continue;
            }
            const auto sample = call_run(*entrant.engine, kernel, n);
            if (!sample) {
                measured.failures.push_back(entrant.engine->name + ": " + sample.error().message);
                entrant.out = true;
            } else if (sample->checksum != expected.checksum) {
                measured.failures.push_back(entrant.engine->name +
                                            ": another checksum than native");
                entrant.out = true;
            } else {
                entrant.best = std::min(entrant.best, sample->time - entrant.start_up);
            }
        }
    }
    for (const Entrant& entrant : entrants) {
        if (!entrant.out) {
            measured.best[entrant.engine->name] = static_cast<double>(entrant.best.count());
        }
    }
    return measured;
}

}  // namespace aqd::benchmarks

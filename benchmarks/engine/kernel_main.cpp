// aqd_bench_kernel FILE N: calls `run(N)` of a module in our engine, or of a shared library, and
// prints the checksum and the nanoseconds of processor time that the call took.

#include <aqd/base/result.h>
#include <aqd/exec/instance.h>
#include <aqd/gas/schedule.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <array>
#include <charconv>
#include <ctime>
#include <dlfcn.h>
#include <fstream>
#include <iostream>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

namespace {

using namespace aqd;

std::uint64_t processor_time() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(now.tv_nsec);
}

struct Run {
    std::uint64_t checksum = 0;
    std::uint64_t nanoseconds = 0;
};

Result<Run> run_library(const char* file, std::uint32_t n) {
    void* const library = dlopen(file, RTLD_NOW);
    if (library == nullptr) {
        return fail(ErrorCode::io, "cannot open " + std::string(file));
    }
    using Function = std::uint64_t (*)(std::uint32_t);
    const auto function = reinterpret_cast<Function>(dlsym(library, "run"));
    if (function == nullptr) {
        return fail(ErrorCode::not_found, "no function run");
    }
    const std::uint64_t begin = processor_time();
    Run run;
    run.checksum = function(n);
    run.nanoseconds = processor_time() - begin;
    return run;
}

Result<Run> run_module(const char* file, std::uint32_t n) {
    std::ifstream stream(file, std::ios::binary);
    const Bytes octets{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    AQD_TRY(decoded, wasm::decode(octets, wasm::Limits::widest()));
    AQD_TRY(validated, wasm::validate(std::move(decoded)));
    AQD_TRY(schedule, gas::schedule(gas::newest_schedule));
    AQD_TRY(linked, exec::link(prepare::prepare(validated, schedule), {}));
    AQD_TRY(instance, exec::Instance::create(linked));
    constexpr std::uint64_t gas = std::numeric_limits<std::int64_t>::max();
    if (instance.initialise(gas, nullptr).trap != exec::Trap::none) {
        return fail(ErrorCode::invalid, "the segments do not fit");
    }
    AQD_TRY(function, instance.check_call("run", 1));
    const std::array<std::uint64_t, 1> arguments{n};
    const std::uint64_t begin = processor_time();
    const exec::Outcome outcome = instance.invoke(function, arguments, gas, nullptr);
    const std::uint64_t time = processor_time() - begin;
    if (outcome.trap != exec::Trap::none) {
        return fail(ErrorCode::invalid, std::string(exec::name_of(outcome.trap)));
    }
    return Run{outcome.results.at(0), time};
}

}  // namespace

int main(int count, char** words) {
    std::uint32_t n = 0;
    if (count != 3) {
        std::cerr << "usage: aqd_bench_kernel FILE N\n";
        return 2;
    }
    const std::string_view number = words[2];
    std::from_chars(number.data(), number.data() + number.size(), n);
    const bool is_library = std::string_view(words[1]).ends_with(".so");
    const auto run = is_library ? run_library(words[1], n) : run_module(words[1], n);
    if (!run) {
        std::cerr << run.error().message << '\n';
        return 1;
    }
    std::cout << run->checksum << ' ' << run->nanoseconds << '\n';
    return 0;
}

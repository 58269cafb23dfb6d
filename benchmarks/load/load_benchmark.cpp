// What it takes before and around the code of a module: loading it, making instances, calling in
// and out. docs/performance.md explains the rows. AQD_LOAD_MODULES names module files, separated by
// colons, to be loaded as well.

#include "benchmarks/load/generated_module.h"

#include <aqd/crypto/sha256.h>
#include <aqd/exec/instance.h>
#include <aqd/gas/schedule.h>
#include <aqd/prepare/prepare.h>
#include <aqd/prepare/stored_code.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <sstream>
#include <string>
#include <unistd.h>
#include <vector>

namespace aqd::benchmarks {
namespace {

constexpr std::size_t contract_octets = 22'000;
constexpr std::size_t large_octets = 1'500'000;
constexpr std::uint64_t plenty = std::uint64_t{1} << 40U;

exec::Trap add(void* /*context*/, exec::HostCall& call) {
    call.set_result(call.arguments().empty() ? 0 : call.argument(0) + 1);
    return exec::Trap::none;
}

template <class T>
T must(Result<T> result) {
    if (!result) {
        std::cerr << result.error().message << '\n';
        std::exit(1);  // NOLINT(concurrency-mt-unsafe): one thread
    }
    return *std::move(result);
}

wasm::ValidatedModule validated(const Bytes& file) {
    return must(wasm::validate(must(wasm::decode(file, wasm::Limits::widest()))));
}

/// Something for every import.
std::vector<exec::HostFunction> stand_ins(const wasm::Module& module) {
    std::vector<exec::HostFunction> functions;
    functions.reserve(module.imports.size());
    for (const wasm::Import& import : module.imports) {
        functions.push_back({import.module, import.name, module.types[import.type_index], 0, add});
    }
    return functions;
}

std::shared_ptr<const exec::LinkedModule> linked(const Bytes& file) {
    const wasm::ValidatedModule module = validated(file);
    return must(exec::link(prepare::prepare(module, must(gas::schedule(gas::newest_schedule))),
                           stand_ins(module.module())));
}

exec::Instance initialised(const std::shared_ptr<const exec::LinkedModule>& module) {
    exec::Instance instance = must(exec::Instance::create(module));
    benchmark::DoNotOptimize(instance.initialise(plenty, nullptr));
    return instance;
}

void count_octets(benchmark::State& state, const Bytes& file) {
    state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * file.size()));
    state.counters["octets"] = static_cast<double>(file.size());
}

// ---- loading ----

/// From the octets of the file to an instance whose first instructions have run.
void to_first_instruction(benchmark::State& state, const Bytes& file) {
    const std::vector<exec::HostFunction> functions = stand_ins(validated(file).module());
    const gas::Schedule schedule = must(gas::schedule(gas::newest_schedule));
    for ([[maybe_unused]] auto _ : state) {
        auto module = must(wasm::validate(must(wasm::decode(file, wasm::Limits::widest()))));
        exec::Instance instance =
            initialised(must(exec::link(prepare::prepare(module, schedule), functions)));
        if (const auto first = instance.check_call("first", 0)) {
            benchmark::DoNotOptimize(instance.invoke(*first, {}, plenty, nullptr));
        }
    }
    count_octets(state, file);
}

void decode(benchmark::State& state, const Bytes& file) {
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(must(wasm::decode(file, wasm::Limits::widest())));
    }
    count_octets(state, file);
}

void decode_validate(benchmark::State& state, const Bytes& file) {
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(validated(file));
    }
    count_octets(state, file);
}

void decode_validate_translate(benchmark::State& state, const Bytes& file) {
    const gas::Schedule schedule = must(gas::schedule(gas::newest_schedule));
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(prepare::prepare(validated(file), schedule));
    }
    count_octets(state, file);
}

/// The same from the octets of stored code: nothing is validated or translated. The hash of the
/// module, which names the entry, is not part of it.
void from_stored_code(benchmark::State& state, const Bytes& file) {
    const std::vector<exec::HostFunction> functions = stand_ins(validated(file).module());
    const gas::Schedule schedule = must(gas::schedule(gas::newest_schedule));
    const prepare::StorageKey key(Hash256{});
    const prepare::StoredFor purpose{crypto::sha256(file), wasm::Limits::widest(), schedule};
    const Bytes stored =
        prepare::store(prepare::prepare(validated(file), schedule), purpose.module_hash, key);
    for ([[maybe_unused]] auto _ : state) {
        exec::Instance instance = initialised(
            must(exec::link(must(prepare::load_stored(stored, file, purpose, key)), functions)));
        if (const auto first = instance.check_call("first", 0)) {
            benchmark::DoNotOptimize(instance.invoke(*first, {}, plenty, nullptr));
        }
    }
    count_octets(state, file);
    state.counters["stored"] = static_cast<double>(stored.size());
}

// ---- instances and calls ----

/// As the pool of the engine does it: the instance is there, reset.
void pooled_instance(benchmark::State& state) {
    const auto module = linked(generated_module(contract_octets));
    exec::Instance instance = must(exec::Instance::create(module));
    const std::uint32_t empty = must(instance.check_call("empty", 0));
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(instance.initialise(plenty, nullptr));
        benchmark::DoNotOptimize(instance.invoke(empty, {}, plenty, nullptr));
        instance.reset();
    }
}

void new_instance(benchmark::State& state) {
    const auto module = linked(generated_module(contract_octets));
    const std::uint32_t empty = must(must(exec::Instance::create(module)).check_call("empty", 0));
    for ([[maybe_unused]] auto _ : state) {
        exec::Instance instance = initialised(module);
        benchmark::DoNotOptimize(instance.invoke(empty, {}, plenty, nullptr));
    }
}

void host_to_guest(benchmark::State& state) {
    exec::Instance instance = initialised(linked(generated_module(contract_octets)));
    const std::uint32_t empty = must(instance.check_call("empty", 0));
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(instance.invoke(empty, {}, plenty, nullptr));
    }
}

void host_to_guest_by_name(benchmark::State& state) {
    exec::Instance instance = initialised(linked(generated_module(contract_octets)));
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(instance.invoke("empty", {}, plenty, nullptr));
    }
}

/// The call, two operands, a drop, the count and the branch of a loop.
void guest_to_host(benchmark::State& state) {
    constexpr std::uint64_t calls_of_a_run = 10'000;
    exec::Instance instance = initialised(linked(generated_module(contract_octets)));
    const std::uint32_t calls = must(instance.check_call("calls", 1));
    const std::array<std::uint64_t, 1> count{calls_of_a_run};
    for ([[maybe_unused]] auto _ : state) {
        benchmark::DoNotOptimize(instance.invoke(calls, count, plenty, nullptr));
    }
    state.counters["each"] =
        benchmark::Counter(static_cast<double>(state.iterations() * calls_of_a_run),
                           benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

double resident_octets() {
    std::ifstream file("/proc/self/statm");
    double all = 0;
    double resident = 0;
    file >> all >> resident;
    return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

/// What an instance takes that has been called; the page that its data lie in is part of it.
void memory_of_an_instance(benchmark::State& state) {
    constexpr std::size_t count = 2'000;
    const auto module = linked(generated_module(contract_octets));
    double octets = 0;
    for ([[maybe_unused]] auto _ : state) {
        std::vector<exec::Instance> instances;
        instances.reserve(count);
        const double before = resident_octets();
        for (std::size_t i = 0; i < count; ++i) {
            instances.push_back(initialised(module));
            benchmark::DoNotOptimize(instances.back().invoke("empty", {}, plenty, nullptr));
        }
        octets = resident_octets() - before;
    }
    state.counters["octets"] = octets / static_cast<double>(count);
}

// ---- what runs ----

struct Stage {
    const char* words;
    void (*run)(benchmark::State&, const Bytes&);
};
struct Row {
    const char* words;
    void (*run)(benchmark::State&);
};

void add_loading(const std::string& name, const Bytes& file) {
    constexpr std::array<Stage, 5> stages{
        {{"to first instruction", to_first_instruction},
         {"stored code to first instruction", from_stored_code},
         {"decode", decode},
         {"decode, validate", decode_validate},
         {"decode, validate, translate", decode_validate_translate}}};
    for (const auto& [words, stage] : stages) {
        benchmark::RegisterBenchmark((name + ": " + words).c_str(), [stage, file](
                                                                        benchmark::State& state) {
            stage(state, file);
        })->Unit(benchmark::kMicrosecond);
    }
}

void add_files() {
    const char* const names = std::getenv("AQD_LOAD_MODULES");  // NOLINT(concurrency-mt-unsafe)
    std::istringstream list(names == nullptr ? "" : names);
    std::string name;
    while (std::getline(list, name, ':')) {
        std::ifstream stream(name, std::ios::binary);
        add_loading(
            std::filesystem::path(name).filename().string(),
            Bytes{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()});
    }
}

void add_calls() {
    constexpr std::array<Row, 5> rows{{{"instance from the pool, empty call", pooled_instance},
                                       {"new instance, empty call", new_instance},
                                       {"host to guest, empty call", host_to_guest},
                                       {"host to guest by name", host_to_guest_by_name},
                                       {"guest to host, 10000 calls", guest_to_host}}};
    for (const auto& [words, row] : rows) {
        benchmark::RegisterBenchmark(words, row);
    }
    benchmark::RegisterBenchmark("memory of 2000 instances", memory_of_an_instance)->Iterations(1);
}

}  // namespace

int run(int count, char** words) {
    // Ours come first, so that those of the command line win.
    std::vector<std::string> defaults{"--benchmark_min_time=0.1"};
    std::vector<char*> all{words[0]};
    for (std::string& word : defaults) {
        all.push_back(word.data());
    }
    all.insert(all.end(), words + 1, words + count);
    auto size = static_cast<int>(all.size());
    add_loading("22 kB", generated_module(contract_octets));
    add_loading("1.5 MB", generated_module(large_octets));
    add_files();
    add_calls();
    benchmark::Initialize(&size, all.data());
    if (benchmark::ReportUnrecognizedArguments(size, all.data())) {
        return 1;
    }
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

}  // namespace aqd::benchmarks

int main(int count, char** words) {
    try {
        return aqd::benchmarks::run(count, words);
    } catch (const std::exception& problem) {
        std::fprintf(stderr, "%s\n", problem.what());
        return 1;
    }
}

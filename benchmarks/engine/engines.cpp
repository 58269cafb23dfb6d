#include "benchmarks/engine/engines.h"

#include "benchmarks/engine/process.h"

#include <charconv>
#include <optional>
#include <sstream>
#include <string_view>

namespace aqd::benchmarks {
namespace {

std::string first_line(const std::string& text) {
    return text.substr(0, text.find('\n'));
}

std::optional<std::uint64_t> number_of(std::string_view word) {
    const bool negative = word.starts_with('-');
    const bool hexadecimal = word.starts_with("0x");
    word.remove_prefix(negative ? 1 : hexadecimal ? 2 : 0);
    word = word.substr(0, word.find(':'));
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(word.data(), word.data() + word.size(), value, hexadecimal ? 16 : 10);
    if (error != std::errc{} || end != word.data() + word.size() || word.empty()) {
        return std::nullopt;
    }
    return negative ? 0 - value : value;
}

/// The words that are numbers: decimal with or without a sign, or as `0x2a:i64`.
std::vector<std::uint64_t> numbers_in(const std::string& text) {
    std::istringstream words(text);
    std::vector<std::uint64_t> numbers;
    std::string word;
    while (words >> word) {
        if (const auto number = number_of(word)) {
            numbers.push_back(*number);
        }
    }
    return numbers;
}

std::vector<std::string> words_of(const Engine& engine, const Kernel& kernel,
                                  const std::string& exported) {
    std::vector<std::string> words = engine.before_export;
    if (engine.names_export) {
        words.push_back(exported);
    }
    words.insert(words.end(), engine.after_export.begin(), engine.after_export.end());
    words.push_back((engine.runs_library ? kernel.library : kernel.wasm).string());
    return words;
}

Result<Finished> run_well(const std::vector<std::string>& words) {
    AQD_TRY(finished, run_program(words));
    if (finished.status != 0) {
        return fail(ErrorCode::io, words[0] + " fails: " + first_line(finished.errors));
    }
    return finished;
}

void add_if_found(std::vector<Engine>& engines, const std::string& program, Engine engine) {
    const auto found = find_program(program);
    if (!found) {
        return;
    }
    engine.before_export.insert(engine.before_export.begin(), *found);
    if (const auto finished = run_program({*found, "--version"})) {
        engine.version = first_line(finished->output);
    }
    engines.push_back(std::move(engine));
}

}  // namespace

std::vector<Engine> find_engines(const std::filesystem::path& programs,
                                 const std::filesystem::path& source_folder) {
    using enum Engine::Clock;
    const std::string runner = (programs / "aqd_bench_kernel").string();
    const std::string unmetered = (programs / "aqd_bench_kernel_unmetered").string();
    const std::string script = (source_folder / "benchmarks/engine/node_kernel.mjs").string();
    std::vector<Engine> engines{
        {"native", "clang-19 -O2", inside, {runner}, {}, false, true},
        {"aqd", "this build", inside, {runner}, {}, false, false},
        {"aqd_nogas", "this build without metering", inside, {unmetered}, {}, false, false},
    };
    add_if_found(engines, "wasmi", {"wasmi", "", outside, {"--invoke"}, {}, true, false});
    add_if_found(
        engines, "wasmi",
        {"wasmi_fuel", "", outside, {"--fuel", "1000000000000000", "--invoke"}, {}, true, false});
    add_if_found(engines, "wasm3", {"wasm3", "", outside, {"--func"}, {}, true, false});
    add_if_found(engines, "iwasm", {"iwasm", "", outside, {"-f"}, {}, true, false});
    add_if_found(engines, "wasmtime",
                 {"wasmtime", "", outside, {"run", "--invoke"}, {}, true, false});
    add_if_found(engines, "node", {"node", "", inside, {script}, {}, false, false});
    return engines;
}

Result<Sample> call_run(const Engine& engine, const Kernel& kernel, std::uint32_t n) {
    std::vector<std::string> words = words_of(engine, kernel, "run");
    words.push_back(std::to_string(n));
    AQD_TRY(finished, run_well(words));
    std::vector<std::uint64_t> numbers = numbers_in(finished.output);
    if (engine.clock == Engine::Clock::inside) {
        if (numbers.size() != 2) {
            return fail(ErrorCode::io, words[0] + " prints no checksum and time");
        }
        return Sample{numbers[0], std::chrono::nanoseconds{numbers[1]}};
    }
    // wasm3 writes its results to the standard error; wasmi writes what it says of fuel first.
    if (numbers.empty()) {
        numbers = numbers_in(finished.errors);
    }
    if (numbers.empty()) {
        return fail(ErrorCode::io, words[0] + " prints no checksum");
    }
    return Sample{numbers.back(), finished.processor};
}

Result<std::chrono::nanoseconds> call_empty(const Engine& engine, const Kernel& kernel) {
    AQD_TRY(finished, run_well(words_of(engine, kernel, "empty")));
    return finished.processor;
}

}  // namespace aqd::benchmarks

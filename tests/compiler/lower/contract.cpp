#include "tests/compiler/lower/contract.h"

#include "compiler/check/check.h"
#include "compiler/codegen/codegen.h"
#include "compiler/diagnostics/render.h"
#include "compiler/parse/parse.h"
#include "compiler/program/manifest.h"
#include "tests/compiler/lower/notation.h"

#include <aqd/abi/refusal.h>
#include <aqd/crypto/sha256.h>
#include <aqd/gas/schedule.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <catch2/catch.hpp>

#include <cstdlib>
#include <fstream>
#include <utility>

namespace aqd::lower::testing {
namespace {

constexpr std::uint64_t plenty_of_gas = 1'000'000'000;

class Source {
  public:
    const parse::ParseResult& add(std::string_view text) {
        const source::FileId id =
            sources.add("t" + std::to_string(count_++) + ".aqd", std::string(text));
        trees_.push_back(
            std::make_unique<parse::ParseResult>(parse::parse(sources.file(id), sink)));
        return *trees_.back();
    }

    source::SourceSet sources;
    diagnostics::Sink sink;

  private:
    int count_ = 0;
    std::vector<std::unique_ptr<parse::ParseResult>> trees_;
};

// A second validator must agree that the module is one.
void check_with_wabt(const Bytes& wasm) {
    const std::string file = std::string(AQD_BINARY_DIR) + "/lower_test.wasm";
    std::ofstream(file, std::ios::binary)
        .write(reinterpret_cast<const char*>(wasm.data()),
               static_cast<std::streamsize>(wasm.size()));
    const std::string command = "wasm-validate " + file + " > /dev/null 2>&1";
    if (std::system("command -v wasm-validate > /dev/null 2>&1") == 0) {
        REQUIRE(std::system(command.c_str()) == 0);
    }
}

abi::LineTable lines_of(const Bytes& wasm) {
    const auto module = wasm::decode(wasm);
    REQUIRE(module.has_value());
    const auto section = module->custom_section(abi::lines_section);
    REQUIRE(section.has_value());
    auto lines = abi::decode_lines(*section);
    REQUIRE(lines.has_value());
    const auto own = module->custom_section(abi::manifest_section);
    REQUIRE((own.has_value() && abi::decode_manifest(*own).has_value()));
    return *std::move(lines);
}

std::shared_ptr<const exec::LinkedModule> link(const Bytes& wasm) {
    auto module = wasm::decode(wasm);
    REQUIRE(module.has_value());
    auto valid = wasm::validate(*std::move(module));
    INFO((valid ? "" : valid.error().message));
    REQUIRE(valid.has_value());
    const auto schedule = gas::schedule(gas::newest_schedule);
    REQUIRE(schedule.has_value());
    auto linked = exec::link(prepare::prepare(*valid, *schedule), FakeHost::functions());
    INFO((linked ? "" : linked.error().message));
    REQUIRE(linked.has_value());
    return *std::move(linked);
}

}  // namespace

Contract::Contract(std::string_view source, const std::vector<std::string>& used) {
    Source all;
    const parse::ParseResult& root = all.add(source);
    check::Imports imports;
    imports.source_hash = crypto::sha256(as_bytes(source));
    for (const std::string& text : used) {
        const parse::ParseResult& tree = all.add(text);
        imports.modules[tree.file.module.text()] = {&tree.file, crypto::sha256(as_bytes(text))};
    }
    std::optional<program::Program> program;
    if (!all.sink.has_errors()) {
        program = check::check(root.file, imports, all.sink);
    }
    INFO(diagnostics::render_text(all.sink, all.sources));
    REQUIRE_FALSE(all.sink.has_errors());
    REQUIRE(program.has_value());
    manifest = program::manifest_of(*program);
    const auto build = [&](codegen::Optimisation optimisation) {
        codegen::LinkOptions options;
        options.optimisation = optimisation;
        auto built = codegen::build_module(*program, all.sources, manifest, options);
        INFO((built ? "" : built.error().message));
        REQUIRE(built.has_value());
        return *std::move(built);
    };
    wasm = build(codegen::Optimisation::full);
    check_with_wabt(wasm);
    lines = lines_of(wasm);
    linked_ = link(wasm);
    plain_ = link(build(codegen::Optimisation::none));
}

Answer Contract::run(const std::shared_ptr<const exec::LinkedModule>& linked,
                     std::string_view entry, FakeHost& on, const abi::LineTable* table) {
    auto instance = exec::Instance::create(linked);
    REQUIRE(instance.has_value());
    REQUIRE(instance->initialise(plenty_of_gas, &on).trap == exec::Trap::none);
    const std::uint64_t size = on.arguments.size();
    REQUIRE(instance->check_call(entry, 1).has_value());
    const exec::Outcome outcome = instance->invoke(entry, std::span(&size, 1), plenty_of_gas, &on);
    Answer answer;
    answer.gas = outcome.gas_used;
    if (outcome.trap == exec::Trap::none) {
        answer.result = on.result ? notation(*on.result) : "";
        return answer;
    }
    const bool refused = outcome.trap == exec::Trap::host_refusal;
    answer.refusal = refused ? on.refusal : static_cast<std::uint16_t>(abi::Refusal::Trap);
    answer.result = refused ? "" : std::string(exec::name_of(outcome.trap));
    if (outcome.where && table != nullptr) {
        const abi::LineTable::Row* const row = table->find(outcome.where->code_offset);
        answer.line = row == nullptr ? 0 : row->line;
    }
    return answer;
}

Answer Contract::call_raw(std::string_view entry, Bytes arguments) {
    host.arguments = std::move(arguments);
    host.result.reset();
    host.refusal = 0;
    host.current.reset();
    FakeHost copy = host;
    const Answer answer = run(linked_, entry, host, &lines);
    const Answer other = run(plain_, entry, copy, nullptr);
    INFO(entry);
    REQUIRE(answer.refusal == other.refusal);
    REQUIRE(answer.result == other.result);
    REQUIRE((host == copy));
    return answer;
}

Answer Contract::call(std::string_view entry, std::string_view arguments) {
    return call_raw(entry, cbor(arguments));
}

std::string Contract::value(std::string_view entry, std::string_view arguments) {
    const Answer answer = call(entry, arguments);
    INFO(entry << arguments << " refused " << answer.refusal << " "
               << abi::refusal_name(answer.refusal) << " line " << answer.line << " "
               << answer.result);
    CHECK(answer.refusal == 0);
    return answer.result;
}

std::string Contract::refusal(std::string_view entry, std::string_view arguments) {
    const Answer answer = call(entry, arguments);
    if (answer.refusal >= abi::first_contract_error) {
        return manifest.errors.at(answer.refusal - abi::first_contract_error).name;
    }
    return answer.refusal == 0 ? "success: " + answer.result
                               : std::string(abi::refusal_name(answer.refusal));
}

std::string Contract::react(std::size_t case_index, std::string_view entry,
                            std::string_view arguments) {
    const auto before = std::exchange(host.named, case_index);
    const Answer answer = call(entry, arguments);
    host.named = before;
    if (answer.refusal == 0) {
        return "";
    }
    const std::string_view name = abi::refusal_name(answer.refusal);
    return name.empty() ? std::to_string(answer.refusal) : std::string(name);
}

std::string Contract::entry_of(abi::EntryKind kind) const {
    for (const abi::Entry& entry : manifest.entries) {
        if (entry.kind == kind) {
            return entry.exported;
        }
    }
    return "";
}

}  // namespace aqd::lower::testing

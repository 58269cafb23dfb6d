#include "vm/engine/code_cache.h"
#include "vm/engine/profile_run.h"

#include <aqd/crypto/sha256.h>
#include <aqd/engine/engine.h>
#include <aqd/gas/schedule.h>
#include <aqd/host/functions.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <array>

namespace aqd::engine {
namespace {

constexpr std::size_t idle_instances = 8;
constexpr std::size_t name_limit = 128;
/// Days, workdays or months, and hours or minutes, of a period.
constexpr std::uint64_t most_days = 36'525;
constexpr std::uint64_t most_hours = 1'000'000;
constexpr std::uint8_t first_unit_of_clock = 3;
constexpr std::uint8_t most_unit = 4;
constexpr std::uint32_t most_reminders = 100;
/// Calls and deadlines find what they name by walking over these.
constexpr std::size_t most_entries = 1'000;
constexpr std::size_t most_procedures = 100;
constexpr std::size_t most_deadlines = 100;
constexpr std::string_view reserved_prefix = "aqd.";
constexpr std::string_view memory_export = "memory";

/// Words of letters, digits and underscores, joined by dots.
bool is_path(std::string_view path) {
    bool word_begins = true;
    for (const char letter : path) {
        const bool in_word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                             (letter >= '0' && letter <= '9') || letter == '_';
        if (!in_word && (letter != '.' || word_begins)) {
            return false;
        }
        word_begins = letter == '.';
    }
    return !word_begins;
}

Result<abi::Manifest> manifest_of(const wasm::Module& module) {
    std::size_t sections = 0;
    for (const wasm::CustomSection& section : module.custom_sections) {
        sections += section.name == abi::manifest_section ? 1 : 0;
    }
    const auto bytes = module.custom_section(abi::manifest_section);
    if (!bytes || sections != 1) {
        return fail(ErrorCode::invalid, "a contract has exactly one section aqd.manifest");
    }
    AQD_TRY(manifest, abi::decode_manifest(*bytes));
    if (manifest.abi != abi::abi_version) {
        return fail(ErrorCode::unsupported, "abi version " + std::to_string(manifest.abi));
    }
    const bool names_itself =
        !manifest.modules.empty() && manifest.modules.front().path == manifest.path;
    if (!names_itself || !is_path(manifest.path) || manifest.path.size() > name_limit ||
        manifest.path.starts_with(reserved_prefix)) {
        return fail(ErrorCode::invalid, "a manifest with a path that no contract may have");
    }
    return manifest;
}

/// Names become parts of "module.path.Name", so they may not be empty or have a dot.
Result<> check_name(std::string_view name) {
    if (name.empty() || name.size() > name_limit || name.find('.') != std::string_view::npos) {
        return fail(ErrorCode::invalid,
                    "the manifest declares a name that nothing can have: " + std::string(name));
    }
    return {};
}

Result<> check_period(const std::optional<abi::Period>& period) {
    if (!period) {
        return {};
    }
    const std::uint64_t most = period->unit < first_unit_of_clock ? most_days : most_hours;
    if (period->unit > most_unit || period->amount > most) {
        return fail(ErrorCode::invalid,
                    "the manifest has a period of an unknown unit or beyond a century");
    }
    return {};
}

/// What the host functions rely on when they act on what a module declares.
Result<> check_declarations(const abi::Manifest& manifest) {
    if (manifest.entries.size() > most_entries || manifest.procedures.size() > most_procedures) {
        return fail(ErrorCode::too_large, "a module has at most 1000 entries and 100 procedures");
    }
    for (const abi::Role& role : manifest.roles) {
        AQD_CHECK(check_name(role.name));
    }
    for (const abi::Register& table : manifest.registers) {
        AQD_CHECK(check_name(table.name));
    }
    for (const abi::Procedure& procedure : manifest.procedures) {
        AQD_CHECK(check_name(procedure.name));
        if (procedure.deadlines.size() > most_deadlines) {
            return fail(ErrorCode::too_large, "a procedure has at most 100 deadlines");
        }
        for (const abi::Deadline& deadline : procedure.deadlines) {
            AQD_CHECK(check_name(deadline.name));
        }
    }
    for (const abi::Exchange& exchange : manifest.exchanges) {
        AQD_CHECK(check_name(exchange.name));
        AQD_CHECK(check_period(exchange.within));
    }
    for (const abi::Notice& notice : manifest.notices) {
        AQD_CHECK(check_name(notice.name));
        AQD_CHECK(check_period(notice.acknowledge_within));
        AQD_CHECK(check_period(notice.act_within));
        AQD_CHECK(check_period(notice.remind_every));
        const bool endless =
            notice.reminders > most_reminders ||
            (notice.reminders != 0 && (!notice.remind_every || notice.remind_every->amount == 0));
        if (endless) {
            return fail(ErrorCode::invalid,
                        "notice " + notice.name + " has more reminders than anybody reads");
        }
    }
    return {};
}

Result<> check_entry(const wasm::Module& module, const std::string& exported) {
    const wasm::Export* found = module.find_export(exported);
    if (found == nullptr || found->kind != wasm::ExternalKind::function) {
        return fail(ErrorCode::invalid,
                    "the manifest names a function that is not exported: " + exported);
    }
    const wasm::FunctionType wanted{{wasm::ValueType::i32}, {}};
    if (module.type_of_function(found->index) != wanted) {
        return fail(ErrorCode::invalid, exported + " has not the type of an entry: (i32) -> ()");
    }
    return {};
}

Result<> check_exports(const wasm::Module& module, const abi::Manifest& manifest) {
    const wasm::Export* memory = module.find_export(memory_export);
    if (memory == nullptr || memory->kind != wasm::ExternalKind::memory) {
        return fail(ErrorCode::invalid, "a contract exports its memory as `memory`");
    }
    for (const abi::Entry& entry : manifest.entries) {
        if (entry.name.empty() || entry.name.size() > name_limit) {
            return fail(ErrorCode::invalid, "an entry's name has 1 to 128 octets");
        }
        AQD_CHECK(check_entry(module, entry.exported));
    }
    for (const abi::Procedure& procedure : manifest.procedures) {
        for (const abi::Deadline& deadline : procedure.deadlines) {
            AQD_CHECK(check_entry(module, deadline.exported));
        }
    }
    return {};
}

/// Memory, tables and segments of a fresh instance, at the prices of growing and copying. The first
/// page is in the price of a call.
std::uint64_t start_gas_of(const wasm::Module& module, const gas::Schedule& schedule) {
    std::uint64_t gas = 0;
    for (const wasm::MemoryType& memory : module.memories) {
        gas += schedule.grow_cost(std::max<std::uint64_t>(memory.pages.minimum, 1) - 1);
    }
    for (const wasm::TableType& table : module.tables) {
        gas += schedule.element_cost(table.size.minimum);
    }
    for (const wasm::ElementSegment& segment : module.elements) {
        gas += schedule.element_cost(segment.functions.size());
    }
    for (const wasm::DataSegment& segment : module.data) {
        gas += schedule.bulk_cost(segment.bytes.size);
    }
    return gas;
}

std::uint16_t refusal_of(exec::Trap trap) {
    switch (trap) {
        case exec::Trap::none:
            return 0;
        case exec::Trap::out_of_gas:
            return static_cast<std::uint16_t>(abi::Refusal::OutOfGas);
        case exec::Trap::stack_exhausted:
            return static_cast<std::uint16_t>(abi::Refusal::StackExhausted);
        default:
            return static_cast<std::uint16_t>(abi::Refusal::Trap);
    }
}

Site site_of(const Code& code, const exec::Outcome& outcome) {
    Site site;
    site.module = code.manifest().path;
    site.trap = exec::name_of(outcome.trap);
    if (outcome.where) {
        site.function_index = outcome.where->function_index;
        site.code_offset = outcome.where->code_offset;
        if (const abi::LineTable::Row* row = code.lines().find(site.code_offset)) {
            site.file = code.lines().files[row->file];
            site.line = row->line;
            site.column = row->column;
        }
    }
    return site;
}

}  // namespace

Code::Code(const Hash256& hash, host::Declarations declarations, abi::LineTable lines,
           std::shared_ptr<const exec::LinkedModule> linked, std::uint64_t start_gas)
    : hash_(hash),
      declarations_(std::move(declarations)),
      lines_(std::move(lines)),
      linked_(std::move(linked)),
      start_gas_(start_gas) {}

Result<exec::Instance> Code::take() const {
    {
        const std::lock_guard lock(mutex_);
        if (!idle_.empty()) {
            exec::Instance instance = std::move(idle_.back());
            idle_.pop_back();
            return instance;
        }
    }
    return exec::Instance::create(linked_);
}

void Code::give_back(exec::Instance instance) const {
    instance.reset();
    const std::lock_guard lock(mutex_);
    if (idle_.size() < idle_instances) {
        idle_.push_back(std::move(instance));
    }
}

Result<std::unique_ptr<Engine>> Engine::create(const Options& options) {
    AQD_TRY(schedule, gas::schedule(options.gas_schedule));
    static_cast<void>(schedule);
    std::unique_ptr<Engine> engine(new Engine(options));
    if (!options.cache_folder.empty()) {
        AQD_TRY(cache, CodeCache::open(options.cache_folder, options.cache_octets));
        engine->cache_ = std::make_unique<const CodeCache>(std::move(cache));
    }
    return engine;
}

Engine::Engine(const Options& options) : options_(options) {}
Engine::~Engine() = default;

std::shared_ptr<const Code> Engine::find(const Hash256& hash) const {
    const std::lock_guard lock(mutex_);
    const auto found = codes_.find(hash);
    if (found == codes_.end()) {
        return nullptr;
    }
    found->second.used = ++uses_;
    return found->second.code;
}

std::shared_ptr<const Code> Engine::keep(std::shared_ptr<const Code> code, std::size_t octets) {
    const std::lock_guard lock(mutex_);
    const auto [place, is_new] = codes_.emplace(code->hash(), Kept{code, octets, ++uses_});
    if (!is_new) {
        return place->second.code;
    }
    kept_octets_ += octets;
    while (kept_octets_ > options_.kept_octets && codes_.size() > 1) {
        // The newest has the highest number, so it stays.
        const auto oldest = std::ranges::min_element(
            codes_, {}, [](const auto& entry) { return entry.second.used; });
        kept_octets_ -= oldest->second.octets;
        codes_.erase(oldest);
    }
    return code;
}

Result<abi::Manifest> Engine::manifest(BytesView wasm) const {
    AQD_TRY(decoded, wasm::decode(wasm, options_.limits));
    return manifest_of(decoded);
}

Result<prepare::PreparedCode> Engine::prepare(BytesView wasm, const prepare::StoredFor& purpose,
                                              bool& is_new) const {
    if (cache_ != nullptr) {
        if (const auto stored = cache_->read(purpose.module_hash)) {
            auto known = prepare::load_stored(*stored, wasm, purpose, cache_->key());
            if (known) {
                is_new = false;
                return known;
            }
        }
    }
    is_new = true;
    AQD_TRY(decoded, wasm::decode(wasm, options_.limits));
    AQD_TRY(validated, wasm::validate(std::move(decoded)));
    return prepare::prepare(validated, purpose.schedule);
}

Result<std::shared_ptr<const Code>> Engine::compile(BytesView wasm) {
    const Hash256 hash = crypto::sha256(wasm);
    if (auto known = find(hash)) {
        return known;
    }
    AQD_TRY(schedule, gas::schedule(options_.gas_schedule));
    bool is_new = false;
    AQD_TRY(prepared, prepare(wasm, {hash, options_.limits, schedule}, is_new));
    const wasm::ValidatedModule validated = prepared.module;
    AQD_TRY(manifest, manifest_of(validated.module()));
    AQD_CHECK(check_declarations(manifest));
    AQD_CHECK(check_exports(validated.module(), manifest));
    abi::LineTable lines;
    if (const auto section = validated->custom_section(abi::lines_section)) {
        AQD_TRY(table, abi::decode_lines(*section));
        lines = std::move(table);
    }
    const std::uint64_t start_gas = start_gas_of(validated.module(), schedule);
    // Linking puts addresses into it.
    const Bytes entry =
        cache_ != nullptr && is_new ? prepare::store(prepared, hash, cache_->key()) : Bytes();
    AQD_TRY(linked, exec::link(std::move(prepared), host::functions()));
    if (!entry.empty()) {
        cache_->keep(hash, entry);
    }
    auto code =
        std::make_shared<const Code>(hash, host::Declarations(options_.chain, std::move(manifest)),
                                     std::move(lines), std::move(linked), start_gas);
    return keep(std::move(code), wasm.size());
}

Result<exec::Outcome> Engine::execute(const Code& code, std::string_view exported,
                                      std::uint64_t gas_limit, host::CallContext& context) const {
    if (profiler_ != nullptr) {
        AQD_TRY(prepared, profiler_->prepared(code));
        AQD_TRY(run, run_profiled(*prepared, exported, gas_limit, context));
        run.profile.start_gas = code.start_gas();
        run.profile.gas = code.start_gas() + run.outcome.gas_used;
        run.profile.code = code.shared_from_this();
        profiler_->runs_.push_back(std::move(run.profile));
        return std::move(run.outcome);
    }
    AQD_TRY(instance, code.take());
    exec::Outcome ran = instance.initialise(gas_limit, &context);
    if (ran.trap == exec::Trap::none) {
        const std::array<std::uint64_t, 1> arguments{context.arguments.size()};
        const std::uint64_t started = ran.gas_used;
        ran = instance.invoke(exported, arguments, gas_limit - started, &context);
        ran.gas_used += started;
    }
    code.give_back(std::move(instance));
    return ran;
}

Result<Outcome> Engine::run(const Code& code, std::string_view exported, std::uint64_t gas_limit,
                            host::CallContext& context) const {
    if (gas_limit < code.start_gas()) {
        return Outcome{static_cast<std::uint16_t>(abi::Refusal::OutOfGas), gas_limit, {}};
    }
    AQD_TRY(ran, execute(code, exported, gas_limit - code.start_gas(), context));
    if (ran.trap == exec::Trap::host_fault) {
        return std::unexpected(
            context.fault.value_or(Error{ErrorCode::io, "a host function failed", {}}));
    }
    Outcome outcome;
    outcome.gas = code.start_gas() + ran.gas_used;
    if (ran.trap == exec::Trap::host_refusal) {
        outcome.refusal = context.refusal;
    } else if (ran.trap != exec::Trap::none) {
        outcome.refusal = refusal_of(ran.trap);
    } else {
        AQD_TRY(unsound, context.flush());
        outcome.refusal = unsound;
    }
    if (outcome.refusal != 0) {
        outcome.site = site_of(code, ran);
    }
    return outcome;
}

}  // namespace aqd::engine

#include "vm/ledger/block_run.h"

#include <aqd/system/store_keys.h>

namespace aqd::ledger {
namespace {

constexpr std::int64_t nanoseconds = 1'000'000'000;
/// Of rows written and of results and events told, in a block. One transaction may go past it.
constexpr std::uint64_t most_octets = std::uint64_t{256} << 20;

std::int64_t whole_seconds(std::int64_t time_ns) {
    const std::int64_t seconds = time_ns / nanoseconds;
    return time_ns % nanoseconds < 0 ? seconds - 1 : seconds;
}

}  // namespace

Result<std::shared_ptr<const engine::Code>> load_code(engine::Engine& engine,
                                                      const state::StateView& state,
                                                      const Hash256& hash) {
    if (std::shared_ptr<const engine::Code> known = engine.find(hash)) {
        return known;
    }
    AQD_TRY(wasm, state.get(system::code_key(hash)));
    if (!wasm) {
        return fail(ErrorCode::not_found, "no deployed module has this hash");
    }
    auto compiled = engine.compile(*wasm);
    if (!compiled || (*compiled)->hash() != hash) {
        return fail(ErrorCode::corrupt, "the code of a deployed module is not what it was");
    }
    return *compiled;
}

system::Event case_event(const abi::CaseId& case_id, system::EventKind kind, Bytes data) {
    system::Event event;
    event.kind = kind;
    event.case_id = case_id;
    event.data = std::move(data);
    return event;
}

Result<std::unique_ptr<BlockRun>> BlockRun::begin(const ChainFacts& facts, engine::Engine& engine,
                                                  state::Overlay& overlay, std::uint64_t height,
                                                  std::int64_t time_ns) {
    std::unique_ptr<BlockRun> run(new BlockRun(facts, engine, overlay));
    AQD_TRY(clock, system::read_clock(overlay));
    run->clock_ = std::move(clock);
    run->block_.chain = facts.chain;
    run->block_.height = height;
    run->block_.now = whole_seconds(time_ns);
    run->block_.today = run->clock_.day(run->block_.now);
    return run;
}

Result<const system::ModuleRow*> BlockRun::module_row(const abi::Lineage& lineage) {
    auto found = modules_.find(lineage);
    if (found == modules_.end()) {
        AQD_TRY(read, system::read_module(*overlay_, lineage));
        found = modules_.emplace(lineage, std::move(read)).first;
    }
    const std::optional<system::ModuleRow>& row = found->second;
    return row ? &*row : nullptr;
}

Result<std::shared_ptr<const engine::Code>> BlockRun::code_of(const Hash256& hash) {
    if (const auto known = codes_.find(hash); known != codes_.end()) {
        return known->second;
    }
    AQD_TRY(code, load_code(*engine_, *overlay_, hash));
    codes_.emplace(hash, code);
    return code;
}

Result<std::optional<Target>> BlockRun::target_of(const abi::Lineage& lineage,
                                                  std::uint32_t version) {
    AQD_TRY(row, module_row(lineage));
    const system::ModuleVersion* found = row == nullptr ? nullptr : row->find(version);
    if (found == nullptr) {
        return std::optional<Target>();
    }
    AQD_TRY(code, code_of(found->code));
    return std::optional<Target>({std::move(code), found->version, {}, {}});
}

Result<std::optional<Target>> BlockRun::target_on(const abi::Lineage& lineage, std::int32_t day) {
    AQD_TRY(row, module_row(lineage));
    const system::ModuleVersion* found = row == nullptr ? nullptr : row->in_force(day);
    if (found == nullptr) {
        return std::optional<Target>();
    }
    AQD_TRY(code, code_of(found->code));
    return std::optional<Target>({std::move(code), found->version, {}, {}});
}

Result<const host::Declarations*> BlockRun::declarations(const abi::Lineage& lineage) {
    AQD_TRY(target, target_on(lineage, block_.today));
    // `codes_` keeps what the pointer refers to until the block ends.
    return target ? &target->code->declarations() : nullptr;
}

host::CallContext BlockRun::new_context() {
    host::CallContext context;
    context.overlay = overlay_;
    context.block = &block_;
    context.modules = this;
    context.effective = block_.today;
    context.base_instant = block_.now;
    context.position = position();
    return context;
}

host::CallContext BlockRun::automatic_context(std::int32_t effective, std::int64_t base_instant) {
    host::CallContext context = new_context();
    context.automatic = true;
    context.effective = effective;
    context.base_instant = base_instant;
    return context;
}

Result<> BlockRun::execute(Target target, host::CallContext& context, std::uint64_t gas_limit,
                           Receipt& receipt) {
    const auto checkpoint = overlay_->checkpoint();
    const std::int32_t effective = context.effective;
    std::uint64_t gas = 0;
    engine::Outcome outcome;
    // The second round is for a start that joined a case pinned to another version.
    for (bool again = true; again;) {
        again = false;
        context.declarations = &target.code->declarations();
        context.version = target.version;
        AQD_TRY(ran, engine_->run(*target.code, target.exported, gas_limit - gas, context));
        outcome = std::move(ran);
        gas += outcome.gas;
        if (!context.other_version) {
            break;
        }
        const std::uint32_t wanted = *context.other_version;
        overlay_->rollback(checkpoint);
        context.forget();
        context.effective = effective;
        AQD_TRY(other, target_of(target.code->declarations().lineage(), wanted));
        const abi::Entry* entry = other ? other->code->manifest().entry(target.entry) : nullptr;
        outcome.refusal = static_cast<std::uint16_t>(abi::Refusal::UnknownEntry);
        if (other && entry != nullptr && wanted != target.version) {
            other->exported = entry->exported;
            other->entry = target.entry;
            target = std::move(*other);
            again = true;
        }
    }
    receipt.module = target.code->manifest().path;
    receipt.version = target.version;
    receipt.code = target.code->hash();
    receipt.entry = target.entry;
    receipt.effective = context.effective;
    receipt.gas += gas;
    receipt.refusal = outcome.refusal;
    receipt.case_id = context.named_case;
    last_site_ = std::move(outcome.site);
    if (outcome.refusal != 0) {
        overlay_->rollback(checkpoint);
        return {};
    }
    if (context.current) {
        receipt.case_id = context.current->id;
    }
    receipt.result = std::move(context.result);
    for (system::Event& event : context.events) {
        receipt.events.push_back(std::move(event));
    }
    return {};
}

bool BlockRun::has_room() const {
    return automatic_gas_ < facts_->rules.block_gas &&
           overlay_->octets_written() + told_octets_ < most_octets;
}

void BlockRun::keep(Receipt receipt, std::optional<engine::Site> site) {
    if (receipt.origin != Origin::transaction) {
        automatic_gas_ += receipt.gas;
    }
    told_octets_ += receipt.result ? receipt.result->size() : 0;
    for (const system::Event& event : receipt.events) {
        told_octets_ += event.data.size();
    }
    receipts_.push_back(std::move(receipt));
    sites_.push_back(std::move(site));
}

Result<> BlockRun::queue(const system::DeliveryRow& row) {
    const Bytes key =
        system::delivery_key(block_.height, position(), first_ledger_ordinal + queue_ordinal_++);
    return overlay_->put(key, system::encode_delivery(row));
}

}  // namespace aqd::ledger

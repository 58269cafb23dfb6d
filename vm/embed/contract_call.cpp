#include <aqd/abi/manifest.h>
#include <aqd/embed/contract_call.h>
#include <aqd/host/call_context.h>
#include <aqd/state/overlay.h>
#include <aqd/system/civil_clock.h>

namespace aqd::embed {
namespace {

/// What a call may name: the contract itself and those beside it.
class Neighbours final : public host::Modules {
  public:
    Neighbours(const engine::Code& self,
               std::span<const std::shared_ptr<const engine::Code>> others)
        : self_(&self), others_(others) {}

    Result<const host::Declarations*> declarations(const abi::Lineage& lineage) override {
        if (self_->declarations().lineage() == lineage) {
            return &self_->declarations();
        }
        for (const auto& other : others_) {
            if (other->declarations().lineage() == lineage) {
                return &other->declarations();
            }
        }
        return nullptr;
    }

  private:
    const engine::Code* self_;
    std::span<const std::shared_ptr<const engine::Code>> others_;
};

bool may_be_called(abi::EntryKind kind) {
    using enum abi::EntryKind;
    return kind == action || kind == view || kind == start || kind == step || kind == access;
}

}  // namespace

Result<ContractOutcome> run_contract(const engine::Engine& engine, const Hash256& chain,
                                     const engine::Code& code,
                                     std::span<const std::shared_ptr<const engine::Code>> others,
                                     const state::StateView& state, const ContractCall& call) {
    const abi::Entry* entry = code.manifest().entry(call.entry);
    if (entry == nullptr || !may_be_called(entry->kind)) {
        return fail(ErrorCode::not_found,
                    code.manifest().path + " has no entry " + call.entry + " that can be called");
    }
    AQD_TRY(clock, system::read_clock(state));
    state::Overlay overlay(state);
    Neighbours modules(code, others);
    const host::BlockFacts block{chain, call.height, call.now, clock.day(call.now)};
    host::CallContext context;
    context.overlay = &overlay;
    context.block = &block;
    context.declarations = &code.declarations();
    context.modules = &modules;
    context.arguments = call.arguments;
    context.read_only = entry->kind == abi::EntryKind::view;
    context.caller = call.caller;
    context.identity = call.identity;
    context.version = code.manifest().version;
    context.named_case = call.case_id;
    context.effective = block.today;
    context.base_instant = block.now;
    AQD_TRY(ran, engine.run(code, entry->exported, call.gas_limit, context));
    if (context.other_version) {
        return fail(ErrorCode::unsupported,
                    "the case was opened by version " + std::to_string(*context.other_version));
    }
    ContractOutcome outcome;
    outcome.refusal = ran.refusal;
    outcome.gas = ran.gas;
    outcome.site = std::move(ran.site);
    if (ran.refusal == 0) {
        AQD_TRY(writes, overlay.write_set());
        outcome.writes = std::move(writes);
        outcome.result = std::move(context.result);
        outcome.events = std::move(context.events);
    }
    return outcome;
}

}  // namespace aqd::embed

#include "vm/ledger/deploy.h"

#include <aqd/ledger/apply.h>
#include <aqd/state/memory_state.h>
#include <aqd/state/overlay.h>
#include <aqd/system/bodies.h>
#include <aqd/system/calendars.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/mandates.h>
#include <aqd/system/modules.h>
#include <aqd/system/store_keys.h>

namespace aqd::ledger {
namespace {

Result<> put_time(state::Overlay& overlay, const Hash256& chain, const Genesis& genesis) {
    std::vector<system::CivilClock::Offset> offsets;
    offsets.reserve(genesis.offsets.size());
    for (const Genesis::Offset& offset : genesis.offsets) {
        offsets.push_back({offset.from, offset.seconds});
    }
    AQD_TRY(clock, system::CivilClock::from(std::move(offsets)));
    AQD_CHECK(overlay.put(system::offsets_key(), system::encode_clock(clock)));
    for (const Genesis::Calendar& calendar : genesis.calendars) {
        const abi::Lineage lineage = abi::lineage_of(chain, calendar.path);
        AQD_CHECK(overlay.put(system::calendar_key(lineage),
                              system::encode_calendar(calendar.closed_weekdays)));
        for (const std::int32_t day : calendar.holidays) {
            AQD_TRY(closed, system::close_day(overlay, lineage, day));
            if (!closed) {
                return fail(ErrorCode::invalid,
                            "calendar " + calendar.path + " names a holiday twice");
            }
        }
    }
    return {};
}

Result<Bytes> tag_of(const Hash256& chain, const std::string& name) {
    auto tag = system::tag_of(chain, name);
    if (!tag) {
        return fail(ErrorCode::invalid, name + " names no module");
    }
    return std::move(*tag);
}

Result<> put_people(state::Overlay& overlay, const Hash256& chain, const Genesis& genesis) {
    for (const abi::Account& account : genesis.operators) {
        const Bytes empty_array{0x80};
        AQD_CHECK(overlay.put(system::operator_key(account), empty_array));
    }
    for (const Genesis::Body& body : genesis.bodies) {
        AQD_TRY(tag, tag_of(chain, body.authority));
        AQD_TRY(known, system::read_body(overlay, tag, body.keys));
        if (known) {
            return fail(ErrorCode::invalid, "a body of " + body.authority + " is registered twice");
        }
        AQD_CHECK(overlay.put(
            system::body_key(tag, body.keys),
            system::encode_body({body.attributes, body.assertion_key, body.from, body.until})));
    }
    for (const Genesis::Mandate& mandate : genesis.mandates) {
        system::Mandate granted;
        if (!mandate.authority.empty()) {
            AQD_TRY(authority, tag_of(chain, mandate.authority));
            granted.authority = std::move(authority);
            granted.keys = mandate.keys;
            AQD_TRY(body, system::read_body(overlay, granted.authority, granted.keys));
            if (!body) {
                return fail(ErrorCode::invalid, "a mandate of " + mandate.role +
                                                    " is for a body that is not registered");
            }
        }
        granted.person = mandate.person.value_or(system::person_of(mandate.account));
        granted.from = mandate.from;
        granted.until = mandate.until;
        AQD_TRY(role, tag_of(chain, mandate.role));
        AQD_CHECK(system::add_mandate(overlay, mandate.account, role, granted));
    }
    return {};
}

Result<> put_row(state::Overlay& overlay, const Hash256& chain, engine::Engine& engine,
                 const Genesis::RegisterRow& row) {
    const abi::Lineage lineage = abi::lineage_of(chain, row.module);
    AQD_TRY(module, system::read_module(overlay, lineage));
    std::shared_ptr<const engine::Code> code;
    if (module && !module->versions.empty()) {
        AQD_TRY(loaded, load_code(engine, overlay, module->versions.back().code));
        code = std::move(loaded);
    }
    const std::uint64_t name = abi::id8(row.name);
    if (code == nullptr || code->declarations().register_of(name) == nullptr) {
        return fail(ErrorCode::invalid,
                    "a row of register " + row.module + "." + row.name + ", which is not deployed");
    }
    const Bytes key = abi::store_key(abi::KeyKind::register_row, lineage, name, row.key);
    AQD_TRY(known, overlay.get(key));
    if (known) {
        return fail(ErrorCode::invalid,
                    "a row of register " + row.module + "." + row.name + " comes twice");
    }
    return overlay.put(key, row.value);
}

}  // namespace

Result<std::unique_ptr<engine::Engine>> engine_for(const Genesis& genesis) {
    engine::Options options;
    options.chain = chain_id(genesis);
    options.gas_schedule = genesis.rules.gas_schedule;
    options.limits.module_bytes = genesis.rules.module_bytes;
    options.limits.memory_pages = genesis.rules.memory_pages;
    return engine::Engine::create(options);
}

Result<GenesisOutput> apply_genesis(const Genesis& genesis, engine::Engine& engine) {
    const Hash256 chain = chain_id(genesis);
    const state::MemoryState nothing;
    state::Overlay overlay(nothing);
    AQD_CHECK(put_time(overlay, chain, genesis));
    AQD_CHECK(put_people(overlay, chain, genesis));
    for (const Genesis::Module& module : genesis.modules) {
        AQD_TRY(code, engine.compile(module.wasm));
        AQD_CHECK(add_module(overlay, chain, engine, *code, module.wasm, module.owner, true,
                             std::nullopt));
    }
    for (const Genesis::RegisterRow& row : genesis.rows) {
        AQD_CHECK(put_row(overlay, chain, engine, row));
    }
    AQD_TRY(writes, overlay.write_set());
    return GenesisOutput{std::move(writes), {}};
}

}  // namespace aqd::ledger

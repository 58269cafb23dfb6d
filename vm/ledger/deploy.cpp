#include "vm/ledger/deploy.h"

#include <aqd/abi/upgrade.h>
#include <aqd/ledger/apply.h>
#include <aqd/system/event_data.h>
#include <aqd/system/modules.h>
#include <aqd/system/store_keys.h>

#include <algorithm>

namespace aqd::ledger {

Result<> add_module(state::Overlay& overlay, const Hash256& chain, engine::Engine& engine,
                    const engine::Code& code, BytesView wasm, const abi::Account& owner,
                    bool by_operator, std::optional<std::int32_t> today) {
    const abi::Manifest& manifest = code.manifest();
    const abi::Lineage& lineage = code.declarations().lineage();
    AQD_TRY(stored, system::read_module(overlay, lineage));
    if (!stored && !by_operator) {
        return fail(ErrorCode::denied, "only an operator may deploy a new module");
    }
    if (stored && !by_operator && stored->owner != owner) {
        return fail(ErrorCode::denied, "only the owner of a module may deploy its next version");
    }
    system::ModuleRow row = stored.value_or(system::ModuleRow{manifest.path, owner, {}});
    if (!row.versions.empty()) {
        const system::ModuleVersion& last = row.versions.back();
        // Cases of today have already been opened under the version before: a new one may not reach
        // into the past.
        if (manifest.version <= last.version || manifest.from < last.from ||
            (today && manifest.from < *today)) {
            return fail(ErrorCode::invalid,
                        "a new version has a higher number and begins today or later");
        }
        AQD_TRY(before, load_code(engine, overlay, last.code));
        AQD_CHECK(abi::check_upgrade(before->manifest(), manifest));
    }
    row.versions.push_back({manifest.version, manifest.from, code.hash()});
    AQD_CHECK(overlay.put(system::module_key(lineage), system::encode_module(row)));
    AQD_CHECK(overlay.put(system::code_key(code.hash()), wasm));
    if (!manifest.serves.empty()) {
        const auto tag = system::tag_of(chain, manifest.serves);
        if (!tag) {
            return fail(ErrorCode::invalid,
                        "serves names no authority of a module: " + manifest.serves);
        }
        AQD_TRY(serving, system::read_serving(overlay, *tag));
        const bool serves_already = std::ranges::find(serving, lineage) != serving.end();
        if (!serves_already && !by_operator) {
            return fail(ErrorCode::denied,
                        "only an operator may let a module serve " + manifest.serves);
        }
        AQD_CHECK(system::add_serving(overlay, *tag, lineage));
    }
    return {};
}

system::Event deployed_event(const engine::Code& code) {
    system::Event event;
    event.kind = system::EventKind::deployed;
    const abi::Manifest& manifest = code.manifest();
    event.data = system::EventData()
                     .text(manifest.path)
                     .number(manifest.version)
                     .day(manifest.from)
                     .bytes(code.hash().view())
                     .take();
    return event;
}

}  // namespace aqd::ledger

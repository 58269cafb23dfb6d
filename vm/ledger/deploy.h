#pragma once

#include <aqd/base/result.h>
#include <aqd/engine/engine.h>
#include <aqd/state/overlay.h>
#include <aqd/system/event.h>

#include <cstdint>
#include <optional>

namespace aqd::ledger {

/// Adds a compiled module to its lineage: a new one, or a higher version. `denied` if its lineage
/// exists and `owner` is not its owner and not `by_operator`, or if it begins to serve bodies that
/// it did not serve before and not `by_operator`; `invalid` if version or date do not
/// rise; `conflict` if it does not keep what is stored under the version before it.
Result<> add_module(state::Overlay& overlay, const Hash256& chain, engine::Engine& engine,
                    const engine::Code& code, BytesView wasm, const abi::Account& owner,
                    bool by_operator, std::optional<std::int32_t> today);

system::Event deployed_event(const engine::Code& code);

}  // namespace aqd::ledger

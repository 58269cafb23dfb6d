#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/engine/engine.h>
#include <aqd/state/state_view.h>
#include <aqd/state/write_set.h>
#include <aqd/system/event.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace aqd::embed {

/// One call of a contract without a ledger around it: nobody checks signatures, versions or rights
/// to call beyond what the contract itself asks for, and no deadline fires by itself.
struct ContractCall {
    std::string entry;    ///< as the manifest names it; one that callers may call, or a view
    BytesView arguments;  ///< CBOR array
    std::uint64_t gas_limit = 200'000'000;
    std::optional<abi::Account> caller;
    std::optional<abi::CaseId> case_id;
    /// Ids of cases that the call opens come from it: a new one for each call.
    Hash256 identity;
    std::uint64_t height = 1;
    std::int64_t now = 0;  ///< UTC seconds; the civil clock of the state makes a date of it
};

struct ContractOutcome {
    std::uint16_t refusal = 0;  ///< abi::Refusal or a contract's own code; 0: success
    std::uint64_t gas = 0;
    std::optional<Bytes> result;        ///< one CBOR item
    std::vector<system::Event> events;  ///< empty after a refusal
    state::WriteSet writes;             ///< empty after a refusal
    std::optional<engine::Site> site;   ///< of a trap or a refusal
};

/// Runs an entry of `code` over a state that stays as it is. `others` are the contracts that it may
/// name. `not_found` for an entry that callers have not; `unsupported` for a case that another
/// version opened; otherwise the state's own failures. Safe from any thread if reading the state
/// is.
Result<ContractOutcome> run_contract(const engine::Engine& engine, const Hash256& chain,
                                     const engine::Code& code,
                                     std::span<const std::shared_ptr<const engine::Code>> others,
                                     const state::StateView& state, const ContractCall& call);

}  // namespace aqd::embed

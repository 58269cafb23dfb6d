#pragma once

#include <aqd/abi/keys.h>
#include <aqd/abi/refusal.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/host/declarations.h>
#include <aqd/state/overlay.h>
#include <aqd/system/case_row.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/event.h>
#include <aqd/system/mandates.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace aqd::host {

/// What every call of a block shares.
struct BlockFacts {
    Hash256 chain;
    std::uint64_t height = 0;
    std::int64_t now = 0;    ///< UTC seconds
    std::int32_t today = 0;  ///< civil date
};

/// What other deployed modules declare. The ledger implements it.
class Modules {
  public:
    Modules() = default;
    Modules(const Modules&) = delete;
    Modules& operator=(const Modules&) = delete;
    Modules(Modules&&) = delete;
    Modules& operator=(Modules&&) = delete;
    virtual ~Modules() = default;

    /// The version in force today; nullptr if the lineage is not deployed. The pointer lives as
    /// long as this object.
    virtual Result<const Declarations*> declarations(const abi::Lineage& lineage) = 0;
};

/// A body's statement about the caller, checked before the call.
struct CheckedAssertion {
    Bytes authority;  ///< tag of 40 octets
    Bytes keys;       ///< of the asserting body
    abi::Person subject;
    std::uint8_t level = 0;
};

/// One call under way: what the host functions read and write. Belongs to one thread.
class CallContext {
  public:
    // -- given by the ledger
    state::Overlay* overlay = nullptr;
    const BlockFacts* block = nullptr;
    const Declarations* declarations = nullptr;
    Modules* modules = nullptr;
    BytesView arguments;
    bool read_only = false;  ///< a view: whatever writes is refused
    bool automatic = false;  ///< fired by the ledger: nobody acts
    std::optional<abi::Account> caller;
    std::optional<CheckedAssertion> assertion;
    Hash256 identity;  ///< of the transaction, or of the delivery: ids of new cases depend on it
    std::uint32_t call_index = 0;
    std::uint32_t position = 0;  ///< of this call in its block
    std::uint32_t version = 0;   ///< of the code that runs
    std::optional<std::int32_t> signed_on;
    std::optional<abi::CaseId> named_case;
    std::int32_t effective = 0;
    std::int64_t base_instant = 0;  ///< UTC seconds: hours and minutes count from here
    /// The question that this call is to answer, for a `start on ask`.
    std::optional<system::QuestionLink> question;

    /// Of a call that a delivery makes: how many deliveries may come of it.
    std::optional<std::uint32_t> further_deliveries;

    // -- made by the call
    std::uint16_t refusal = 0;
    /// Not a refusal of the contract: another version's code must run this call, on a case that is
    /// pinned to it.
    std::optional<std::uint32_t> other_version;
    std::optional<Error> fault;  ///< with Trap::host_fault
    std::optional<Bytes> result;
    std::vector<system::Event> events;
    /// What it sends to modules and cases, with the keys of the queue.
    std::vector<std::pair<Bytes, system::DeliveryRow>> outgoing;

    struct CurrentCase {
        abi::CaseId id;
        system::CaseRow row;
        bool is_new = false;
        bool stored = false;  ///< `case_store` ran, or it was there before
        bool changed = false;
        std::uint32_t first_ordinal = 0;  ///< of what this call sends and asks
    };
    std::optional<CurrentCase> current;

    // -- remembered between host functions
    std::uint32_t next_ordinal = 0;  ///< of timers and deliveries made by this call
    std::optional<std::vector<system::HeldMandate>> mandates;  ///< of the caller, read once
    std::optional<abi::Person> acting_person;
    std::optional<Bytes> acting_body;  ///< a `Body`
    std::optional<system::HeldMandate> acting_mandate;

    /// Back to before the call, keeping what the ledger gave.
    void forget();

    void emit(system::EventKind kind, Bytes data);

    /// Writes the current case back and queues what goes out. A refusal code, or 0.
    Result<std::uint16_t> flush();
};

}  // namespace aqd::host

#pragma once

#include <aqd/base/result.h>
#include <aqd/engine/engine.h>
#include <aqd/host/call_context.h>
#include <aqd/ledger/apply.h>
#include <aqd/ledger/receipt.h>
#include <aqd/ledger/transaction.h>
#include <aqd/state/overlay.h>
#include <aqd/system/civil_clock.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/modules.h>
#include <aqd/system/obligations.h>
#include <aqd/system/timers.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aqd::ledger {

/// What is to run, and how its receipt names it.
struct Target {
    std::shared_ptr<const engine::Code> code;
    std::uint32_t version = 0;
    std::string exported;
    std::string entry;
};

/// A call of a transaction, with what its siblings share.
struct SignedCall {
    const Transaction* transaction = nullptr;
    const Call* call = nullptr;
    Hash256 id;
    abi::Account sender;
    Hash256 bare;  ///< `bare_digest`, if any call carries an assertion
    std::uint32_t index = 0;
    std::uint64_t gas_limit = 0;
    std::uint64_t intrinsic_gas = 0;  ///< to be charged before anything else
};

/// One block under way: an overlay over the state, and the receipts so far. Each part of a block is
/// a file: calls.cpp, native.cpp, timers.cpp, deliveries.cpp.
class BlockRun final : public host::Modules {
  public:
    /// `corrupt`, `io` if the civil clock cannot be read.
    static Result<std::unique_ptr<BlockRun>> begin(const ChainFacts& facts, engine::Engine& engine,
                                                   state::Overlay& overlay, std::uint64_t height,
                                                   std::int64_t time_ns);

    // -- calls.cpp
    /// Runs the calls of a transaction, each followed by the deadlines that it made due.
    Result<> run_transaction(const Admitted& transaction);
    /// One call, as its receipt tells it.
    Result<> run_call(const SignedCall& call);
    Result<> run_view(const ViewRequest& request);

    // -- timers.cpp
    /// Fires what is due, until nothing is or the block's bound is reached.
    Result<> fire_ripe();
    [[nodiscard]] Result<bool> any_ripe() const;

    // -- deliveries.cpp
    Result<> deliver_queued();
    [[nodiscard]] Result<bool> any_queued() const;

    /// False when the block has done as much, or says as much, as a block should: what is left
    /// then waits for the next one.
    [[nodiscard]] bool has_room() const;
    [[nodiscard]] const host::BlockFacts& block() const { return block_; }
    [[nodiscard]] std::vector<Receipt>& receipts() { return receipts_; }
    [[nodiscard]] std::vector<std::optional<engine::Site>>& sites() { return sites_; }

    /// Where contracts find what other modules declare.
    Result<const host::Declarations*> declarations(const abi::Lineage& lineage) override;

  private:
    BlockRun(const ChainFacts& facts, engine::Engine& engine, state::Overlay& overlay)
        : facts_(&facts), engine_(&engine), overlay_(&overlay) {}

    // -- block_run.cpp
    Result<const system::ModuleRow*> module_row(const abi::Lineage& lineage);
    Result<std::shared_ptr<const engine::Code>> code_of(const Hash256& hash);
    /// The code of a version of a lineage; nothing if there is none.
    Result<std::optional<Target>> target_of(const abi::Lineage& lineage, std::uint32_t version);
    /// The code in force on a day; nothing if there is none.
    Result<std::optional<Target>> target_on(const abi::Lineage& lineage, std::int32_t day);
    [[nodiscard]] host::CallContext new_context();
    /// For calls that nobody makes, at a legal date.
    [[nodiscard]] host::CallContext automatic_context(std::int32_t effective,
                                                      std::int64_t base_instant);
    /// Runs the target; on a refusal nothing of it remains. Fills the receipt in, all but its
    /// origin.
    Result<> execute(Target target, host::CallContext& context, std::uint64_t gas_limit,
                     Receipt& receipt);
    /// Where the last `execute` was refused.
    std::optional<engine::Site> take_site() { return std::exchange(last_site_, std::nullopt); }
    void keep(Receipt receipt, std::optional<engine::Site> site = std::nullopt);
    [[nodiscard]] std::uint32_t position() const {
        return static_cast<std::uint32_t>(receipts_.size());
    }
    Result<> queue(const system::DeliveryRow& row);

    // -- calls.cpp
    Result<std::optional<Target>> target_of_call(const Transaction& transaction, const Call& call,
                                                 const abi::Lineage& lineage,
                                                 std::uint16_t& refusal);
    Result<std::optional<host::CheckedAssertion>> check_assertion(const SignedCall& call,
                                                                  const abi::Lineage& lineage);
    /// As a call's receipt begins.
    [[nodiscard]] Receipt begin_receipt(const SignedCall& call) const;
    Result<> run_contract_call(const SignedCall& call, Receipt& receipt,
                               std::optional<engine::Site>& site);
    Result<> run_bundle(const Admitted& transaction, const std::vector<SignedCall>& calls);

    // -- native.cpp
    Result<> run_native(const SignedCall& call, Receipt& receipt);
    /// `acknowledge` and `act`.
    Result<abi::Refusal> meet_obligation(const SignedCall& call, Receipt& receipt);

    // -- timers.cpp
    Result<> fire(system::RipeTimer timer);
    Result<> fire_deadline(const system::RipeTimer& timer);
    Result<> fire_obligation(const system::RipeTimer& timer);
    Result<> fire_question(const system::RipeTimer& timer);
    /// True if days closed since have moved it.
    Result<bool> move_if_later(const system::RipeTimer& timer);
    Result<> mark_faulted(const abi::CaseId& case_id, std::string_view entry, std::uint16_t refusal,
                          Receipt& receipt);

    // -- deliveries.cpp
    /// The code in force today of a module, if it serves the bodies of this authority.
    Result<std::optional<Target>> serving_target(const abi::Lineage& lineage, BytesView authority);
    host::CallContext delivered_context(std::uint32_t further);
    Result<> deliver(const system::DeliveryRow& row);
    Result<> deliver_to_module(const system::DeliveryRow& row);
    Result<> deliver_to_case(const system::DeliveryRow& row);
    Result<> deliver_acknowledgement(const system::DeliveryRow& row);
    Result<> deliver_question(const system::DeliveryRow& row);
    Result<> deliver_reply(const system::DeliveryRow& row);
    /// An entry of the case's pinned code, run for it; nothing if the code has none. True if it ran
    /// and succeeded.
    Result<std::optional<bool>> run_case_entry(const abi::CaseId& case_id, abi::EntryKind kind,
                                               std::string_view subject, Bytes arguments,
                                               host::CallContext context, Receipt& receipt);
    Result<> receive_reply(const abi::CaseId& asking, std::uint32_t ordinal,
                           const std::string& exchange, const Bytes& reply,
                           host::CallContext context, Receipt& receipt);

    const ChainFacts* facts_;
    engine::Engine* engine_;
    state::Overlay* overlay_;
    host::BlockFacts block_;
    system::CivilClock clock_;
    std::vector<Receipt> receipts_;
    std::vector<std::optional<engine::Site>> sites_;
    std::optional<engine::Site> last_site_;  ///< of the last `execute`
    std::uint32_t timers_fired_ = 0;
    std::uint64_t automatic_gas_ = 0;  ///< of what no transaction pays for
    std::uint64_t told_octets_ = 0;    ///< results and events of the receipts
    std::uint32_t queue_ordinal_ = 0;  ///< of what the ledger itself queues and arms

    std::map<abi::Lineage, std::optional<system::ModuleRow>>
        modules_;  ///< emptied when one may have changed
    std::map<Hash256, std::shared_ptr<const engine::Code>> codes_;
};

/// An event of a case, for what the ledger itself does.
system::Event case_event(const abi::CaseId& case_id, system::EventKind kind, Bytes data);

/// Ordinals of what the ledger itself arms and queues begin here, above those of any call.
inline constexpr std::uint32_t first_ledger_ordinal = 0x8000'0000;

}  // namespace aqd::ledger

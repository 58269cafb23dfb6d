#pragma once

#include "tests/vm/ledger/kit/kit_module.h"
#include "tests/vm/ledger/kit/script.h"

#include <aqd/abi/cbor.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/engine/engine.h>
#include <aqd/ledger/apply.h>
#include <aqd/ledger/genesis.h>
#include <aqd/ledger/transaction.h>
#include <aqd/state/memory_state.h>
#include <aqd/system/case_row.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace aqd::ledger::testing {

/// A key pair with its names.
struct Actor {
    explicit Actor(std::string_view seed);
    crypto::SecretKey secret;
    crypto::PublicKey key;
    abi::Account account;
};

inline constexpr calendar::Day first_day = calendar::day_from_civil({2026, 3, 2});  ///< a Monday

constexpr std::int64_t at_noon(calendar::Day day) {
    return (static_cast<std::int64_t>(day) * calendar::seconds_per_day + 43'200) * 1'000'000'000;
}

/// CBOR of a few shapes.
Bytes text_item(std::string_view text);
Bytes number_item(std::uint64_t number);
Bytes bytes_item(BytesView bytes);
/// Items joined to one array.
Bytes array_of(std::initializer_list<Bytes> items);

/// Genesis of the tests: kit `test.kit`, and `test.office`, which serves test.kit.Commune; communes
/// "anfa" and "taza", each with an officer; a Dgsn that asserts; calendar test.calendar closed on
/// Saturdays and Sundays; the operator; time: noon before `first_day`; manual clock, UTC.
Genesis kit_genesis();

const Actor& operator_actor();
const Actor& officer_of_anfa();
const Actor& officer_of_taza();
const Actor& stranger();
const Actor& dgsn();
const Actor& block_actor();

/// Sets a script of the kit's register `scripts`.
Genesis::RegisterRow script_row(std::string_view module, std::string_view name,
                                const Script& script);

/// `Body` of a commune.
Bytes commune(const Hash256& chain, std::string_view code);

struct CallOptions {
    std::optional<abi::CaseId> case_id;
    std::optional<std::int32_t> signed_on;
    std::uint64_t gas_limit = 50'000'000;
    bool atomic = false;
    std::optional<std::uint64_t> nonce;
    std::optional<Assertion> assertion;
};

/// A ledger without a store: what `apply_block` says of a state in memory.
class Ledger {
  public:
    explicit Ledger(Genesis genesis = kit_genesis());

    [[nodiscard]] const Hash256& chain() const { return facts_.chain; }
    [[nodiscard]] const state::MemoryState& state() const { return state_; }
    [[nodiscard]] const state::MemoryState& replay() const { return replay_; }
    [[nodiscard]] const ChainFacts& facts() const { return facts_; }
    [[nodiscard]] engine::Engine& engine() { return *engine_; }
    [[nodiscard]] std::uint64_t height() const { return height_; }
    [[nodiscard]] std::int64_t time_ns() const { return time_ns_; }
    [[nodiscard]] calendar::Day today() const {
        return static_cast<calendar::Day>(calendar::day_of(time_ns_ / 1'000'000'000));
    }

    /// The next block is on this day, at noon, or a second after the last one if it is the same
    /// day.
    void go_to(calendar::Day day);

    [[nodiscard]] Transaction transaction(const Actor& actor, std::vector<Call> calls,
                                          const CallOptions& options = {}) const;
    [[nodiscard]] Bytes signed_by(const Actor& actor, std::vector<Call> calls,
                                  const CallOptions& options = {}) const;

    /// One block with as many of these as find a place.
    BlockOutput make(std::span<const Bytes> transactions = {});
    /// A block with one call; its receipt.
    Receipt call(const Actor& actor, std::string module, std::string entry, Bytes arguments,
                 const CallOptions& options = {});
    Receipt run(const Actor& actor, const Script& script, std::string entry = "run",
                const CallOptions& options = {});
    /// Opens a case of P in state a with the unique value x; its id.
    abi::CaseId open_case(std::uint64_t x, const std::function<void(Script&)>& more = {});
    Receipt step(const abi::CaseId& case_id, const Script& script);
    Result<CallReport> look(const Script& script);

    [[nodiscard]] system::CaseRow case_row(const abi::CaseId& case_id) const;
    void put(BytesView key, BytesView value);
    void set_script(std::string_view name, const Script& script,
                    std::string_view module = "test.kit");

  private:
    Genesis genesis_;
    ChainFacts facts_;
    std::unique_ptr<engine::Engine> engine_;
    state::MemoryState state_;
    state::MemoryState replay_;
    std::uint64_t height_ = 0;
    std::int64_t time_ns_ = 0;
};

/// Adds to a script what stores the current case in a state; `settled` for state 2.
void store_case(Script& script, std::int64_t state, std::uint64_t x);
/// Loads the case that the call names.
void load_case(Script& script);

/// Names of the events of receipts, in order.
std::vector<std::string> event_names(const std::vector<Receipt>& receipts);
std::vector<std::string> event_names(const Receipt& receipt);
/// The first event of a kind; fails the test if there is none.
abi::Value event_data(const std::vector<Receipt>& receipts, system::EventKind kind);
std::string diagnostic(const abi::Value& value);

}  // namespace aqd::ledger::testing

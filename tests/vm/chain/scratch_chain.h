#pragma once

#include "tests/scratch_folder.h"
#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/chain/chain.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace aqd::chain::testing {

using namespace aqd::ledger::testing;

/// Room for a chain, gone when the test is.
class Scratch {
  public:
    [[nodiscard]] std::filesystem::path chain() const { return folder_.path() / "chain"; }

  private:
    aqd::testing::ScratchFolder folder_{"chain"};
};

template <class T>
T value_of(Result<T> result) {
    INFO((result ? "" : result.error().message));
    REQUIRE(result.has_value());
    return std::move(*result);
}

inline OpenOptions writing() {
    OpenOptions options;
    options.block_key = block_actor().secret;
    options.check_structure = false;
    return options;
}

/// A signed transaction with the account's next nonce.
inline Bytes signed_call(const Chain& chain, const Actor& actor, std::vector<ledger::Call> calls,
                         std::uint64_t nonce_after = 0) {
    ledger::Transaction transaction;
    transaction.chain = chain.id();
    transaction.sender = actor.key;
    transaction.nonce = value_of(chain.next_nonce(actor.account)) + nonce_after;
    transaction.gas_limit = 20'000'000;
    transaction.valid_until = chain.tip().height + 1000;
    transaction.calls = std::move(calls);
    return ledger::encode_signed(ledger::sign_transaction(std::move(transaction), actor.secret));
}

inline ledger::Call put_row(std::string_view key, std::uint64_t value) {
    Script script;
    const auto k = script.text(key);
    const auto v = script.data(number_item(value));
    script.call("register_put", abi::id8("rows"), k.address, k.size, v.address, v.size, 0);
    return {"test.kit", "run", std::nullopt, script.as_arguments(), std::nullopt};
}

/// Opens a case with a deadline some days after `from`.
inline ledger::Call open_case(std::uint64_t x, calendar::Day from, std::int64_t days) {
    Script script;
    script.call("case_create", abi::id8("P"));
    script.call("timer_arm", 0, from, days, 0, 0, -1);
    store_case(script, 0, x);
    return {"test.kit", "P.open", std::nullopt, script.as_arguments(), std::nullopt};
}

inline Bytes row_key(const Chain& chain, std::string_view key) {
    return abi::store_key(abi::KeyKind::register_row, abi::lineage_of(chain.id(), "test.kit"),
                          abi::id8("rows"), text_item(key));
}

}  // namespace aqd::chain::testing

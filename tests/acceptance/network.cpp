#include "tests/acceptance/network.h"

#include "cli/files/files.h"
#include "cli/genesis/genesis_json.h"

#include <aqd/calendar/iso_text.h>

#include <catch2/catch.hpp>

namespace aqd::acceptance {
namespace {

constexpr std::int64_t nanoseconds_per_minute = 60'000'000'000;
constexpr std::int64_t minutes_per_day = 1440;

template <class T>
T value_of(Result<T> result) {
    INFO((result ? "" : result.error().message));
    REQUIRE(result.has_value());
    return *std::move(result);
}

}  // namespace

Network::Network(std::unique_ptr<ledgers::Ledger> ledger)
    : ledger_(std::move(ledger)),
      salts_(std::make_unique<crypto::SeededRandom>(as_bytes("acceptance"))),
      secrets_(std::make_unique<ledgers::SecretCollector>(ledger_->chain().id(), *salts_)) {}

Network Network::create(const std::filesystem::path& folder, const std::string& name) {
    genesis::GenesisFile file = value_of(genesis::read_genesis(
        std::filesystem::path(AQD_PLAYED) / "genesis.json", genesis::read_wasm));
    file.genesis.name = name;
    ledgers::Access access;
    access.write = true;
    return Network(value_of(ledgers::Ledger::create(folder, file, access)));
}

Network Network::open(const std::filesystem::path& folder) {
    ledgers::Access access;
    access.write = true;
    return Network(value_of(ledgers::Ledger::open(folder, access)));
}

keys::Key Network::key(const std::string& actor) const {
    return value_of(ledger_->key(actor, {}));
}

ledger::Transaction Network::prepare(const Actor& actor, const std::string& module,
                                     const std::string& entry, const Json& arguments,
                                     const std::optional<abi::CaseId>& case_id) {
    const keys::Key who = key(actor.name);
    ledgers::CallWish call;
    call.module = module;
    call.entry = entry;
    call.arguments = arguments;
    call.case_id = case_id;
    if (actor.is_citizen) {
        call.assertion = ledgers::AssertionWish{key("dgsn"), actor.name, 2};
    }
    ledgers::TransactionWish wish;
    wish.nonce = value_of(chain().next_nonce(who.shown.account));
    wish.calls.push_back(std::move(call));
    const std::int64_t next = (chain().tip().time_ns + nanoseconds_per_minute) / 1'000'000'000;
    return value_of(ledgers::make_transaction(*ledger_, who, wish, next, *secrets_));
}

Bytes Network::sign(const Actor& actor, const std::string& module, const std::string& entry,
                    const Json& arguments, const std::optional<abi::CaseId>& case_id) {
    return ledger::encode_signed(ledger::sign_transaction(
        prepare(actor, module, entry, arguments, case_id), key(actor.name).secret));
}

chain::Made Network::block(const std::vector<Bytes>& transactions) {
    return value_of(
        chain().make_block(transactions, chain().tip().time_ns + nanoseconds_per_minute));
}

ledger::Receipt Network::only_receipt(const chain::Made& made) {
    REQUIRE(made.transactions.size() == 1);
    const auto& placed = made.transactions.front();
    INFO((placed ? "" : placed.error().message));
    REQUIRE(placed.has_value());
    REQUIRE(placed->receipts.size() == 1);
    return value_of(chain().receipts(placed->height)).at(placed->receipts.front());
}

chain::Made Network::wait(std::int64_t days) {
    return value_of(chain().advance_to(chain().tip().time_ns +
                                       days * minutes_per_day * nanoseconds_per_minute));
}

Json hospital_message(const std::string& person, const std::string& office) {
    return {{"office", office},
            {"person", "#" + person},
            {"death_date", "2025-12-01"},
            {"medical", {{"utf8", "medical certificate of " + person}}},
            {"cause", "insuffisance cardiaque"}};
}

}  // namespace aqd::acceptance

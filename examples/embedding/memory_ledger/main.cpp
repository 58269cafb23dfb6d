// A ledger without a store: blocks over a state in memory. `apply_block` is a pure function; who
// calls it keeps the state.
#include <aqd/abi/cbor.h>
#include <aqd/calendar/civil_date.h>
#include <aqd/ledger/apply.h>
#include <aqd/ledger/genesis.h>
#include <aqd/ledger/transaction.h>
#include <aqd/state/memory_state.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

using namespace aqd;

namespace {

template <class T>
T value_of(Result<T> result) {
    if (!result) {
        std::fprintf(stderr, "%s\n", result.error().message.c_str());
        std::exit(1);
    }
    return std::move(*result);
}

Bytes read_file(const char* path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct Person {
    crypto::SecretKey secret;
    crypto::PublicKey key;
    explicit Person(std::string_view seed)
        : secret(crypto::SecretKey::from_seed(as_bytes(seed))),
          key(crypto::derive_public(secret)) {}
};

class Ledger {
  public:
    explicit Ledger(const ledger::Genesis& genesis)
        : facts_{ledger::chain_id(genesis), genesis.rules},
          engine_(value_of(ledger::engine_for(genesis))),
          time_ns_(genesis.time_ns) {
        const auto initial = value_of(ledger::apply_genesis(genesis, *engine_));
        state_.apply(initial.state);
        replay_.apply(initial.replay);
    }

    /// A block with one call in it; its receipt.
    ledger::Receipt call(const Person& person, std::string entry, Bytes arguments) {
        ledger::Transaction transaction;
        transaction.chain = facts_.chain;
        transaction.sender = person.key;
        transaction.nonce =
            value_of(ledger::next_nonce(replay_, abi::account_of(person.key.view())));
        transaction.gas_limit = 10'000'000;
        transaction.valid_until = height_ + 10;
        transaction.calls = {{"notes", std::move(entry), {}, std::move(arguments), {}}};
        const Bytes encoded =
            ledger::encode_signed(ledger::sign_transaction(std::move(transaction), person.secret));

        const std::vector<ledger::Admitted> admitted{
            value_of(ledger::admit(encoded, facts_.chain))};
        time_ns_ += 1'000'000'000;
        const auto block = value_of(ledger::apply_block(facts_, *engine_, state_, replay_,
                                                        {++height_, time_ns_, admitted, false}));
        state_.apply(block.state);
        replay_.apply(block.replay);
        return block.receipts.at(0);
    }

    ledger::Receipt view(std::string entry, Bytes arguments) {
        return value_of(ledger::run_view(facts_, *engine_, state_, height_, time_ns_,
                                         {"notes", std::move(entry), std::move(arguments), {}, {}}))
            .receipt;
    }
    [[nodiscard]] std::size_t rows() const { return state_.size(); }

  private:
    ledger::ChainFacts facts_;
    std::unique_ptr<engine::Engine> engine_;
    state::MemoryState state_;
    state::MemoryState replay_;
    std::uint64_t height_ = 0;
    std::int64_t time_ns_;
};

Bytes text_argument(std::string_view text) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(1);
    writer.write_text(text);
    return out;
}

Bytes change_arguments(std::uint64_t number, std::string_view text) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(2);
    writer.write_uint(number);
    writer.write_text(text);
    return out;
}

Bytes number_argument(std::uint64_t number) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(1);
    writer.write_uint(number);
    return out;
}

}  // namespace

int main() {
    const Person amina("amina");
    const Person karim("karim");
    ledger::Genesis genesis;
    genesis.name = "notes in memory";
    genesis.clock = ledger::Clock::manual;
    genesis.time_ns = std::int64_t{calendar::day_from_civil({2026, 3, 2})} *
                      calendar::seconds_per_day * 1'000'000'000;
    genesis.header_keys = {amina.key};
    genesis.operators = {abi::account_of(amina.key.view())};
    genesis.modules = {{read_file(NOTES_WASM), genesis.operators[0]}};

    Ledger ledger(genesis);
    const auto written = ledger.call(amina, "write", text_argument("buy olives"));
    std::printf("written: refusal %u, %llu gas, %zu rows\n", unsigned{written.refusal},
                static_cast<unsigned long long>(written.gas), ledger.rows());
    const std::uint64_t number = written.result ? written.result->front() : 0;

    const auto refused = ledger.call(karim, "change", change_arguments(number, "buy nothing"));
    std::printf("changed by somebody else: refusal %u\n", unsigned{refused.refusal});

    const auto seen = ledger.view("read", number_argument(number));
    const std::string_view text = as_text(*seen.result);
    std::printf("read: %.*s\n", static_cast<int>(text.size() - 1), text.data() + 1);
    return written.refusal == 0 && refused.refusal == 256 && text.ends_with("buy olives") ? 0 : 1;
}

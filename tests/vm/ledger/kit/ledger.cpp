#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/system/bodies.h>
#include <aqd/system/modules.h>

#include <catch2/catch.hpp>

#include <utility>

namespace aqd::ledger::testing {
namespace {

constexpr std::int64_t second_ns = 1'000'000'000;

template <class T>
T value_of(Result<T> result) {
    INFO((result ? "" : result.error().message));
    REQUIRE(result.has_value());
    return std::move(*result);
}

Genesis::Body body(std::string authority, Bytes keys) {
    Genesis::Body row;
    row.authority = std::move(authority);
    row.keys = std::move(keys);
    row.attributes = array_of({number_item(7)});
    return row;
}

Genesis::Mandate mandate(const Actor& actor, std::string_view code) {
    Genesis::Mandate row;
    row.role = "test.kit.Officer";
    row.account = actor.account;
    row.authority = "test.kit.Commune";
    row.keys = array_of({text_item(code)});
    return row;
}

}  // namespace

Actor::Actor(std::string_view seed)
    : secret(crypto::SecretKey::from_seed(as_bytes(seed))),
      key(crypto::derive_public(secret)),
      account(abi::account_of(key.view())) {}

const Actor& operator_actor() {
    static const Actor actor("operator");
    return actor;
}
const Actor& officer_of_anfa() {
    static const Actor actor("officer of anfa");
    return actor;
}
const Actor& officer_of_taza() {
    static const Actor actor("officer of taza");
    return actor;
}
const Actor& stranger() {
    static const Actor actor("stranger");
    return actor;
}
const Actor& dgsn() {
    static const Actor actor("dgsn");
    return actor;
}
const Actor& block_actor() {
    static const Actor actor("block");
    return actor;
}

Bytes text_item(std::string_view text) {
    Bytes out;
    abi::Writer(out).write_text(text);
    return out;
}

Bytes number_item(std::uint64_t number) {
    Bytes out;
    abi::Writer(out).write_uint(number);
    return out;
}

Bytes bytes_item(BytesView bytes) {
    Bytes out;
    abi::Writer(out).write_bytes(bytes);
    return out;
}

Bytes array_of(std::initializer_list<Bytes> items) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(items.size());
    for (const Bytes& item : items) {
        writer.write_encoded(item);
    }
    return out;
}

Genesis kit_genesis() {
    Genesis genesis;
    genesis.name = "test";
    genesis.time_ns = at_noon(first_day - 1);
    genesis.clock = Clock::manual;
    genesis.calendars = {{"test.calendar", 0x60, {}}};
    genesis.header_keys = {block_actor().key};
    genesis.operators = {operator_actor().account};
    genesis.bodies = {body("test.kit.Commune", array_of({text_item("anfa")})),
                      body("test.kit.Commune", array_of({text_item("taza")})),
                      body("test.kit.Dgsn", array_of({}))};
    genesis.bodies.back().assertion_key = dgsn().key;
    genesis.mandates = {mandate(officer_of_anfa(), "anfa"), mandate(officer_of_taza(), "taza")};
    KitOptions office;
    office.path = "test.office";
    office.serves = "test.kit.Commune";
    genesis.modules = {{kit_module(), operator_actor().account},
                       {kit_module(office), operator_actor().account}};
    return genesis;
}

Genesis::RegisterRow script_row(std::string_view module, std::string_view name,
                                const Script& script) {
    return {std::string(module), "scripts", text_item(name), script.as_row()};
}

Bytes commune(const Hash256& chain, std::string_view code) {
    return system::join_body(*system::tag_of(chain, "test.kit.Commune"),
                             array_of({text_item(code)}));
}

Ledger::Ledger(Genesis genesis)
    : genesis_(std::move(genesis)),
      facts_{chain_id(genesis_), genesis_.rules},
      engine_(value_of(engine_for(genesis_))) {
    const GenesisOutput initial = value_of(apply_genesis(genesis_, *engine_));
    state_.apply(initial.state);
    replay_.apply(initial.replay);
    time_ns_ = genesis_.time_ns;
    go_to(first_day);
}

void Ledger::go_to(calendar::Day day) {
    const std::int64_t noon = at_noon(day);
    // `make` adds a second.
    time_ns_ = std::max(time_ns_, noon - second_ns);
}

Transaction Ledger::transaction(const Actor& actor, std::vector<Call> calls,
                                const CallOptions& options) const {
    Transaction transaction;
    transaction.chain = facts_.chain;
    transaction.sender = actor.key;
    transaction.nonce = options.nonce.value_or(value_of(next_nonce(replay_, actor.account)));
    transaction.gas_limit = options.gas_limit;
    transaction.valid_until = height_ + 100;
    transaction.atomic = options.atomic;
    transaction.signed_on = options.signed_on;
    transaction.calls = std::move(calls);
    return transaction;
}

Bytes Ledger::signed_by(const Actor& actor, std::vector<Call> calls,
                        const CallOptions& options) const {
    return encode_signed(
        sign_transaction(transaction(actor, std::move(calls), options), actor.secret));
}

BlockOutput Ledger::make(std::span<const Bytes> transactions) {
    std::vector<Admitted> admitted;
    for (const Bytes& bytes : transactions) {
        admitted.push_back(value_of(admit(bytes, facts_.chain)));
    }
    time_ns_ += second_ns;
    ++height_;
    BlockOutput output = value_of(
        apply_block(facts_, *engine_, state_, replay_, {height_, time_ns_, admitted, true}));
    state_.apply(output.state);
    replay_.apply(output.replay);
    return output;
}

Receipt Ledger::call(const Actor& actor, std::string module, std::string entry, Bytes arguments,
                     const CallOptions& options) {
    Call one{std::move(module), std::move(entry), options.case_id, std::move(arguments),
             options.assertion};
    const std::vector<Bytes> transactions{signed_by(actor, {std::move(one)}, options)};
    BlockOutput output = make(transactions);
    for (Receipt& receipt : output.receipts) {
        if (receipt.origin == Origin::transaction) {
            return std::move(receipt);
        }
    }
    INFO((output.reasons[0] ? output.reasons[0]->message : "left for later"));
    REQUIRE(output.inclusions[0] == Inclusion::included);
    return {};
}

Receipt Ledger::run(const Actor& actor, const Script& script, std::string entry,
                    const CallOptions& options) {
    return call(actor, "test.kit", std::move(entry), script.as_arguments(), options);
}

abi::CaseId Ledger::open_case(std::uint64_t x, const std::function<void(Script&)>& more) {
    Script script;
    script.call("case_create", abi::id8("P"));
    if (more) {
        more(script);
    }
    store_case(script, 0, x);
    const Receipt receipt = run(stranger(), script, "P.open");
    REQUIRE(receipt.refusal == 0);
    REQUIRE(receipt.case_id.has_value());
    return *receipt.case_id;
}

Receipt Ledger::step(const abi::CaseId& case_id, const Script& script) {
    CallOptions options;
    options.case_id = case_id;
    return run(stranger(), script, "P.step", options);
}

Result<CallReport> Ledger::look(const Script& script) {
    return run_view(facts_, *engine_, state_, height_, time_ns_,
                    {"test.kit", "look", script.as_arguments(), {}, stranger().account});
}

system::CaseRow Ledger::case_row(const abi::CaseId& case_id) const {
    return value_of(system::read_case(state_, case_id)).value();
}

void Ledger::put(BytesView key, BytesView value) {
    std::vector<state::Write> writes{{to_bytes(key), to_bytes(value)}};
    state_.apply(value_of(state::WriteSet::from(std::move(writes))));
}

void Ledger::set_script(std::string_view name, const Script& script, std::string_view module) {
    put(abi::store_key(abi::KeyKind::register_row, abi::lineage_of(facts_.chain, module),
                       abi::id8("scripts"), text_item(name)),
        script.as_row());
}

void store_case(Script& script, std::int64_t state, std::uint64_t x) {
    const Script::Region unique = script.data(number_item(x));
    const Script::Region data = script.data(array_of({number_item(x)}));
    script.call("case_store", state, state == 2 ? 1 : 0, unique.address, unique.size, data.address,
                data.size);
}

void load_case(Script& script) {
    script.call("case_load", abi::id8("P")).expect(1);
}

std::vector<std::string> event_names(const Receipt& receipt) {
    std::vector<std::string> names;
    for (const system::Event& event : receipt.events) {
        names.emplace_back(system::event_name(static_cast<std::uint16_t>(event.kind)));
    }
    return names;
}

std::vector<std::string> event_names(const std::vector<Receipt>& receipts) {
    std::vector<std::string> names;
    for (const Receipt& receipt : receipts) {
        for (std::string& name : event_names(receipt)) {
            names.push_back(std::move(name));
        }
    }
    return names;
}

abi::Value event_data(const std::vector<Receipt>& receipts, system::EventKind kind) {
    for (const Receipt& receipt : receipts) {
        for (const system::Event& event : receipt.events) {
            if (event.kind == kind) {
                return value_of(abi::decode_value(event.data));
            }
        }
    }
    FAIL("no event " << system::event_name(static_cast<std::uint16_t>(kind)));
    return {};
}

std::string diagnostic(const abi::Value& value) {
    return abi::to_diagnostic(value);
}

}  // namespace aqd::ledger::testing

#include "tests/vm/ledger/kit/layout.h"
#include "tests/vm/ledger/kit/ledger.h"

#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>
#include <aqd/ledger/block.h>

#include <catch2/catch.hpp>

#include <array>
#include <cstdlib>
#include <random>
#include <string_view>

// Contracts that call host functions at random, half of the time with arguments that make sense.
// Whatever they do, the node goes on, and does the same thing again when asked again.

namespace {

using namespace aqd;
using namespace aqd::ledger;
using namespace aqd::ledger::testing;

struct HostRow {
    std::string_view name;
    std::string_view parameters;
};

constexpr auto host_rows = std::to_array<HostRow>({
#define AQD_HOST(name, parameters, result, gas, gas_per_byte, doc) {#name, parameters},
#include <aqd/abi/host_functions.def>
#undef AQD_HOST
});

class Chaos {
  public:
    Chaos(std::uint64_t seed, const Ledger& ledger) : random_(seed), ledger_(&ledger) {}

    std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
    bool once_in(std::uint64_t times) { return below(times) == 0; }

    void know(const abi::CaseId& id) { cases_.push_back(id); }
    std::optional<abi::CaseId> some_case() {
        if (cases_.empty() || once_in(20)) {
            return std::nullopt;
        }
        return cases_[below(cases_.size())];
    }

    /// Octets that a host function may be given, mostly a CBOR item.
    Bytes octets() {
        switch (below(14)) {
            case 0:
                return commune(ledger_->chain(), "anfa");
            case 1:
                return commune(ledger_->chain(), "nowhere");
            case 2:
                return array_of({text_item(once_in(2) ? "anfa" : "taza")});
            case 3:
                return array_of({});
            case 4:
                return recipients();
            case 5:
            case 6:
                return number_item(below(4));
            case 7:
                return text_item(script_name());
            case 8:
                return array_of({number_item(random_()), text_item("x"), array_of({})});
            case 9:
                return bytes_item(Bytes(below(40), 7));
            case 10:
                return once_in(3) ? bytes_item(Bytes(500 * below(2), 7)) : text_item("k");
            case 11: {
                Bytes noise(below(30));
                for (std::uint8_t& octet : noise) {
                    octet = static_cast<std::uint8_t>(random_());
                }
                return noise;
            }
            case 12:
                return bytes_item(some_case().value_or(abi::CaseId()).view());
            default:
                return {};
        }
    }

    std::string_view script_name() {
        static constexpr std::array<std::string_view, 7> names{
            "d1", "d2", "on_n", "P.on_n", "P.on_ask", "P.on_reply", "P.on_ack"};
        return names[below(names.size())];
    }

    std::int64_t narrow() {
        static constexpr std::array<std::int64_t, 12> odd{
            0, 0, 0, 1, 1, 2, 3, -1, INT32_MIN, INT32_MAX, 65'535, 131'071};
        switch (below(4)) {
            case 0:
                return odd[below(odd.size())];
            case 1:
                return first_day + static_cast<std::int64_t>(below(40)) - 10;
            default:
                return static_cast<std::int64_t>(below(4));
        }
    }

    std::int64_t wide() {
        static constexpr std::array<std::string_view, 8> names{
            "P", "N", "X", "rows", "scripts", "Officer", "Commune", "Dgsn"};
        static constexpr std::array<std::int64_t, 6> odd{0, 1, -1, INT64_MIN, INT64_MAX, 1 << 20};
        switch (below(6)) {
            case 0:
                return odd[below(odd.size())];
            case 1:
                return first_day + static_cast<std::int64_t>(below(40)) - 10;
            case 2:
                return ledger_->time_ns() / 1'000'000'000 + static_cast<std::int64_t>(below(9)) - 4;
            default:
                return static_cast<std::int64_t>(abi::id8(names[below(names.size())]));
        }
    }

    /// Host functions with their operands at random, a pair of i32 often a region.
    void add_random(Script& script) {
        const HostRow& row = host_rows[below(host_rows.size())];
        if (row.name == "refuse" && !once_in(6)) {
            return;
        }
        std::array<std::int64_t, 8> operands{};
        for (std::size_t i = 0; i < row.parameters.size(); ++i) {
            const bool pair = i + 1 < row.parameters.size() && row.parameters[i] == 'i' &&
                              row.parameters[i + 1] == 'i';
            if (pair && !once_in(4)) {
                const Script::Region region = script.data(octets());
                operands[i] = region.address;
                operands[i + 1] = region.size + (once_in(30) ? narrow() : 0);
                ++i;
            } else {
                operands[i] = row.parameters[i] == 'l' ? wide() : narrow();
            }
        }
        script.call(row.name, operands[0], operands[1], operands[2], operands[3], operands[4],
                    operands[5], operands[6], operands[7]);
    }

    /// What a contract would do.
    void add_sensible(Script& script) {
        const auto item = [&](const Bytes& bytes) { return script.data(bytes); };
        const std::int64_t calendar = once_in(2) ? -1 : 1;
        // Drawn one after the other: compilers may work out arguments in any order.
        const std::uint64_t what = below(9);
        const std::uint64_t deadline = below(2);
        const auto days = static_cast<std::int64_t>(below(9));
        const std::uint64_t amount = below(once_in(30) ? 50'000 : 5);
        const std::uint64_t unit = below(5);
        const std::uint64_t flags = below(16);
        const auto seconds = static_cast<std::int64_t>(below(90'000));
        const std::int64_t now = ledger_->time_ns() / 1'000'000'000;
        switch (what) {
            case 0:
                script.call("timer_arm", deadline, first_day + days, amount, unit, flags, calendar);
                break;
            case 1:
                script.call("timer_arm_at", deadline, 0, ledger_->today() + 2 - days % 4);
                break;
            case 2:
                script.call("timer_arm_at", deadline, 1, now + seconds - 5);
                break;
            case 3:
                script.call("timer_disarm", deadline);
                break;
            case 4: {
                const auto fields = item(array_of({number_item(1)}));
                const auto list = item(recipients());
                script.call("notice_send", 0, abi::id8("N"), fields.address, fields.size,
                            list.address, list.size, calendar);
                break;
            }
            case 5: {
                const auto fields = item(array_of({number_item(1)}));
                const auto asked = item(commune(ledger_->chain(), "anfa"));
                script.call("ask", abi::id8("X"), fields.address, fields.size, asked.address,
                            asked.size, asked.address, asked.size, calendar);
                break;
            }
            case 6: {
                const auto fields = item(array_of({number_item(1)}));
                script.call("answer", fields.address, fields.size);
                break;
            }
            case 7: {
                const auto key = item(text_item("k"));
                const auto value = item(octets());
                script.call("register_put", abi::id8("rows"), key.address, key.size, value.address,
                            value.size, unit % 3);
                break;
            }
            default:
                store_case(script, days % 3, flags % 6);
        }
    }

    Script script(bool opens) {
        Script script;
        if (opens) {
            script.call("case_create", abi::id8("P"));
        } else if (!once_in(4)) {
            script.call("case_load", abi::id8("P"));
        }
        for (std::uint64_t left = below(6); left > 0; --left) {
            once_in(6) ? add_random(script) : add_sensible(script);
        }
        if (!once_in(10)) {
            const auto state = static_cast<std::int64_t>(below(3));
            store_case(script, state, below(40));
        }
        return script;
    }

    Call call() {
        if (once_in(8)) {
            // Stores what deadlines and listeners do from now on.
            Script put;
            const auto key = put.data(text_item(script_name()));
            const auto row = put.data(script(once_in(4)).as_row());
            put.call("register_put", abi::id8("scripts"), key.address, key.size, row.address,
                     row.size, 0);
            return {once_in(3) ? "test.office" : "test.kit", "run", {}, put.as_arguments(), {}};
        }
        if (once_in(6)) {
            const auto ordinal = number_item(below(4));
            const auto id = some_case().value_or(abi::CaseId());
            return {"aqd.system",
                    once_in(2) ? "acknowledge" : "act",
                    {},
                    array_of({bytes_item(id.view()), ordinal}),
                    {}};
        }
        static constexpr std::array<std::string_view, 4> entries{"P.open", "P.open", "P.step",
                                                                 "run"};
        const std::string_view entry = entries[below(entries.size())];
        std::optional<abi::CaseId> id;
        if (entry == "P.step") {
            id = some_case();
        }
        return {"test.kit", std::string(entry), id, script(entry == "P.open").as_arguments(), {}};
    }

    Call of_operator() {
        const auto day = [&] {
            return number_item(static_cast<std::uint64_t>(ledger_->today()) + below(6));
        };
        switch (below(3)) {
            case 0:
                return {"aqd.system",
                        "close_day",
                        {},
                        array_of({text_item("test.calendar"), day()}),
                        {}};
            case 1:
                return {"aqd.system",
                        "set_offset",
                        {},
                        array_of({number_item(static_cast<std::uint64_t>(
                                      ledger_->time_ns() / 1'000'000'000 +
                                      static_cast<std::int64_t>(below(100'000)))),
                                  number_item(3'600 * below(3))}),
                        {}};
            default: {
                KitOptions next;
                next.version = version_++;
                next.from = ledger_->today() + static_cast<std::int32_t>(below(3));
                return {"aqd.system", "deploy", {}, array_of({bytes_item(kit_module(next))}), {}};
            }
        }
    }

  private:
    Bytes recipients() {
        std::vector<Bytes> list;
        for (std::uint64_t left = below(4); left > 0; --left) {
            list.push_back(once_in(2) ? commune(ledger_->chain(), once_in(2) ? "anfa" : "taza")
                                      : bytes_item(some_case().value_or(abi::CaseId()).view()));
        }
        Bytes out;
        abi::Writer writer(out);
        writer.write_array_header(list.size());
        for (const Bytes& one : list) {
            writer.write_encoded(one);
        }
        return out;
    }

    std::mt19937_64 random_;
    const Ledger* ledger_;
    std::vector<abi::CaseId> cases_;
    std::uint32_t version_ = 2;
};

struct Tally {
    std::size_t receipts = 0;
    std::size_t refused = 0;
    std::size_t automatic = 0;
    Hash256 digest;
};

/// A chain of blocks at random. Every block is executed twice, as a proposal and as a block.
Tally play(std::uint64_t seed, int blocks) {
    Genesis genesis = kit_genesis();
    genesis.rules.timers_per_block = 40;
    genesis.rules.deliveries_per_block = 40;
    genesis.rules.automatic_gas = 1'000'000;
    Ledger ledger(genesis);
    Chaos chaos(seed, ledger);
    Tally tally;
    for (int block = 0; block < blocks; ++block) {
        if (chaos.once_in(3)) {
            ledger.go_to(ledger.today() + static_cast<calendar::Day>(chaos.below(4)));
        }
        std::vector<Bytes> wishes;
        std::map<abi::Account, std::uint64_t> used;
        const std::array<const Actor*, 3> actors{&stranger(), &officer_of_anfa(),
                                                 &officer_of_taza()};
        for (std::uint64_t left = chaos.below(6); left > 0; --left) {
            const bool native = chaos.once_in(8);
            const Actor& actor = native ? operator_actor() : *actors[chaos.below(actors.size())];
            std::vector<Call> calls;
            for (std::uint64_t more = 1 + chaos.below(3); more > 0; --more) {
                calls.push_back(native ? chaos.of_operator() : chaos.call());
            }
            CallOptions options;
            options.atomic = chaos.once_in(3);
            options.gas_limit = chaos.once_in(10) ? 60'000 : 20'000'000;
            options.nonce = *next_nonce(ledger.replay(), actor.account) + used[actor.account]++;
            if (chaos.once_in(4)) {
                options.signed_on = ledger.today() - static_cast<std::int32_t>(chaos.below(8)) + 1;
            }
            wishes.push_back(ledger.signed_by(actor, std::move(calls), options));
        }
        const state::MemoryState state = ledger.state();
        const state::MemoryState replay = ledger.replay();
        const BlockOutput output = ledger.make(wishes);
        std::vector<Admitted> included;
        for (std::size_t i = 0; i < wishes.size(); ++i) {
            if (output.inclusions[i] == Inclusion::included) {
                included.push_back(*admit(wishes[i], ledger.chain()));
            }
        }
        const auto again = apply_block(ledger.facts(), ledger.engine(), state, replay,
                                       {ledger.height(), ledger.time_ns(), included, false});
        REQUIRE(again.has_value());
        REQUIRE((again->state == output.state));
        REQUIRE((again->replay == output.replay));
        REQUIRE((again->receipts == output.receipts));
        for (const Receipt& receipt : output.receipts) {
            ++tally.receipts;
            tally.refused += receipt.refusal != 0 ? 1 : 0;
            tally.automatic += receipt.origin != Origin::transaction ? 1 : 0;
            if (receipt.case_id && receipt.refusal == 0) {
                chaos.know(*receipt.case_id);
            }
            const auto decoded = decode_receipt(encode_receipt(receipt));
            REQUIRE(decoded.has_value());
            REQUIRE((*decoded == receipt));
        }
        const Hash256 root = receipts_root(output.receipts);
        tally.digest = crypto::sha256({tally.digest.view(), root.view()});
    }
    return tally;
}

}  // namespace

TEST_CASE("contracts at random never stop the node, and do the same again") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        INFO("seed " << seed);
        const Tally tally = play(seed, 60);
        CHECK(tally.receipts > 0);
        CHECK(tally.refused < tally.receipts);
    }
}

TEST_CASE("contracts at random, as many as asked for", "[.random]") {
    const char* from = std::getenv("AQD_RANDOM_FROM");
    const char* count = std::getenv("AQD_RANDOM_COUNT");
    const std::uint64_t first = from != nullptr ? std::strtoull(from, nullptr, 10) : 1;
    const std::uint64_t many = count != nullptr ? std::strtoull(count, nullptr, 10) : 10;
    for (std::uint64_t seed = first; seed < first + many; ++seed) {
        INFO("seed " << seed);
        const Tally tally = play(seed, 150);
        WARN(seed << ": " << tally.receipts << " receipts, " << tally.refused << " refused, "
                  << tally.automatic << " automatic, " << to_hex(tally.digest.view()));
    }
}

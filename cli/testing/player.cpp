#include "cli/testing/player.h"

#include "cli/genesis/moment.h"
#include "cli/ledgers/case_view.h"
#include "cli/ledgers/obligation_list.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/values/describe.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/event.h>
#include <aqd/system/timers.h>

#include <algorithm>
#include <chrono>
#include <set>

namespace aqd::testing {
namespace {

constexpr std::size_t told_one_by_one = 12;

/// A block with many calls, or with words of its own, is told in one line.
bool is_told_in_one_line(const Step& step) {
    return step.calls.size() > told_one_by_one || (step.calls.size() > 1 && !step.say.empty());
}

Bytes salt_seed(const std::string& seed, const std::string& name) {
    Bytes octets = to_bytes(as_bytes("aqd/scenario-salts/v1"));
    append(octets, as_bytes(seed));
    octets.push_back(0);
    append(octets, as_bytes(name));
    return octets;
}

/// A deadline or a delivery that failed is nothing that a scenario passes over in silence.
std::string unexpected_fault(const Step& step, const StepFacts& facts) {
    if (step.expect.events.contains("faulted")) {
        return {};
    }
    for (const ledger::Receipt* receipt : facts.all) {
        for (const system::Event& event : receipt->events) {
            if (event.kind == system::EventKind::faulted) {
                return receipt->module + " " + receipt->entry + " failed, and its case is faulted";
            }
        }
    }
    return {};
}

}  // namespace

Player::Player(ledgers::Ledger& ledger, const Scenario& scenario, screen::Screen& screen)
    : ledger_(&ledger),
      scenario_(&scenario),
      screen_(&screen),
      timeline_(screen, ledger),
      salts_(salt_seed(ledger.names().seed.value_or(""), scenario.name)),
      secrets_(ledger.chain().id(), salts_) {}

Result<std::unique_ptr<Player>> Player::create(ledgers::Ledger& ledger, const Scenario& scenario,
                                               screen::Screen& screen) {
    const std::optional<std::string>& seed = ledger.names().seed;
    if (!seed || ledger.chain().genesis().clock != ledger::Clock::manual) {
        return fail(ErrorCode::invalid,
                    "a scenario needs a ledger with a manual clock and a \"seed\" in its genesis");
    }
    std::unique_ptr<Player> player(new Player(ledger, scenario, screen));
    AQD_TRY(store,
            ledgers::open_private_store(ledger.folder() / "private", *seed, player->random_));
    player->store_ = std::move(store);
    return player;
}

Result<Report> Player::play() {
    timeline_.title(scenario_->title);
    for (std::size_t i = 0; i < scenario_->steps.size(); ++i) {
        const Step& step = scenario_->steps[i];
        screen_->progress(scenario_->name, i, scenario_->steps.size());
        const auto found = play_step(step);
        if (!found) {
            screen_->progress(scenario_->name, 1, 1);
            return step.path.fail(found.error());
        }
        report_.steps.push_back({{"step", step.path.text()},
                                 {"height", ledger_->chain().tip().height},
                                 {"as_expected", found->empty()},
                                 {"difference", found->empty() ? Json() : Json(*found)}});
        if (!found->empty()) {
            report_.difference = step.path.text() + ": " + *found;
            break;
        }
    }
    screen_->progress(scenario_->name, 1, 1);
    AQD_CHECK(ledger_->save_names());
    report_.height = ledger_->chain().tip().height;
    report_.state_root = ledger_->chain().state_root();
    return report_;
}

Result<std::string> Player::play_step(const Step& step) {
    for (const auto& [name, value] : step.keep) {
        AQD_TRY(resolved, resolve_copies(value, *ledger_, store_.get(), kept_,
                                         step.path.member("keep").member(name)));
        kept_[name] = std::move(resolved);
    }
    if (!step.keep.empty()) {
        return std::string();
    }
    return step.look ? play_look(step, *step.look) : play_block(step);
}

Result<std::int64_t> Player::time_of(const Step& step) const {
    const std::int64_t tip = ledger_->chain().tip().time_ns;
    if (!step.at) {
        return tip + genesis::nanoseconds_per_second;
    }
    const auto seconds = genesis::parse_moment(*step.at, ledger_->clock());
    if (!seconds) {
        return step.path.member("at").fail(seconds.error());
    }
    const std::int64_t time_ns = *seconds * genesis::nanoseconds_per_second;
    if (time_ns <= tip) {
        return step.path.member("at").fail("is not later than the block before, " +
                                           ledger_->moment(tip));
    }
    return time_ns;
}

Result<const keys::Key*> Player::key_of(const std::string& actor, const JsonPath& path) {
    if (const auto known = keys_.find(actor); known != keys_.end()) {
        return &known->second;
    }
    auto key = ledger_->key(actor, {});
    if (!key) {
        return path.fail(key.error());
    }
    return &keys_.emplace(actor, std::move(*key)).first->second;
}

std::string Player::label_of(const std::string& actor) const {
    const Actor* found = scenario_->actor(actor);
    return found == nullptr || found->label.empty() ? actor : found->label;
}

Result<ledgers::CallWish> Player::wish_of(const CallStep& call, std::int64_t) {
    ledgers::CallWish wish;
    wish.module = call.module;
    wish.entry = call.entry;
    wish.directory = scenario_->directory;
    wish.place = call.path.member("args");
    AQD_TRY(arguments, resolve_copies(call.arguments, *ledger_, store_.get(), kept_, wish.place));
    wish.arguments = std::move(arguments);
    if (call.case_word) {
        const auto id = ledger_->case_named(*call.case_word);
        if (!id) {
            return call.path.member("case").fail(id.error());
        }
        wish.case_id = *id;
    }
    const Actor* actor = scenario_->actor(call.as);
    if (actor != nullptr && !actor->asserted_by.empty()) {
        AQD_TRY(by, key_of(actor->asserted_by, call.path.member("as")));
        const std::string& subject = actor->subject.empty() ? call.as : actor->subject;
        wish.assertion = ledgers::AssertionWish{*by, subject, actor->level};
    }
    return wish;
}

Result<Player::Prepared> Player::prepare(const Step& step, std::int64_t time_ns) {
    Prepared prepared;
    std::map<std::string, std::uint64_t> nonces;
    for (std::size_t first = 0; first < step.calls.size();) {
        const CallStep& call = step.calls[first];
        std::size_t count = 1;
        while (step.bundle && count < bundle_limit && first + count < step.calls.size() &&
               step.calls[first + count].as == call.as) {
            ++count;
        }
        AQD_TRY(key, key_of(call.as, call.path.member("as")));
        if (!nonces.contains(call.as)) {
            AQD_TRY(next, ledger_->chain().next_nonce(key->shown.account));
            nonces[call.as] = next;
        }
        ledgers::TransactionWish wish;
        wish.nonce = nonces[call.as]++;
        wish.gas_limit = call.gas_limit;
        if (call.signed_on) {
            const auto day = calendar::parse_date(*call.signed_on);
            if (!day) {
                return call.path.member("signed_on").fail(day.error());
            }
            wish.signed_on = *day;
        }
        for (std::size_t i = first; i < first + count; ++i) {
            AQD_TRY(one, wish_of(step.calls[i], time_ns));
            wish.calls.push_back(std::move(one));
        }
        AQD_TRY(transaction,
                ledgers::make_transaction(*ledger_, *key, wish,
                                          time_ns / genesis::nanoseconds_per_second, secrets_));
        prepared.transactions.push_back(
            ledger::encode_signed(ledger::sign_transaction(std::move(transaction), key->secret)));
        prepared.calls.emplace_back(first, count);
        first += count;
    }
    return prepared;
}

/// "unchanged" speaks of the call alone: what the calendar brings goes into a block before it.
Result<void> Player::let_pass_what_is_due(const Step& step, std::int64_t time_ns) {
    const bool asks =
        step.expect.unchanged ||
        std::ranges::any_of(step.calls, [](const CallStep& call) { return call.expect.unchanged; });
    const chain::Chain& chain = ledger_->chain();
    const std::int64_t before = time_ns - genesis::nanoseconds_per_second;
    if (!asks || before <= chain.tip().time_ns) {
        return {};
    }
    AQD_TRY(ripe, system::next_ripe(chain.state(), ledger_->clock(),
                                    time_ns / genesis::nanoseconds_per_second));
    AQD_TRY(queued, system::next_delivery(chain.state(), chain.tip().height + 1));
    if (!ripe && !queued) {
        return {};
    }
    AQD_TRY(made, ledger_->chain().advance_to(before));
    AQD_CHECK(read_receipts(made));
    return tell_what_came_by_itself(before);
}

Result<void> Player::read_receipts(const chain::Made& made) {
    receipts_.clear();
    for (std::uint64_t height = made.first_height; height <= made.last_height; ++height) {
        AQD_TRY(receipts, ledger_->chain().receipts(height));
        receipts_[height] = std::move(receipts);
    }
    return {};
}

Result<void> Player::tell_what_came_by_itself(std::int64_t time_ns) {
    for (const auto& [height, receipts] : receipts_) {
        std::vector<const ledger::Receipt*> own;
        for (const ledger::Receipt& receipt : receipts) {
            if (receipt.origin != ledger::Origin::transaction) {
                own.push_back(&receipt);
            }
        }
        AQD_CHECK(timeline_.by_itself(ledger_->moment(time_ns), own, height));
    }
    return {};
}

Result<std::string> Player::play_block(const Step& step) {
    AQD_TRY(time_ns, time_of(step));
    AQD_CHECK(let_pass_what_is_due(step, time_ns));
    AQD_TRY(prepared, prepare(step, time_ns));
    // Their holders have the secrets before anybody hears of the calls.
    AQD_CHECK(store_->put(secrets_.records()));
    secrets_.clear();
    const Hash256 root_before = ledger_->chain().state_root();
    const auto begin = std::chrono::steady_clock::now();
    AQD_TRY(made, step.calls.empty() ? ledger_->chain().advance_to(time_ns)
                                     : ledger_->chain().make_block(prepared.transactions, time_ns));
    const double seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    report_.block_seconds += seconds;
    report_.calls += step.calls.size();
    AQD_CHECK(read_receipts(made));
    AQD_TRY(found, judge(step, prepared, made, root_before));
    if (found.empty() && is_told_in_one_line(step)) {
        timeline_.many(ledger_->moment(time_ns), step.say, seconds, step.calls.size());
    }
    AQD_CHECK(tell_what_came_by_itself(time_ns));
    return found;
}

Result<void> Player::keep_opened(const std::map<std::string, std::string>& names,
                                 const std::vector<const ledger::Receipt*>& receipts) {
    for (const auto& [module, pattern] : names) {
        for (const ledger::Receipt* receipt : receipts) {
            const bool opens = std::ranges::any_of(receipt->events, [](const system::Event& event) {
                return event.kind == system::EventKind::case_opened;
            });
            if (receipt->module == module && receipt->case_id && opens) {
                AQD_TRY(name, name_of_opened(pattern, *receipt));
                ledger_->names().cases[name] = *receipt->case_id;
            }
        }
    }
    return {};
}

/// "answer_{asking}": the case that asked stands for the word in braces.
Result<std::string> Player::name_of_opened(const std::string& pattern,
                                           const ledger::Receipt& receipt) const {
    constexpr std::string_view word = "{asking}";
    const std::size_t at = pattern.find(word);
    if (at == std::string::npos) {
        return pattern;
    }
    for (const system::Event& event : receipt.events) {
        if (event.kind == system::EventKind::question_taken) {
            abi::Reader reader(event.data);
            AQD_CHECK(reader.read_array_header());
            AQD_TRY(asking, reader.read_fixed<abi::CaseId>());
            std::string name = pattern;
            return name.replace(at, word.size(), ledger_->case_text(asking));
        }
    }
    return fail(ErrorCode::invalid, "\"" + pattern + "\": no question opened this case");
}

Result<void> Player::tell_calls(const Step& step, std::size_t index, const StepFacts& facts,
                                std::uint64_t height) {
    const CallStep& call = step.calls[index];
    const std::string moment = ledger_->moment(ledger_->chain().tip().time_ns);
    if (facts.not_admitted) {
        timeline_.not_admitted(moment, label_of(call.as), call, facts.not_admitted->message);
        return {};
    }
    return timeline_.call(moment, label_of(call.as), call, *facts.receipt, height,
                          facts.root_changed);
}

Result<std::string> Player::judge(const Step& step, const Prepared& prepared,
                                  const chain::Made& made, const Hash256& root_before) {
    StepFacts whole;
    whole.root_changed = ledger_->chain().state_root() != root_before;
    for (const auto& [height, receipts] : receipts_) {
        for (const ledger::Receipt& receipt : receipts) {
            whole.all.push_back(&receipt);
            report_.events += receipt.events.size();
            const bool by_people = receipt.origin == ledger::Origin::transaction;
            report_.refused += by_people && receipt.refusal != 0 ? 1 : 0;
        }
    }
    for (std::size_t t = 0; t < prepared.transactions.size(); ++t) {
        const auto [first, count] = prepared.calls[t];
        for (std::size_t i = 0; i < count; ++i) {
            const CallStep& call = step.calls[first + i];
            StepFacts facts = whole;
            std::uint64_t height = 0;
            if (!made.transactions[t]) {
                facts.not_admitted = made.transactions[t].error();
            } else {
                height = made.transactions[t]->height;
                facts.receipt = &receipts_[height][made.transactions[t]->receipts[i]];
                facts.case_id = facts.receipt->case_id;
            }
            if (facts.receipt != nullptr && facts.receipt->refusal == 0) {
                if (!call.save.empty() && facts.case_id) {
                    ledger_->names().cases[call.save] = *facts.case_id;
                }
                AQD_CHECK(keep_opened(call.save_opened, whole.all));
            }
            // The place of a lone call is the step's.
            const bool lone = step.calls.size() == 1 && step.expect.is_given;
            const Expectation& expect = lone ? step.expect : call.expect;
            AQD_TRY(found, difference(*ledger_, expect, facts, call.path.member("expect")));
            if (!is_told_in_one_line(step)) {
                AQD_CHECK(tell_calls(step, first + i, facts, height));
            }
            if (!found.empty()) {
                return (step.calls.size() == 1 ? "" : call.path.text() + ": ") + "as " + call.as +
                       ", " + call.module + " " + call.entry + ": " + found;
            }
        }
    }
    AQD_CHECK(keep_opened(step.save_opened, whole.all));
    if (std::string fault = unexpected_fault(step, whole); !fault.empty()) {
        return fault;
    }
    // Of a block of several calls, or of the clock alone, only sums can be expected.
    if (step.calls.size() != 1 && step.expect.is_given) {
        return difference(*ledger_, step.expect, whole, step.path.member("expect"));
    }
    return std::string();
}

}  // namespace aqd::testing

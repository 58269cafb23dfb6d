#include "tests/acceptance/network.h"
#include "tests/acceptance/program.h"

#include <aqd/system/event.h>

#include <catch2/catch.hpp>

#include <array>
#include <map>
#include <random>
#include <vector>

// Whatever people call and however the clock jumps, nothing of the pilots that runs by itself ever
// fails.

using namespace aqd;
using acceptance::Folder;
using acceptance::Json;
using acceptance::Network;

namespace {

constexpr int rounds = 90;
constexpr int calls_of_block = 6;

/// Chooses calls that may or may not fit the state of their case.
class Walker {
  public:
    explicit Walker(Network& network, std::uint32_t seed) : network_(&network), random_(seed) {}

    void walk() {
        for (int i = 0; i < rounds; ++i) {
            std::vector<Bytes> calls;
            for (int j = 0; j < calls_of_block; ++j) {
                calls.push_back(call());
            }
            note(network_->block(calls));
            if (draw(3) == 0) {
                note(network_->wait(static_cast<std::int64_t>(draw(25)) + 1));
            }
        }
        // Everything that waits for something comes to its end.
        for (int i = 0; i < 8; ++i) {
            note(network_->wait(200));
        }
    }

    [[nodiscard]] const std::map<system::EventKind, int>& seen() const { return seen_; }
    [[nodiscard]] int done() const { return done_; }
    [[nodiscard]] int refused() const { return refused_; }

  private:
    std::uint32_t draw(std::uint32_t below) {
        return static_cast<std::uint32_t>(random_()) % below;
    }

    template <std::size_t n>
    const char* one_of(const std::array<const char*, n>& words) {
        return words[draw(n)];
    }

    abi::CaseId any_case() {
        return cases_.empty() ? abi::CaseId()
                              : cases_[draw(static_cast<std::uint32_t>(cases_.size()))];
    }

    /// Three times of four who may do it somewhere, else anybody.
    template <std::size_t n>
    Network::Actor actor(const std::array<const char*, n>& fitting) {
        static constexpr std::array anybody = {"anfa_supervisor", "oujda_officer", "casa_clerk",
                                               "dgsn_inspector",  "cmr",           "son"};
        const std::string who = draw(4) == 0 ? one_of(anybody) : one_of(fitting);
        return {who, who == "son" || who == "daughter"};
    }

    template <std::size_t n>
    Bytes death(const std::array<const char*, n>& who, const char* entry, const Json& arguments) {
        return network_->sign(actor(who), "civil.death", std::string("Declaration.") + entry,
                              arguments, any_case());
    }

    // Longer than seventy lines: one call of each kind.
    Bytes call() {
        static constexpr std::array officers = {"anfa_officer", "oujda_officer", "paris_officer",
                                                "officer_turned_clerk", "anfa_supervisor"};
        static constexpr std::array clerks = {"casa_clerk", "paris_clerk", "officer_turned_clerk"};
        static constexpr std::array family = {"son", "daughter"};
        static constexpr std::array persons = {
            "#fatima", "#ahmed", "#unknown_of_agadir", "#a", "#b", "#c", "#d"};
        const Json person = one_of(persons);
        const Json office = one_of(std::array{"01.051", "01.051", "04.01", "FR.75"});
        const Json secret = {{"utf8", "x"}};
        const Json died =
            one_of(std::array{"2025-12-01", "2025-11-20", "2025-11-01", "2026-06-01"});
        const Json opening = {{"office", office}, {"person", person}, {"death_date", died}};
        switch (draw(24)) {
            case 0:
            case 1:
            case 2: {
                Json arguments = opening;
                arguments["medical"] = secret;
                arguments["cause"] = "c";
                return death(std::array{"ibn_rochd"}, "predeclare", arguments);
            }
            case 3:
            case 4:
            case 5: {
                Json arguments = opening;
                arguments["certificate"] = secret;
                return death(family, "deposit", arguments);
            }
            case 6:
                return death(std::array{"dgsn_inspector"}, "found",
                             {{"office", office},
                              {"death_date", died},
                              {"report", secret},
                              {"description", "d"}});
            case 7:
            case 8:
                return death(clerks, "judge", {{"reference", "1"}});
            case 9:
                return death(officers, "complement", {{"reason", "r"}});
            case 10:
                return death(family, "complete", {{"certificate", secret}});
            case 11:
            case 12:
            case 13:
            case 14:
                return death(officers, "establish", Json::object());
            case 15:
                return death(clerks, "identify", {{"person", person}, {"judgment", "1"}});
            case 16:
                return death(officers, "refuse", {{"reason", "r"}});
            case 17:
                return death(family, "contest", {{"reason", "r"}});
            case 18:
                return death(clerks, "rule", {{"overturn", draw(2) == 0}});
            case 19:
                return death(clerks, "amend", {{"true_date", died}, {"judgment", "1"}});
            case 20:
                return death(clerks, "annul", {{"judgment", "1"}});
            case 21:
                return network_->sign(actor(std::array{"taza_purchaser"}), "gov.tender",
                                      "Tender.publish", {{"buyer", "TAZA"}, {"reference", "1"}});
            case 22:
                return network_->sign(actor(std::array{"taza_purchaser"}), "gov.tender",
                                      "Tender.choose", {{"company", person}}, any_case());
            default:
                return network_->sign(actor(std::array{"cnss_agent"}), "cnss.attestation",
                                      draw(2) == 0 ? "Attestation.reply" : "Attestation.supersede",
                                      {{"standing", "Regular"}}, any_case());
        }
    }

    void note(const chain::Made& made) {
        for (std::uint64_t height = made.first_height; height <= made.last_height; ++height) {
            const auto receipts = network_->chain().receipts(height);
            REQUIRE(receipts.has_value());
            for (const ledger::Receipt& receipt : *receipts) {
                (receipt.refusal == 0 ? done_ : refused_) += 1;
                for (const system::Event& event : receipt.events) {
                    ++seen_[event.kind];
                    INFO(receipt.module << " " << receipt.entry << " in block " << height
                                        << ", refusal " << receipt.refusal);
                    REQUIRE((event.kind != system::EventKind::faulted));
                    if (event.kind == system::EventKind::case_opened && receipt.case_id) {
                        cases_.push_back(*receipt.case_id);
                    }
                }
            }
        }
    }

    Network* network_;
    std::mt19937 random_;
    std::vector<abi::CaseId> cases_;
    std::map<system::EventKind, int> seen_;
    int done_ = 0;
    int refused_ = 0;
};

}  // namespace

TEST_CASE("nothing that runs by itself in the pilots ever fails, and a replay agrees") {
    for (const std::uint32_t seed : {1U, 2U}) {
        const Folder folder("walk" + std::to_string(seed));
        Network network = Network::create(folder / "ledger", "walk");
        Walker walker(network, seed);
        walker.walk();
        INFO("seed " << seed);
        CHECK(walker.done() > 50);
        CHECK(walker.refused() > 50);
        CHECK(walker.seen().contains(system::EventKind::deadline_fired));
        CHECK(walker.seen().contains(system::EventKind::breach));
        CHECK(walker.seen().contains(system::EventKind::notice_sent));
        CHECK(walker.seen().contains(system::EventKind::overdue));
        const auto replayed = network.chain().replay();
        REQUIRE(replayed.has_value());
        CHECK((replayed->state_root == network.chain().state_root()));
    }
}

#include "cli/files/files.h"
#include "tests/acceptance/network.h"
#include "tests/acceptance/program.h"

#include <aqd/proof/header.h>

#include <catch2/catch.hpp>

#include <chrono>
#include <random>
#include <string>
#include <thread>

// A process may die at any moment: what it made is there, whole blocks of it, and the chain goes
// on.

using namespace aqd;
using acceptance::Folder;
using acceptance::hospital_message;
using acceptance::Json;
using acceptance::kill_hard;
using acceptance::run_aqd;
using acceptance::start_aqd;

namespace {

constexpr int blocks = 90;
constexpr int kills = 6;

/// A block a minute; in each a hospital's message and, from the second on, the family's declaration
/// of the death before.
std::string busy_day(const Folder& folder) {
    Json steps = Json::array();
    for (int i = 0; i < blocks; ++i) {
        const int minute = 8 * 60 + i;
        const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        Json calls = Json::array();
        calls.push_back({{"as", "ibn_rochd"},
                         {"call", "civil.death Declaration.predeclare"},
                         {"args", hospital_message("person_" + std::to_string(i))}});
        if (i > 0) {
            calls.push_back({{"as", "son"},
                             {"call", "civil.death Declaration.deposit"},
                             {"args",
                              {{"office", "01.051"},
                               {"person", "#person_" + std::to_string(i - 1)},
                               {"death_date", "2025-12-01"},
                               {"certificate", {{"utf8", "c"}}}}}});
        }
        steps.push_back({{"at", "2025-12-02 " + two(minute / 60) + ":" + two(minute % 60)},
                         {"block", std::move(calls)}});
    }
    const Json scenario = {{"title", "a busy day"},
                           {"actors", {{"son", {{"asserted_by", "dgsn"}, {"level", 2}}}}},
                           {"steps", std::move(steps)}};
    const std::string path = (folder / "day.json").string();
    REQUIRE(files::write(path, as_bytes(scenario.dump())).has_value());
    return path;
}

std::string begin_ledger(const Folder& folder, const std::string& name) {
    std::string ledger = (folder / name).string();
    const auto ended =
        run_aqd({"init", std::string(AQD_PLAYED) + "/genesis.json", "--ledger", ledger});
    INFO(ended.output);
    REQUIRE(ended.exit == 0);
    return ledger;
}

proof::Header header_at(const chain::Chain& chain, std::uint64_t height) {
    const auto block = chain.block(height);
    REQUIRE(block.has_value());
    return block->header;
}

}  // namespace

TEST_CASE("killed at any moment, a ledger holds whole blocks and goes on") {
    const Folder folder("kill");
    const std::string day = busy_day(folder);
    const std::string whole = begin_ledger(folder, "whole");
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(run_aqd({"run", "--ledger", whole, day}).exit == 0);
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
    chain::OpenOptions reading;
    reading.read_only = true;
    const auto reference = chain::Chain::open(whole, reading);
    REQUIRE(reference.has_value());

    std::mt19937 random(20251202);
    int interrupted = 0;
    for (int i = 0; i < kills; ++i) {
        const std::string ledger = begin_ledger(folder, "ledger" + std::to_string(i));
        const pid_t pid = start_aqd({"run", "--ledger", ledger, day});
        std::this_thread::sleep_for(
            std::chrono::microseconds(random() % static_cast<unsigned>(took.count())));
        interrupted += kill_hard(pid) ? 1 : 0;

        acceptance::Network network = acceptance::Network::open(ledger);
        const std::uint64_t height = network.chain().tip().height;
        INFO("killed after block " << height);
        if (height > 0) {
            CHECK((network.chain().tip() == header_at(**reference, height)));
        }
        const auto replayed = network.chain().replay();
        INFO((replayed ? "" : replayed.error().message));
        REQUIRE(replayed.has_value());
        CHECK((replayed->state_root == network.chain().state_root()));

        // It goes on as if nothing had been.
        const ledger::Receipt receipt = network.only_receipt(
            network.block({network.sign({"ibn_rochd"}, "civil.death", "Declaration.predeclare",
                                        hospital_message("after_the_crash"))}));
        CHECK(receipt.refusal == 0);
        network.wait(60);
        CHECK(network.chain().replay().has_value());
    }
    CHECK(interrupted > 0);
}

TEST_CASE("while one process writes, a second is refused") {
    const Folder folder("second");
    const std::string ledger = begin_ledger(folder, "ledger");
    {
        acceptance::Network writer = acceptance::Network::open(ledger);
        const auto second = run_aqd({"tick", "--ledger", ledger});
        INFO(second.output);
        CHECK(second.exit == 6);
        // Readers are not in the way.
        CHECK(run_aqd({"blocks", "--ledger", ledger}).exit == 0);
        writer.wait(1);
    }
    CHECK(run_aqd({"tick", "--ledger", ledger}).exit == 0);
}

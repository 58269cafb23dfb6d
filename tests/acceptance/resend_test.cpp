#include "tests/acceptance/network.h"
#include "tests/acceptance/program.h"

#include <aqd/abi/refusal.h>

#include <catch2/catch.hpp>

// M12: a signed transaction counts once, on one chain. M19: so does an assertion about its sender.

using namespace aqd;
using acceptance::Folder;
using acceptance::hospital_message;
using acceptance::Json;
using acceptance::Network;

namespace {

/// Everything by which one could tell that a transaction came.
struct Traces {
    Hash256 state_root;
    Hash256 replay_root;
    std::uint64_t height;

    explicit Traces(Network& network)
        : state_root(network.chain().state_root()),
          replay_root(network.chain().tip().replay_root),
          height(network.chain().tip().height) {}

    bool operator==(const Traces&) const = default;
};

/// The reason for which it was left out; the chain is as before.
std::string left_out(Network& network, const Bytes& transaction) {
    const Traces before(network);
    const chain::Made made = network.block({transaction});
    REQUIRE(made.transactions.size() == 1);
    REQUIRE_FALSE(made.transactions.front().has_value());
    CHECK((Traces(network) == before));
    return made.transactions.front().error().message;
}

bool speaks_of(const std::string& message, const std::string& words) {
    INFO(message);
    return message.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a transaction is included once, whenever it comes again") {
    const Folder folder("resend");
    Bytes transaction;
    {
        Network network = Network::create(folder / "ledger", "here");
        transaction = network.sign({"ibn_rochd"}, "civil.death", "Declaration.predeclare",
                                   hospital_message("fatima"));
        CHECK(network.only_receipt(network.block({transaction})).refusal == 0);
        CHECK(speaks_of(left_out(network, transaction), "nonce"));

        // Twice in one block is once.
        const Bytes second = network.sign({"ibn_rochd"}, "civil.death", "Declaration.predeclare",
                                          hospital_message("ahmed"));
        const chain::Made made = network.block({second, second});
        CHECK(made.transactions[0].has_value());
        CHECK_FALSE(made.transactions[1].has_value());
    }
    {
        Network network = Network::open(folder / "ledger");
        CHECK(speaks_of(left_out(network, transaction), "nonce"));
        network.wait(400);
        CHECK(speaks_of(left_out(network, transaction), "nonce"));
        CHECK(network.chain().replay().has_value());
    }
}

TEST_CASE("a refused transaction cannot come again either") {
    const Folder folder("resend_refused");
    Network network = Network::create(folder / "ledger", "here");
    const Bytes transaction = network.sign({"oujda_officer"}, "civil.death",
                                           "Declaration.establish", Json::object(), abi::CaseId());
    const Hash256 root = network.chain().state_root();
    const ledger::Receipt receipt = network.only_receipt(network.block({transaction}));
    CHECK(receipt.refusal == static_cast<std::uint16_t>(abi::Refusal::NotAuthorised));
    CHECK((network.chain().state_root() == root));
    CHECK(speaks_of(left_out(network, transaction), "nonce"));
}

TEST_CASE("a transaction for one network means nothing on another") {
    const Folder folder("resend_elsewhere");
    Network here = Network::create(folder / "here", "here");
    Network there = Network::create(folder / "there", "there");
    const Bytes transaction = here.sign({"ibn_rochd"}, "civil.death", "Declaration.predeclare",
                                        hospital_message("fatima"));
    CHECK(speaks_of(left_out(there, transaction), "another chain"));
    CHECK(here.only_receipt(here.block({transaction})).refusal == 0);
    CHECK(speaks_of(left_out(there, transaction), "another chain"));
}

TEST_CASE("a transaction of which any octet was changed is not admitted, or another's") {
    const Folder folder("resend_changed");
    Network network = Network::create(folder / "ledger", "here");
    const Bytes transaction = network.sign({"ibn_rochd"}, "civil.death", "Declaration.predeclare",
                                           hospital_message("fatima"));
    const Traces before(network);
    for (std::size_t i = 0; i < transaction.size(); i += 7) {
        Bytes changed = transaction;
        changed[i] ^= 0x01;
        INFO("octet " << i);
        const chain::Made made = network.block({changed});
        REQUIRE_FALSE(made.transactions.front().has_value());
    }
    CHECK((Traces(network) == before));
    CHECK(network.only_receipt(network.block({transaction})).refusal == 0);
}

TEST_CASE("an assertion stolen from one transaction does not serve another") {
    const Folder folder("assertion");
    Network network = Network::create(folder / "ledger", "here");
    const Json arguments = {{"office", "01.051"},
                            {"person", "#fatima"},
                            {"death_date", "2025-12-01"},
                            {"certificate", {{"utf8", "certificate"}}}};
    const ledger::Transaction honest =
        network.prepare({"son", true}, "civil.death", "Declaration.deposit", arguments);
    REQUIRE(honest.calls.front().assertion.has_value());

    ledger::Transaction theft =
        network.prepare({"cousin"}, "civil.death", "Declaration.deposit", arguments);
    theft.calls.front().assertion = honest.calls.front().assertion;
    const Hash256 root = network.chain().state_root();
    const ledger::Receipt receipt = network.only_receipt(network.block(
        {ledger::encode_signed(ledger::sign_transaction(theft, network.key("cousin").secret))}));
    CHECK(receipt.refusal == static_cast<std::uint16_t>(abi::Refusal::BadAssertion));
    CHECK((network.chain().state_root() == root));

    CHECK(network
              .only_receipt(network.block({ledger::encode_signed(
                  ledger::sign_transaction(honest, network.key("son").secret))}))
              .refusal == 0);
}

TEST_CASE("an assertion grows old") {
    const Folder folder("assertion_old");
    Network network = Network::create(folder / "ledger", "here");
    const Bytes transaction = network.sign({"son", true}, "civil.death", "Declaration.deposit",
                                           {{"office", "01.051"},
                                            {"person", "#fatima"},
                                            {"death_date", "2025-12-01"},
                                            {"certificate", {{"utf8", "certificate"}}}});
    network.wait(1);
    const Hash256 root = network.chain().state_root();
    CHECK(network.only_receipt(network.block({transaction})).refusal ==
          static_cast<std::uint16_t>(abi::Refusal::BadAssertion));
    CHECK((network.chain().state_root() == root));
}

#include "cli/files/files.h"
#include "tests/acceptance/network.h"
#include "tests/acceptance/program.h"

#include <aqd/ledger/genesis.h>
#include <aqd/proof/proof_file.h>

#include <catch2/catch.hpp>

// A proof is believed as it was written, or not at all.

using namespace aqd;
using acceptance::Folder;
using acceptance::Network;
using acceptance::run_aqd;

namespace {

/// A ledger on which Fatima's act is in force, with proofs of it and of the absence of another.
struct Proven {
    Folder folder{"proof"};
    std::string ledger = (folder / "ledger").string();
    std::string trust = (folder / "ledger/chain.json").string();
    std::string present = (folder / "fatima.proof").string();
    std::string absent = (folder / "ahmed.proof").string();

    Proven() {
        const std::string scenario = std::string(AQD_PLAYED) + "/scenarios/m01_fatima.json";
        REQUIRE(run_aqd({"run", "--ledger", ledger, scenario}).exit == 0);
        prove("#fatima", present);
        prove("#ahmed", absent);
    }
    void prove(const std::string& person, const std::string& file) const {
        const auto ended = run_aqd({"prove", "--ledger", ledger, "--register",
                                    "civil.death.in_force", "--key", person, "--out", file});
        INFO(ended.output);
        REQUIRE(ended.exit == 0);
    }
};

proof::Trust trust_of_ledger(const std::string& folder) {
    const auto file = files::read(folder + "/genesis.cbor");
    REQUIRE(file.has_value());
    const auto genesis = ledger::decode_genesis(*file);
    REQUIRE(genesis.has_value());
    return ledger::trust_of(*genesis);
}

}  // namespace

TEST_CASE("a proof of presence and one of absence hold against the genesis key alone") {
    const Proven proven;
    const proof::Trust trust = trust_of_ledger(proven.ledger);
    for (const std::string& path : {proven.present, proven.absent}) {
        const Bytes file = *files::read(path);
        const auto verified = proof::verify(file, trust);
        REQUIRE(verified.has_value());
        CHECK(verified->value.has_value() == (path == proven.present));

        // Every octet, one bit of each.
        for (std::size_t i = 0; i < file.size(); ++i) {
            Bytes changed = file;
            changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
            INFO(path << ", octet " << i);
            REQUIRE_FALSE(proof::verify(changed, trust).has_value());
        }
        for (std::size_t size = 0; size < file.size(); ++size) {
            REQUIRE_FALSE(proof::verify(BytesView(file).first(size), trust).has_value());
        }
        Bytes longer = file;
        longer.push_back(0);
        CHECK_FALSE(proof::verify(longer, trust).has_value());
    }
}

TEST_CASE("aqd verify says whether a proof holds, and how old it is") {
    const Proven proven;
    CHECK(run_aqd({"verify", proven.present, "--trust", proven.trust}).exit == 0);
    const auto absent = run_aqd({"verify", proven.absent, "--trust", proven.trust});
    CHECK(absent.exit == 0);
    CHECK(absent.output.find("absent") != std::string::npos);

    CHECK(run_aqd({"verify", proven.present, "--trust", proven.trust, "--min-height", "100000"})
              .exit == 5);
    const Bytes file = *files::read(proven.present);
    for (const std::size_t at :
         {std::size_t{0}, file.size() / 3, file.size() / 2, file.size() * 3 / 4, file.size() - 1}) {
        Bytes changed = file;
        changed[at] ^= 0x10;
        const std::string path = (proven.folder / "changed.proof").string();
        REQUIRE(files::write(path, changed).has_value());
        INFO("octet " << at);
        CHECK(run_aqd({"verify", path, "--trust", proven.trust}).exit == 5);
    }
}

TEST_CASE("another chain's proof is refused") {
    const Proven proven;
    Network other = Network::create(proven.folder / "other", "another chain");
    CHECK_FALSE(
        proof::verify(*files::read(proven.present), ledger::trust_of(other.chain().genesis()))
            .has_value());
    // Even where its name is the same and only the keys differ.
    proof::Trust trust = trust_of_ledger(proven.ledger);
    trust.header_keys = {other.key("cousin").shown.key};
    CHECK_FALSE(proof::verify(*files::read(proven.present), trust).has_value());
}

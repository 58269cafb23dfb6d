#include "cli/files/files.h"
#include "tests/acceptance/program.h"

#include <catch2/catch.hpp>

#include <string>
#include <vector>

// M13, M3: what nobody may learn from the ledger, nor from a refusal.

using namespace aqd;
using acceptance::Folder;
using acceptance::run_aqd;

namespace {

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder) {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.is_regular_file()) {
            found.push_back(entry.path());
        }
    }
    return found;
}

bool any_holds(const std::filesystem::path& folder, const std::string& words) {
    for (const std::filesystem::path& path : files_below(folder)) {
        const auto content = files::read(path);
        REQUIRE(content.has_value());
        if (as_text(*content).find(words) != std::string_view::npos) {
            return true;
        }
    }
    return false;
}

}  // namespace

TEST_CASE("no file of the ledger holds the cause, the certificates or a reason in clear") {
    const Folder folder("privacy");
    const std::string ledger = (folder / "ledger").string();
    for (const char* name : {"m01_fatima", "m10_recourse"}) {
        std::filesystem::remove_all(ledger);
        const auto ended = run_aqd(
            {"run", "--ledger", ledger, std::string(AQD_PLAYED) + "/scenarios/" + name + ".json"});
        INFO(ended.output);
        REQUIRE(ended.exit == 0);
        for (const char* words : {"insuffisance cardiaque", "medical certificate",
                                  "certificate of death", "identité douteuse", "voici la carte"}) {
            INFO(words);
            CHECK_FALSE(any_holds(ledger, words));
        }
    }
    // The words would be found where they are in clear.
    CHECK(any_holds(std::string(AQD_PLAYED) + "/scenarios", "insuffisance cardiaque"));
}

TEST_CASE("a refusal tells nothing of the other's case") {
    const Folder folder("privacy_refusal");
    const std::string ledger = (folder / "ledger").string();
    const auto played = run_aqd(
        {"run", "--ledger", ledger, std::string(AQD_PLAYED) + "/scenarios/m03_one_case.json"});
    INFO(played.output);
    REQUIRE(played.exit == 0);
    // Her daughter's declaration at Taza, while Anfa has the case.
    const auto receipts = run_aqd({"receipts", "--ledger", ledger, "3", "--json"});
    REQUIRE(receipts.exit == 0);
    INFO(receipts.output);
    CHECK(receipts.output.find("OtherCase") != std::string::npos);
    CHECK(receipts.output.find("01.051") == std::string::npos);
    CHECK(receipts.output.find("\"case\": null") != std::string::npos);
    CHECK(receipts.output.find("\"events\": []") != std::string::npos);
}

#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/call_making.h"
#include "cli/ledgers/open_ledger.h"

#include <aqd/base/result.h>
#include <aqd/crypto/random.h>
#include <aqd/ledger/receipt.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace aqd::acceptance {

using files::Json;

/// A ledger of the pilots with the keys of their scenarios, driven call by call.
class Network {
  public:
    /// Makes a new one in `folder`, called `name`: two names are two chains.
    static Network create(const std::filesystem::path& folder, const std::string& name);
    /// Opens it again.
    static Network open(const std::filesystem::path& folder);

    [[nodiscard]] ledgers::Ledger& ledger() { return *ledger_; }
    [[nodiscard]] chain::Chain& chain() { return ledger_->chain(); }

    /// Who acts, and whose word makes them a citizen of level 2, if anybody's.
    struct Actor {
        std::string name;
        bool is_citizen = false;
    };

    /// A signed transaction of one call with the account's next nonce.
    Bytes sign(const Actor& actor, const std::string& module, const std::string& entry,
               const Json& arguments, const std::optional<abi::CaseId>& case_id = std::nullopt);
    /// The transaction before it is signed.
    ledger::Transaction prepare(const Actor& actor, const std::string& module,
                                const std::string& entry, const Json& arguments,
                                const std::optional<abi::CaseId>& case_id = std::nullopt);
    [[nodiscard]] keys::Key key(const std::string& actor) const;

    /// Makes a block a minute after the last.
    chain::Made block(const std::vector<Bytes>& transactions);
    /// The receipt of the only call of the only transaction of a block.
    ledger::Receipt only_receipt(const chain::Made& made);
    /// Lets the clock go on by days.
    chain::Made wait(std::int64_t days);

  private:
    explicit Network(std::unique_ptr<ledgers::Ledger> ledger);

    std::unique_ptr<ledgers::Ledger> ledger_;
    std::unique_ptr<crypto::SeededRandom> salts_;
    std::unique_ptr<ledgers::SecretCollector> secrets_;
};

/// Arguments of a hospital's message about a person of the seed.
Json hospital_message(const std::string& person, const std::string& office = "01.051");

}  // namespace aqd::acceptance

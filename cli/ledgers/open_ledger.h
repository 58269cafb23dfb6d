#pragma once

#include "cli/genesis/genesis_json.h"
#include "cli/keys/key_file.h"
#include "cli/keys/passphrase.h"
#include "cli/ledgers/names_file.h"
#include "cli/values/to_cbor.h"
#include "cli/values/type_table.h"

#include <aqd/chain/chain.h>
#include <aqd/system/civil_clock.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::ledgers {

struct Access {
    bool write = false;
    /// Who signs the blocks: a key file or an actor of the seed; nothing: the ledger's own actor.
    std::optional<std::string> block_key;
    keys::PassphraseSource passphrase;
};

/// A chain on disk with what people's tools need around it: the types of its modules, its civil
/// clock, the names of people. One thread.
class Ledger {
  public:
    static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& folder,
                                                const Access& access);
    /// Makes a new one; `conflict` if the folder holds a ledger.
    static Result<std::unique_ptr<Ledger>> create(const std::filesystem::path& folder,
                                                  const genesis::GenesisFile& file,
                                                  const Access& access);

    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
    [[nodiscard]] chain::Chain& chain() { return *chain_; }
    [[nodiscard]] const chain::Chain& chain() const { return *chain_; }
    [[nodiscard]] const values::TypeTable& types() const { return types_; }
    [[nodiscard]] const system::CivilClock& clock() const { return clock_; }
    [[nodiscard]] NamesFile& names() { return names_; }
    [[nodiscard]] const NamesFile& names() const { return names_; }
    [[nodiscard]] Result<void> save_names() const { return write_names(folder_, names_); }

    /// Paths of the modules, in the order of their lineages.
    [[nodiscard]] const std::vector<std::string>& module_paths() const { return module_paths_; }
    /// In force today; `not_found` names the modules there are.
    [[nodiscard]] Result<std::shared_ptr<const engine::Code>> module(std::string_view path) const;
    /// A version that some case may be pinned to.
    [[nodiscard]] Result<std::shared_ptr<const engine::Code>> module_version(
        const abi::Lineage& lineage, std::uint32_t version) const;
    /// Looks at the modules again, after a deployment.
    Result<void> reload_modules();

    /// 40 hexadecimal digits, or a saved name.
    [[nodiscard]] Result<abi::CaseId> case_named(std::string_view word) const;
    /// The saved name of a case, or its first digits.
    [[nodiscard]] std::string case_text(const abi::CaseId& id) const;
    /// A key file, or an actor where keys derive from a seed.
    [[nodiscard]] Result<keys::Key> key(const std::string& word,
                                        const keys::PassphraseSource& passphrase) const;
    /// "$name": a saved case or the account of an actor; "#name": an identity of the seed.
    [[nodiscard]] std::optional<files::Json> word(std::string_view text) const;

    /// "Taza" or "Commune 16.01" of a `Body` in CBOR.
    [[nodiscard]] std::string body_label(BytesView body) const;
    /// A `Body` or the bstr(20) of a case.
    [[nodiscard]] std::string recipient_label(BytesView recipient) const;
    /// The label of "Commune:16.01", or "Commune 16.01".
    [[nodiscard]] std::string label_of(const std::string& body) const;

    [[nodiscard]] calendar::Day today() const;
    /// "5 Mar 2026 10:00" on the civil clock.
    [[nodiscard]] std::string moment(std::int64_t time_ns) const;

  private:
    Ledger(std::filesystem::path folder, std::unique_ptr<chain::Chain> chain, NamesFile names);
    Result<void> finish_opening();

    std::filesystem::path folder_;
    std::unique_ptr<chain::Chain> chain_;
    NamesFile names_;
    values::TypeTable types_;
    system::CivilClock clock_;
    std::vector<std::string> module_paths_;
};

}  // namespace aqd::ledgers

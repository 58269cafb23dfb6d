#include "cli/ledgers/open_ledger.h"

#include "cli/files/files.h"
#include "cli/genesis/moment.h"
#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/system/modules.h>
#include <aqd/system/store_keys.h>

#include <algorithm>
#include <utility>

namespace aqd::ledgers {
namespace {

/// The key that a word names, on a ledger that is not open yet.
Result<keys::Key> find_key(const std::string& word, const NamesFile& names,
                           const keys::PassphraseSource& passphrase) {
    const bool is_actor = std::ranges::find(names.actors, word) != names.actors.end();
    if (names.seed && is_actor) {
        return keys::scenario_key(*names.seed, word);
    }
    std::error_code ignored;
    if (!std::filesystem::exists(word, ignored)) {
        return fail(ErrorCode::not_found, "\"" + word + "\" is neither a key file" +
                                              (names.seed ? " nor an actor of this ledger" : ""));
    }
    // Refuses a file that others may read before it asks for a passphrase.
    AQD_TRY(shown, keys::read_public_part(word));
    AQD_TRY(phrase, keys::read_passphrase(passphrase, "passphrase of " + shown.name + ": "));
    return keys::read_key_file(word, phrase);
}

Result<std::optional<crypto::SecretKey>> block_key_of(const Access& access,
                                                      const NamesFile& names) {
    if (!access.write) {
        return std::optional<crypto::SecretKey>();
    }
    const std::string word = access.block_key.value_or(names.block_actor);
    if (word.empty()) {
        return fail(ErrorCode::denied,
                    "making blocks needs a key of the genesis: give --block-key KEYFILE");
    }
    AQD_TRY(key, find_key(word, names, access.passphrase));
    return std::optional<crypto::SecretKey>(key.secret);
}

}  // namespace

Ledger::Ledger(std::filesystem::path folder, std::unique_ptr<chain::Chain> chain, NamesFile names)
    : folder_(std::move(folder)),
      chain_(std::move(chain)),
      names_(std::move(names)),
      types_(chain_->id()) {}

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& folder,
                                             const Access& access) {
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored)) {
        return fail(ErrorCode::not_found,
                    folder.string() + ": there is no ledger here (aqd init makes one)");
    }
    AQD_TRY(names, read_names(folder));
    AQD_TRY(block_key, block_key_of(access, names));
    chain::OpenOptions options;
    options.read_only = !access.write;
    options.block_key = block_key;
    AQD_TRY(chain, chain::Chain::open(folder, options));
    std::unique_ptr<Ledger> ledger(new Ledger(folder, std::move(chain), std::move(names)));
    AQD_CHECK(ledger->finish_opening());
    return ledger;
}

Result<std::unique_ptr<Ledger>> Ledger::create(const std::filesystem::path& folder,
                                               const genesis::GenesisFile& file,
                                               const Access& access) {
    NamesFile names;
    names.seed = file.seed;
    names.actors = file.actors;
    names.labels = file.labels;
    if (file.seed) {
        for (const std::string& actor : file.actors) {
            const crypto::PublicKey key = keys::scenario_key(*file.seed, actor).shown.key;
            const auto& header_keys = file.genesis.header_keys;
            if (std::ranges::find(header_keys, key) != header_keys.end()) {
                names.block_actor = actor;
                break;
            }
        }
    }
    chain::OpenOptions options;
    if (access.block_key || !names.block_actor.empty()) {
        AQD_TRY(block_key, block_key_of(access, names));
        options.block_key = block_key;
    }
    AQD_CHECK(files::make_folder(folder));
    AQD_TRY(chain, chain::Chain::create(folder, file.genesis, options));
    AQD_CHECK(write_names(folder, names));
    std::unique_ptr<Ledger> ledger(new Ledger(folder, std::move(chain), std::move(names)));
    AQD_CHECK(ledger->finish_opening());
    return ledger;
}

Result<void> Ledger::finish_opening() {
    AQD_TRY(clock, system::read_clock(chain_->state()));
    clock_ = std::move(clock);
    return reload_modules();
}

Result<void> Ledger::reload_modules() {
    module_paths_.clear();
    types_ = values::TypeTable(chain_->id());
    // All module rows share the octets in front of the lineage.
    Bytes prefix = system::module_key(abi::Lineage{});
    prefix.resize(prefix.size() - abi::Lineage::size_bytes);
    Bytes after;
    while (true) {
        AQD_TRY(row, chain_->state().next(prefix, after));
        if (!row) {
            return {};
        }
        AQD_TRY(module, system::decode_module(row->value));
        for (const system::ModuleVersion& version : module.versions) {
            AQD_TRY(code,
                    module_version(abi::lineage_of(chain_->id(), module.path), version.version));
            types_.add(code->manifest());
        }
        module_paths_.push_back(module.path);
        after = row->key;
    }
}

Result<std::shared_ptr<const engine::Code>> Ledger::module(std::string_view path) const {
    AQD_TRY(code, chain_->module(path));
    if (code == nullptr) {
        std::string known;
        for (const std::string& one : module_paths_) {
            known += (known.empty() ? "" : ", ") + one;
        }
        return fail(ErrorCode::not_found, "no module \"" + std::string(path) +
                                              "\" is in force on this ledger; there are " +
                                              (known.empty() ? "none" : known));
    }
    return code;
}

Result<std::shared_ptr<const engine::Code>> Ledger::module_version(const abi::Lineage& lineage,
                                                                   std::uint32_t version) const {
    AQD_TRY(row, system::read_module(chain_->state(), lineage));
    const system::ModuleVersion* found = row ? row->find(version) : nullptr;
    if (found == nullptr) {
        return fail(ErrorCode::not_found,
                    "the ledger has no version " + std::to_string(version) + " of this module");
    }
    if (auto code = chain_->engine().find(found->code); code != nullptr) {
        return code;
    }
    AQD_TRY(wasm, chain_->state().get(system::code_key(found->code)));
    if (!wasm) {
        return fail(ErrorCode::corrupt, "the code of a deployed module is missing");
    }
    return chain_->engine().compile(*wasm);
}

Result<abi::CaseId> Ledger::case_named(std::string_view word) const {
    const std::string_view name = word.starts_with('$') ? word.substr(1) : word;
    if (const auto found = names_.cases.find(name); found != names_.cases.end()) {
        return found->second;
    }
    auto id = fixed_from_hex<abi::CaseId>(word);
    if (!id) {
        return fail(
            ErrorCode::not_found,
            "\"" + std::string(word) + "\" is neither a saved case nor 40 hexadecimal digits");
    }
    return id;
}

std::string Ledger::case_text(const abi::CaseId& id) const {
    for (const auto& [name, saved] : names_.cases) {
        if (saved == id) {
            return name;
        }
    }
    return values::short_hash(id.view());
}

Result<keys::Key> Ledger::key(const std::string& word,
                              const keys::PassphraseSource& passphrase) const {
    return find_key(word, names_, passphrase);
}

std::optional<files::Json> Ledger::word(std::string_view text) const {
    if (text.starts_with('#')) {
        return names_.seed ? std::optional<files::Json>(to_hex(
                                 keys::scenario_identity(*names_.seed, text.substr(1)).view()))
                           : std::nullopt;
    }
    const std::string name(text.substr(1));
    if (const auto found = names_.cases.find(name); found != names_.cases.end()) {
        return files::Json(to_hex(found->second.view()));
    }
    const bool is_actor = std::ranges::find(names_.actors, name) != names_.actors.end();
    if (names_.seed && is_actor) {
        return files::Json(to_hex(keys::scenario_key(*names_.seed, name).shown.account.view()));
    }
    return std::nullopt;
}

std::string Ledger::label_of(const std::string& body) const {
    const auto found = names_.labels.find(body);
    return found == names_.labels.end() ? values::body_text(body) : found->second;
}

std::string Ledger::body_label(BytesView body) const {
    const auto text = values::body_from_cbor(body, types_);
    return text ? label_of(*text) : "?";
}

std::string Ledger::recipient_label(BytesView recipient) const {
    const auto case_id = abi::Reader(recipient).read_fixed<abi::CaseId>();
    return case_id ? "case " + case_text(*case_id) : body_label(recipient);
}

calendar::Day Ledger::today() const {
    return genesis::day_of(chain_->tip().time_ns, clock_);
}

std::string Ledger::moment(std::int64_t time_ns) const {
    return genesis::moment_text(time_ns, clock_);
}

}  // namespace aqd::ledgers

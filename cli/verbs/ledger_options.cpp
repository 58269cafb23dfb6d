#include "cli/verbs/ledger_options.h"

#include <cstdlib>

namespace aqd::verbs {

void LedgerOptions::declare(arguments::Arguments& arguments, bool writes) {
    const char* set = std::getenv("AQD_LEDGER");
    folder = set == nullptr ? "ledger" : set;
    arguments.option("-l,--ledger", folder, "Folder of the ledger (AQD_LEDGER)");
    if (writes) {
        arguments.option("--block-key", block_key,
                         "Key file that signs blocks; a seeded ledger needs none");
    }
    arguments.option("--passphrase-file", passphrase_file,
                     "File of the passphrase (else AQD_PASSPHRASE, else the terminal)");
}

keys::PassphraseSource LedgerOptions::passphrase() const {
    keys::PassphraseSource source;
    if (passphrase_file) {
        source.file = *passphrase_file;
    }
    return source;
}

Result<std::unique_ptr<ledgers::Ledger>> LedgerOptions::open(bool write) const {
    ledgers::Access access;
    access.write = write;
    access.block_key = block_key;
    access.passphrase = passphrase();
    return ledgers::Ledger::open(folder, access);
}

Result<std::string> LedgerOptions::private_passphrase(const ledgers::Ledger& ledger) const {
    if (ledger.names().seed) {
        return *ledger.names().seed;
    }
    return keys::read_passphrase(passphrase(), "passphrase of the private store: ");
}

std::filesystem::path private_folder(const ledgers::Ledger& ledger,
                                     const std::optional<std::string>& given) {
    return given ? std::filesystem::path(*given) : ledger.folder() / "private";
}

}  // namespace aqd::verbs

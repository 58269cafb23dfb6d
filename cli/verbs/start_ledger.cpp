#include "cli/verbs/start_ledger.h"

#include "cli/files/files.h"
#include "cli/trust/trust_file.h"

namespace aqd::verbs {

Result<std::unique_ptr<ledgers::Ledger>> start_ledger(const LedgerOptions& where,
                                                      const genesis::GenesisFile& file) {
    ledgers::Access access;
    access.write = true;
    access.block_key = where.block_key;
    access.passphrase = where.passphrase();
    AQD_TRY(ledger, ledgers::Ledger::create(where.folder, file, access));
    trust::TrustFile trust;
    trust.trust = ledger::trust_of(file.genesis);
    for (const std::string& path : ledger->module_paths()) {
        AQD_TRY(code, ledger->module(path));
        for (const abi::Register& one : code->manifest().registers) {
            trust.registers[path].push_back(one.name);
        }
    }
    const std::string text = trust::encode_trust(trust);
    AQD_CHECK(files::write(ledger->folder() / "chain.json", as_bytes(text)));
    return ledger;
}

}  // namespace aqd::verbs

#pragma once

#include "cli/keys/passphrase.h"

#include <aqd/base/result.h>
#include <aqd/crypto/random.h>
#include <aqd/store/private_store.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::ledgers {

/// Opens a private store whose key lies beside it in `store.key`, sealed with a passphrase; both
/// are made if they are not there.
Result<std::unique_ptr<store::PrivateStore>> open_private_store(const std::filesystem::path& folder,
                                                                std::string_view passphrase,
                                                                crypto::RandomSource& random);

/// Turns secrets of one procedure's call into commitments and collects what stands behind them, to
/// be put into a private store before the call is sent.
class SecretCollector {
  public:
    SecretCollector(const Hash256& chain, crypto::RandomSource& random)
        : chain_(chain), random_(&random) {}

    /// Commits a value with a fresh salt.
    Hash256 commit(std::string_view module, std::string_view slot, BytesView value,
                   std::string_view holder);

    [[nodiscard]] const std::vector<store::PrivateRecord>& records() const { return records_; }
    void clear() { records_.clear(); }

  private:
    Hash256 chain_;
    crypto::RandomSource* random_;
    std::vector<store::PrivateRecord> records_;
};

/// A copy of a secret that its holder hands out (docs/formats/private_store.md): enough to compute
/// the commitment again, and so to see whether the copy was edited.
struct Disclosure {
    Hash256 chain;
    std::string module;
    std::string slot;
    store::Salt salt;
    Bytes value;  ///< CBOR
};

std::string encode_disclosure(const Disclosure& disclosure);
Result<Disclosure> read_disclosure(const std::filesystem::path& path);
Hash256 commitment_of(const Disclosure& disclosure);

}  // namespace aqd::ledgers

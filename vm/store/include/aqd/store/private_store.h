#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/crypto/random.h>
#include <aqd/crypto/sealed_box.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::store {

/// 32 random octets that keep a commitment from being guessed.
using Salt = FixedBytes<32, struct SaltTag>;

/// What stands behind a commitment on the ledger.
struct PrivateRecord {
    Hash256 commitment;
    Bytes value;  ///< CBOR
    Salt salt;
    std::string module;  ///< path of the lineage, "civil.death"
    std::string slot;    ///< "Declaration.certificate"
    std::string holder;  ///< who answers for it, as text

    bool operator==(const PrivateRecord&) const = default;
};

/// What is left of an erased record: who erased it, when and why, signed.
struct Erasure {
    Hash256 commitment;
    std::int64_t time = 0;  ///< UTC seconds since 1970-01-01
    std::string reason;
    crypto::PublicKey signer;
    crypto::Signature signature;

    bool operator==(const Erasure&) const = default;
};

/// SHA-256("aqd/erasure/v1" ‖ CBOR [commitment, time, reason, signer]): what the signature is over.
Hash256 erasure_digest(const Erasure& erasure);
[[nodiscard]] bool verify_erasure(const Erasure& erasure);

/// Values and salts of one holder, apart from the ledger (docs/formats/private_store.md): a folder
/// with an environment of its own. Every record is sealed with its own random key; these keys lie,
/// sealed with the store's key, in a file of fixed places that an erasure overwrites, so that
/// neither free pages of the database nor a copy of it made earlier can be read. One process and
/// one thread.
class PrivateStore {
  public:
    /// Makes the store if the folder holds none. `denied` if `key` is not the one it was made with,
    /// `conflict` if another process has it open, `corrupt`, `io`. `random` must outlive the store.
    static Result<std::unique_ptr<PrivateStore>> open(const std::filesystem::path& folder,
                                                      const crypto::SealingKey& key,
                                                      crypto::RandomSource& random);
    ~PrivateStore();
    PrivateStore(const PrivateStore&) = delete;
    PrivateStore& operator=(const PrivateStore&) = delete;
    PrivateStore(PrivateStore&&) = delete;
    PrivateStore& operator=(PrivateStore&&) = delete;

    /// On disk when it returns, all or none. A record that is there already stays as it is;
    /// `denied` for one that was erased.
    Result<void> put(std::span<const PrivateRecord> records);
    Result<void> put(const PrivateRecord& record) { return put({&record, 1}); }

    /// `not_found`; `denied` if it was erased; `corrupt` if it does not open.
    [[nodiscard]] Result<PrivateRecord> get(const Hash256& commitment) const;

    /// Destroys key, salt and content, and keeps the erasure. `not_found` or `conflict` if there is
    /// nothing left to erase. An erasure that a crash interrupts is finished when the store is next
    /// opened.
    Result<Erasure> erase(const Hash256& commitment, std::int64_t time, std::string_view reason,
                          const crypto::SecretKey& signer);

    [[nodiscard]] Result<std::optional<Erasure>> erasure(const Hash256& commitment) const;

    /// Commitments of the records that can be read, ascending.
    [[nodiscard]] Result<std::vector<Hash256>> list() const;
    [[nodiscard]] Result<std::vector<Erasure>> erasures() const;

    struct Parts;  ///< private to the folder

  private:
    explicit PrivateStore(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace aqd::store

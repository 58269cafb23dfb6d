#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What people sign (docs/formats/transaction.md). Pure functions, safe from any thread.
namespace aqd::ledger {

inline constexpr std::uint32_t transaction_version = 1;
/// A module at the deploy limit fits, with the rest of its transaction.
inline constexpr std::size_t transaction_limit_bytes = std::size_t{640} << 10;
inline constexpr std::size_t calls_limit = 256;
/// Module paths and entry names, in octets.
inline constexpr std::size_t name_limit_bytes = 128;

/// A body vouches for the person who calls, for this one call only (semantics 24).
struct Assertion {
    Bytes body;  ///< CBOR of the `Body` that asserts: [bstr(40), keys...]
    abi::Person
        subject;  ///< who calls, by the name that the asserting body uses towards this module
    std::uint8_t level = 0;
    std::int64_t time = 0;  ///< UTC seconds since 1970-01-01
    crypto::Signature signature;

    bool operator==(const Assertion&) const = default;
};

struct Call {
    std::string module;  ///< path: "civil.death", or "aqd.system" for the ledger's own entries
    std::string entry;   ///< "transfer", "Declaration.deposit"
    std::optional<abi::CaseId> case_id;
    Bytes arguments;  ///< what the entry's decoder gets, unchecked here
    std::optional<Assertion> assertion;

    bool operator==(const Call&) const = default;
};

/// 1 to 256 calls under one signature.
struct Transaction {
    Hash256 chain;
    crypto::PublicKey sender;
    std::uint64_t nonce = 0;
    std::uint64_t gas_limit = 0;            ///< of all calls together
    std::uint64_t valid_until = 0;          ///< the last height at which it may be included
    bool atomic = false;                    ///< all calls succeed, or none has an effect
    std::optional<std::int32_t> signed_on;  ///< day on which it was signed, for backdated starts
    std::vector<Call> calls;

    bool operator==(const Transaction&) const = default;
};

struct SignedTransaction {
    Transaction body;
    crypto::Signature signature;

    bool operator==(const SignedTransaction&) const = default;
};

/// Canonical CBOR of the transaction without its signature.
Bytes encode_transaction(const Transaction& transaction);

/// SHA-256("aqd/transaction/v1" ‖ encoded transaction): what the sender signs, and the name of the
/// transaction everywhere. The signature is not part of it.
Hash256 transaction_id(const Transaction& transaction);

SignedTransaction sign_transaction(Transaction transaction, const crypto::SecretKey& secret);

/// [transaction, signature].
Bytes encode_signed(const SignedTransaction& transaction);

/// Canonical CBOR within the limits, nothing behind it. Does not check the signature.
Result<SignedTransaction> decode_signed(BytesView bytes);

/// SHA-256("aqd/bare-transaction/v1" ‖ the transaction encoded with every assertion null): what
/// assertions refer to.
Hash256 bare_digest(const Transaction& transaction);

/// SHA-256("aqd/audience/v1" ‖ chain ‖ lineage ‖ SHA-256(entry) ‖ bare digest ‖ nonce as u64
/// big-endian ‖ index of the call as u64 big-endian): the one call that an assertion is good for.
Hash256 audience_of(const Hash256& chain, const abi::Lineage& lineage, std::string_view entry,
                    const Hash256& bare, std::uint64_t nonce, std::uint32_t call_index);

/// SHA-256("aqd/assertion/v1" ‖ audience ‖ subject ‖ level ‖ time as i64 big-endian): what the
/// asserting body signs.
Hash256 assertion_digest(const Hash256& audience, const Assertion& assertion);

/// A transaction of this chain whose signature is good. Only `admit` makes one.
class Admitted {
  public:
    [[nodiscard]] const Transaction& body() const { return body_; }
    [[nodiscard]] const crypto::Signature& signature() const { return signature_; }
    [[nodiscard]] const Hash256& id() const { return id_; }
    [[nodiscard]] const abi::Account& sender() const { return sender_; }
    /// As it came and as the block keeps it.
    [[nodiscard]] const Bytes& encoded() const { return encoded_; }

  private:
    friend Result<Admitted> admit(BytesView, const Hash256&);
    friend Result<Admitted> readmit(BytesView, const Hash256&);
    friend Admitted suppose(const Transaction&);
    Admitted() = default;

    Transaction body_;
    crypto::Signature signature_;
    Hash256 id_;
    abi::Account sender_;
    Bytes encoded_;
};

/// What can be checked without the state: the format, the chain, the signature. `malformed`,
/// `non_canonical`, `too_large`, `denied` (another chain, or the signature does not fit).
Result<Admitted> admit(BytesView encoded, const Hash256& chain);

/// The same without the signature, for blocks that a header signature already vouches for.
Result<Admitted> readmit(BytesView encoded, const Hash256& chain);

/// For dry runs: as if its sender had signed it.
Admitted suppose(const Transaction& transaction);

}  // namespace aqd::ledger

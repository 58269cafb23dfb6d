#pragma once

#include <aqd/proof/header.h>
#include <aqd/proof/trie.h>

#include <optional>
#include <string>
#include <vector>

namespace aqd::proof {

inline constexpr std::uint32_t proof_version = 1;

/// Larger files are refused unread: the largest value and key with the deepest path fit.
inline constexpr std::size_t proof_limit_bytes = (std::size_t{16} << 20) + (std::size_t{64} << 10);

/// A statement about one key at one block, with all that is needed to check it offline
/// (docs/formats/proof.md). It says "true as of that block", not "true now".
struct ProofFile {
    Header header;
    std::vector<HeaderSignature> signatures;  ///< strictly ascending by key, at least one
    Bytes key;                                ///< store key, 1 to 480 octets
    std::optional<Bytes> value;               ///< nothing: the key is absent
    Path path;

    bool operator==(const ProofFile&) const = default;
};

/// `invalid` for what `decode_proof` would refuse.
Result<Bytes> encode_proof(const ProofFile& proof);

/// The format only: canonical CBOR, nothing behind it, nothing unknown. Checks neither path nor
/// signatures.
Result<ProofFile> decode_proof(BytesView file);

/// Whom the reader trusts: what a genesis file says.
struct Trust {
    Hash256 chain;  ///< hash of the genesis header
    std::vector<crypto::PublicKey> header_keys;
    std::string name;                     ///< for messages, such as "maroc-test"
    std::size_t required_signatures = 1;  ///< how many of the keys must have signed
};

/// What a proof has shown. Only `verify` makes one that means anything.
struct Verified {
    std::uint64_t height = 0;
    std::int64_t time_ns = 0;  ///< of the block, UTC
    Bytes key;
    std::optional<Bytes> value;  ///< nothing: the key was absent
    Hash256 header;              ///< hash of the header
};

/// Believes a file only if every octet of it is accounted for: each change of one octet is refused.
/// `malformed`, `non_canonical`, `unsupported`, `too_large`: not a proof of this version.
/// `invalid`: the path does not meet the header's root. `denied`: another chain, a signature of an
/// unknown key or that does not fit, too few signatures.
Result<Verified> verify(BytesView file, const Trust& trust);

}  // namespace aqd::proof

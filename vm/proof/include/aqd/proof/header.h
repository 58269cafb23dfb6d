#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace aqd::abi {
class Reader;
class Writer;
}  // namespace aqd::abi

namespace aqd::proof {

inline constexpr std::uint32_t header_version = 1;
/// More block keys than this sign no header.
inline constexpr std::size_t signature_limit = 256;

/// What a block commits to (docs/formats/header.md).
struct Header {
    std::uint32_t version = header_version;
    Hash256 chain;  ///< hash of the genesis header; zero in the genesis header itself
    std::uint64_t height = 0;
    std::int64_t time_ns = 0;  ///< UTC, nanoseconds since 1970-01-01T00:00:00Z
    Hash256 previous;          ///< hash of the header before; zero in the genesis header
    Hash256 state_root;        ///< trie of the state after this block
    Hash256 replay_root;       ///< trie of nonces and spent transactions after this block
    Hash256 transactions_root;
    Hash256 receipts_root;
    Hash256 events_root;

    bool operator==(const Header&) const = default;
};

/// One canonical CBOR array of ten.
Bytes encode_header(const Header& header);

/// Canonical CBOR and nothing behind it; `unsupported` for another version, `invalid` if the chain
/// or the previous hash is zero at a height over 0, or not zero at height 0.
Result<Header> decode_header(BytesView bytes);

/// The same inside a larger item.
void write_header(abi::Writer& out, const Header& header);
Result<Header> read_header(abi::Reader& in);

/// SHA-256("aqd/header/v1" ‖ encoded header): what block keys sign. For the genesis header, the
/// chain id.
Hash256 header_hash(const Header& header);

/// The chain a header belongs to: its own hash if it is a genesis header.
Hash256 chain_of(const Header& header);

/// A block key, named in genesis, vouches for a header: ECDSA, low-S, over `header_hash`.
struct HeaderSignature {
    crypto::PublicKey key;
    crypto::Signature signature;

    auto operator<=>(const HeaderSignature&) const = default;
};

HeaderSignature sign_header(const Header& header, const crypto::SecretKey& secret);

/// [[key, signature] …].
void write_signatures(abi::Writer& out, const std::vector<HeaderSignature>& signatures);
/// Refuses none, more than `signature_limit`, and keys that do not ascend strictly.
Result<std::vector<HeaderSignature>> read_signatures(abi::Reader& in);

}  // namespace aqd::proof

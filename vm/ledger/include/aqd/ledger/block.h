#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/ledger/receipt.h>
#include <aqd/proof/header.h>

#include <span>
#include <vector>

namespace aqd::ledger {

inline constexpr std::size_t block_limit_bytes = std::size_t{256} << 20;

/// docs/formats/block.md.
struct Block {
    proof::Header header;
    std::vector<proof::HeaderSignature> signatures;  ///< strictly ascending by key
    std::vector<Bytes> transactions;                 ///< each as `encode_signed` wrote it

    bool operator==(const Block&) const = default;
};

/// [header, [[key, signature]...], [transaction...]].
Bytes encode_block(const Block& block);
/// Canonical CBOR, nothing behind it; `invalid` if `transactions_root` is not theirs. Does not
/// check signatures.
Result<Block> decode_block(BytesView bytes);

Hash256 transactions_root(std::span<const Bytes> transactions);
/// Over `encode_receipt`.
Hash256 receipts_root(std::span<const Receipt> receipts);
/// Over `encode_event` of all receipts, in order.
Hash256 events_root(std::span<const Receipt> receipts);

}  // namespace aqd::ledger

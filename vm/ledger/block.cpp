#include <aqd/abi/cbor.h>
#include <aqd/ledger/block.h>
#include <aqd/ledger/transaction.h>
#include <aqd/proof/list.h>

namespace aqd::ledger {

Bytes encode_block(const Block& block) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(3);
    writer.write_encoded(proof::encode_header(block.header));
    writer.write_array_header(block.signatures.size());
    for (const proof::HeaderSignature& signature : block.signatures) {
        writer.write_array_header(2);
        writer.write_bytes(signature.key.view());
        writer.write_bytes(signature.signature.view());
    }
    writer.write_array_header(block.transactions.size());
    for (const Bytes& transaction : block.transactions) {
        writer.write_bytes(transaction);
    }
    return out;
}

Result<Block> decode_block(BytesView bytes) {
    if (bytes.size() > block_limit_bytes) {
        return fail(ErrorCode::too_large,
                    "a block of more than " + std::to_string(block_limit_bytes) + " octets");
    }
    Block block;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(3));
    AQD_TRY(header_item, reader.skip());
    AQD_TRY(header, proof::decode_header(header_item));
    block.header = header;
    AQD_TRY(signature_count, reader.read_array_header());
    if (signature_count > proof::signature_limit) {
        return fail(ErrorCode::too_large, "more signatures than a header may have");
    }
    for (std::uint64_t i = 0; i < signature_count; ++i) {
        AQD_CHECK(reader.expect_array(2));
        AQD_TRY(key, reader.read_fixed<crypto::PublicKey>());
        AQD_TRY(signature, reader.read_fixed<crypto::Signature>());
        if (!block.signatures.empty() && block.signatures.back().key >= key) {
            return fail(ErrorCode::non_canonical, "header signatures do not ascend by key");
        }
        block.signatures.push_back({key, signature});
    }
    AQD_TRY(count, reader.read_array_header());
    block.transactions.reserve(count);
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(transaction, reader.read_bytes());
        if (transaction.size() > transaction_limit_bytes) {
            return fail(ErrorCode::too_large, "a transaction over its limit", reader.offset());
        }
        block.transactions.push_back(to_bytes(transaction));
    }
    AQD_CHECK(reader.finish());
    if (transactions_root(block.transactions) != block.header.transactions_root) {
        return fail(ErrorCode::invalid, "the transactions are not those of the header");
    }
    return block;
}

Hash256 transactions_root(std::span<const Bytes> transactions) {
    std::vector<Hash256> leaves;
    leaves.reserve(transactions.size());
    for (const Bytes& transaction : transactions) {
        leaves.push_back(proof::list_leaf_hash(transaction));
    }
    return proof::list_root(leaves);
}

Hash256 receipts_root(std::span<const Receipt> receipts) {
    std::vector<Hash256> leaves;
    leaves.reserve(receipts.size());
    for (const Receipt& receipt : receipts) {
        leaves.push_back(proof::list_leaf_hash(encode_receipt(receipt)));
    }
    return proof::list_root(leaves);
}

Hash256 events_root(std::span<const Receipt> receipts) {
    std::vector<Hash256> leaves;
    for (const Receipt& receipt : receipts) {
        for (const system::Event& event : receipt.events) {
            leaves.push_back(proof::list_leaf_hash(system::encode_event(event)));
        }
    }
    return proof::list_root(leaves);
}

}  // namespace aqd::ledger

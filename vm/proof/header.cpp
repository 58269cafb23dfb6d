#include <aqd/abi/cbor.h>
#include <aqd/crypto/sha256.h>
#include <aqd/proof/header.h>

#include <string>

namespace aqd::proof {

void write_header(abi::Writer& out, const Header& header) {
    out.write_array_header(10);
    out.write_uint(header.version);
    out.write_bytes(header.chain.view());
    out.write_uint(header.height);
    out.write_int(header.time_ns);
    out.write_bytes(header.previous.view());
    out.write_bytes(header.state_root.view());
    out.write_bytes(header.replay_root.view());
    out.write_bytes(header.transactions_root.view());
    out.write_bytes(header.receipts_root.view());
    out.write_bytes(header.events_root.view());
}

Result<Header> read_header(abi::Reader& in) {
    const std::uint64_t begin = in.offset();
    AQD_CHECK(in.expect_array(10));
    AQD_TRY(version, in.read_uint());
    if (version != header_version) {
        return fail(ErrorCode::unsupported, "header version " + std::to_string(version), begin);
    }
    Header header;
    AQD_TRY(chain, in.read_fixed<Hash256>());
    header.chain = chain;
    AQD_TRY(height, in.read_uint());
    header.height = height;
    AQD_TRY(time_ns, in.read_int());
    header.time_ns = time_ns;
    for (Hash256* field : {&header.previous, &header.state_root, &header.replay_root,
                           &header.transactions_root, &header.receipts_root, &header.events_root}) {
        AQD_TRY(hash, in.read_fixed<Hash256>());
        *field = hash;
    }
    const bool is_genesis = height == 0;
    if ((header.chain == Hash256{}) != is_genesis || (header.previous == Hash256{}) != is_genesis) {
        return fail(ErrorCode::invalid,
                    "the genesis header, and no other, has neither a chain nor a header before it",
                    begin);
    }
    return header;
}

Bytes encode_header(const Header& header) {
    Bytes bytes;
    abi::Writer out(bytes);
    write_header(out, header);
    return bytes;
}

Result<Header> decode_header(BytesView bytes) {
    abi::Reader in(bytes);
    AQD_TRY(header, read_header(in));
    AQD_CHECK(in.finish());
    return header;
}

Hash256 header_hash(const Header& header) {
    return crypto::sha256({as_bytes("aqd/header/v1"), encode_header(header)});
}

Hash256 chain_of(const Header& header) {
    return header.height == 0 ? header_hash(header) : header.chain;
}

HeaderSignature sign_header(const Header& header, const crypto::SecretKey& secret) {
    return {crypto::derive_public(secret), crypto::sign(secret, header_hash(header))};
}

void write_signatures(abi::Writer& out, const std::vector<HeaderSignature>& signatures) {
    out.write_array_header(signatures.size());
    for (const HeaderSignature& one : signatures) {
        out.write_array_header(2);
        out.write_bytes(one.key.view());
        out.write_bytes(one.signature.view());
    }
}

Result<std::vector<HeaderSignature>> read_signatures(abi::Reader& in) {
    const std::uint64_t begin = in.offset();
    AQD_TRY(count, in.read_array_header());
    if (count == 0) {
        return fail(ErrorCode::invalid, "the header is not signed", begin);
    }
    if (count > signature_limit) {
        return fail(ErrorCode::too_large,
                    "a header has at most " + std::to_string(signature_limit) + " signatures",
                    begin);
    }
    std::vector<HeaderSignature> signatures;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t at = in.offset();
        AQD_CHECK(in.expect_array(2));
        AQD_TRY(key, in.read_fixed<crypto::PublicKey>());
        AQD_TRY(signature, in.read_fixed<crypto::Signature>());
        if (!signatures.empty() && !(signatures.back().key < key)) {
            return fail(ErrorCode::non_canonical, "signatures do not ascend by key", at);
        }
        signatures.push_back({key, signature});
    }
    return signatures;
}

}  // namespace aqd::proof

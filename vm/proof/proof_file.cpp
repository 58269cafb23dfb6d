#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>
#include <aqd/proof/proof_file.h>

#include <algorithm>
#include <string_view>

namespace aqd::proof {

namespace {

constexpr std::string_view magic = "aqd/proof";
constexpr std::size_t key_limit = 480;
using Seal = FixedBytes<16, struct SealTag>;

/// Over everything before it. The path and the signature vouch for what a file says; the seal also
/// refuses a file whose key was changed to another absent one, which would say something true that
/// nobody asked for.
Seal seal_of(BytesView front) {
    return Seal::from(crypto::sha256({as_bytes("aqd/proof/v1"), front}).view().first(16));
}

Result<> check_signatures(const ProofFile& proof, const Hash256& hash, const Trust& trust) {
    if (trust.header_keys.empty() || trust.required_signatures == 0) {
        return fail(ErrorCode::denied, "no header key of " + trust.name + " is trusted");
    }
    for (const HeaderSignature& one : proof.signatures) {
        if (std::ranges::find(trust.header_keys, one.key) == trust.header_keys.end()) {
            return fail(ErrorCode::denied, "the header is signed by " + to_hex(one.key.view()) +
                                               ", which is not a trusted header key of " +
                                               trust.name);
        }
        if (!crypto::verify(one.key, hash, one.signature)) {
            return fail(ErrorCode::denied,
                        "the signature of " + to_hex(one.key.view()) + " does not fit the header");
        }
    }
    if (proof.signatures.size() < trust.required_signatures) {
        return fail(ErrorCode::denied, "the header has " + std::to_string(proof.signatures.size()) +
                                           " signatures where " + trust.name + " requires " +
                                           std::to_string(trust.required_signatures));
    }
    return {};
}

}  // namespace

Result<Bytes> encode_proof(const ProofFile& proof) {
    Bytes bytes;
    abi::Writer out(bytes);
    out.write_array_header(8);
    out.write_text(magic);
    out.write_uint(proof_version);
    write_header(out, proof.header);
    write_signatures(out, proof.signatures);
    out.write_bytes(proof.key);
    if (proof.value) {
        out.write_bytes(*proof.value);
    } else {
        out.write_null();
    }
    write_path(out, proof.path);
    const Seal seal = seal_of(bytes);
    out.write_bytes(seal.view());
    AQD_CHECK(decode_proof(bytes));
    return bytes;
}

Result<ProofFile> decode_proof(BytesView file) {
    if (file.size() > proof_limit_bytes) {
        return fail(ErrorCode::too_large,
                    "a proof has at most " + std::to_string(proof_limit_bytes) + " octets");
    }
    abi::Reader in(file);
    AQD_CHECK(in.expect_array(8));
    AQD_TRY(what, in.read_text());
    if (what != magic) {
        return fail(ErrorCode::malformed, "this is not an Aqd proof", 0);
    }
    AQD_TRY(version, in.read_uint());
    if (version != proof_version) {
        return fail(ErrorCode::unsupported, "proof version " + std::to_string(version), 0);
    }
    ProofFile proof;
    AQD_TRY(header, read_header(in));
    proof.header = header;
    AQD_TRY(signatures, read_signatures(in));
    proof.signatures = std::move(signatures);
    const std::uint64_t key_at = in.offset();
    AQD_TRY(key, in.read_bytes());
    if (key.empty() || key.size() > key_limit) {
        return fail(ErrorCode::invalid,
                    "a store key has 1 to " + std::to_string(key_limit) + " octets", key_at);
    }
    proof.key = to_bytes(key);
    AQD_TRY(absent, in.take_null());
    if (!absent) {
        AQD_TRY(value, in.read_bytes());
        proof.value = to_bytes(value);
    }
    AQD_TRY(path, read_path(in));
    proof.path = std::move(path);
    const std::uint64_t seal_at = in.offset();
    AQD_TRY(seal, in.read_fixed<Seal>());
    AQD_CHECK(in.finish());
    if (seal != seal_of(file.first(seal_at))) {
        return fail(ErrorCode::corrupt, "the file was changed: its seal does not fit", seal_at);
    }
    return proof;
}

Result<Verified> verify(BytesView file, const Trust& trust) {
    AQD_TRY(proof, decode_proof(file));
    const Hash256 hash = header_hash(proof.header);
    const Hash256 chain = proof.header.height == 0 ? hash : proof.header.chain;
    if (chain != trust.chain) {
        return fail(ErrorCode::denied, "the proof speaks of chain " + to_hex(chain.view()) +
                                           ", not of " + trust.name + " (" +
                                           to_hex(trust.chain.view()) + ")");
    }
    AQD_CHECK(check_signatures(proof, hash, trust));
    std::optional<Hash256> value;
    if (proof.value) {
        value = value_hash(*proof.value);
    }
    AQD_TRY(root, root_from(proof.path, trie_key(proof.key), value));
    if (root != proof.header.state_root) {
        return fail(ErrorCode::invalid,
                    std::string("the path does not meet the state root of block ") +
                        std::to_string(proof.header.height));
    }
    return Verified{proof.header.height, proof.header.time_ns, std::move(proof.key),
                    std::move(proof.value), hash};
}

}  // namespace aqd::proof

#include <aqd/abi/cbor.h>
#include <aqd/base/assert.h>
#include <aqd/crypto/sha256.h>
#include <aqd/proof/list.h>
#include <aqd/proof/proof_file.h>

#include <cstddef>
#include <cstdint>

using namespace aqd;

namespace {

/// A file ends in a seal that no mutation guesses, so every input is tried with its own seal behind
/// it.
Bytes sealed(BytesView front) {
    Bytes file = to_bytes(front);
    file.push_back(0x50);
    append(file, crypto::sha256({as_bytes("aqd/proof/v1"), front}).view().first(16));
    return file;
}

}  // namespace

/// Whatever decodes must encode to the same octets: one spelling a proof.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const BytesView input(data, size);
    for (const Bytes& file : {to_bytes(input), sealed(input)}) {
        if (const auto proof = proof::decode_proof(file)) {
            AQD_ASSERT(proof::encode_proof(*proof).value() == file);
            (void)proof::verify(file, {proof->header.chain, {}, "fuzz"});
        }
    }
    if (const auto header = proof::decode_header(input)) {
        AQD_ASSERT(equal(proof::encode_header(*header), input));
    }
    const auto again = [&](auto read, auto write) {
        abi::Reader in(input);
        const auto value = read(in);
        if (value) {
            Bytes bytes;
            abi::Writer out(bytes);
            write(out, *value);
            AQD_ASSERT(equal(bytes, input.first(in.offset())));
        }
        return value;
    };
    if (const auto path = again(proof::read_path, proof::write_path)) {
        (void)proof::root_from(*path, Hash256{}, std::nullopt);
        (void)proof::root_from(*path, Hash256{}, Hash256{});
    }
    if (const auto path = again(proof::read_list_path, proof::write_list_path)) {
        (void)proof::list_root_from(*path, Hash256{});
    }
    (void)again(proof::read_signatures, proof::write_signatures);
    return 0;
}

#include "cli/trust/trust_file.h"

#include "cli/files/files.h"

#include <aqd/abi/cbor.h>
#include <aqd/abi/keys.h>
#include <aqd/crypto/ecdsa.h>

#include <catch2/catch.hpp>

#include <filesystem>
#include <string>
#include <unistd.h>

namespace aqd::trust {
namespace {

namespace fs = std::filesystem;

TrustFile sample() {
    TrustFile file;
    file.trust.name = "test";
    file.trust.chain.octets.fill(7);
    file.trust.header_keys = {crypto::derive_public(crypto::SecretKey::from_seed(as_bytes("a"))),
                              crypto::derive_public(crypto::SecretKey::from_seed(as_bytes("b")))};
    file.trust.required_signatures = 2;
    file.registers = {{"demo.permit", {"numbers", "names"}}};
    return file;
}

Result<TrustFile> reread(const std::string& text) {
    const fs::path path =
        fs::temp_directory_path() / ("aqd_trust_" + std::to_string(::getpid()) + ".json");
    REQUIRE(files::write(path, as_bytes(text)));
    auto file = read_trust(path);
    fs::remove(path);
    return file;
}

std::string with(const std::string& from, const std::string& to) {
    std::string text = encode_trust(sample());
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

TEST_CASE("a trust file that would trust nobody, or nobody can meet, is refused") {
    CHECK_FALSE(reread(with("\"required_signatures\": 2", "\"required_signatures\": 0")));
    CHECK_FALSE(reread(with("\"required_signatures\": 2", "\"required_signatures\": 3")));
    CHECK_FALSE(reread(with("aqd trust 1", "aqd trust 2")));
    CHECK_FALSE(reread(with("\"chain\": \"07", "\"chain\": \"7")));
    CHECK_FALSE(reread(with("\"name\"", "\"nome\"")));
    CHECK_FALSE(reread("[]"));
    CHECK((reread("{").error().code == ErrorCode::malformed));
}

TEST_CASE("a trust file reads as it was written") {
    const auto file = reread(encode_trust(sample()));
    REQUIRE(file);
    CHECK((file->trust.chain == sample().trust.chain));
    CHECK((file->trust.header_keys == sample().trust.header_keys));
    CHECK(file->trust.required_signatures == 2);
    CHECK((file->registers == sample().registers));
}

TEST_CASE("a key is told by name where the file knows it") {
    const TrustFile file = sample();
    Bytes key;
    abi::Writer(key).write_uint(7);
    const abi::Lineage lineage = abi::lineage_of(file.trust.chain, "demo.permit");
    CHECK(key_text(abi::store_key(abi::KeyKind::register_row, lineage, abi::id8("numbers"), key),
                   file) == "demo.permit.numbers 7");
    CHECK(key_text(abi::store_key(abi::KeyKind::register_row, lineage, abi::id8("other"), key),
                   file) == "row of a register");
    Bytes of_case(21, 0xAB);
    of_case[0] = 2;
    CHECK(key_text(of_case, file).starts_with("case abab"));
    CHECK(key_text({}, file) == "key");
    CHECK(key_text(Bytes{9}, file) == "key");
}

}  // namespace
}  // namespace aqd::trust

#pragma once

#include <aqd/abi/keys.h>
#include <aqd/base/result.h>
#include <aqd/crypto/ecdsa.h>
#include <aqd/crypto/random.h>

#include <filesystem>
#include <string>
#include <string_view>

/// Key files (docs/formats/keyfile.md): JSON, mode 0600, the secret sealed with a passphrase.
namespace aqd::keys {

/// What a key file shows without its passphrase.
struct PublicPart {
    std::string name;
    crypto::PublicKey key;
    abi::Account account;
};

struct Key {
    PublicPart shown;
    crypto::SecretKey secret;
};

/// A key by name from any secret.
Key key_of(std::string_view name, crypto::SecretKey secret);

/// A fresh one.
Key random_key(std::string_view name, crypto::RandomSource& source);

/// The key of an actor in a scenario: SHA-256("aqd/scenario-key/v1" ‖ seed ‖ 0x00 ‖ name) is its
/// seed. Anybody who reads the scenario has it.
Key scenario_key(std::string_view seed, std::string_view name);

/// The 32 octets that stand for a person or a company in a scenario, "#fatima":
/// SHA-256("aqd/scenario-identity/v1" ‖ seed ‖ 0x00 ‖ name).
Hash256 scenario_identity(std::string_view seed, std::string_view name);

/// `conflict` if the file exists: keys are never overwritten.
Result<void> write_key_file(const std::filesystem::path& path, const Key& key,
                            std::string_view passphrase, crypto::RandomSource& source);

/// `denied` if others may read the file; `malformed` or `invalid` if it is no key file.
Result<PublicPart> read_public_part(const std::filesystem::path& path);

/// The same with the secret; `denied` for a wrong passphrase, `corrupt` if the secret is not that
/// of the public key beside it.
Result<Key> read_key_file(const std::filesystem::path& path, std::string_view passphrase);

}  // namespace aqd::keys

#include "cli/keys/key_file.h"

#include "cli/files/files.h"
#include "cli/files/json.h"

#include <aqd/base/hex.h>
#include <aqd/crypto/sealed_box.h>
#include <aqd/crypto/sha256.h>

namespace aqd::keys {
namespace {

constexpr std::string_view format_name = "aqd key 1";
constexpr std::size_t file_limit_bytes = 16 << 10;

struct KeyFile {
    PublicPart shown;
    Bytes box;
};

Result<KeyFile> read_file(const std::filesystem::path& path) {
    AQD_TRY(content, files::read_private(path, file_limit_bytes));
    AQD_TRY(json, files::parse_json(as_text(content), path.string()));
    AQD_TRY(object, files::JsonObject::of(json, files::JsonPath(path.string() + ":")));
    AQD_TRY(format, object.text("format"));
    if (format != format_name) {
        return object.at("format").fail("is not \"" + std::string(format_name) + "\"",
                                        ErrorCode::unsupported);
    }
    AQD_TRY(name, object.text("name"));
    AQD_TRY(account_text, object.text("account"));
    AQD_TRY(public_text, object.text("public"));
    AQD_TRY(sealed_text, object.text("sealed"));
    AQD_CHECK(object.finish());
    const auto account = fixed_from_hex<abi::Account>(account_text);
    const auto public_key = fixed_from_hex<crypto::PublicKey>(public_text);
    auto box = from_hex(sealed_text);
    if (!account || !public_key || !box) {
        return fail(ErrorCode::malformed,
                    path.string() +
                        ": account, public or sealed are not hexadecimal digits of "
                        "their length");
    }
    if (abi::account_of(public_key->view()) != *account) {
        return fail(ErrorCode::corrupt,
                    path.string() + ": the account is not that of the public key");
    }
    return KeyFile{{name, *public_key, *account}, std::move(*box)};
}

}  // namespace

Key key_of(std::string_view name, crypto::SecretKey secret) {
    const crypto::PublicKey public_key = crypto::derive_public(secret);
    return {{std::string(name), public_key, abi::account_of(public_key.view())}, std::move(secret)};
}

Key random_key(std::string_view name, crypto::RandomSource& source) {
    const auto seed = source.draw<Hash256>();
    return key_of(name, crypto::SecretKey::from_seed(seed.view()));
}

Key scenario_key(std::string_view seed, std::string_view name) {
    constexpr std::uint8_t separator[1] = {0};
    const Hash256 own = crypto::sha256(
        {as_bytes("aqd/scenario-key/v1"), as_bytes(seed), separator, as_bytes(name)});
    return key_of(name, crypto::SecretKey::from_seed(own.view()));
}

Hash256 scenario_identity(std::string_view seed, std::string_view name) {
    constexpr std::uint8_t separator[1] = {0};
    return crypto::sha256(
        {as_bytes("aqd/scenario-identity/v1"), as_bytes(seed), separator, as_bytes(name)});
}

Result<void> write_key_file(const std::filesystem::path& path, const Key& key,
                            std::string_view passphrase, crypto::RandomSource& source) {
    AQD_TRY(box, crypto::seal_with_password(passphrase, key.secret.view(), source));
    files::Json json;
    json["format"] = format_name;
    json["name"] = key.shown.name;
    json["account"] = to_hex(key.shown.account.view());
    json["public"] = to_hex(key.shown.key.view());
    json["sealed"] = to_hex(box);
    const std::string text = json.dump(2) + "\n";
    return files::create_private(path, as_bytes(text));
}

Result<PublicPart> read_public_part(const std::filesystem::path& path) {
    AQD_TRY(file, read_file(path));
    return file.shown;
}

Result<Key> read_key_file(const std::filesystem::path& path, std::string_view passphrase) {
    AQD_TRY(file, read_file(path));
    auto octets = crypto::open_with_password(passphrase, file.box);
    if (!octets) {
        return fail(octets.error().code, path.string() + ": " +
                                             (octets.error().code == ErrorCode::denied
                                                  ? "the passphrase does not open it"
                                                  : octets.error().message));
    }
    auto secret = crypto::SecretKey::from_bytes(*octets);
    crypto::wipe(*octets);
    if (!secret || crypto::derive_public(*secret) != file.shown.key) {
        return fail(ErrorCode::corrupt,
                    path.string() + ": the sealed secret is not that of the public key");
    }
    return Key{file.shown, std::move(*secret)};
}

}  // namespace aqd::keys

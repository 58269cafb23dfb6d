#include "cli/ledgers/private_records.h"

#include "cli/files/files.h"
#include "cli/files/json.h"
#include "cli/values/commitment.h"

#include <aqd/abi/keys.h>
#include <aqd/base/hex.h>
#include <aqd/crypto/sealed_box.h>

namespace aqd::ledgers {
namespace {

constexpr std::string_view disclosure_format = "aqd disclosure 1";
constexpr std::size_t key_file_limit_bytes = 4096;

Result<crypto::SealingKey> store_key(const std::filesystem::path& folder,
                                     std::string_view passphrase, crypto::RandomSource& random) {
    const std::filesystem::path path = folder / "store.key";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        crypto::SealingKey fresh = crypto::SealingKey::random(random);
        AQD_TRY(box, crypto::seal_with_password(passphrase, fresh.view(), random));
        AQD_CHECK(files::create_private(path, box));
        return fresh;
    }
    AQD_TRY(box, files::read_private(path, key_file_limit_bytes));
    auto octets = crypto::open_with_password(passphrase, box);
    if (!octets) {
        return fail(octets.error().code, path.string() + ": " +
                                             (octets.error().code == ErrorCode::denied
                                                  ? "the passphrase does not open it"
                                                  : octets.error().message));
    }
    auto key = crypto::SealingKey::from_bytes(*octets);
    crypto::wipe(*octets);
    return key;
}

}  // namespace

Result<std::unique_ptr<store::PrivateStore>> open_private_store(const std::filesystem::path& folder,
                                                                std::string_view passphrase,
                                                                crypto::RandomSource& random) {
    AQD_CHECK(files::make_folder(folder));
    AQD_TRY(key, store_key(folder, passphrase, random));
    return store::PrivateStore::open(folder, key, random);
}

Hash256 SecretCollector::commit(std::string_view module, std::string_view slot, BytesView value,
                                std::string_view holder) {
    store::PrivateRecord record;
    record.value = to_bytes(value);
    record.salt = random_->draw<store::Salt>();
    record.module = module;
    record.slot = slot;
    record.holder = holder;
    record.commitment = values::commitment_of(chain_, abi::lineage_of(chain_, module), slot,
                                              record.salt.view(), value);
    records_.push_back(record);
    return record.commitment;
}

std::string encode_disclosure(const Disclosure& disclosure) {
    files::Json json;
    json["format"] = disclosure_format;
    json["chain"] = to_hex(disclosure.chain.view());
    json["module"] = disclosure.module;
    json["slot"] = disclosure.slot;
    json["salt"] = to_hex(disclosure.salt.view());
    json["value"] = to_hex(disclosure.value);
    json["commitment"] = to_hex(commitment_of(disclosure).view());
    return json.dump(2) + "\n";
}

Result<Disclosure> read_disclosure(const std::filesystem::path& path) {
    AQD_TRY(json, files::read_json(path));
    AQD_TRY(object, files::JsonObject::of(json, files::JsonPath(path.string() + ":")));
    AQD_TRY(format, object.text("format"));
    if (format != disclosure_format) {
        return object.at("format").fail("is not \"" + std::string(disclosure_format) + "\"",
                                        ErrorCode::unsupported);
    }
    AQD_TRY(chain_text, object.text("chain"));
    AQD_TRY(module, object.text("module"));
    AQD_TRY(slot, object.text("slot"));
    AQD_TRY(salt_text, object.text("salt"));
    AQD_TRY(value_text, object.text("value"));
    // For people: what counts is what the rest adds up to.
    AQD_TRY(claimed_text, object.text_or("commitment", ""));
    AQD_CHECK(object.finish());
    const auto chain = fixed_from_hex<Hash256>(chain_text);
    const auto salt = fixed_from_hex<store::Salt>(salt_text);
    const auto value = from_hex(value_text);
    if (!chain || !salt || !value) {
        return object.path().fail("chain, salt or value are not hexadecimal digits of their length",
                                  ErrorCode::malformed);
    }
    Disclosure disclosure{*chain, module, slot, *salt, *value};
    if (!claimed_text.empty() && claimed_text != to_hex(commitment_of(disclosure).view())) {
        return object.at("commitment")
            .fail("is not what value, salt and slot add up to: the copy was changed",
                  ErrorCode::denied);
    }
    return disclosure;
}

Hash256 commitment_of(const Disclosure& disclosure) {
    return values::commitment_of(disclosure.chain,
                                 abi::lineage_of(disclosure.chain, disclosure.module),
                                 disclosure.slot, disclosure.salt.view(), disclosure.value);
}

}  // namespace aqd::ledgers

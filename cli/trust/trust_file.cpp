#include "cli/trust/trust_file.h"

#include "cli/files/json.h"

#include <aqd/abi/cbor.h>
#include <aqd/abi/keys.h>
#include <aqd/base/hex.h>

#include <array>

namespace aqd::trust {
namespace {

constexpr std::string_view format_name = "aqd trust 1";

Result<void> read_registers(files::JsonObject& object, TrustFile& out) {
    const files::Json* json = object.find("registers");
    if (json == nullptr) {
        return {};
    }
    AQD_TRY(modules, files::JsonObject::of(*json, object.at("registers")));
    for (const auto& [path, unread] : json->items()) {
        AQD_TRY(names, modules.list_or_none(path));
        for (std::size_t i = 0; names != nullptr && i < names->size(); ++i) {
            if (!(*names)[i].is_string()) {
                return modules.at(path).element(i).fail("is not a text");
            }
            out.registers[path].push_back((*names)[i].get<std::string>());
        }
    }
    return {};
}

/// The name in a register's key: octets 33 to 40 are `abi::id8` of it.
std::uint64_t name_in(BytesView key) {
    std::uint64_t name = 0;
    for (const std::uint8_t octet : key.subspan(1 + abi::Lineage::size_bytes, 8)) {
        name = (name << 8U) | octet;
    }
    return name;
}

}  // namespace

std::string encode_trust(const TrustFile& file) {
    files::Json json;
    json["format"] = format_name;
    json["name"] = file.trust.name;
    json["chain"] = to_hex(file.trust.chain.view());
    json["header_keys"] = files::Json::array();
    for (const crypto::PublicKey& key : file.trust.header_keys) {
        json["header_keys"].push_back(to_hex(key.view()));
    }
    json["required_signatures"] = file.trust.required_signatures;
    json["registers"] = files::Json::object();
    for (const auto& [path, names] : file.registers) {
        json["registers"][path] = names;
    }
    return json.dump(2) + "\n";
}

Result<TrustFile> read_trust(const std::filesystem::path& path) {
    AQD_TRY(json, files::read_json(path));
    AQD_TRY(object, files::JsonObject::of(json, files::JsonPath(path.string() + ":")));
    AQD_TRY(format, object.text("format"));
    if (format != format_name) {
        return object.at("format").fail("is not \"" + std::string(format_name) + "\"",
                                        ErrorCode::unsupported);
    }
    TrustFile file;
    AQD_TRY(name, object.text("name"));
    file.trust.name = name;
    AQD_TRY(chain_text, object.text("chain"));
    const auto chain = fixed_from_hex<Hash256>(chain_text);
    if (!chain) {
        return object.at("chain").fail(chain.error());
    }
    file.trust.chain = *chain;
    AQD_TRY(keys, object.list_or_none("header_keys"));
    for (std::size_t i = 0; keys != nullptr && i < keys->size(); ++i) {
        const auto& word = (*keys)[i];
        const auto key = fixed_from_hex<crypto::PublicKey>(
            word.is_string() ? word.get<std::string>() : std::string());
        if (!key) {
            return object.at("header_keys").element(i).fail(key.error());
        }
        file.trust.header_keys.push_back(*key);
    }
    AQD_TRY(required, object.number_or("required_signatures", 1));
    if (required == 0 || required > file.trust.header_keys.size()) {
        return object.at("required_signatures").fail("is not between 1 and the number of keys");
    }
    file.trust.required_signatures = static_cast<std::size_t>(required);
    AQD_CHECK(read_registers(object, file));
    AQD_CHECK(object.finish());
    return file;
}

std::string key_text(BytesView key, const TrustFile& file) {
    constexpr std::array<std::string_view, 8> kinds = {"row of the ledger itself",
                                                       "row of a register",
                                                       "case",
                                                       "unique value",
                                                       "row of an index",
                                                       "timer",
                                                       "obligation",
                                                       "question"};
    if (key.empty() || key[0] >= kinds.size()) {
        return "key";
    }
    const auto kind = static_cast<abi::KeyKind>(key[0]);
    std::string text(kinds[key[0]]);
    const bool of_case = kind == abi::KeyKind::case_row || kind == abi::KeyKind::obligation ||
                         kind == abi::KeyKind::question;
    if (of_case && key.size() > abi::CaseId::size_bytes) {
        return text + (kind == abi::KeyKind::case_row ? " " : " of case ") +
               to_hex(key.subspan(1, abi::CaseId::size_bytes));
    }
    if (kind == abi::KeyKind::register_row && key.size() > 1 + abi::Lineage::size_bytes + 8) {
        const auto lineage = abi::Lineage::from(key.subspan(1));
        for (const auto& [path, names] : file.registers) {
            for (const std::string& name : names) {
                if (abi::lineage_of(file.trust.chain, path) == lineage &&
                    abi::id8(name) == name_in(key)) {
                    const auto row =
                        abi::decode_value(key.subspan(1 + abi::Lineage::size_bytes + 8));
                    return path + "." + name + (row ? " " + abi::to_diagnostic(*row) : "");
                }
            }
        }
    }
    return text;
}

}  // namespace aqd::trust

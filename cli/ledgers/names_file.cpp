#include "cli/ledgers/names_file.h"

#include "cli/files/files.h"
#include "cli/files/json.h"

#include <aqd/base/hex.h>

namespace aqd::ledgers {
namespace {

using files::Json;

constexpr std::string_view file_name = "names.json";

Result<NamesFile> parse(const Json& json, const files::JsonPath& path) {
    AQD_TRY(object, files::JsonObject::of(json, path));
    NamesFile names;
    if (object.find("seed") != nullptr) {
        AQD_TRY(seed, object.text("seed"));
        names.seed = seed;
    }
    AQD_TRY(block_actor, object.text_or("block_actor", ""));
    names.block_actor = block_actor;
    AQD_TRY(actors, object.list_or_none("actors"));
    for (std::size_t i = 0; actors != nullptr && i < actors->size(); ++i) {
        if (!(*actors)[i].is_string()) {
            return object.at("actors").element(i).fail("is not a text");
        }
        names.actors.push_back((*actors)[i].get<std::string>());
    }
    if (const Json* labels = object.find("labels"); labels != nullptr) {
        for (const auto& [body, label] : labels->items()) {
            if (!label.is_string()) {
                return object.at("labels").member(body).fail("is not a text");
            }
            names.labels[body] = label.get<std::string>();
        }
    }
    if (const Json* cases = object.find("cases"); cases != nullptr) {
        for (const auto& [name, digits] : cases->items()) {
            const auto id = fixed_from_hex<abi::CaseId>(
                digits.is_string() ? digits.get<std::string>() : std::string());
            if (!id) {
                return object.at("cases").member(name).fail(id.error());
            }
            names.cases[name] = *id;
        }
    }
    AQD_CHECK(object.finish());
    return names;
}

}  // namespace

Result<NamesFile> read_names(const std::filesystem::path& ledger_folder) {
    const std::filesystem::path path = ledger_folder / file_name;
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        return NamesFile();
    }
    AQD_TRY(json, files::read_json(path));
    return parse(json, files::JsonPath(path.string() + ":"));
}

Result<void> write_names(const std::filesystem::path& ledger_folder, const NamesFile& names) {
    Json json = Json::object();
    if (names.seed) {
        json["seed"] = *names.seed;
    }
    json["block_actor"] = names.block_actor;
    json["actors"] = names.actors;
    json["labels"] = Json::object();
    for (const auto& [body, label] : names.labels) {
        json["labels"][body] = label;
    }
    json["cases"] = Json::object();
    for (const auto& [name, id] : names.cases) {
        if (name.starts_with('_')) {
            continue;
        }
        json["cases"][name] = to_hex(id.view());
    }
    const std::string text = json.dump(2) + "\n";
    return files::write(ledger_folder / file_name, as_bytes(text));
}

}  // namespace aqd::ledgers

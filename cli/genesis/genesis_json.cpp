#include "cli/genesis/genesis_json.h"

#include "cli/files/csv.h"
#include "cli/files/json.h"
#include "cli/genesis/bodies.h"
#include "cli/genesis/moment.h"
#include "cli/keys/key_file.h"

#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>

#include <algorithm>
#include <array>
#include <memory>

namespace aqd::genesis {
namespace {

using files::Json;
using files::JsonObject;
using files::JsonPath;

Result<std::int64_t> utc_time(const std::string& text, const JsonPath& path) {
    if (!text.ends_with('Z')) {
        return path.fail("\"" + text + "\" is not a time in UTC, such as \"2026-01-01T00:00:00Z\"");
    }
    const auto seconds = calendar::parse_time(text);
    if (!seconds) {
        return path.fail(seconds.error());
    }
    return *seconds;
}

Result<void> read_offsets(JsonObject& root, ledger::Genesis& out) {
    AQD_TRY(list, root.list_or_none("offsets"));
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const JsonPath here = root.at("offsets").element(i);
        AQD_TRY(object, JsonObject::of((*list)[i], here));
        AQD_TRY(from_text, object.text("from"));
        AQD_TRY(offset_text, object.text("offset"));
        AQD_CHECK(object.finish());
        AQD_TRY(from, utc_time(from_text, object.at("from")));
        AQD_TRY(seconds, parse_offset(offset_text, object.at("offset")));
        if (!out.offsets.empty() && out.offsets.back().from >= from) {
            return object.at("from").fail("is not later than the entry before it");
        }
        out.offsets.push_back({from, seconds});
    }
    return {};
}

Result<std::uint8_t> weekday_bit(const Json& json, const JsonPath& path) {
    constexpr std::array<std::string_view, 7> days = {"monday", "tuesday",  "wednesday", "thursday",
                                                      "friday", "saturday", "sunday"};
    const auto found =
        json.is_string() ? std::ranges::find(days, json.get_ref<const std::string&>()) : days.end();
    if (found == days.end()) {
        return path.fail("is not a day of the week, \"monday\" … \"sunday\"");
    }
    return static_cast<std::uint8_t>(1U << (found - days.begin()));
}

/// A holiday is a date, or {"date": …, "name": …}: the name is for those who read the file.
Result<std::int32_t> holiday_of(const Json& json, const JsonPath& path) {
    std::string text;
    if (json.is_string()) {
        text = json.get<std::string>();
    } else {
        AQD_TRY(object, JsonObject::of(json, path));
        AQD_TRY(date, object.text("date"));
        AQD_CHECK(object.text("name"));
        AQD_CHECK(object.finish());
        text = date;
    }
    const auto day = calendar::parse_date(text);
    if (!day) {
        return path.fail(day.error());
    }
    return *day;
}

Result<void> read_calendars(JsonObject& root, const std::filesystem::path& directory,
                            ledger::Genesis& out) {
    AQD_TRY(list, root.list_or_none("calendars"));
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const JsonPath here = root.at("calendars").element(i);
        AQD_TRY(object, JsonObject::of((*list)[i], here));
        ledger::Genesis::Calendar calendar;
        AQD_TRY(module, object.text("module"));
        calendar.path = module;
        AQD_TRY(closed, object.list_or_none("closed"));
        for (std::size_t day = 0; closed != nullptr && day < closed->size(); ++day) {
            AQD_TRY(bit, weekday_bit((*closed)[day], object.at("closed").element(day)));
            calendar.closed_weekdays |= bit;
        }
        AQD_TRY(holidays, object.list_or_none("holidays"));
        if (holidays != nullptr) {
            AQD_TRY(rows, files::expand_each(*holidays, directory, object.at("holidays")));
            for (std::size_t day = 0; day < rows.size(); ++day) {
                AQD_TRY(date, holiday_of(rows[day], object.at("holidays").element(day)));
                calendar.holidays.push_back(date);
            }
        }
        AQD_CHECK(object.finish());
        std::ranges::sort(calendar.holidays);
        const auto twice = std::ranges::adjacent_find(calendar.holidays);
        if (twice != calendar.holidays.end()) {
            return object.at("holidays").fail(calendar::format_date(*twice) + " is there twice");
        }
        out.calendars.push_back(std::move(calendar));
    }
    return {};
}

template <class Number>
Result<void> read_rule(JsonObject& object, std::string_view name, Number& out) {
    AQD_TRY(value, object.number_or(name, out));
    if (value > std::numeric_limits<Number>::max()) {
        return object.at(name).fail("is too large");
    }
    out = static_cast<Number>(value);
    return {};
}

Result<void> read_rules(JsonObject& root, ledger::Rules& out) {
    const Json* json = root.find("rules");
    if (json == nullptr) {
        return {};
    }
    AQD_TRY(object, JsonObject::of(*json, root.at("rules")));
    AQD_CHECK(read_rule(object, "transaction_gas", out.transaction_gas));
    AQD_CHECK(read_rule(object, "block_gas", out.block_gas));
    AQD_CHECK(read_rule(object, "automatic_gas", out.automatic_gas));
    AQD_CHECK(read_rule(object, "timers_per_block", out.timers_per_block));
    AQD_CHECK(read_rule(object, "deliveries_per_block", out.deliveries_per_block));
    AQD_CHECK(read_rule(object, "calls_per_block", out.calls_per_block));
    AQD_CHECK(read_rule(object, "module_bytes", out.module_bytes));
    AQD_CHECK(read_rule(object, "memory_pages", out.memory_pages));
    AQD_CHECK(read_rule(object, "assertion_seconds", out.assertion_seconds));
    AQD_CHECK(read_rule(object, "gas_schedule", out.gas_schedule));
    return object.finish();
}

/// The keys that the file names: actors, of the seed or with a key of their own.
class Actors {
  public:
    Actors(std::optional<std::string> seed, std::filesystem::path directory)
        : seed_(std::move(seed)), directory_(std::move(directory)) {}

    Result<void> read(JsonObject& root, std::vector<std::string>& names) {
        const Json* json = root.find("actors");
        if (json == nullptr) {
            return {};
        }
        const JsonPath path = root.at("actors");
        if (json->is_array()) {
            AQD_TRY(list, files::expand_each(*json, directory_, path));
            for (std::size_t i = 0; i < list.size(); ++i) {
                AQD_CHECK(add_derived(list[i], path.element(i)));
            }
        } else if (json->is_object()) {
            for (const auto& [name, key] : json->items()) {
                AQD_CHECK(add_given(name, key, path.member(name)));
            }
        } else {
            return path.fail("is neither a list of names nor an object of public keys");
        }
        for (const auto& [name, key] : keys_) {
            names.push_back(name);
        }
        return {};
    }

    [[nodiscard]] Result<crypto::PublicKey> key(const std::string& word) const {
        const std::string name = word.starts_with('$') ? word.substr(1) : word;
        if (const auto found = keys_.find(name); found != keys_.end()) {
            return found->second;
        }
        if (word.size() == 2 * crypto::PublicKey::size_bytes) {
            AQD_TRY(key, fixed_from_hex<crypto::PublicKey>(word));
            return key;
        }
        return fail(ErrorCode::not_found,
                    "\"" + word + "\" is neither an actor of this file nor a public key");
    }

    [[nodiscard]] Result<abi::Account> account(const std::string& word) const {
        if (word.size() == 2 * abi::Account::size_bytes) {
            if (const auto account = fixed_from_hex<abi::Account>(word)) {
                return *account;
            }
        }
        AQD_TRY(found, key(word));
        return abi::account_of(found.view());
    }

    /// "$anfa": the account of an actor; "#fatima": an identity of the seed.
    [[nodiscard]] std::optional<Json> word(std::string_view text) const {
        if (text.starts_with('#') && seed_) {
            return Json(to_hex(keys::scenario_identity(*seed_, text.substr(1)).view()));
        }
        const auto found = account(std::string(text));
        return found ? std::optional<Json>(to_hex(found->view())) : std::nullopt;
    }

  private:
    /// A name, or {"name": …} so that a list may be repeated over a table.
    Result<void> add_derived(const Json& json, const JsonPath& path) {
        if (!seed_) {
            return path.fail("a list of names needs a \"seed\" that their keys derive from");
        }
        const Json& name = json.is_object() && json.contains("name") ? json["name"] : json;
        if (!name.is_string()) {
            return path.fail("is not a name");
        }
        keys_.emplace(name.get<std::string>(),
                      keys::scenario_key(*seed_, name.get<std::string>()).shown.key);
        return {};
    }

    Result<void> add_given(const std::string& name, const Json& json, const JsonPath& path) {
        if (!json.is_string()) {
            return path.fail("is neither a public key nor \"@keyfile\"");
        }
        const auto& text = json.get_ref<const std::string&>();
        if (text.starts_with('@')) {
            const auto file = keys::read_public_part(directory_ / text.substr(1));
            if (!file) {
                return path.fail(file.error());
            }
            keys_[name] = file->key;
            return {};
        }
        const auto key = fixed_from_hex<crypto::PublicKey>(text);
        if (!key) {
            return path.fail(key.error());
        }
        keys_[name] = *key;
        return {};
    }

    std::optional<std::string> seed_;
    std::filesystem::path directory_;
    std::map<std::string, crypto::PublicKey> keys_;
};

Result<void> read_clock(JsonObject& root, GenesisFile& out) {
    AQD_TRY(name, root.text("name"));
    out.genesis.name = name;
    AQD_TRY(time_text, root.text("time"));
    AQD_TRY(seconds, utc_time(time_text, root.at("time")));
    out.genesis.time_ns = seconds * nanoseconds_per_second;
    AQD_TRY(clock, root.text_or("clock", "system"));
    if (clock != "system" && clock != "manual") {
        return root.at("clock").fail("is neither \"system\" nor \"manual\"");
    }
    out.genesis.clock = clock == "manual" ? ledger::Clock::manual : ledger::Clock::system;
    if (root.find("seed") != nullptr) {
        AQD_TRY(seed, root.text("seed"));
        if (out.genesis.clock != ledger::Clock::manual) {
            return root.at("seed").fail(
                "keys that derive from a seed are known to every reader of "
                "this file: only a chain with a manual clock may have them");
        }
        out.seed = seed;
    }
    return {};
}

/// Lists of keys and accounts; each word is an actor or digits.
template <class One, class Find>
Result<void> read_words(JsonObject& root, std::string_view name, std::vector<One>& out,
                        const Find& find) {
    AQD_TRY(list, root.list_or_none(name));
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const JsonPath here = root.at(name).element(i);
        if (!(*list)[i].is_string()) {
            return here.fail("is not a text");
        }
        const Result<One> one = find((*list)[i].template get<std::string>());
        if (!one) {
            return here.fail(one.error());
        }
        out.push_back(*one);
    }
    return {};
}

Result<void> read_modules(JsonObject& root, const ModuleReader& modules, const Actors& actors,
                          Reading& reading, ledger::Genesis& out) {
    AQD_TRY(list, root.list_or_none("modules"));
    for (std::size_t i = 0; list != nullptr && i < list->size(); ++i) {
        const JsonPath here = root.at("modules").element(i);
        Json json = (*list)[i];
        if (json.is_string()) {
            json = Json{{"file", json}};
        }
        AQD_TRY(object, JsonObject::of(json, here));
        AQD_TRY(file, object.text("file"));
        AQD_TRY(owner, object.text_or("owner", ""));
        AQD_CHECK(object.finish());
        ledger::Genesis::Module module;
        if (!owner.empty()) {
            const auto account = actors.account(owner);
            if (!account) {
                return object.at("owner").fail(account.error());
            }
            module.owner = *account;
        } else if (!out.operators.empty()) {
            module.owner = out.operators.front();
        } else {
            return here.fail("has no \"owner\", and the chain has no operators");
        }
        const std::filesystem::path path = reading.directory / file;
        auto wasm = modules(path);
        if (!wasm) {
            return here.fail(wasm.error());
        }
        const auto manifest = manifest_of(*wasm, path);
        if (!manifest) {
            return here.fail(manifest.error());
        }
        module.wasm = std::move(*wasm);
        reading.types.add(*manifest);
        reading.manifests.push_back(*manifest);
        out.modules.push_back(std::move(module));
    }
    return {};
}

Result<GenesisFile> read_document(const Json& json, const std::filesystem::path& path,
                                  const ModuleReader& modules) {
    AQD_TRY(root, JsonObject::of(json, JsonPath()));
    GenesisFile out;
    AQD_CHECK(read_clock(root, out));
    Reading reading;
    reading.directory = path.parent_path();
    Actors actors(out.seed, reading.directory);
    AQD_CHECK(actors.read(root, out.actors));
    reading.key_of = [&](const std::string& word) { return actors.key(word); };
    reading.account_of = [&](const std::string& word) { return actors.account(word); };
    reading.around.types = &reading.types;
    reading.around.names = [&](std::string_view word) { return actors.word(word); };
    reading.around.directory = reading.directory;
    reading.around.bodies_of_any_kind = false;

    AQD_CHECK(read_offsets(root, out.genesis));
    AQD_CHECK(read_calendars(root, reading.directory, out.genesis));
    AQD_CHECK(read_words(root, "header_keys", out.genesis.header_keys, reading.key_of));
    AQD_CHECK(read_words(root, "operators", out.genesis.operators, reading.account_of));
    if (out.genesis.header_keys.empty()) {
        return root.at("header_keys").fail("names nobody who may sign blocks");
    }
    AQD_CHECK(read_rules(root, out.genesis.rules));
    AQD_CHECK(read_modules(root, modules, actors, reading, out.genesis));
    if (const Json* bodies = root.find("bodies"); bodies != nullptr) {
        AQD_CHECK(read_bodies(*bodies, root.at("bodies"), reading, out));
    }
    AQD_TRY(mandates, root.list_or_none("mandates"));
    if (mandates != nullptr) {
        AQD_CHECK(read_mandates(*mandates, root.at("mandates"), reading, out));
    }
    if (const Json* rows = root.find("registers"); rows != nullptr) {
        AQD_CHECK(read_rows(*rows, root.at("registers"), reading, out));
    }
    AQD_CHECK(root.finish());
    return out;
}

}  // namespace

Result<GenesisFile> read_genesis(const std::filesystem::path& path, const ModuleReader& modules) {
    AQD_TRY(json, files::read_json(path));
    auto file = read_document(json, path, modules);
    if (!file) {
        return fail(file.error().code, path.string() + ": " + file.error().message);
    }
    return file;
}

}  // namespace aqd::genesis

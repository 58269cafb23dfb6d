#include "cli/genesis/module_file.h"
#include "cli/ledgers/case_view.h"
#include "cli/screen/table.h"
#include "cli/sources/sources.h"
#include "cli/values/describe.h"
#include "cli/values/period_text.h"
#include "cli/verbs/diagram.h"
#include "cli/verbs/verbs.h"

#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>
#include <aqd/gas/regions.h>
#include <aqd/gas/schedule.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/disassemble.h>
#include <aqd/wasm/validate.h>

#include <array>
#include <memory>

namespace aqd::verbs {
namespace {

using screen::Exit;
using screen::Json;
using screen::Style;

struct Options {
    std::string file;
    bool mermaid = false;
    bool code = false;
    bool gas = false;
};

std::string_view kind_name(abi::EntryKind kind) {
    constexpr std::array<std::string_view, 11> names = {
        "action",   "view",        "start",        "step",  "access",      "deadline",
        "listener", "case_notice", "start_on_ask", "reply", "acknowledged"};
    return names[static_cast<std::size_t>(kind)];
}

std::string joined(const std::vector<std::string>& words, std::string_view between) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : std::string(between)) + word;
    }
    return text;
}

std::string parameters_text(const std::vector<abi::Field>& fields) {
    std::string text;
    for (const abi::Field& field : fields) {
        text += (text.empty() ? "" : ", ") + field.name + ": " + values::type_text(field.type);
    }
    return "(" + text + ")";
}

std::vector<std::string> state_names(const abi::Procedure* procedure,
                                     const std::vector<std::uint32_t>& ordinals) {
    std::vector<std::string> names;
    names.reserve(ordinals.size());
    for (const std::uint32_t ordinal : ordinals) {
        names.push_back(procedure != nullptr && ordinal < procedure->states.size()
                            ? procedure->states[ordinal].name
                            : "#" + std::to_string(ordinal));
    }
    return names;
}

Json labels_json(const std::vector<abi::Label>& labels) {
    Json json = Json::object();
    for (const abi::Label& label : labels) {
        json[label.language] = label.text;
    }
    return json;
}

Json fields_json(const std::vector<abi::Field>& fields) {
    Json json = Json::object();
    for (const abi::Field& field : fields) {
        json[field.name] = values::type_text(field.type);
    }
    return json;
}

Json entry_json(const abi::Manifest& manifest, const abi::Entry& entry) {
    const abi::Procedure* procedure = manifest.procedure(entry.procedure);
    return {{"name", entry.name},
            {"kind", kind_name(entry.kind)},
            {"parameters", fields_json(entry.parameters)},
            {"result", values::type_text(entry.result)},
            {"actors", entry.actors},
            {"from_none", entry.from_none},
            {"sources", state_names(procedure, entry.sources)},
            {"targets", state_names(procedure, entry.targets)},
            {"once", entry.once},
            {"backdated_days", entry.backdated_days},
            {"basis", entry.basis},
            {"purpose", entry.purpose},
            {"doc", entry.doc}};
}

Json procedure_json(const abi::Procedure& procedure) {
    Json states = Json::array();
    for (const abi::State& state : procedure.states) {
        states.push_back({{"name", state.name},
                          {"settled", state.settled},
                          {"waits", state.waits},
                          {"labels", labels_json(state.labels)}});
    }
    Json deadlines = Json::array();
    for (const abi::Deadline& deadline : procedure.deadlines) {
        deadlines.push_back({{"name", deadline.name},
                             {"period", deadline.period},
                             {"states", state_names(&procedure, deadline.states)},
                             {"targets", state_names(&procedure, deadline.targets)},
                             {"basis", deadline.basis},
                             {"exact", deadline.exact},
                             {"breach", deadline.breach}});
    }
    Json secrets = Json::array();
    for (const abi::Secret& secret : procedure.secrets) {
        secrets.push_back({{"name", secret.name},
                           {"type", values::type_text(secret.type)},
                           {"kind", secret.kind},
                           {"held_by", secret.held_by},
                           {"purge", secret.purge}});
    }
    return {{"name", procedure.name},
            {"labels", labels_json(procedure.labels)},
            {"parameters", fields_json(procedure.parameters)},
            {"unique", procedure.unique},
            {"calendar", procedure.calendar},
            {"states", states},
            {"deadlines", deadlines},
            {"secrets", secrets},
            {"data", fields_json(procedure.data)}};
}

Json manifest_json(const abi::Manifest& manifest, const Hash256& hash, std::size_t bytes) {
    Json json;
    json["module"] = manifest.path;
    json["version"] = manifest.version;
    json["abi"] = manifest.abi;
    json["hash"] = to_hex(hash.view());
    json["source_hash"] = to_hex(manifest.source_hash.view());
    json["bytes"] = bytes;
    json["serves"] = manifest.serves;
    json["uses"] = Json::array();
    for (std::size_t i = 1; i < manifest.modules.size(); ++i) {
        json["uses"].push_back(manifest.modules[i].path);
    }
    json["entries"] = Json::array();
    for (const abi::Entry& entry : manifest.entries) {
        json["entries"].push_back(entry_json(manifest, entry));
    }
    json["procedures"] = Json::array();
    for (const abi::Procedure& procedure : manifest.procedures) {
        json["procedures"].push_back(procedure_json(procedure));
    }
    json["registers"] = Json::array();
    for (const abi::Register& one : manifest.registers) {
        json["registers"].push_back({{"name", one.name},
                                     {"key", values::type_text(one.key)},
                                     {"value", values::type_text(one.value)},
                                     {"owner", one.owner},
                                     {"changed_by", one.changed_by}});
    }
    json["errors"] = Json::array();
    for (const abi::ErrorText& error : manifest.errors) {
        json["errors"].push_back({{"name", error.name}, {"texts", labels_json(error.texts)}});
    }
    json["public_texts"] = manifest.public_texts;
    return json;
}

void show_entries(screen::Screen& screen, const abi::Manifest& manifest) {
    screen::Table table;
    for (const abi::Entry& entry : manifest.entries) {
        const abi::Procedure* procedure = manifest.procedure(entry.procedure);
        std::vector<std::string> sources = state_names(procedure, entry.sources);
        if (entry.from_none) {
            sources.insert(sources.begin(), "none");
        }
        const std::string from = joined(sources, " | ");
        const std::string to = joined(state_names(procedure, entry.targets), " | ");
        table.row({std::string(kind_name(entry.kind)),
                   screen.paint(Style::bold, entry.name) + parameters_text(entry.parameters),
                   from.empty() && to.empty() ? "" : from + " → " + to,
                   joined(entry.actors, " | ")});
    }
    screen.text(table.text());
}

void show_procedure(screen::Screen& screen, const abi::Manifest& manifest,
                    const abi::Procedure& procedure, const Options& options) {
    screen.line();
    screen.line(screen.paint(Style::bold, "procedure " + procedure.name) + "   " +
                ledgers::label_text(procedure.labels, procedure.name));
    if (options.mermaid) {
        screen.text(mermaid_diagram(manifest, procedure));
    } else {
        screen.text(text_diagram(manifest, procedure));
    }
    screen::Table table;
    for (const abi::Deadline& deadline : procedure.deadlines) {
        table.row({"deadline", deadline.name, deadline.period,
                   "in " + joined(state_names(&procedure, deadline.states), " | ") + " → " +
                       joined(state_names(&procedure, deadline.targets), " | ") +
                       (deadline.breach ? ", a breach" : "") + (deadline.exact ? ", exact" : ""),
                   deadline.basis});
    }
    for (const abi::Secret& secret : procedure.secrets) {
        table.row(
            {"secret", secret.name, values::type_text(secret.type),
             "held by " + secret.held_by + (secret.purge.empty() ? "" : ", purge " + secret.purge),
             secret.kind});
    }
    screen.text(table.text());
}

void show_rest(screen::Screen& screen, const abi::Manifest& manifest) {
    screen::Table table;
    for (const abi::Register& one : manifest.registers) {
        table.row({"register", one.name,
                   values::type_text(one.key) + " -> " + values::type_text(one.value),
                   one.changed_by.empty() ? "" : "changed by " + joined(one.changed_by, " | ")});
    }
    for (const abi::Notice& notice : manifest.notices) {
        table.row({"notice", notice.name, parameters_text(notice.fields),
                   (notice.acknowledge_within
                        ? "acknowledge within " + values::period_text(*notice.acknowledge_within)
                        : "") +
                       (notice.act_within ? " act within " + values::period_text(*notice.act_within)
                                          : "")});
    }
    for (const abi::Exchange& exchange : manifest.exchanges) {
        table.row({"exchange", exchange.name,
                   parameters_text(exchange.question) + " -> " + parameters_text(exchange.reply),
                   exchange.purpose});
    }
    for (const abi::ErrorText& error : manifest.errors) {
        table.row({"error", error.name.empty() ? "(unnamed)" : error.name,
                   ledgers::label_text(error.texts, ""), ""});
    }
    for (const std::string& text : manifest.public_texts) {
        table.row({"public", text, "free text that everybody can read", ""});
    }
    if (!table.empty()) {
        screen.line();
        screen.text(table.text());
    }
}

/// What entering each exported function costs, and how many regions it has.
Json gas_json(const wasm::ValidatedModule& module, const gas::Schedule& schedule) {
    Json functions = Json::array();
    for (const wasm::Export& one : module->exports) {
        if (one.kind != wasm::ExternalKind::function || one.index < module->imported_functions) {
            continue;
        }
        const std::uint32_t body = one.index - module->imported_functions;
        const auto regions = gas::region_costs(module, body, schedule);
        std::uint64_t straight = 0;
        std::uint32_t largest = 0;
        for (const gas::RegionCost& region : regions) {
            straight += region.cost;
            largest = std::max(largest, region.cost);
        }
        functions.push_back({{"export", one.name},
                             {"octets", module->bodies[body].code.size},
                             {"regions", regions.size()},
                             {"entry_gas", regions.empty() ? 0 : regions.front().cost},
                             {"largest_region_gas", largest},
                             {"all_regions_gas", straight}});
    }
    Json classes = Json::object();
#define AQD_PRICE(name, price) \
    classes[#name] = schedule.class_price[static_cast<std::size_t>(wasm::GasClass::name)];
#define AQD_RATE(name, value)
#include <aqd/gas/schedule_1.def>
#undef AQD_PRICE
#undef AQD_RATE
    return {{"schedule", schedule.version}, {"classes", classes}, {"functions", functions}};
}

void show_gas(screen::Screen& screen, const Json& gas) {
    screen.line();
    screen.line(screen.paint(Style::bold, "gas") + "   schedule " + gas["schedule"].dump());
    screen::Table prices;
    for (const auto& [name, price] : gas["classes"].items()) {
        prices.row({name, price.dump()});
    }
    prices.align_right(1);
    screen.text(prices.text());
    screen::Table table;
    for (std::size_t column = 1; column < 5; ++column) {
        table.align_right(column);
    }
    table.row({"function", "octets", "regions", "on entry", "largest region"});
    for (const Json& one : gas["functions"]) {
        table.row({one["export"].get<std::string>(), one["octets"].dump(), one["regions"].dump(),
                   one["entry_gas"].dump(), one["largest_region_gas"].dump()});
    }
    screen.text(table.text());
}

screen::Outcome run(screen::Screen& screen, const Options& options) {
    AQD_TRY(wasm_bytes, sources::read_module(options.file));
    AQD_TRY(manifest, genesis::manifest_of(wasm_bytes, options.file));
    AQD_TRY(decoded, wasm::decode(wasm_bytes));
    AQD_TRY(module, wasm::validate(std::move(decoded)));
    const Hash256 hash = crypto::sha256(wasm_bytes);
    Json json = manifest_json(manifest, hash, wasm_bytes.size());

    screen.line(screen.paint(Style::bold, manifest.path) + " version " +
                std::to_string(manifest.version) + " from " + values::date_text(manifest.from) +
                " · " + std::to_string(wasm_bytes.size()) + " octets · " +
                values::short_hash(hash.view()) +
                (manifest.serves.empty() ? "" : " · serves " + manifest.serves));
    show_entries(screen, manifest);
    for (const abi::Procedure& procedure : manifest.procedures) {
        show_procedure(screen, manifest, procedure, options);
    }
    show_rest(screen, manifest);
    for (Json& procedure : json["procedures"]) {
        procedure["mermaid"] =
            mermaid_diagram(manifest, *manifest.procedure(procedure["name"].get<std::string>()));
    }
    if (options.gas) {
        AQD_TRY(schedule, gas::schedule(gas::newest_schedule));
        json["gas"] = gas_json(module, schedule);
        show_gas(screen, json["gas"]);
    }
    if (options.code) {
        const std::string listing = wasm::disassemble(module);
        json["code"] = listing;
        screen.line();
        screen.text(listing);
    }
    screen.document(json);
    return Exit::done;
}

}  // namespace

Run inspect(Arguments& arguments) {
    const auto options = std::make_shared<Options>();
    arguments.positional("FILE", options->file, "Contract, .wasm or .aqd");
    arguments.flag("--mermaid", options->mermaid, "State diagrams as Mermaid text");
    arguments.flag("--code", options->code, "The instructions, too");
    arguments.flag("--gas", options->gas, "What instructions and functions cost, too");
    return [options](screen::Screen& screen) { return run(screen, *options); };
}

}  // namespace aqd::verbs

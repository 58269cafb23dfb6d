#include "cli/testing/scenario.h"

#include "cli/files/csv.h"

#include <utility>

namespace aqd::testing {
namespace {

using files::JsonObject;

Result<std::optional<std::string>> optional_text(JsonObject& object, std::string_view name) {
    if (object.find(name) == nullptr) {
        return std::optional<std::string>();
    }
    AQD_TRY(text, object.text(name));
    return std::optional<std::string>(std::move(text));
}

Result<std::optional<std::uint64_t>> optional_number(JsonObject& object, std::string_view name) {
    if (object.find(name) == nullptr) {
        return std::optional<std::uint64_t>();
    }
    AQD_TRY(number, object.number(name));
    return std::optional<std::uint64_t>(number);
}

Result<Expectation> read_expectation(const Json& json, const JsonPath& path) {
    AQD_TRY(object, JsonObject::of(json, path));
    Expectation expect;
    expect.is_given = true;
    AQD_TRY(refused, optional_text(object, "refused"));
    expect.refused = std::move(refused);
    AQD_TRY(not_admitted, optional_text(object, "not_admitted"));
    expect.not_admitted = std::move(not_admitted);
    AQD_TRY(unchanged, object.flag_or("unchanged", false));
    expect.unchanged = unchanged;
    AQD_TRY(state, optional_text(object, "state"));
    expect.state = std::move(state);
    // A result of null is a result, too: `find` would not tell.
    if (json.contains("result")) {
        expect.result = json["result"];
        object.find("result");
    }
    if (object.find("present") != nullptr) {
        AQD_TRY(present, object.flag_or("present", true));
        expect.present = present;
    }
    AQD_TRY(count, optional_number(object, "count"));
    expect.count = count;
    AQD_TRY(recipients, object.list_or_none("recipients"));
    for (std::size_t i = 0; recipients != nullptr && i < recipients->size(); ++i) {
        if (!(*recipients)[i].is_string()) {
            return object.at("recipients").element(i).fail("is not a body");
        }
        expect.recipients.push_back((*recipients)[i].get<std::string>());
    }
    if (const Json* data = object.find("data"); data != nullptr) {
        AQD_CHECK(JsonObject::of(*data, object.at("data")));
        for (const auto& [name, value] : data->items()) {
            expect.data[name] = value;
        }
    }
    if (const Json* events = object.find("events"); events != nullptr) {
        AQD_TRY(kinds, JsonObject::of(*events, object.at("events")));
        for (const auto& [name, value] : events->items()) {
            AQD_TRY(number, kinds.number(name));
            expect.events[name] = number;
        }
    }
    AQD_CHECK(object.finish());
    return expect;
}

/// "civil.death Declaration.deposit".
Result<void> split_call(const std::string& text, const JsonPath& path, CallStep& out) {
    const std::size_t blank = text.find(' ');
    if (blank == std::string::npos || blank == 0 || blank + 1 == text.size()) {
        return path.fail("is not a module and an entry, \"civil.death Declaration.deposit\"");
    }
    out.module = text.substr(0, blank);
    out.entry = text.substr(blank + 1);
    return {};
}

/// {"acknowledge": {"case", "recipient", "notice", "acted"}}: a call of the ledger's own entry.
Result<void> read_acknowledge(const Json& json, const JsonPath& path, CallStep& out) {
    AQD_TRY(object, JsonObject::of(json, path));
    AQD_TRY(case_word, object.text("case"));
    AQD_TRY(recipient, object.text("recipient"));
    AQD_TRY(notice, object.text_or("notice", ""));
    AQD_TRY(acted, object.flag_or("acted", false));
    AQD_CHECK(object.finish());
    out.module = "aqd.system";
    out.entry = acted ? "act" : "acknowledge";
    out.arguments = Json{{"case", case_word}, {"recipient", recipient}};
    if (!notice.empty()) {
        out.arguments["notice"] = notice;
    }
    return {};
}

/// {"cnss.attestation": "answer"}.
Result<void> read_save_opened(JsonObject& object, std::map<std::string, std::string>& out) {
    const Json* opened = object.find("save_opened");
    if (opened == nullptr) {
        return {};
    }
    AQD_TRY(modules, JsonObject::of(*opened, object.at("save_opened")));
    for (const auto& [module, name] : opened->items()) {
        AQD_TRY(text, modules.text(module));
        out[module] = text;
    }
    return {};
}

Result<CallStep> read_call(JsonObject& object) {
    CallStep call;
    call.path = object.path();
    if (const Json* acknowledge = object.find("acknowledge"); acknowledge != nullptr) {
        AQD_CHECK(read_acknowledge(*acknowledge, object.at("acknowledge"), call));
    } else {
        AQD_TRY(text, object.text("call"));
        AQD_CHECK(split_call(text, object.at("call"), call));
        const Json* arguments = object.find("args");
        call.arguments = arguments == nullptr ? Json::object() : *arguments;
    }
    AQD_TRY(as, object.text("as"));
    call.as = std::move(as);
    AQD_TRY(case_word, optional_text(object, "case"));
    call.case_word = std::move(case_word);
    AQD_TRY(signed_on, optional_text(object, "signed_on"));
    call.signed_on = std::move(signed_on);
    AQD_TRY(gas_limit, optional_number(object, "gas"));
    call.gas_limit = gas_limit;
    AQD_TRY(save, object.text_or("save", ""));
    call.save = std::move(save);
    AQD_TRY(say, object.text_or("say", ""));
    call.say = std::move(say);
    AQD_CHECK(read_save_opened(object, call.save_opened));
    if (const Json* expect = object.find("expect"); expect != nullptr) {
        AQD_TRY(read, read_expectation(*expect, object.at("expect")));
        call.expect = std::move(read);
    }
    return call;
}

Result<LookStep> read_look(JsonObject& object) {
    LookStep look;
    if (object.find("view") != nullptr) {
        AQD_TRY(text, object.text("view"));
        AQD_CHECK(split_call(text, object.at("view"), look.view));
        const Json* arguments = object.find("args");
        look.view.arguments = arguments == nullptr ? Json::object() : *arguments;
        AQD_TRY(as, object.text_or("as", ""));
        look.view.as = std::move(as);
        AQD_TRY(case_word, optional_text(object, "case"));
        look.view.case_word = std::move(case_word);
        look.view.path = object.path();
        return look;
    }
    if (const Json* wanted = object.find("obligations"); wanted != nullptr) {
        look.kind = LookStep::Kind::obligations;
        AQD_TRY(narrow, JsonObject::of(*wanted, object.at("obligations")));
        AQD_TRY(case_word, optional_text(narrow, "case"));
        look.case_word = std::move(case_word);
        AQD_TRY(body, optional_text(narrow, "body"));
        look.body = std::move(body);
        AQD_TRY(overdue, narrow.flag_or("overdue", false));
        look.overdue = overdue;
        AQD_CHECK(narrow.finish());
        return look;
    }
    look.kind = LookStep::Kind::case_;
    AQD_TRY(case_word, object.text("check"));
    look.case_word = std::move(case_word);
    return look;
}

Result<Step> read_step(const Json& json, const JsonPath& path,
                       const std::filesystem::path& directory) {
    AQD_TRY(object, JsonObject::of(json, path));
    Step step;
    step.path = path;
    AQD_TRY(at, optional_text(object, "at"));
    step.at = std::move(at);
    const bool is_tick = object.find("tick") != nullptr;
    if (object.find("block") != nullptr) {
        AQD_TRY(list, object.list_or_none("block"));
        AQD_TRY(calls, files::expand_each(*list, directory, object.at("block")));
        for (std::size_t i = 0; i < calls.size(); ++i) {
            AQD_TRY(one, JsonObject::of(calls[i], object.at("block").element(i)));
            AQD_TRY(call, read_call(one));
            AQD_CHECK(one.finish());
            step.calls.push_back(std::move(call));
        }
        AQD_TRY(bundle, object.flag_or("bundle", false));
        step.bundle = bundle;
    } else if (object.find("call") != nullptr || object.find("acknowledge") != nullptr) {
        AQD_TRY(call, read_call(object));
        step.calls.push_back(std::move(call));
    } else if (const Json* keep = object.find("keep"); keep != nullptr) {
        AQD_CHECK(JsonObject::of(*keep, object.at("keep")));
        for (const auto& [name, value] : keep->items()) {
            step.keep[name] = value;
        }
    } else if (is_tick) {
        AQD_CHECK(read_save_opened(object, step.save_opened));
    } else {
        if (object.find("view") == nullptr && object.find("obligations") == nullptr &&
            object.find("check") == nullptr) {
            return path.fail(
                "is no step: it has none of call, acknowledge, block, tick, view, "
                "check, obligations");
        }
        AQD_TRY(look, read_look(object));
        step.look = std::move(look);
    }
    AQD_TRY(say, object.text_or("say", ""));
    step.say = std::move(say);
    if (const Json* expect = object.find("expect"); expect != nullptr) {
        AQD_TRY(read, read_expectation(*expect, object.at("expect")));
        step.expect = std::move(read);
    }
    AQD_CHECK(object.finish());
    return step;
}

Result<void> read_actors(JsonObject& root, Scenario& out) {
    const Json* actors = root.find("actors");
    if (actors == nullptr) {
        return {};
    }
    AQD_CHECK(JsonObject::of(*actors, root.at("actors")));
    for (const auto& [name, json] : actors->items()) {
        AQD_TRY(object, JsonObject::of(json, root.at("actors").member(name)));
        Actor actor;
        AQD_TRY(label, object.text_or("label", ""));
        actor.label = std::move(label);
        AQD_TRY(asserted_by, object.text_or("asserted_by", ""));
        actor.asserted_by = std::move(asserted_by);
        AQD_TRY(subject, object.text_or("subject", ""));
        actor.subject = std::move(subject);
        AQD_TRY(level, object.number_or("level", 0));
        if (level > UINT8_MAX) {
            return object.at("level").fail("is over 255");
        }
        actor.level = static_cast<std::uint8_t>(level);
        AQD_CHECK(object.finish());
        out.actors[name] = std::move(actor);
    }
    return {};
}

Result<Scenario> read_document(const Json& json, const std::filesystem::path& path) {
    AQD_TRY(root, JsonObject::of(json, JsonPath()));
    Scenario scenario;
    scenario.directory = path.parent_path();
    AQD_TRY(name, root.text_or("name", path.stem().string()));
    scenario.name = std::move(name);
    AQD_TRY(title, root.text_or("title", scenario.name));
    scenario.title = std::move(title);
    AQD_TRY(genesis, optional_text(root, "genesis"));
    if (genesis) {
        scenario.genesis = scenario.directory / *genesis;
    }
    AQD_CHECK(read_actors(root, scenario));
    AQD_TRY(steps, root.need("steps"));
    if (!steps->is_array()) {
        return root.at("steps").fail("is not a list […]");
    }
    AQD_TRY(all, files::expand_each(*steps, scenario.directory, root.at("steps")));
    for (std::size_t i = 0; i < all.size(); ++i) {
        AQD_TRY(step, read_step(all[i], root.at("steps").element(i), scenario.directory));
        scenario.steps.push_back(std::move(step));
    }
    AQD_CHECK(root.finish());
    return scenario;
}

}  // namespace

const Actor* Scenario::actor(std::string_view who) const {
    if (const auto found = actors.find(who); found != actors.end()) {
        return &found->second;
    }
    const Actor* best = nullptr;
    std::size_t best_size = 0;
    for (const auto& [pattern, candidate] : actors) {
        const bool fits = pattern.ends_with('*') &&
                          who.starts_with(std::string_view(pattern).substr(0, pattern.size() - 1));
        if (fits && pattern.size() > best_size) {
            best = &candidate;
            best_size = pattern.size();
        }
    }
    return best;
}

Result<Scenario> read_scenario(const std::filesystem::path& path) {
    AQD_TRY(json, files::read_json(path));
    auto scenario = read_document(json, path);
    if (!scenario) {
        return fail(scenario.error().code, path.string() + ": " + scenario.error().message);
    }
    return scenario;
}

}  // namespace aqd::testing

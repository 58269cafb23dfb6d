#include "cli/verbs/call_options.h"

#include "cli/ledgers/native_call.h"

#include <algorithm>

namespace aqd::verbs {

void EntryOptions::declare(arguments::Arguments& arguments) {
    arguments.positional("MODULE", module,
                         "Module, \"civil.death\"; \"aqd.system\" for the ledger");
    arguments.positional("ENTRY", entry, "What to call, \"Declaration.deposit\"");
    arguments.option("-a,--arg", named, "One argument, NAME=VALUE; may be repeated");
    arguments.option("--args", object, "All arguments as one JSON object, or @FILE");
    arguments.option("-c,--case", case_word, "The case: its 40 digits or a saved name");
    arguments.footer(
        "Values: dates 2026-03-05, octets as hexadecimal digits or @FILE, bodies Commune:01.051,\n"
        "durations \"30 days\", enumerations by name, records as {\"field\": …}. docs/cli.md has "
        "all.");
}

Result<ledgers::CallWish> EntryOptions::wish(const ledgers::Ledger& ledger) const {
    ledgers::CallWish wish;
    wish.module = module;
    wish.entry = entry;
    wish.arguments = files::Json::object();
    wish.directory = ".";
    if (object) {
        if (object->starts_with('@')) {
            const std::filesystem::path path = object->substr(1);
            AQD_TRY(json, files::read_json(path));
            wish.arguments = std::move(json);
            wish.directory = path.has_parent_path() ? path.parent_path() : ".";
        } else {
            AQD_TRY(json, files::parse_json(*object, "--args"));
            wish.arguments = std::move(json);
        }
    }
    AQD_CHECK(add_named(ledger, wish));
    if (case_word) {
        AQD_TRY(id, ledger.case_named(*case_word));
        wish.case_id = id;
    }
    return wish;
}

Result<void> EntryOptions::add_named(const ledgers::Ledger& ledger, ledgers::CallWish& wish) const {
    if (named.empty()) {
        return {};
    }
    if (!wish.arguments.is_object()) {
        return fail(ErrorCode::invalid, "--arg adds to an object by names, and --args is a list");
    }
    std::vector<abi::Field> parameters;
    if (module != ledgers::native_module) {
        AQD_TRY(code, ledger.module(module));
        AQD_TRY(found, ledgers::callable_entry(code->manifest(), entry));
        parameters = found->parameters;
    }
    for (const std::string& word : named) {
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) {
            return fail(ErrorCode::invalid, "--arg " + word + ": write NAME=VALUE");
        }
        const std::string name = word.substr(0, equals);
        const auto parameter = std::ranges::find_if(
            parameters, [&](const abi::Field& field) { return field.name == name; });
        if (parameter == parameters.end()) {
            // What is no parameter is refused with the list of those there are, when all are read.
            wish.arguments[name] = word.substr(equals + 1);
            continue;
        }
        AQD_TRY(value, values::argument_from_text(std::string_view(word).substr(equals + 1),
                                                  parameter->type));
        wish.arguments[name] = std::move(value);
    }
    return {};
}

}  // namespace aqd::verbs

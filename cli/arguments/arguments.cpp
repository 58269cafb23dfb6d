#include "cli/arguments/arguments.h"

#include <CLI/CLI.hpp>

#include <cstdio>

namespace aqd::arguments {

void Arguments::flag(std::string_view names, bool& value, std::string_view help) {
    app_->add_flag(std::string(names), value, std::string(help));
}

void Arguments::option(std::string_view names, std::string& value, std::string_view help) {
    app_->add_option(std::string(names), value, std::string(help))->capture_default_str();
}

void Arguments::option(std::string_view names, std::optional<std::string>& value,
                       std::string_view help) {
    app_->add_option(std::string(names), value, std::string(help));
}

void Arguments::option(std::string_view names, std::optional<std::uint64_t>& value,
                       std::string_view help) {
    app_->add_option(std::string(names), value, std::string(help));
}

void Arguments::option(std::string_view names, std::vector<std::string>& values,
                       std::string_view help) {
    app_->add_option(std::string(names), values, std::string(help))->expected(1)->take_all();
}

void Arguments::required(std::string_view names, std::string& value, std::string_view help) {
    app_->add_option(std::string(names), value, std::string(help))->required();
}

void Arguments::positional(std::string_view name, std::string& value, std::string_view help) {
    app_->add_option(std::string(name), value, std::string(help))->required();
}

void Arguments::positional(std::string_view name, std::optional<std::string>& value,
                           std::string_view help) {
    app_->add_option(std::string(name), value, std::string(help));
}

void Arguments::positionals(std::string_view name, std::vector<std::string>& values,
                            std::string_view help) {
    app_->add_option(std::string(name), values, std::string(help))->required();
}

void Arguments::footer(std::string_view text) {
    app_->footer(std::string(text));
}

/// Knows how to make an `Arguments`, so that nobody else does.
class CommandLine {
  public:
    static void add(CLI::App& parent, Run& chosen, const Verb& verb) {
        CLI::App* app = parent.add_subcommand(std::string(verb.name), std::string(verb.summary));
        app->fallthrough();
        Arguments arguments(*app, chosen);
        Run run = verb.declare(arguments);
        // A verb of verbs runs nothing itself; its children's callbacks choose.
        if (run) {
            app->callback([&chosen, run = std::move(run)] { chosen = run; });
        }
    }
};

void Arguments::children(std::span<const Verb> verbs) {
    app_->require_subcommand(1);
    for (const Verb& verb : verbs) {
        CommandLine::add(*app_, *chosen_, verb);
    }
}

namespace {

void complain(std::string_view what) {
    std::fprintf(stderr, "aqd: %.*s\n", static_cast<int>(what.size()), what.data());
    std::fprintf(stderr, "     aqd --help and aqd VERB --help tell what there is\n");
}

/// The first word that is no option, if it is no verb: CLI11 would only say that one is missing.
std::string unknown_verb(int count, const char* const* words, std::span<const Verb> verbs) {
    for (int i = 1; i < count; ++i) {
        const std::string_view word = words[i];
        if (word.starts_with('-')) {
            continue;
        }
        for (const Verb& verb : verbs) {
            if (verb.name == word) {
                return {};
            }
        }
        return std::string(word);
    }
    return {};
}

}  // namespace

Parsed parse(int count, const char* const* words, std::string_view summary,
             std::span<const Verb> verbs) {
    CLI::App app{std::string(summary), "aqd"};
    Parsed parsed;
    app.add_flag("--json", parsed.json, "One JSON document on standard output instead of words");
    app.add_flag("--no-colour,--no-color", parsed.no_colour, "No colours, even on a terminal");
    app.set_version_flag("--version", "aqd " AQD_VERSION, "The version of this program");
    app.require_subcommand(1);
    for (const Verb& verb : verbs) {
        CommandLine::add(app, parsed.run, verb);
    }
    if (const std::string word = unknown_verb(count, words, verbs); !word.empty()) {
        complain("there is no verb \"" + word + "\"");
        parsed.exit = screen::Exit::usage;
        return parsed;
    }
    try {
        app.parse(count, words);
    } catch (const CLI::ParseError& error) {
        parsed.run = nullptr;
        const bool is_help = error.get_exit_code() == 0;
        if (is_help) {
            app.exit(error);
        } else {
            complain(error.what());
        }
        parsed.exit = is_help ? screen::Exit::done : screen::Exit::usage;
    }
    return parsed;
}

}  // namespace aqd::arguments

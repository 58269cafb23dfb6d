#pragma once

#include "cli/screen/failure.h"
#include "cli/screen/screen.h"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11 calls itself so
class App;
}

/// The command line: verbs, their options and their help. CLI11 is behind this face alone.
namespace aqd::arguments {

/// What a verb does once its options are read.
using Run = std::function<screen::Outcome(screen::Screen&)>;

class Arguments;

/// One row of the table of verbs. `declare` says which options there are, bound to variables that
/// the returned function owns.
struct Verb {
    std::string_view name;
    std::string_view summary;
    Run (*declare)(Arguments&);
};

/// Where a verb declares what it takes. Values are written to when the command line is read.
class Arguments {
  public:
    /// `help` is one line. Names are "--ledger" or "-n,--name".
    void flag(std::string_view names, bool& value, std::string_view help);
    void option(std::string_view names, std::string& value, std::string_view help);
    void option(std::string_view names, std::optional<std::string>& value, std::string_view help);
    void option(std::string_view names, std::optional<std::uint64_t>& value, std::string_view help);
    /// May be given several times.
    void option(std::string_view names, std::vector<std::string>& values, std::string_view help);
    void required(std::string_view names, std::string& value, std::string_view help);

    /// Without a name in front; in the order of declaration.
    void positional(std::string_view name, std::string& value, std::string_view help);
    void positional(std::string_view name, std::optional<std::string>& value,
                    std::string_view help);
    /// One or more.
    void positionals(std::string_view name, std::vector<std::string>& values,
                     std::string_view help);

    /// Shown below the options.
    void footer(std::string_view text);

    /// A verb of this verb: `aqd keys new`. One of them has to be given.
    void children(std::span<const Verb> verbs);

  private:
    friend class CommandLine;
    Arguments(CLI::App& app, Run& chosen) : app_(&app), chosen_(&chosen) {}

    CLI::App* app_;
    Run* chosen_;
};

/// What the command line said.
struct Parsed {
    Run run;  ///< empty: nothing more to do (help was asked for, or the usage was wrong)
    screen::Exit exit = screen::Exit::done;
    bool json = false;
    bool no_colour = false;
};

/// Reads the command line; prints help and usage errors itself. `--json` and `--no-colour` belong
/// to every verb.
Parsed parse(int count, const char* const* words, std::string_view summary,
             std::span<const Verb> verbs);

}  // namespace aqd::arguments

#pragma once

#include "cli/files/json.h"

#include <aqd/base/result.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// Scenarios (docs/formats/scenario.md): people, calls and the calendar in the order of time, with
/// what is expected of each step.
namespace aqd::testing {

using files::Json;
using files::JsonPath;

/// What must be true after a step.
struct Expectation {
    std::optional<std::string> refused;       ///< name of the refusal; nothing: success
    std::optional<std::string> not_admitted;  ///< part of the reason; nothing: included
    bool unchanged = false;                   ///< the state root is the one before
    std::optional<std::string> state;         ///< of the case
    std::optional<Json> result;
    std::optional<bool> present;                  ///< of a case: whether it exists
    std::optional<std::uint64_t> count;           ///< of obligations
    std::vector<std::string> recipients;          ///< of obligations, in any order
    std::map<std::string, Json> data;             ///< fields of the case
    std::map<std::string, std::uint64_t> events;  ///< how many of a kind the step brought about
    bool is_given = false;
};

/// An actor as a scenario knows one; keys derive from the ledger's seed.
struct Actor {
    std::string label;        ///< "her son"; empty: the name
    std::string asserted_by;  ///< the actor whose body vouches for this one; empty: nobody
    std::string subject;      ///< by what name that body knows the person; empty: the actor's name
    std::uint8_t level = 0;
};

struct CallStep {
    std::string as;
    std::string module;
    std::string entry;
    Json arguments;
    std::optional<std::string> case_word;
    std::optional<std::string> signed_on;
    std::optional<std::uint64_t> gas_limit;
    std::string save;                                ///< keep the case under this name
    std::map<std::string, std::string> save_opened;  ///< module → name of the case it opened
    std::string say;                                 ///< what the timeline says
    Expectation expect;
    JsonPath path;
};

/// A look at the ledger; nothing changes.
struct LookStep {
    enum class Kind : std::uint8_t { view, case_, obligations };
    Kind kind = Kind::view;
    CallStep view;                         ///< of a view: module, entry, arguments, as
    std::optional<std::string> case_word;  ///< of a case, or to narrow obligations
    std::optional<std::string> body;
    bool overdue = false;
};

struct Step {
    std::optional<std::string> at;
    std::vector<CallStep> calls;  ///< one block; none: only the clock goes on, or a look
    std::optional<LookStep> look;
    std::map<std::string, Json> keep;                ///< name → value, for later steps
    std::map<std::string, std::string> save_opened;  ///< as of a call, for a step of the clock
    bool bundle = false;  ///< neighbours of one actor share a transaction
    std::string say;
    Expectation expect;
    JsonPath path;
};

struct Scenario {
    std::string name;
    std::string title;
    std::optional<std::filesystem::path> genesis;
    std::map<std::string, Actor, std::less<>> actors;
    std::vector<Step> steps;
    std::filesystem::path directory;

    /// By name, or by the longest "kin_*" that fits; nullptr if none does.
    [[nodiscard]] const Actor* actor(std::string_view who) const;
};

/// Errors name the file and the step: "fatima.json: steps[4].as: …".
Result<Scenario> read_scenario(const std::filesystem::path& path);

/// The most calls that share a transaction when a block is bundled.
inline constexpr std::size_t bundle_limit = 64;

}  // namespace aqd::testing

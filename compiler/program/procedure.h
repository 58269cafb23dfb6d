#pragma once

#include "compiler/program/declaration.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// Procedures and the entries of a module.

namespace aqd::program {

/// One value of the case's data (abi::Procedure::data), in its order: parameters, vars, parties
/// (option[person]), secrets (option[secret[T]]), then one u64, the mask of once entries.
struct DataField {
    enum class Role : std::uint8_t { parameter, variable, party, secret, once_mask };
    Role role{};
    std::string name;  ///< "once" for the mask
    TypeId type{};
    Span span;
    /// A new case's value: constant, or read from procedure parameters. Null for parameters, and
    /// for variables that every start assigns before its `goto`.
    ExprPtr initial;
    std::vector<Actor> actors;  ///< of a party: who may become it
    bool known = true;          ///< false: its declaration could not be understood in full
};

struct State {
    std::string name;
    Span span;
    bool settled = false;
    std::string waits;
    std::vector<Label> labels;
};

struct Deadline {
    std::string name;
    Span span;
    std::vector<std::uint32_t> states;
    std::vector<std::uint32_t> targets;
    /// `: duration`: of type days, workdays, months, hours or minutes; its type gives the unit, its
    /// value the amount and the rounding flag. Constant or a parameter. Null with `at`.
    ExprPtr term;
    bool clear = false;
    bool exact = false;
    std::optional<std::uint32_t>
        at_field;        ///< `at v`: a data field of type (option of) date or time
    std::string period;  ///< as written
    std::string basis;
    bool breach = false;
    std::uint32_t entry = 0;  ///< index into `Program::entries`
};

struct Secret {
    std::string name;
    std::uint32_t field = 0;  ///< in `Procedure::data`
    TypeId type{};            ///< of the plaintext
    std::string slot;         ///< "Procedure.secret": what `accessed` and commitments name
    std::optional<std::uint32_t> document;  ///< index into `Program::documents`
    std::string held_by;
    std::string purge;
    Span span;
};

/// Run after storing, at the end of every entry; false refuses InvariantBroken.
struct Invariant {
    std::string name;
    Span span;
    std::uint32_t function = 0;  ///< no parameters, boolean, in the case's context
};

struct Procedure {
    std::string name;
    std::uint64_t id = 0;
    Span span;
    std::vector<Label> labels;
    std::uint32_t parameter_count = 0;
    std::vector<DataField> data;
    std::optional<std::uint32_t> unique;    ///< a data field; an option that is none claims nothing
    std::optional<std::uint32_t> calendar;  ///< index into `Program::modules`
    std::vector<State> states;
    std::vector<Deadline> deadlines;
    std::vector<Secret> secrets;
    std::vector<Invariant> invariants;
    std::vector<std::string> once_entries;
    bool graph_known = true;  ///< false: states or entries could not be understood
    bool settles = false;     ///< `prove settles`
    Span settles_span;

    /// The last data field.
    [[nodiscard]] std::uint32_t once_mask() const {
        return static_cast<std::uint32_t>(data.size() - 1);
    }
};

/// A value that a call hands over. Decoding follows docs/abi.md by the entry's kind: for actions,
/// views, starts, steps and accesses they are the elements of the argument array. For `listener`,
/// `case_notice` and `start_on_ask` they are the fields of the first element, then the case, then
/// the body (which is not in the list for `case_notice`). For `reply` it is the one reply (an
/// enumeration), for `acknowledged` the recipient.
struct Argument {
    std::string name;
    TypeId type{};
    /// The data field that takes the value before the body runs; where the field is an option of
    /// the argument's type it becomes `some`. Procedure parameters of a start fill theirs before
    /// the checks.
    std::optional<std::uint32_t> fills;
    bool passed = true;        ///< becomes the next parameter of the function
    bool public_text = false;  ///< declared `public`
    Span span;
};

/// `by A | B as p except q in s | t`.
struct Group {
    std::vector<Actor> actors;
    std::vector<std::uint32_t>
        states;  ///< of a step or access; joined states of a start; empty for actions
    std::optional<std::uint32_t> as;    ///< party field that becomes the caller
    std::vector<std::uint32_t> except;  ///< party fields whose person may not act
    Span span;
};

/// Something callable; the wrapper does what docs/abi.md says under *Checks*, calls the function
/// with the passed arguments, and stores.
struct Entry {
    abi::EntryKind kind{};
    std::string name;     ///< unique; also the name of the export
    std::string subject;  ///< as in the manifest
    Span span;
    std::optional<std::uint32_t> procedure;
    std::vector<Argument> arguments;
    TypeId result{};
    std::vector<Group> groups;  ///< empty: the machine calls it, or a view
    std::vector<std::uint32_t> sources;
    std::vector<std::uint32_t> targets;
    bool from_none = false;  ///< a start
    bool may_stay = false;
    bool ignore_elsewhere =
        false;  ///< `else ignore`: in another state it does nothing instead of refusing
    std::optional<std::uint32_t> once_bit;
    std::uint32_t backdated_days = 0;       ///< 0: not backdated
    std::optional<std::uint32_t> function;  ///< index into `Program::functions`; none for an access
    std::optional<std::uint32_t> deadline;  ///< index into the procedure's deadlines
    ExprPtr breach;  ///< body; a deadline records its breach before the body runs
    std::optional<std::uint32_t> secret;  ///< of an access: index into the procedure's secrets
    bool whole = true;                    ///< false: parts of the source were not understood
    std::string purpose;
    std::string basis;  ///< as the law is cited: law 37-99 article 24
    std::string doc;
};

}  // namespace aqd::program

#pragma once

#include "compiler/syntax/body.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What stands in a procedure or a part.
namespace aqd::syntax {

enum class ParamKind : std::uint8_t {
    plain,      ///< `x: T`, or `x` alone, which fills the var or secret of that name
    published,  ///< `public x: T`: free text that everybody may read
    reveal,     ///< `reveal x`: the plaintext of a secret
};

struct Param {
    ParamKind kind = ParamKind::plain;
    Name name;
    TypePtr type;  ///< null if left out
    Span span;
};

/// `by A | B as p except q quorum 2`.
struct By {
    std::vector<Actor> actors;
    std::optional<Name> as;
    std::vector<Name> except;
    std::optional<Integer> quorum;
    Span span;
};

/// `index field max n`.
struct Index {
    Name field;
    Integer max;
};

struct IncludeMember {
    Name part;
    std::vector<Argument> arguments;
};
struct LabelMember {
    std::optional<Name> state;  ///< none: the procedure itself
    std::vector<LanguageText> texts;
};
struct FeeMember {
    Name name;
    ExprPtr amount;
    ExprPtr payee;
    Name basis;
};
struct VarMember {
    Name name;
    TypePtr type;   ///< null if left out; then there is an initial value
    ExprPtr value;  ///< null if left out
};
struct PartyMember {
    Name name;
    std::vector<Actor> actors;
};
struct SecretMember {
    Name name;
    TypePtr type;
    std::optional<Name> kind;
    ExprPtr holder;
    Duration purge;
    Name after;  ///< a state, or `settled`
};
struct StatesMember {
    bool settled = false;  ///< `settled a, b` rather than `states a, b`
    std::vector<Name> names;
};
struct WaitsMember {
    Name state;
    Text reason;
};

/// What may follow the targets of a start or a step.
struct Clauses {
    std::vector<Name> basis;
    bool once = false;
    std::optional<Duration> backdated_within;
};

/// `(…) by … in none | s`: a person opens or joins a case.
struct StartBy {
    std::vector<Param> params;
    By by;
    std::vector<Name> joins;  ///< the states after `in none`
};
/// `on ask Standing(q)`: another body's question opens it.
struct StartOnAsk {
    Name exchange;
    Name binder;
};
struct StartMember {
    Name name;
    std::variant<StartBy, StartOnAsk> opening;
    std::vector<Name> targets;
    Clauses clauses;
    Block body;
};
/// `by … in …`: the actors in the states, cross product.
struct StepGroup {
    By by;
    std::vector<Name> states;
    Span span;
};
struct StepMember {
    Name name;
    std::vector<Param> params;
    std::vector<StepGroup> groups;
    std::vector<Name> targets;
    Clauses clauses;
    Block body;
};

struct OnReply {
    Name exchange;
    Name binder;
};
struct OnAcknowledged {
    Name notice;
};
struct OnNotice {
    Name notice;
    Name binder;
    ExprPtr each;  ///< null if left out
};
struct ReactMember {
    std::variant<OnReply, OnAcknowledged, OnNotice> event;
    std::vector<Name> states;
    std::vector<Name> targets;
    bool else_ignore = false;
    Block body;
};

/// `: 30 days clear exact`.
struct Term {
    Duration duration;
    bool clear = false;
    bool exact = false;
};
/// `at v`: the moment that a variable holds.
struct TermAt {
    Name variable;
};
struct DeadlineMember {
    Name name;
    std::variant<Term, TermAt> term;
    std::vector<Name> states;
    std::vector<Name> pauses;
    std::optional<Duration> extend_once;
    std::vector<Name> suspended_by;
    std::vector<Name> basis;
    ExprPtr breach_of;  ///< null if nobody's
    std::vector<Name> targets;
    Block body;
};
struct AccessMember {
    Name secret;
    By by;
    std::vector<Name> states;
    Text purpose;
    Name basis;
};
struct InvariantMember {
    Name name;
    ExprPtr condition;
};
struct ProveMember {
    Name property;
};

struct Member {
    std::string doc;  ///< lines of `///` above it, joined by newlines
    Span span;
    std::variant<IncludeMember, LabelMember, FeeMember, VarMember, PartyMember, SecretMember,
                 StatesMember, WaitsMember, StartMember, StepMember, ReactMember, DeadlineMember,
                 AccessMember, InvariantMember, ProveMember>
        node;

    template <class Node>
    [[nodiscard]] const Node* as() const {
        return std::get_if<Node>(&node);
    }
};

}  // namespace aqd::syntax

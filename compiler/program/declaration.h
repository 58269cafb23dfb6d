#pragma once

#include "compiler/program/body.h"

#include <aqd/abi/manifest.h>
#include <aqd/base/bytes.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

// What a module declares, and what it uses of other modules. `module` is always an index into
// `Program::modules`; `id` is `abi::id8(name)`, the number that host functions take.

namespace aqd::program {

using abi::Label;

struct Module {
    std::string path;
    Hash256 source_hash;
};

struct Field {
    std::string name;
    TypeId type{};
    Span span;
    ExprPtr initial;  ///< value where it is left out; null: none. Constant, reads no slot
};

struct Variant {
    std::string name;
    std::vector<Field> fields;
};

/// A record, an enumeration or an authority. Enumerations made by the compiler for `on reply` have
/// the name "module.path.Exchange.reply" and the variants Answered(reply fields…), Refused, Silent.
struct NamedType {
    abi::NamedType::Form form{};
    std::uint32_t module = 0;
    std::string name;
    std::string full_name;  ///< "module.path.Name"
    std::uint64_t id = 0;
    Span span;
    std::vector<Field> fields;      ///< of a record; the keys of an authority
    std::vector<Field> attributes;  ///< of an authority
    std::vector<Variant> variants;
};

struct Role {
    std::uint32_t module = 0;
    std::string name;
    std::uint64_t id = 0;
    Span span;
    abi::Role::Form form{};
    std::optional<NamedId> authority;  ///< none for a credential
    std::uint8_t level = 0;
    std::string credential;
};

/// Who may act, one alternative of a `by`, a `party` or a `changed by`.
struct Actor {
    enum class Form : std::uint8_t {
        anyone,
        role,    ///< of the body `body`, of any if null; roles by assertion have no body
        party,   ///< the person in field `party` of the case's data (nobody while it is none)
        notice,  ///< only in `changed by`: the module's listeners
    };
    Form form{};
    std::uint32_t role = 0;  ///< index into `Program::roles`
    ExprPtr body;            ///< an authority value; reads no slot but parameters of the action
    std::uint32_t party = 0;
    bool depends_on_case =
        false;         ///< reads the case's data, other than the procedure parameters of a start
    std::string text;  ///< as written, for people
    Span span;
};

struct Register {
    std::uint32_t module = 0;
    std::string name;
    std::uint64_t id = 0;
    Span span;
    TypeId key{};
    TypeId value{};
    ExprPtr initial;  ///< `default`; null: none. Constant
    std::optional<NamedId> owner;
    std::vector<Actor> changed_by;  ///< empty: whoever reaches the code
    Span changed_by_span;
    bool changed_by_known = true;     ///< false: some of them could not be understood
    std::vector<std::string> proves;  ///< document kinds
};

struct Parameter {
    struct Value {
        std::int32_t from = 0;  ///< days since 1970-01-01, rising
        ExprPtr value;          ///< constant
        std::string basis;
    };
    std::uint32_t module = 0;
    std::string name;
    Span span;
    TypeId type{};
    std::vector<Value> values;
};

/// An aggregate constant; scalar ones are written into the code.
struct Constant {
    std::uint32_t module = 0;
    std::string name;
    TypeId type{};
    ExprPtr value;  ///< literals and constructions of them
};

/// The refusal of number 256 + its index.
struct ErrorText {
    std::string name;  ///< empty: words in the code
    std::vector<Label> texts;
};

struct Notice {
    std::uint32_t module = 0;
    std::string name;
    std::uint64_t id = 0;
    Span span;
    std::vector<Field> fields;
    std::string sent_by;
    std::string basis;
    std::uint32_t most_recipients = 0;
    std::optional<abi::Period> acknowledge_within;
    std::optional<abi::Period> act_within;
    std::uint32_t reminders = 0;
    std::optional<abi::Period> remind_every;
    std::string escalate_to;
};

struct Exchange {
    std::uint32_t module = 0;
    std::string name;
    std::uint64_t id = 0;
    Span span;
    std::vector<Field> question;
    std::vector<Field> reply;
    std::string purpose;
    std::string basis;
    std::optional<abi::Period> within;
};

/// A kind of document, and the register whose entries make asking for it needless.
struct Document {
    std::uint32_t module = 0;
    std::string name;
    std::string held_in;  ///< "module.path.register"; empty: nobody holds it
    Span span;
};

}  // namespace aqd::program

#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a module says of itself, in the custom section "aqd.manifest" (docs/formats/manifest.md).
// The compiler writes it; the VM, the ledger and people's tools read it. Names are as declared;
// anything of another module carries that module's path.

namespace aqd::abi {

inline constexpr std::uint32_t abi_version = 1;
inline constexpr std::string_view manifest_section = "aqd.manifest";
inline constexpr std::string_view lines_section = "aqd.lines";
inline constexpr std::string_view import_module = "aqd";

/// The kinds of Aqd types; numbers are part of the format.
enum class TypeKind : std::uint8_t {
    unit = 0,
    boolean = 1,
    unsigned_integer = 2,  ///< size: bits, 8..128
    signed_integer = 3,    ///< size: bits
    decimal = 4,           ///< size: scale
    date = 5,
    time = 6,
    days = 7,
    workdays = 8,
    months = 9,
    hours = 10,
    text = 11,   ///< size: most code points
    bytes = 12,  ///< size: most octets
    hash = 13,   ///< 32 octets
    case_id = 14,
    account = 15,
    body = 16,         ///< any authority value
    option = 17,       ///< items[0]
    list = 18,         ///< items[0], size: most elements
    array = 19,        ///< items[0], size: elements
    tuple = 20,        ///< items
    record = 21,       ///< name: "module.path.Name"
    enumeration = 22,  ///< name
    authority = 23,    ///< name
    secret = 24,       ///< items[0]: on the ledger a 32-octet commitment
    person = 25,       ///< 32 octets: who a party is
    seconds = 26,      ///< time - time
};

struct Type {
    TypeKind kind = TypeKind::unit;
    std::uint32_t size = 0;
    std::string name;
    std::vector<Type> items;

    bool operator==(const Type&) const = default;
};

/// A text for people, by language: ("fr", "Déclaration de décès").
struct Label {
    std::string language;
    std::string text;
};

struct Field {
    std::string name;
    Type type;
};

/// A record (fields), an enumeration (variants with fields) or an authority (keys, attributes) that
/// values of this module use.
struct NamedType {
    enum class Form : std::uint8_t { record = 0, enumeration = 1, authority = 2 };
    struct Variant {
        std::string name;
        std::vector<Field> fields;
    };
    Form form = Form::record;
    std::string name;               ///< "module.path.Name"
    std::vector<Field> fields;      ///< of a record; the keys of an authority
    std::vector<Field> attributes;  ///< `has` of an authority
    std::vector<Variant> variants;  ///< of an enumeration
};

struct Role {
    enum class Form : std::uint8_t { of_body = 0, by_assertion = 1, by_credential = 2 };
    std::string name;
    Form form = Form::of_body;
    std::string authority;   ///< "module.path.Name" of the body, or of the asserting authority
    std::uint8_t level = 0;  ///< least assertion level
    std::string credential;
};

struct Register {
    std::string name;
    Type key;
    Type value;
    std::string owner;                    ///< authority, may be empty
    std::vector<std::string> changed_by;  ///< as written, for people
};

struct ErrorText {
    std::string name;  ///< empty: an unnamed reason
    std::vector<Label> texts;
};

/// A duration in the units of docs/abi.md.
struct Period {
    std::uint64_t amount = 0;
    std::uint8_t unit = 0;
};

struct Notice {
    std::string name;
    std::vector<Field> fields;
    std::string sent_by;  ///< module path; empty: only the declaring module
    std::string basis;
    std::uint32_t most_recipients = 0;
    std::optional<Period> acknowledge_within;
    std::optional<Period> act_within;
    std::uint32_t reminders = 0;
    std::optional<Period> remind_every;
    std::string escalate_to;  ///< as written, for people; empty: nobody
};

struct Exchange {
    std::string name;
    std::vector<Field> question;
    std::vector<Field> reply;
    std::string purpose;
    std::string basis;
    std::optional<Period> within;
};

/// A dated rule value: `values` by rising `from` (days since 1970-01-01); each value is CBOR of
/// `type`.
struct Parameter {
    struct Value {
        std::int32_t from = 0;
        Bytes value;
        std::string basis;
    };
    std::string name;
    Type type;
    std::vector<Value> values;
};

enum class EntryKind : std::uint8_t {
    action = 0,
    view = 1,
    start = 2,
    step = 3,
    access = 4,       ///< a reading of a secret that leaves a trace
    deadline = 5,     ///< fired by the VM
    listener = 6,     ///< `on Notice` of a module that serves the body
    case_notice = 7,  ///< `on Notice` of a procedure: a notice sent to a case
    start_on_ask = 8,
    reply = 9,          ///< `on reply Exchange`
    acknowledged = 10,  ///< `on acknowledged Notice`
};

/// Something callable. The module exports a function of the type (i32 args_length) -> () under
/// `exported`.
struct Entry {
    EntryKind kind = EntryKind::action;
    std::string name;       ///< "transfer", "Declaration.deposit": what a call names
    std::string procedure;  ///< empty outside procedures
    std::string subject;    ///< notice or exchange "module.path.Name", deadline or secret name, for
                            ///< the kinds that have one
    std::string exported;
    std::vector<Field> parameters;
    Type result;
    std::vector<std::string> actors;  ///< as written, for people
    std::vector<std::uint32_t>
        sources;  ///< ordinals of states; a start from none has no ordinal for it
    std::vector<std::uint32_t> targets;
    bool from_none = false;
    std::string basis;
    std::string purpose;
    bool once = false;
    std::uint32_t backdated_days = 0;
    std::string doc;
};

struct Deadline {
    std::string name;
    std::vector<std::uint32_t> states;
    std::vector<std::uint32_t> targets;
    std::string period;  ///< as written
    std::string basis;
    bool exact = false;
    bool breach = false;
    std::string exported;  ///< the entry that the VM calls
};

struct State {
    std::string name;
    bool settled = false;
    std::string waits;  ///< why it has no clock; empty: it has one or is settled
    std::vector<Label> labels;
};

struct Secret {
    std::string name;
    Type type;
    std::string kind;  ///< document kind; empty: none
    std::string held_by;
    std::string purge;
};

struct Procedure {
    std::string name;
    std::vector<Label> labels;
    std::vector<Field> parameters;
    /// The case's data is one CBOR array of these, in this order: parameters, vars, parties
    /// (option[person]), secrets (option[hash]), then one unsigned integer whose bit i says that
    /// the entry i of `once_entries` has succeeded.
    std::vector<Field> data;
    std::string unique;    ///< name of the field in `data`; empty: none
    std::string calendar;  ///< module path; empty: every day is a working day
    std::vector<State> states;
    std::vector<Deadline> deadlines;
    std::vector<Secret> secrets;
    std::vector<std::string> once_entries;
};

struct Dependency {
    std::string path;
    Hash256 source_hash;  ///< SHA-256 of the source it was compiled against; all zero for this
                          ///< module itself
};

struct Manifest {
    std::uint32_t abi = abi_version;
    std::string path;
    std::uint32_t version = 0;
    std::int32_t from = 0;  ///< days since 1970-01-01
    Hash256 source_hash;
    std::string serves;  ///< "module.path.Name" of an authority, as `serves Commune`; empty: none
    std::vector<Dependency> modules;  ///< [0] is this module; host functions take indices into it
    std::vector<NamedType> types;
    std::vector<Role> roles;          ///< declared here
    std::vector<Register> registers;  ///< declared here
    std::vector<ErrorText> errors;
    std::vector<Notice> notices;      ///< declared here
    std::vector<Exchange> exchanges;  ///< declared here
    std::vector<Parameter> parameters;
    std::vector<Procedure> procedures;
    std::vector<Entry> entries;
    std::vector<std::string>
        public_texts;  ///< "entry.parameter" of free text that everybody can read

    [[nodiscard]] const Entry* entry(std::string_view name) const;
    [[nodiscard]] const Procedure* procedure(std::string_view name) const;
    [[nodiscard]] const NamedType* type(std::string_view name) const;
};

Bytes encode_manifest(const Manifest& manifest);

/// Strict: canonical CBOR only, no trailing octets, every index and name within bounds.
Result<Manifest> decode_manifest(BytesView bytes);

/// Source positions of code, in "aqd.lines": code_offset (octet in the module file) to file and
/// line, rising by offset.
struct LineTable {
    struct Row {
        std::uint32_t code_offset = 0;
        std::uint32_t file = 0;
        std::uint32_t line = 0;
        std::uint32_t column = 0;
    };
    std::vector<std::string> files;  ///< as module paths with `.aqd`, never absolute
    std::vector<Row> rows;

    /// The last row at or before `code_offset`, nullptr if none.
    [[nodiscard]] const Row* find(std::uint32_t code_offset) const;
};

Bytes encode_lines(const LineTable& lines);
Result<LineTable> decode_lines(BytesView bytes);

}  // namespace aqd::abi

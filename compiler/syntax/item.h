#pragma once

#include "compiler/syntax/damage.h"
#include "compiler/syntax/member.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What stands at the top of a file.
namespace aqd::syntax {

struct UseItem {
    Path path;
    std::optional<Name> alias;
    std::vector<Name> names;  ///< `{ a, B }`
};
struct LegalItem {
    Name name;
    Name kind;  ///< `law`, `decree`, …
    Text reference;
    std::optional<Text> article;
};
struct DatedValue {
    ExprPtr value;
    Date from;
    std::optional<Name> basis;
    Span span;
};
struct ParameterItem {
    Name name;
    TypePtr type;  ///< null if left out
    std::vector<DatedValue> values;
};
struct ConstItem {
    Name name;
    TypePtr type;
    ExprPtr value;
};
struct DocumentItem {
    Name name;
    std::optional<Path> held_in;
};
struct Field {
    bool secret = false;
    Name name;
    TypePtr type;
    ExprPtr initial;  ///< null if left out
    Span span;
};
struct AuthorityItem {
    Name name;
    std::vector<Param> params;
    std::vector<Field> fields;
};
struct RoleOf {
    Name authority;
};
struct RoleByCredential {
    Text credential;
};
struct RoleByAssertion {
    Name authority;
    Integer level;
};
struct RoleItem {
    Name name;
    std::variant<RoleOf, RoleByCredential, RoleByAssertion> source;
    std::optional<Duration> delegable;
};
struct RecordItem {
    Name name;
    std::vector<Field> fields;
};
struct Variant {
    std::string doc;
    Name name;
    std::vector<Param> params;
    Span span;
};
struct EnumItem {
    Name name;
    std::vector<Variant> variants;
};
struct RegisterItem {
    Name name;
    TypePtr key;
    TypePtr value;
    ExprPtr initial;  ///< `default e`; null if left out
    std::optional<Name> owner;
    std::vector<Actor> changed_by;
    std::vector<Index> indexes;
    std::vector<Name> proves;
};
struct ErrorItem {
    Name name;
    std::vector<LanguageText> texts;
};
/// `else remind 3 every 5 workdays then escalate to A`.
struct Reminder {
    Integer times;
    Duration every;
    std::optional<Actor> escalate_to;
};
struct NoticeItem {
    Name name;
    std::vector<Field> fields;
    std::optional<Path> sent_by;
    std::vector<Name> basis;
    std::optional<Integer> max;
    std::optional<Duration> acknowledge_within;
    std::optional<Duration> act_within;
    std::optional<Reminder> reminder;
};
struct ExchangeItem {
    Name name;
    std::vector<Field> question;
    std::vector<Field> answer;
    std::optional<Text> purpose;
    std::vector<Name> basis;
    std::optional<Duration> within;
    std::optional<Duration> retain;
};
struct SuspensionItem {
    Name name;
    std::vector<Actor> actors;
    Name basis;
};
struct FunctionItem {
    bool view = false;  ///< `view` rather than `fn`
    Name name;
    std::vector<Param> params;
    TypePtr result;
    Block body;
};
struct ActionItem {
    Name name;
    std::vector<Param> params;
    By by;
    TypePtr result;  ///< null if left out
    Block body;
};
struct ListenerItem {
    Name notice;
    Name binder;
    Block body;
};
struct ProcedureItem {
    Name name;
    std::vector<Param> params;
    std::vector<Name> unique;
    std::vector<Index> indexes;
    std::optional<Name> calendar;
    std::vector<Member> members;
};
struct PartItem {
    Name name;
    std::vector<Param> params;
    std::vector<Member> members;
};
struct KeepRule {
    ExprPtr condition;
};
struct MoveRule {
    Name from;
    Name to;
    Block body;
};
struct MigrateRule {
    std::variant<KeepRule, MoveRule> node;
    Span span;
};
struct MigrateItem {
    Name procedure;
    Integer from;
    Integer to;
    std::vector<MigrateRule> rules;
};
struct TestItem {
    Text title;
    Block body;
};

struct Item {
    std::string doc;  ///< lines of `///` above it, joined by newlines
    Span span;
    std::variant<UseItem, LegalItem, ParameterItem, ConstItem, DocumentItem, AuthorityItem,
                 RoleItem, RecordItem, EnumItem, RegisterItem, ErrorItem, NoticeItem, ExchangeItem,
                 SuspensionItem, FunctionItem, ActionItem, ListenerItem, ProcedureItem, PartItem,
                 MigrateItem, TestItem>
        node;

    template <class Node>
    [[nodiscard]] const Node* as() const {
        return std::get_if<Node>(&node);
    }
};

/// A whole file. It owns its names and texts: only spans refer to the source.
struct File {
    std::string doc;
    Path module;
    Integer version;
    std::optional<Date> from;
    ExprPtr serves;  ///< null if left out
    std::vector<Item> items;
    Span span;

    // Every id of the kind is below its count.
    std::uint32_t expr_count = 0;
    std::uint32_t type_count = 0;
    std::uint32_t pattern_count = 0;

    Damage damage;
    Span header;  ///< the first line
};

}  // namespace aqd::syntax

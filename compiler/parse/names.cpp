#include "compiler/lex/lexer.h"
#include "compiler/parse/parser.h"
#include "compiler/parse/words.h"

#include <iterator>

/// Names, literals, types, actors and lists of fields: what headings are made of.
namespace aqd::parse {

using diagnostics::error;
using lex::Token;

namespace {

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}

/// "PersonKey" becomes "person_key".
std::string lower_form(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const bool hump = is_upper(name[i]) && i != 0 && is_lower(name[i - 1]);
        if (hump) {
            out += '_';
        }
        out += is_upper(name[i]) ? static_cast<char>(name[i] - 'A' + 'a') : name[i];
    }
    return out;
}

/// "person_key" becomes "PersonKey".
std::string upper_form(std::string_view name) {
    std::string out;
    bool raise = true;
    for (const char c : name) {
        if (c == '_') {
            raise = true;
            continue;
        }
        out += raise && is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
        raise = false;
    }
    return out;
}

std::optional<syntax::Language> find_language(std::string_view word) {
    if (word == "fr") {
        return syntax::Language::fr;
    }
    if (word == "ar") {
        return syntax::Language::ar;
    }
    if (word == "en") {
        return syntax::Language::en;
    }
    return word == "zgh" ? std::optional(syntax::Language::zgh) : std::nullopt;
}

bool is_type_word(std::string_view word) {
    static constexpr std::string_view words[] = {
        "bool",  "u8",      "u16",  "u32",   "u64",  "u128", "i8",       "i16",
        "i32",   "i64",     "i128", "date",  "time", "days", "workdays", "months",
        "hours", "seconds", "text", "bytes", "hash", "list", "decimal",
    };
    return std::ranges::find(words, word) != std::end(words);
}

}  // namespace

syntax::Name Parser::lower_name(std::string_view what) {
    return name_of_kind(TokenKind::lname, what);
}

syntax::Name Parser::upper_name(std::string_view what) {
    return name_of_kind(TokenKind::uname, what);
}

syntax::Name Parser::any_name(std::string_view what) {
    return name_of_kind(at(TokenKind::uname) ? TokenKind::uname : TokenKind::lname, what);
}

syntax::Name Parser::name_of_kind(TokenKind wanted, std::string_view what) {
    const Token token = now();
    const std::string written(text());
    const bool next_thing = token.newline_before && !stopped_ &&
                            (starts_item(rest(), source_) || starts_member(rest(), source_));
    if (token.kind == wanted && !next_thing) {
        skip();
        return {written, token.span};
    }
    const bool other_case = token.kind == TokenKind::lname || token.kind == TokenKind::uname;
    if (other_case && !next_thing) {
        const bool lower = wanted == TokenKind::lname;
        const std::string better = lower ? lower_form(written) : upper_form(written);
        report(error(Code::wrong_case, token.span,
                     std::string(what) + " begins with " +
                         (lower ? "a lower-case" : "an upper-case") + " letter")
                   .with_help("write `" + better + "`")
                   .with_edit(token.span, better));
        lose_name(token);
        renamed_ = true;
        skip();
        return {better, token.span};
    }
    if (token.kind == TokenKind::reserved && !token.newline_before) {
        report(error(Code::reserved_word, token.span,
                     "`" + written + "` is a reserved word and cannot name " + std::string(what))
                   .with_help("choose another name, such as `the_" + written + "`"));
        skip();
        return {written, token.span};
    }
    const Span where = place();
    stop(unexpected(Code::expected_name, "the name of " + std::string(what)));
    return {"", where};
}

syntax::Path Parser::path(std::string_view what) {
    syntax::Path path;
    const std::uint32_t first = begin();
    path.segments.push_back(lower_name(what));
    while (take(TokenKind::dot)) {
        path.segments.push_back(lower_name(what));
    }
    path.span = since(first);
    return path;
}

syntax::Text Parser::string(std::string_view what) {
    const Span span = now().span;
    if (at(TokenKind::string)) {
        std::string value = lex::string_value(text());
        skip();
        return {std::move(value), span};
    }
    stop(unexpected(Code::unexpected_token, std::string(what) + " between double quotes"));
    return {"", place()};
}

syntax::Integer Parser::integer(std::string_view what) {
    const Span span = now().span;
    if (at(TokenKind::integer)) {
        const auto value = lex::read_integer(text());
        skip();
        return {value.value_or(0), span};
    }
    stop(unexpected(Code::unexpected_token, std::string(what) + ", a whole number"));
    return {0, place()};
}

syntax::Date Parser::date(std::string_view what) {
    const Span span = now().span;
    if (at(TokenKind::date)) {
        const auto value = lex::read_date(text());
        skip();
        return {value.value_or(syntax::DateLiteral{}), span};
    }
    stop(unexpected(Code::unexpected_token, std::string(what) + ", a date such as 2026-03-05"));
    return {{}, place()};
}

syntax::Size Parser::size() {
    if (at(TokenKind::uname)) {
        return upper_name("a constant");
    }
    return integer("a size");
}

syntax::Rounding Parser::rounding() {
    if (!at_word("round") || !(word_ahead(1, "up") || word_ahead(1, "down"))) {
        return syntax::Rounding::unsaid;
    }
    skip();
    const bool up = at_word("up");
    skip();
    return up ? syntax::Rounding::up : syntax::Rounding::down;
}

syntax::Duration Parser::duration() {
    const std::uint32_t first = begin();
    if (at(TokenKind::duration)) {
        auto value = lex::read_duration(text()).value_or(syntax::DurationLiteral{});
        skip();
        value.rounding = rounding();
        return {value, since(first)};
    }
    if (at(TokenKind::lname)) {
        syntax::Name name = lower_name("a duration");
        return {std::move(name), since(first)};
    }
    auto diagnostic = unexpected(Code::unexpected_token, "a duration such as `30 days`");
    if (at(TokenKind::integer)) {
        diagnostic = std::move(diagnostic)
                         .with_help(
                             "say the unit on the same line: minutes, hours, days, workdays, "
                             "months or years");
    }
    stop(std::move(diagnostic));
    return {syntax::DurationLiteral{}, place()};
}

std::vector<syntax::LanguageText> Parser::texts() {
    std::vector<syntax::LanguageText> texts;
    while (at(TokenKind::lname) && ahead(1).kind == TokenKind::string) {
        const std::optional<syntax::Language> language = find_language(text());
        const std::uint32_t first = begin();
        if (!language) {
            if (now().newline_before) {
                break;
            }
            report(error(Code::missing_language, now().span,
                         "`" + std::string(text()) + "` is not a language known here")
                       .with_help("the languages of texts are fr, ar, en and zgh"));
        }
        skip();
        syntax::Text value = string("a text");
        texts.push_back({language.value_or(syntax::Language::fr), std::move(value), since(first)});
    }
    if (texts.empty()) {
        auto diagnostic = unexpected(Code::missing_language, "a text with its language");
        stop(std::move(diagnostic).with_help("write `fr \"…\" ar \"…\"`"));
    }
    return texts;
}

std::vector<syntax::Name> Parser::state_names(std::string_view what) {
    std::vector<syntax::Name> names;
    bars([&] { names.push_back(lower_name(what)); });
    return names;
}

std::vector<syntax::Name> Parser::in_states() {
    if (!take_word("in")) {
        stop(unexpected(Code::missing_states, "the states in which this holds")
                 .with_help("write `in state`, several separated by `|`"));
        return {};
    }
    return state_names("a state");
}

std::vector<syntax::Name> Parser::targets() {
    if (!take(TokenKind::arrow)) {
        stop(unexpected(Code::missing_targets, "`->` and the states that this may lead to")
                 .with_help("write `-> state`, several separated by `|`, or `-> stay`"));
        return {};
    }
    return state_names("a state");
}

/// After the word `basis` has been seen to be due.
syntax::Name Parser::basis() {
    if (!take_word("basis")) {
        stop(unexpected(Code::missing_basis, "`basis` and the name of a legal text"));
        return {"", place()};
    }
    return upper_name("a legal basis");
}

syntax::Index Parser::index() {
    expect_word("index", "");
    syntax::Index index;
    index.field = lower_name("a field to index");
    expect_word("max", "and how many entries one value may have");
    index.max = integer("a bound");
    return index;
}

syntax::TypePtr Parser::type() {
    const Nesting nesting(*this);
    auto result = std::make_unique<syntax::Type>();
    result->id = static_cast<syntax::TypeId>(file_.type_count++);
    const std::uint32_t first = begin();
    if (at(TokenKind::lparen)) {
        syntax::TupleType tuple;
        const Span open = now().span;
        list(TokenKind::lparen, false, "", [&] { tuple.elements.push_back(type()); });
        if (tuple.elements.size() < 2) {
            report(error(Code::expected_type, since(open.begin), "a tuple has two types or more")
                       .with_help("write a single type without parentheses"));
        }
        result->node = std::move(tuple);
    } else if (take(TokenKind::lbracket)) {
        syntax::ArrayType array;
        array.element = type();
        expect(TokenKind::semicolon, "and the length of the array, as in `[u8; 32]`");
        array.size = size();
        expect(TokenKind::rbracket, "");
        result->node = std::move(array);
    } else if (at(TokenKind::lname) || at(TokenKind::uname)) {
        syntax::NamedType named;
        if (at(TokenKind::uname)) {
            syntax::Name name = upper_name("a type");
            named.path.span = name.span;
            named.path.segments.push_back(std::move(name));
        } else {
            named.path = path("a type");
            if (at(TokenKind::lbracket) && !now().newline_before) {
                named.arguments = type_arguments();
            }
        }
        if (at(TokenKind::less)) {
            stop(unexpected(Code::unexpected_token, "`[`")
                     .with_help("arguments of types stand in brackets: `list[T, 8]`, `text[40]`"));
        }
        result->node = std::move(named);
    } else {
        stop(unexpected(Code::expected_type, "a type"));
        syntax::NamedType none;
        none.path.segments.push_back({"", place()});
        none.path.span = place();
        result->node = std::move(none);
    }
    result->optional = take(TokenKind::question);
    result->span = since(first);
    return result;
}

syntax::TypeArguments Parser::type_arguments() {
    syntax::TypeArguments arguments;
    const std::uint32_t first = begin();
    expect(TokenKind::lbracket, "");
    if (at(TokenKind::integer)) {
        arguments.first = integer("a size");
    } else {
        arguments.first = type();
    }
    if (take(TokenKind::comma)) {
        arguments.size = size();
    }
    expect(TokenKind::rbracket, "");
    arguments.span = since(first);
    return arguments;
}

syntax::TypePtr Parser::type_after_colon(std::string_view what) {
    if (!take(TokenKind::colon)) {
        stop(unexpected(Code::missing_type, "`:` and the type of " + std::string(what)));
    }
    return type();
}

syntax::Actor Parser::actor() {
    syntax::Actor actor;
    const std::uint32_t first = begin();
    actor.name = any_name("a role, a party or an authority");
    const bool named_twice =
        actor.name.is_upper() && !now().newline_before &&
        (at(TokenKind::uname) || (at_word("any") && ahead(1).kind == TokenKind::uname));
    if (named_twice) {
        const Span gap{source_.id(), last_end_, last_end_};
        report(error(Code::missing_of, now().span, "`of` is missing between the role and the body")
                   .with_help("write `" + actor.name.text + " of " + std::string(text()) + "`")
                   .with_edit(gap, " of"));
    }
    if (take_word("of") || named_twice) {
        if (at_word("any") && ahead(1).kind == TokenKind::uname) {
            skip();
            actor.any_of = upper_name("an authority");
        } else {
            actor.of = postfix();
        }
    }
    actor.span = since(first);
    return actor;
}

std::vector<syntax::Actor> Parser::actors() {
    std::vector<syntax::Actor> actors;
    bars([&] { actors.push_back(actor()); });
    return actors;
}

syntax::By Parser::by() {
    syntax::By by;
    const std::uint32_t first = begin();
    if (!take_word("by")) {
        stop(unexpected(Code::missing_actor, "`by` and who may do this")
                 .with_help("write `by Role of body`, or `by anyone` if that is meant"));
        by.span = place();
        return by;
    }
    by.actors = actors();
    if (take_word("as")) {
        by.as = lower_name("a party");
    }
    if (take_word("except")) {
        by.except = state_names("a party");
    }
    if (take_word("quorum")) {
        by.quorum = integer("how many must agree");
    }
    by.span = since(first);
    return by;
}

std::vector<syntax::Param> Parser::params() {
    std::vector<syntax::Param> params;
    list(TokenKind::lparen, true, "and the parameters", [&] { params.push_back(param()); });
    return params;
}

syntax::Param Parser::param() {
    syntax::Param param;
    const std::uint32_t first = begin();
    const bool prefixed = ahead(1).kind == TokenKind::lname;
    if (prefixed && take_word("reveal")) {
        param.kind = syntax::ParamKind::reveal;
        param.name = lower_name("a secret");
        param.span = since(first);
        return param;
    }
    if (prefixed && take_word("public")) {
        param.kind = syntax::ParamKind::published;
    }
    param.name = lower_name("a parameter");
    note_missing_name(param.name);
    if (!now().newline_before && (at(TokenKind::lname) || at(TokenKind::uname))) {
        param_without_colon(param);
    } else if (at(TokenKind::colon) || param.kind == syntax::ParamKind::published) {
        param.type = type_after_colon("the parameter");
    }
    param.span = since(first);
    return param;
}

/// `x u32`, or as other languages have it, `u32 x`.
void Parser::param_without_colon(syntax::Param& param) {
    const bool in_order = at(TokenKind::uname) || is_type_word(text());
    const std::string second(text());
    report(error(Code::missing_type, join(param.name.span, now().span),
                 "a parameter is written `name: type`")
               .with_help("write `" + (in_order ? param.name.text : second) + ": " +
                          (in_order ? second : param.name.text) + "`"));
    if (in_order) {
        param.type = type();
        return;
    }
    auto written = std::make_unique<syntax::Type>();
    written->id = static_cast<syntax::TypeId>(file_.type_count++);
    written->span = param.name.span;
    written->node = syntax::NamedType{{{param.name}, param.name.span}, std::nullopt};
    param.type = std::move(written);
    param.name = lower_name("a parameter");
}

std::vector<syntax::Field> Parser::fields() {
    std::vector<syntax::Field> fields;
    list(TokenKind::lbrace, true, "and the fields", [&] { fields.push_back(field()); });
    return fields;
}

syntax::Field Parser::field() {
    syntax::Field field;
    const std::uint32_t first = begin();
    if (ahead(1).kind == TokenKind::lname && take_word("secret")) {
        field.secret = true;
    }
    field.name = lower_name("a field");
    field.type = type_after_colon("the field");
    if (take(TokenKind::assign)) {
        field.initial = expr();
    }
    field.span = since(first);
    return field;
}

}  // namespace aqd::parse

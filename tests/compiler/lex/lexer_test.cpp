#include "compiler/lex/lexer.h"

#include "compiler/lex/literal.h"

#include <catch2/catch.hpp>

using namespace aqd;
using namespace aqd::lex;
using diagnostics::Code;

namespace {

struct Lexed {
    source::SourceSet sources;
    diagnostics::Sink sink;
    TokenStream stream;

    explicit Lexed(std::string text) {
        stream = lex::lex(sources.file(sources.add("t.aqd", std::move(text))), sink);
    }

    [[nodiscard]] std::string_view text(std::size_t i) const {
        return sources.file(source::FileId{0}).text(stream.tokens.at(i).span);
    }
    [[nodiscard]] TokenKind kind(std::size_t i) const { return stream.tokens.at(i).kind; }
};

/// The code and the text of the only diagnostic.
void refused(const std::string& source, Code code, const std::string& where) {
    CAPTURE(source);
    const Lexed lexed(source);
    const auto found = lexed.sink.sorted();
    REQUIRE(found.size() == 1);
    CHECK(code_text(found[0].code) == code_text(code));
    CHECK(lexed.sources.file(source::FileId{0}).text(found[0].primary.span) == where);
    CHECK((lexed.stream.tokens.back().kind == TokenKind::end));
}

}  // namespace

TEST_CASE("what cannot be a token is refused at its place") {
    refused("a \xE9\xE8 b", Code::invalid_utf8, "\xE9\xE8");
    refused("\"a\u202Eb\"", Code::bidi_control, "\u202E");
    refused("// a\u2066b", Code::bidi_control, "\u2066");
    refused("a \u200F b", Code::bidi_control, "\u200F");
    refused("d\u00E9c\u00E8s", Code::non_ascii, "d\u00E9c\u00E8s");
    refused("a \u00D7 b", Code::non_ascii, "\u00D7");
    refused("a\u00A0b", Code::non_ascii, "\u00A0");
    refused("a @ b", Code::unknown_character, "@");
    refused("'text'", Code::unknown_character, "'text'");
    refused("a ' b", Code::unknown_character, "'");
    refused("_x", Code::unknown_character, "_x");
    refused("\"abc\nx", Code::unterminated_string, "\"abc");
    refused("\"abc\\", Code::unterminated_string, "\"abc\\");
    refused("\"a\\tb\"", Code::unknown_escape, "\\t");
    refused("\"a\\\u00E9b\"", Code::unknown_escape, "\\\u00E9");
    refused("\"\\u{D800}\"", Code::unknown_escape, "\\u{D800}");
    refused("\"\\u{202E}\"", Code::unknown_escape, "\\u{202E}");
    refused("\"\\u{}\"", Code::unknown_escape, "\\u{}");
    refused("\"\\u{1234567}\"", Code::unknown_escape, "\\u{1234567}");
    refused("\"a\tb\"", Code::control_character, "\t");
    refused("a \x01 b", Code::control_character, "\x01");
    refused("a\rb", Code::control_character, "\r");
    refused("a /* b */ c", Code::block_comment, "/*");
}

TEST_CASE("a text that is not in Unicode's form C is refused") {
    refused("f(\"e\u0301tat\")", Code::not_composed, "\"e\u0301tat\"");
    refused("\"e\\u{301}tat\"", Code::not_composed, "\"e\\u{301}tat\"");
    refused("\"\u0627\u0653\"", Code::not_composed, "\"\u0627\u0653\"");
    CHECK_FALSE(Lexed("\"\u00e9tat \u0622 \u1eb9\u0301\" // e\u0301").sink.has_errors());
}

TEST_CASE("numbers and dates that cannot be read are refused whole") {
    refused("0x", Code::malformed_number, "0x");
    refused("0xfg", Code::malformed_number, "0xfg");
    refused("1__0", Code::malformed_number, "1__0");
    refused("1_", Code::malformed_number, "1_");
    refused("12K3", Code::malformed_number, "12K3");
    refused("0x10K", Code::malformed_number, "0x10K");
    refused("30days", Code::malformed_number, "30days");
    refused("1.5x", Code::malformed_number, "1.5x");
    refused("340282366920938463463374607431768211456", Code::number_too_large,
            "340282366920938463463374607431768211456");
    refused("340282366920938463463374607431768211455K", Code::number_too_large,
            "340282366920938463463374607431768211455K");
    refused("1.1234567890123456789", Code::number_too_large, "1.1234567890123456789");
    refused("18446744073709551616 days", Code::number_too_large, "18446744073709551616 days");
    refused("2026-02-29", Code::no_such_date, "2026-02-29");
    refused("1599-12-31", Code::no_such_date, "1599-12-31");
    refused("2026-3-05", Code::no_such_date, "2026-3-05");
    refused("2026-03-05T24:00", Code::no_such_date, "2026-03-05T24:00");
    refused("2026-03-05T9:30", Code::no_such_date, "2026-03-05T9:30");
    refused("2026-03-05x", Code::no_such_date, "2026-03-05x");
}

TEST_CASE("a file over a mebibyte is refused as a whole") {
    const Lexed lexed(std::string(source::max_source_bytes + 1, '@'));
    REQUIRE(lexed.sink.sorted().size() == 1);
    CHECK((lexed.sink.sorted()[0].code == Code::file_too_large));
    CHECK(lexed.stream.tokens.size() == 1);
}

TEST_CASE("a mebibyte is read") {
    const Lexed lexed(std::string(source::max_source_bytes, ' '));
    CHECK_FALSE(lexed.sink.has_errors());
}

TEST_CASE("tokens carry their kind, text and whether they begin a line") {
    const Lexed lexed("module a.B\n  if 42 // c\n\"s\"->");
    const TokenKind kinds[] = {TokenKind::lname,  TokenKind::lname,    TokenKind::dot,
                               TokenKind::uname,  TokenKind::reserved, TokenKind::integer,
                               TokenKind::string, TokenKind::arrow,    TokenKind::end};
    REQUIRE(lexed.stream.tokens.size() == std::size(kinds));
    for (std::size_t i = 0; i < std::size(kinds); ++i) {
        CHECK((lexed.kind(i) == kinds[i]));
        CHECK(lexed.stream.tokens[i].newline_before == (i == 0 || i == 4 || i == 6));
    }
    CHECK(lexed.text(3) == "B");
    REQUIRE(lexed.stream.comments.size() == 1);
    CHECK(lexed.stream.comments[0].before == 6);
}

TEST_CASE("three slashes document, two or four do not") {
    const Lexed lexed("/// doc\n//// rule\n// note\nx");
    REQUIRE(lexed.stream.comments.size() == 3);
    CHECK(lexed.stream.comments[0].doc);
    CHECK_FALSE(lexed.stream.comments[1].doc);
    CHECK_FALSE(lexed.stream.comments[2].doc);
}

TEST_CASE("a number and a unit on one line are one duration") {
    CHECK((Lexed("30 days").kind(0) == TokenKind::duration));
    CHECK((Lexed("1_0 \t workday").kind(0) == TokenKind::duration));
    CHECK((Lexed("30\ndays").kind(0) == TokenKind::integer));
    CHECK((Lexed("30 daysx").kind(0) == TokenKind::integer));
    CHECK((Lexed("64K days").kind(0) == TokenKind::integer));
    CHECK((Lexed("30 seconds").kind(0) == TokenKind::integer));
}

TEST_CASE("a range is not a decimal and a subtraction is not a date") {
    const Lexed range("0..16");
    CHECK((range.kind(0) == TokenKind::integer));
    CHECK((range.kind(1) == TokenKind::dot_dot));
    CHECK((Lexed("1.5").kind(0) == TokenKind::decimal));
    CHECK((Lexed("2026-03").kind(0) == TokenKind::integer));
    CHECK((Lexed("2026 - 03 - 05").kind(0) == TokenKind::integer));
    CHECK((Lexed("2026-03-05").kind(0) == TokenKind::date));
    CHECK((Lexed("2026-03-05T10:00").kind(0) == TokenKind::time));
}

TEST_CASE("the longest sign wins") {
    const Lexed lexed("-> - -= -% => == = += +% << <= < .. . !=");
    const TokenKind kinds[] = {
        TokenKind::arrow,      TokenKind::minus,       TokenKind::minus_assign,
        TokenKind::minus_wrap, TokenKind::fat_arrow,   TokenKind::equal,
        TokenKind::assign,     TokenKind::plus_assign, TokenKind::plus_wrap,
        TokenKind::shift_left, TokenKind::less_equal,  TokenKind::less,
        TokenKind::dot_dot,    TokenKind::dot,         TokenKind::not_equal};
    for (std::size_t i = 0; i < std::size(kinds); ++i) {
        CHECK((lexed.kind(i) == kinds[i]));
    }
}

TEST_CASE("operators of other languages are one token each") {
    for (const char* sign : {"&&", "||", "!", "===", "!==", "++", "::", ":=", "**", "*=", "..="}) {
        const Lexed lexed(sign);
        CHECK((lexed.kind(0) == TokenKind::foreign));
        CHECK(lexed.text(0) == sign);
    }
}

TEST_CASE("literals have their value") {
    CHECK(read_integer("64K").value() == 65536);
    CHECK(read_integer("2M").value() == 2097152);
    CHECK(read_integer("0xFF_ff").value() == 65535);
    CHECK((read_integer("340282366920938463463374607431768211455").value() == ~UInt128{0}));
    CHECK((read_decimal("12.50").value() == DecimalLiteral{1250, 2}));
    CHECK((read_decimal("0.05").value() == DecimalLiteral{5, 2}));
    CHECK((read_date("2024-02-29").value() == DateLiteral{2024, 2, 29}));
    CHECK((read_time("2026-03-05T09:30:15").value() == TimeLiteral{{2026, 3, 5}, 9, 30, 15}));
    CHECK((read_duration("30  workdays").value() ==
           DurationLiteral{30, DurationUnit::workday, Rounding::unsaid}));
    CHECK(string_value("\"a\\n\\\"\\\\\\u{E9}\"") == "a\n\"\\\u00E9");
}

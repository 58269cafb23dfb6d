#include "compiler/lex/lexer.h"

#include "compiler/lex/characters.h"
#include "compiler/lex/literal.h"

#include <aqd/abi/text.h>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace aqd::lex {
namespace {

using diagnostics::Code;
using diagnostics::error;
using source::Span;

bool is_lower(char c) {
    return c >= 'a' && c <= 'z';
}
bool is_upper(char c) {
    return c >= 'A' && c <= 'Z';
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_word(char c) {
    return is_lower(c) || is_upper(c) || is_digit(c) || c == '_';
}
bool is_ascii(char c) {
    return static_cast<unsigned char>(c) < 0x80;
}

struct Sign {
    std::string_view text;
    TokenKind kind;
};

/// Longest first, so that the first that fits is the longest that fits.
constexpr Sign signs[] = {
    {"===", TokenKind::foreign},    {"!==", TokenKind::foreign},
    {"..=", TokenKind::foreign},    {"...", TokenKind::foreign},
    {"->", TokenKind::arrow},       {"=>", TokenKind::fat_arrow},
    {"==", TokenKind::equal},       {"!=", TokenKind::not_equal},
    {"<=", TokenKind::less_equal},  {">=", TokenKind::greater_equal},
    {"+=", TokenKind::plus_assign}, {"-=", TokenKind::minus_assign},
    {"+%", TokenKind::plus_wrap},   {"-%", TokenKind::minus_wrap},
    {"*%", TokenKind::star_wrap},   {"<<", TokenKind::shift_left},
    {">>", TokenKind::shift_right}, {"..", TokenKind::dot_dot},
    {"&&", TokenKind::foreign},     {"||", TokenKind::foreign},
    {"++", TokenKind::foreign},     {"**", TokenKind::foreign},
    {"::", TokenKind::foreign},     {":=", TokenKind::foreign},
    {"<>", TokenKind::foreign},     {"*=", TokenKind::foreign},
    {"/=", TokenKind::foreign},     {"%=", TokenKind::foreign},
    {"&=", TokenKind::foreign},     {"|=", TokenKind::foreign},
    {"^=", TokenKind::foreign},     {"!", TokenKind::foreign},
    {"(", TokenKind::lparen},       {")", TokenKind::rparen},
    {"{", TokenKind::lbrace},       {"}", TokenKind::rbrace},
    {"[", TokenKind::lbracket},     {"]", TokenKind::rbracket},
    {",", TokenKind::comma},        {":", TokenKind::colon},
    {";", TokenKind::semicolon},    {".", TokenKind::dot},
    {"=", TokenKind::assign},       {"<", TokenKind::less},
    {">", TokenKind::greater},      {"+", TokenKind::plus},
    {"-", TokenKind::minus},        {"*", TokenKind::star},
    {"/", TokenKind::slash},        {"%", TokenKind::percent},
    {"|", TokenKind::pipe},         {"^", TokenKind::caret},
    {"&", TokenKind::ampersand},    {"~", TokenKind::tilde},
    {"?", TokenKind::question},
};

/// The character that `\u{digits}` means, if a text may hold it.
std::optional<char32_t> escaped_character(std::string_view digits) {
    if (digits.empty() || digits.size() > 6 || digits.find('_') != std::string_view::npos) {
        return std::nullopt;
    }
    const auto value = read_integer("0x" + std::string(digits));
    if (!value || *value > 0x10FFFF || (*value >= 0xD800 && *value <= 0xDFFF)) {
        return std::nullopt;
    }
    const auto point = static_cast<char32_t>(*value);
    const bool control = (point < 0x20 && point != '\n') || (point >= 0x7F && point < 0xA0);
    return control || is_bidi_control(point) ? std::nullopt : std::optional(point);
}

class Lexer {
  public:
    Lexer(const source::SourceFile& source, diagnostics::Sink& sink)
        : source_(source), text_(source.text()), sink_(sink) {}

    TokenStream run() {
        while (skip_blanks()) {
            const char c = text_[at_];
            if (c == '/' && (peek(1) == '/' || peek(1) == '*')) {
                comment();
            } else if (is_digit(c)) {
                number();
            } else if (is_word(c)) {
                word();
            } else if (c == '"') {
                string();
            } else if (!is_ascii(c)) {
                non_ascii();
            } else {
                sign();
            }
        }
        push(TokenKind::end, text_.size(), text_.size());
        return std::move(stream_);
    }

  private:
    [[nodiscard]] char peek(std::size_t ahead) const {
        return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
    }

    void push(TokenKind kind, std::size_t begin, std::size_t end) {
        stream_.tokens.push_back({kind, newline_, source_.span(begin, end)});
        newline_ = false;
        at_ = end;
    }

    /// False at the end of the text. Control characters were reported by `check_characters`.
    bool skip_blanks() {
        while (at_ < text_.size()) {
            const auto octet = static_cast<unsigned char>(text_[at_]);
            if (octet == '\n') {
                newline_ = true;
            } else if (octet > 0x20 && octet != 0x7F) {
                return true;
            }
            ++at_;
        }
        return false;
    }

    [[nodiscard]] std::size_t line_end() const {
        std::size_t end = std::min(text_.find('\n', at_), text_.size());
        if (end > at_ && text_[end - 1] == '\r') {
            --end;
        }
        return end;
    }

    void comment() {
        const std::size_t begin = at_;
        if (peek(1) == '*') {
            const std::size_t close = text_.find("*/", at_ + 2);
            const std::size_t end = close == std::string_view::npos ? line_end() : close + 2;
            sink_.report(error(Code::block_comment, source_.span(begin, begin + 2),
                               "comments do not stand between /* and */")
                             .with_help("begin each line of the comment with //"));
            newline_ |= text_.substr(begin, end - begin).find('\n') != std::string_view::npos;
            at_ = end;
            return;
        }
        at_ = line_end();
        const std::string_view text = text_.substr(begin, at_ - begin);
        const bool doc = text.starts_with("///") && !text.starts_with("////");
        stream_.comments.push_back(
            {source_.span(begin, at_), doc, static_cast<std::uint32_t>(stream_.tokens.size())});
    }

    void word() {
        const std::size_t begin = at_;
        std::size_t end = at_;
        while (end < text_.size() && (is_word(text_[end]) || letter_at(end) != 0)) {
            end += std::max<std::size_t>(letter_at(end), 1);
        }
        const std::string_view text = text_.substr(begin, end - begin);
        const Span span = source_.span(begin, end);
        if (!std::ranges::all_of(text, is_ascii)) {
            report_letters(span);
        } else if (text.front() == '_') {
            sink_.report(
                error(Code::unknown_character, span, "a name begins with a letter, not with `_`")
                    .with_help("a pattern that takes anything is a lower-case name, such "
                               "as `other`"));
        }
        if (is_upper(text.front())) {
            push(TokenKind::uname, begin, end);
        } else {
            push(is_reserved(text) ? TokenKind::reserved : TokenKind::lname, begin, end);
        }
    }

    /// Octets of the non-ASCII letter at an offset, zero if something else stands there.
    [[nodiscard]] std::size_t letter_at(std::size_t offset) const {
        if (is_ascii(text_[offset])) {
            return 0;
        }
        const source::CodePoint point = source::decode_utf8(text_, offset);
        const bool letter = point.value >= 0xC0 && !is_bidi_control(point.value) &&
                            *ascii_for(point.value) == '\0' &&
                            (point.value < 0x2000 || point.value >= 0x2C00);
        return letter ? point.size_bytes : 0;
    }

    void report_letters(Span span) {
        sink_.report(
            error(Code::non_ascii, span,
                  "the name `" + std::string(source_.text(span)) + "` has letters outside ASCII")
                .with_help("write the name with a to z; labels and texts show it to "
                           "people in their own script"));
    }

    void non_ascii() {
        const std::size_t begin = at_;
        const source::CodePoint point = source::decode_utf8(text_, begin);
        if (letter_at(begin) != 0) {
            word();
            return;
        }
        const std::size_t end = begin + std::max<std::size_t>(point.size_bytes, 1);
        const Span span = source_.span(begin, end);
        if (point.size_bytes == 0 || is_bidi_control(point.value)) {
            at_ = end;  // reported by `check_characters`
            return;
        }
        const std::string ascii = ascii_for(point.value);
        auto diagnostic =
            error(Code::non_ascii, span,
                  "`" + std::string(source_.text(span)) + "` is not an ASCII character");
        if (!ascii.empty()) {
            diagnostic =
                std::move(diagnostic)
                    .with_help(ascii == " " ? "write an ordinary blank" : "write `" + ascii + "`")
                    .with_edit(span, ascii);
        }
        sink_.report(std::move(diagnostic));
        if (ascii == " ") {
            at_ = end;
        } else {
            push(TokenKind::unknown, begin, end);
        }
    }

    void sign() {
        const std::string_view rest = text_.substr(at_);
        for (const Sign& sign : signs) {
            if (rest.starts_with(sign.text)) {
                push(sign.kind, at_, at_ + sign.text.size());
                return;
            }
        }
        if (text_[at_] == '\'') {
            const std::string_view line = text_.substr(at_ + 1, line_end() - at_ - 1);
            const std::size_t close = line.find('\'');
            if (close != std::string_view::npos) {
                const Span span = source_.span(at_, at_ + close + 2);
                sink_.report(
                    error(Code::unknown_character, span, "a string stands between double quotes")
                        .with_help("write \"" + std::string(line.substr(0, close)) + "\""));
                push(TokenKind::string, span.begin, span.end);
                return;
            }
        }
        sink_.report(
            error(Code::unknown_character, source_.span(at_, at_ + 1),
                  "the language does not use the character `" + std::string(1, text_[at_]) + "`"));
        push(TokenKind::unknown, at_, at_ + 1);
    }

    void string() {
        const std::size_t begin = at_;
        const std::size_t limit = line_end();
        std::size_t i = at_ + 1;
        while (i < limit && text_[i] != '"') {
            if (text_[i] == '\\') {
                i = escape(i, limit);
            } else {
                if (text_[i] == '\t') {
                    sink_.report(error(Code::control_character, source_.span(i, i + 1),
                                       "a tab stands in a string")
                                     .with_help("write blanks"));
                }
                ++i;
            }
        }
        if (i >= limit) {
            sink_.report(error(Code::unterminated_string, source_.span(begin, limit),
                               "this string does not end on its line")
                             .with_help("close it with a double quote; a line break inside is "
                                        "written \\n"));
            push(TokenKind::string, begin, limit);
            return;
        }
        push(TokenKind::string, begin, i + 1);
        check_composed(source_.span(begin, i + 1));
    }

    /// What a contract would refuse from a caller does not stand in its own texts either.
    void check_composed(Span span) {
        const std::string value = string_value(source_.text(span));
        if (abi::check_text(value).fault == abi::TextFault::not_composed) {
            sink_.report(
                error(Code::not_composed, span, "a mark in this text stands apart from its letter")
                    .with_help("write letter and mark as one character, such as \\u{e9} "
                               "for é, in Unicode's form C"));
        }
    }

    /// Checks the escape at `i` and returns the offset after it.
    std::size_t escape(std::size_t i, std::size_t limit) {
        const char c = i + 1 < limit ? text_[i + 1] : '\0';
        if (c == 'n' || c == '"' || c == '\\') {
            return i + 2;
        }
        if (i + 1 >= limit) {
            return limit;  // the string does not end, which is reported
        }
        std::size_t end = i + 2;
        std::string message = "this escape does not exist";
        if (c == 'u' && i + 2 < limit && text_[i + 2] == '{') {
            std::size_t digits = i + 3;
            while (digits < limit && is_word(text_[digits])) {
                ++digits;
            }
            if (digits < limit && text_[digits] == '}') {
                end = digits + 1;
                if (escaped_character(text_.substr(i + 3, digits - i - 3))) {
                    return end;
                }
                message = "this escape names no character that a text may hold";
            }
        }
        // An escape cut in the middle of a character takes the whole of it.
        while (end < limit && (static_cast<unsigned char>(text_[end]) & 0xC0U) == 0x80U) {
            ++end;
        }
        sink_.report(error(Code::unknown_escape, source_.span(i, end), message)
                         .with_help("escapes are \\n, \\\", \\\\ and \\u{…} with a character's "
                                    "hexadecimal number"));
        return end;
    }

    /// How many octets from `offset` on satisfy a test.
    template <class Test>
    [[nodiscard]] std::size_t run_of(std::size_t offset, Test test) const {
        std::size_t end = offset;
        while (end < text_.size() && test(text_[end])) {
            ++end;
        }
        return end - offset;
    }

    void number() {
        const std::size_t begin = at_;
        if (calendar(begin)) {
            return;
        }
        std::size_t end = begin + run_of(begin, is_word);
        TokenKind kind = TokenKind::integer;
        if (end + 1 < text_.size() && text_[end] == '.' && is_digit(text_[end + 1])) {
            kind = TokenKind::decimal;
            end += 1 + run_of(end + 1, is_word);
        } else if (const std::size_t unit_end = unit_after(begin, end); unit_end != 0) {
            kind = TokenKind::duration;
            end = unit_end;
        }
        check_number(kind, source_.span(begin, end));
        push(kind, begin, end);
    }

    /// The end of "days" in "30 days", zero if no unit follows the whole number on its line.
    [[nodiscard]] std::size_t unit_after(std::size_t begin, std::size_t end) const {
        const auto plain = [](char c) { return is_digit(c) || c == '_'; };
        const std::size_t blanks = run_of(end, [](char c) { return c == ' ' || c == '\t'; });
        const std::size_t word = end + blanks;
        const std::size_t size = run_of(word, is_word);
        if (run_of(begin, plain) != end - begin || blanks == 0 ||
            !find_unit(text_.substr(word, size))) {
            return 0;
        }
        return word + size;
    }

    /// A date or a moment: four digits, then month and day with single hyphens and no blanks.
    bool calendar(std::size_t begin) {
        const std::size_t year = run_of(begin, is_digit);
        const auto part = [&](std::size_t offset, char before) -> std::size_t {
            if (offset >= text_.size() || text_[offset] != before) {
                return 0;
            }
            const std::size_t digits = run_of(offset + 1, is_digit);
            return digits == 0 || digits > 2 ? 0 : digits + 1;
        };
        std::size_t end = begin + year;
        const std::size_t month = year == 4 ? part(end, '-') : 0;
        const std::size_t day = month != 0 ? part(end + month, '-') : 0;
        if (day == 0) {
            return false;
        }
        end += month + day;
        TokenKind kind = TokenKind::date;
        if (end < text_.size() && text_[end] == 'T') {
            kind = TokenKind::time;
            end += run_of(end, [](char c) { return is_word(c) || c == ':'; });
        } else {
            end += run_of(end, is_word);
        }
        const Span span = source_.span(begin, end);
        const std::string_view text = source_.text(span);
        if (kind == TokenKind::date ? !read_date(text) : !read_time(text)) {
            sink_.report(error(Code::no_such_date, span,
                               kind == TokenKind::date
                                   ? "there is no day `" + std::string(text) + "`"
                                   : "there is no moment `" + std::string(text) + "`")
                             .with_help(kind == TokenKind::date
                                            ? "dates are written year-month-day with two digits "
                                              "each: 2026-03-05"
                                            : "moments are written 2026-03-05T09:30"));
        }
        push(kind, begin, end);
        return true;
    }

    void check_number(TokenKind kind, Span span) {
        const std::string_view text = source_.text(span);
        const bool good = kind == TokenKind::integer   ? read_integer(text).has_value()
                          : kind == TokenKind::decimal ? read_decimal(text).has_value()
                                                       : read_duration(text).has_value();
        if (good) {
            return;
        }
        const std::size_t letters = text.find_first_not_of("0123456789_");
        if (letters != std::string_view::npos && find_unit(text.substr(letters))) {
            const std::string spaced =
                std::string(text.substr(0, letters)) + " " + std::string(text.substr(letters));
            sink_.report(error(Code::malformed_number, span,
                               "a blank is missing between the number and its unit")
                             .with_help("write `" + spaced + "`")
                             .with_edit(span, spaced));
            return;
        }
        if (well_spelt(kind, text)) {
            sink_.report(error(Code::number_too_large, span, "this number is too large")
                             .with_help("integers go up to 2^128 - 1, decimals up to 18 digits "
                                        "after the point"));
            return;
        }
        sink_.report(error(Code::malformed_number, span,
                           "`" + std::string(text.substr(0, 40)) + "` cannot be read as a number")
                         .with_help("numbers are written 42, 0x2a, 1_000_000, 64K or 12.50"));
    }

    /// Only the size can be wrong with it.
    static bool well_spelt(TokenKind kind, std::string_view text) {
        if (kind == TokenKind::duration) {
            return true;
        }
        const bool hex = text.starts_with("0x");
        if (hex) {
            text.remove_prefix(2);
        } else if (kind == TokenKind::integer && (text.ends_with('K') || text.ends_with('M'))) {
            text.remove_suffix(1);
        }
        bool after_digit = false;
        for (const char c : text) {
            const bool digit =
                is_digit(c) || (hex && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
            if (!digit && !(after_digit && (c == '_' || (c == '.' && !hex)))) {
                return false;
            }
            after_digit = digit;
        }
        return after_digit;
    }

    const source::SourceFile& source_;
    std::string_view text_;
    diagnostics::Sink& sink_;
    TokenStream stream_;
    std::size_t at_ = 0;
    bool newline_ = true;
};

}  // namespace

TokenStream lex(const source::SourceFile& source, diagnostics::Sink& sink) {
    if (source.text().size() > source::max_source_bytes) {
        sink.report(error(Code::file_too_large, source.span(0, 0),
                          "this file is longer than a mebibyte (1,048,576 octets)")
                        .with_help("split it into modules"));
        return {{{TokenKind::end, true, source.span(0, 0)}}, {}};
    }
    check_characters(source, sink);
    return Lexer(source, sink).run();
}

std::string string_value(std::string_view literal) {
    const char quote = literal.empty() ? '\0' : literal.front();
    std::string value;
    std::size_t i = 1;
    while (i < literal.size() && literal[i] != quote) {
        if (literal[i] != '\\') {
            value += literal[i++];
            continue;
        }
        const char c = i + 1 < literal.size() ? literal[i + 1] : '\0';
        if (c == 'n' || c == '"' || c == '\\') {
            value += c == 'n' ? '\n' : c;
        } else if (c == 'u' && i + 2 < literal.size() && literal[i + 2] == '{') {
            const std::size_t close = literal.find('}', i);
            if (close != std::string_view::npos) {
                if (const auto point = escaped_character(literal.substr(i + 3, close - i - 3))) {
                    source::append_utf8(value, *point);
                }
                i = close + 1;
                continue;
            }
        }
        i += 2;
    }
    return value;
}

}  // namespace aqd::lex

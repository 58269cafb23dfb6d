#include "compiler/parse/parse.h"
#include "compiler/parse/parser.h"
#include "compiler/parse/words.h"

#include <span>

namespace aqd::parse {

using diagnostics::error;
using lex::Token;

namespace {

constexpr std::size_t longest_quote = 40;

bool is_closer(lex::TokenKind kind) {
    return kind == lex::TokenKind::rparen || kind == lex::TokenKind::rbracket ||
           kind == lex::TokenKind::rbrace;
}

}  // namespace

const Token& Parser::ahead(std::size_t count) const {
    static constexpr Token nothing{lex::TokenKind::unknown, false, {}};
    if (stopped_) {
        return nothing;
    }
    return input_.tokens[std::min<std::size_t>(at_ + count, input_.tokens.size() - 1)];
}

bool Parser::word_ahead(std::size_t count, std::string_view word) const {
    const Token& token = ahead(count);
    return (token.kind == TokenKind::lname || token.kind == TokenKind::reserved) &&
           source_.text(token.span) == word;
}

bool Parser::at_foreign(std::string_view sign) const {
    return at(TokenKind::foreign) && text() == sign;
}

/// Where a list without brackets cannot go on: another declaration or member, or a bracket's end.
bool Parser::at_heading() const {
    return at(TokenKind::end) || is_closer(now().kind) ||
           (now().newline_before &&
            (starts_item(rest(), source_) || starts_member(rest(), source_)));
}

std::span<const Token> Parser::rest() const {
    return std::span(input_.tokens).subspan(at_);
}

void Parser::skip() {
    if (!stopped_ && at_ + 1 < input_.tokens.size()) {
        last_end_ = std::max(last_end_, input_.tokens[at_].span.end);
        ++at_;
    }
}

bool Parser::take(TokenKind kind) {
    if (!at(kind)) {
        return false;
    }
    skip();
    return true;
}

bool Parser::take_word(std::string_view word) {
    if (!at_word(word)) {
        return false;
    }
    skip();
    return true;
}

bool Parser::expect(TokenKind kind, std::string_view where) {
    if (take(kind)) {
        return true;
    }
    std::string expected(describe(kind));
    if (!where.empty()) {
        expected += " ";
        expected += where;
    }
    stop(unexpected(Code::unexpected_token, expected));
    return false;
}

bool Parser::expect_word(std::string_view word, std::string_view where) {
    if (take_word(word)) {
        return true;
    }
    std::string expected = "`" + std::string(word) + "`";
    if (!where.empty()) {
        expected += " ";
        expected += where;
    }
    stop(unexpected(Code::unexpected_token, expected));
    return false;
}

std::uint32_t Parser::begin() const {
    return input_.tokens[at_].span.begin;
}

source::Span Parser::since(std::uint32_t begin) const {
    return {source_.id(), begin, std::max(begin, last_end_)};
}

/// Where something is missing: after the last token if the line ends there.
source::Span Parser::place() const {
    if (stopped_ || now().newline_before || at(TokenKind::end)) {
        return {source_.id(), last_end_, last_end_};
    }
    return now().span;
}

std::string Parser::found() const {
    if (at(TokenKind::end)) {
        return "the end of the file";
    }
    if (now().newline_before && at_ != 0 && !is_closer(now().kind)) {
        return "the end of the line";
    }
    if (at(TokenKind::string)) {
        return "a string";
    }
    if (text().size() > longest_quote) {
        return std::string(describe(now().kind));
    }
    return "`" + std::string(text()) + "`";
}

std::string Parser::doc_here() const {
    const auto first = std::ranges::lower_bound(input_.comments, at_, {}, &lex::Comment::before);
    std::string doc;
    for (auto comment = first; comment != input_.comments.end() && comment->before == at_;
         ++comment) {
        if (!comment->doc) {
            continue;
        }
        std::string_view line = source_.text(comment->span).substr(3);
        if (line.starts_with(' ')) {
            line.remove_prefix(1);
        }
        if (!doc.empty()) {
            doc += "\n";
        }
        doc += line;
    }
    return doc;
}

diagnostics::Diagnostic Parser::unexpected(Code code, std::string_view expected) const {
    return error(code, place(), "expected " + std::string(expected) + ", found " + found());
}

void Parser::report(Diagnostic diagnostic) {
    if (stopped_ || reported_at_ == at_ || input_.repaired[at_] || at(TokenKind::unknown)) {
        return;
    }
    reported_at_ = at_;
    // What was understood as if it had been written right may still be meant otherwise.
    const Span span = diagnostic.primary.span;
    file_.damage.add(span.size() == 0 ? join(span, now().span) : span, span.begin);
    sink_.report(std::move(diagnostic));
}

void Parser::stop(Diagnostic diagnostic) {
    report(std::move(diagnostic));
    stopped_ = true;
}

/// Nothing was understood from the token `first` to here; what was lost begins at `lost`.
void Parser::damaged(std::uint32_t first, std::uint32_t lost) {
    const std::uint32_t begin = input_.tokens[first].span.begin;
    const std::uint32_t end = at_ == first ? begin : input_.tokens[at_ - 1].span.end;
    const std::uint32_t after = first == 0 ? 0 : input_.tokens[first - 1].span.end;
    file_.damage.add({source_.id(), begin, std::max(begin, end)}, after);
    // The word that was taken for a name was perhaps what stands behind a missing one.
    if (std::exchange(renamed_, false)) {
        file_.damage.lose_any_name();
    }
    for (std::uint32_t i = lost; i < at_; ++i) {
        lose_name(input_.tokens[i]);
    }
}

/// Where a bracket has no partner, the whole declaration or member from `first` to here may be
/// cut at the wrong places.
void Parser::note_broken_structure(std::uint32_t first) {
    const std::uint32_t begin = input_.tokens[first].span.begin;
    const auto inside = std::ranges::upper_bound(structure_, begin, {}, &Span::end);
    if (inside != structure_.end() && inside->begin <= last_end_) {
        damaged(first, first);
    }
}

void Parser::enter() {
    if (++depth_ > max_nesting) {
        stop(error(Code::nested_too_deeply, now().span,
                   "this is nested more than " + std::to_string(max_nesting) + " deep")
                 .with_help("name a part of it with `let`, or move it to a function"));
    }
}

bool Parser::inside(std::uint32_t bracket) const {
    return input_.parent[at_] == bracket;
}

/// At the closing partner of the bracket, which has the bracket as its parent.
bool Parser::closes(std::uint32_t bracket) const {
    return is_closer(now().kind) && inside(bracket);
}

bool Parser::take_closer(std::uint32_t bracket) {
    if (!closes(bracket)) {
        return false;
    }
    skip();
    return true;
}

void Parser::resume_in_list(std::uint32_t bracket, std::uint32_t first) {
    const Resuming resuming(*this, first);
    const bool braces = input_.tokens[bracket].kind == TokenKind::lbrace;
    while (!(inside(bracket) &&
             (is_closer(now().kind) || at(TokenKind::comma) || (braces && now().newline_before)))) {
        skip();
    }
}

void Parser::resume_in_block(std::uint32_t bracket, std::uint32_t first) {
    const Resuming resuming(*this, first);
    if (at_ == first && !closes(bracket)) {
        skip();
    }
    while (!closes(bracket)) {
        if (inside(bracket) && take(TokenKind::semicolon)) {
            return;
        }
        if (inside(bracket) && now().newline_before && statement_starts()) {
            return;
        }
        skip();
    }
}

void Parser::resume_at_member(std::uint32_t bracket, std::uint32_t first, std::uint32_t broken) {
    const Resuming resuming(*this, broken);
    if (at_ == first && !closes(bracket)) {
        skip();
    }
    while (!closes(bracket)) {
        if (inside(bracket) && now().newline_before &&
            (starts_member(rest(), source_) || starts_item(rest(), source_))) {
            return;
        }
        skip();
    }
}

void Parser::resume_at_item(std::uint32_t first, std::uint32_t broken) {
    const Resuming resuming(*this, broken);
    if (at_ == first) {
        skip();
    }
    while (!at(TokenKind::end)) {
        if (inside(no_bracket) && now().newline_before &&
            (starts_item(rest(), source_) || starts_member(rest(), source_))) {
            return;
        }
        skip();
    }
}

/// After a mistake in a heading, goes to the brace of its body if there is one.
bool Parser::resume_at_body() {
    for (std::uint32_t i = at_; i < input_.tokens.size(); ++i) {
        const Token& token = input_.tokens[i];
        if (input_.parent[i] != around_) {
            continue;
        }
        const auto tokens = std::span(input_.tokens).subspan(i);
        const bool other = token.newline_before &&
                           (starts_item(tokens, source_) || starts_member(tokens, source_));
        if (other || is_closer(token.kind)) {
            return false;
        }
        if (token.kind == TokenKind::lbrace) {
            const Resuming resuming(*this, heading_);
            at_ = i;
            return true;
        }
    }
    return false;
}

void Parser::missing_comma(std::uint32_t bracket, std::uint32_t first, bool resumed) {
    // After a mistake the next line may begin another element of a list in braces.
    if (resumed && now().newline_before) {
        return;
    }
    const bool element = at(TokenKind::lname) || at(TokenKind::uname) || at(TokenKind::integer) ||
                         at(TokenKind::string) || now().newline_before;
    const Span gap{source_.id(), last_end_, last_end_};
    if (element) {
        report(
            error(Code::missing_comma, gap,
                  "a comma is missing before " + (now().newline_before ? "the next line" : found()))
                .with_edit(gap, ","));
        return;
    }
    const TokenKind opened = input_.tokens[bracket].kind;
    const std::string_view closer = opened == TokenKind::lparen     ? "`)`"
                                    : opened == TokenKind::lbracket ? "`]`"
                                                                    : "`}`";
    stop(unexpected(Code::unexpected_token, "`,` or " + std::string(closer)));
    resume_in_list(bracket, first);
    take(TokenKind::comma);
}

void Parser::report_stray_comma(Span comma) {
    report(error(Code::stray_comma, comma, "nothing follows this comma")
               .with_help("delete it")
               .with_edit(comma, ""));
}

void Parser::report_comma_for_bar() {
    report(error(Code::unexpected_token, now().span, "alternatives are separated by `|`, not `,`")
               .with_help("write `|`")
               .with_edit(now().span, " |"));
}

void Parser::report_repeated(Span span, std::string_view word) {
    report(error(Code::repeated_clause, span, "`" + std::string(word) + "` is said twice")
               .with_help("keep one of them"));
}

void Parser::set_once(bool& slot, Span span, std::string_view word) {
    if (slot) {
        report_repeated(span, word);
    }
    slot = true;
}

}  // namespace aqd::parse

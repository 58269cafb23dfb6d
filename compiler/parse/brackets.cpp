#include "compiler/parse/brackets.h"

#include "compiler/parse/words.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <utility>

namespace aqd::parse {
namespace {

using diagnostics::Code;
using diagnostics::error;
using lex::Token;
using lex::TokenKind;

/// Of a bracket that opens.
TokenKind closer_of(TokenKind opener) {
    return opener == TokenKind::lparen     ? TokenKind::rparen
           : opener == TokenKind::lbracket ? TokenKind::rbracket
                                           : TokenKind::rbrace;
}

bool is_opener(TokenKind kind) {
    return kind == TokenKind::lparen || kind == TokenKind::lbracket || kind == TokenKind::lbrace;
}

bool is_closer(TokenKind kind) {
    return kind == TokenKind::rparen || kind == TokenKind::rbracket || kind == TokenKind::rbrace;
}

std::size_t slot(TokenKind closer) {
    return closer == TokenKind::rparen ? 0 : closer == TokenKind::rbracket ? 1 : 2;
}

class Balancer {
  public:
    Balancer(lex::TokenStream stream, const source::SourceFile& source, diagnostics::Sink& sink)
        : stream_(std::move(stream)), source_(source), sink_(sink) {}

    BalancedTokens run() {
        std::size_t comment = 0;
        for (std::size_t i = 0; i < stream_.tokens.size(); ++i) {
            const Token& token = stream_.tokens[i];
            if (token.newline_before) {
                line_column_ = column(token);
                close_by_layout(i);
            }
            if (token.kind == TokenKind::end) {
                close_down_to(0, token);
            }
            // Comments follow their token, whose index may have moved.
            while (comment < stream_.comments.size() && stream_.comments[comment].before == i) {
                stream_.comments[comment++].before = static_cast<std::uint32_t>(out_.tokens.size());
            }
            if (is_closer(token.kind)) {
                close(token);
            } else {
                push(token, false);
                if (is_opener(token.kind)) {
                    open(token.kind);
                }
            }
        }
        mark_swallowed();
        out_.comments = std::move(stream_.comments);
        return std::move(out_);
    }

  private:
    struct Open {
        std::uint32_t index;
        std::uint32_t line_column;  ///< column of the first token of its line
        /// For each kind of bracket the height of the stack up to its last one, zero for none.
        std::array<std::size_t, 3> nearest;
    };

    [[nodiscard]] std::uint32_t column(const Token& token) const {
        return source_.position(token.span.begin).column;
    }

    void push(const Token& token, bool repaired) {
        out_.tokens.push_back(token);
        out_.parent.push_back(open_.empty() ? no_bracket : open_.back().index);
        out_.repaired.push_back(repaired);
    }

    void open(TokenKind kind) {
        Open entry{static_cast<std::uint32_t>(out_.tokens.size() - 1), line_column_, {}};
        if (!open_.empty()) {
            entry.nearest = open_.back().nearest;
        }
        entry.nearest[slot(closer_of(kind))] = open_.size() + 1;
        open_.push_back(entry);
    }

    /// What a parenthesis that was never closed swallowed is not worth messages of its own.
    void mark_swallowed() {
        std::vector<std::int64_t> change(out_.tokens.size() + 1);
        for (const auto& [begin, end] : swallowed_) {
            ++change[begin];
            --change[end];
        }
        std::int64_t inside = 0;
        for (std::size_t i = 0; i < out_.tokens.size(); ++i) {
            inside += change[i];
            out_.repaired[i] = out_.repaired[i] || inside != 0;
        }
    }

    /// A closing bracket of the source.
    void close(const Token& token) {
        const std::size_t wanted = slot(token.kind);
        const auto none = std::array<std::size_t, 3>{};
        const std::array<std::size_t, 3>& nearest = open_.empty() ? none : open_.back().nearest;
        // A parenthesis does not close the braces around it.
        if (nearest[wanted] == 0 || nearest[wanted] < nearest[slot(TokenKind::rbrace)]) {
            sink_.report(error(Code::unopened_bracket, token.span,
                               "this " + std::string(describe(token.kind)) + " closes nothing")
                             .with_help("delete it, or look above for the bracket that is missing")
                             .with_edit(token.span, ""));
            return;
        }
        close_down_to(nearest[wanted], token);
        push(token, false);
        open_.pop_back();
    }

    /// Inserts closing brackets until `depth` are open.
    void close_down_to(std::size_t depth, const Token& before) {
        while (open_.size() > depth) {
            const std::uint32_t index = open_.back().index;
            const Token opened = out_.tokens[index];
            auto diagnostic = error(
                Code::unclosed_bracket, opened.span,
                "this " + std::string(describe(opened.kind)) + " is never closed", "opened here");
            const TokenKind closer = closer_of(opened.kind);
            diagnostic =
                std::move(diagnostic)
                    .with(before.span, std::string(describe(closer)) + " was expected before this");
            sink_.report(std::move(diagnostic));
            if (opened.kind != TokenKind::lbrace) {
                swallowed_.emplace_back(index, out_.tokens.size());
            }
            push({closer, before.newline_before, before.span.start()}, true);
            open_.pop_back();
        }
    }

    void close_by_layout(std::size_t i) {
        const auto rest = std::span(stream_.tokens).subspan(i);
        if (open_.empty()) {
            return;
        }
        if (line_column_ == 1 && starts_item(rest, source_)) {
            close_down_to(0, rest.front());
            return;
        }
        const bool member = starts_member(rest, source_) && source_.text(rest[0].span) != "var";
        // The outermost brace that the layout says is over; the one of the procedure itself stays.
        // No file nests members deeper than this looks, and the bound keeps the time linear.
        const std::size_t bound = std::min<std::size_t>(open_.size(), 8);
        for (std::size_t depth = 1; member && depth < bound; ++depth) {
            if (open_[depth].line_column >= line_column_) {
                close_down_to(depth, rest.front());
                return;
            }
        }
    }

    lex::TokenStream stream_;
    const source::SourceFile& source_;
    diagnostics::Sink& sink_;
    BalancedTokens out_;
    std::vector<Open> open_;
    std::vector<std::pair<std::size_t, std::size_t>> swallowed_;
    std::uint32_t line_column_ = 1;
};

}  // namespace

BalancedTokens balance(lex::TokenStream stream, const source::SourceFile& source,
                       diagnostics::Sink& sink) {
    return Balancer(std::move(stream), source, sink).run();
}

}  // namespace aqd::parse

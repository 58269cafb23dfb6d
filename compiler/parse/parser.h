#pragma once

#include "compiler/diagnostics/sink.h"
#include "compiler/lex/token.h"
#include "compiler/parse/brackets.h"
#include "compiler/source/source_set.h"
#include "compiler/syntax/item.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace aqd::parse {

/// Recursive descent over balanced tokens, one function a rule of the grammar.
///
/// After a mistake that leaves no way on, the parser *stops*: every look at the input sees nothing
/// and every function falls through without consuming or reporting, up to the nearest place that
/// knows where to resume (a list, a block, the members, the file). A mistake that is understood is
/// only reported, and reading goes on as if it had been written right.
class Parser {
  public:
    /// `damage`: what is known of already from spelling and brackets; `structure`: where brackets
    /// had no partner.
    Parser(const source::SourceFile& source, BalancedTokens balanced, syntax::Damage damage,
           std::vector<source::Span> structure, diagnostics::Sink& sink)
        : source_(source),
          input_(std::move(balanced)),
          structure_(std::move(structure)),
          sink_(sink) {
        std::ranges::sort(structure_);
        file_.damage = std::move(damage);
        for (std::size_t i = 0; i < input_.tokens.size(); ++i) {
            if (input_.repaired[i]) {
                lose_name(input_.tokens[i]);
            }
        }
    }

    syntax::File file();

  private:
    using TokenKind = lex::TokenKind;
    using Span = source::Span;
    using Diagnostic = diagnostics::Diagnostic;
    using Code = diagnostics::Code;

    /// One level of nesting, counted while it lives.
    class Nesting {
      public:
        explicit Nesting(Parser& parser) : parser_(parser) { parser_.enter(); }
        ~Nesting() { --parser_.depth_; }
        Nesting(const Nesting&) = delete;
        Nesting& operator=(const Nesting&) = delete;

      private:
        Parser& parser_;
    };

    // cursor.cpp: looking, taking, reporting, resuming

    [[nodiscard]] const lex::Token& now() const { return ahead(0); }
    [[nodiscard]] const lex::Token& ahead(std::size_t count) const;
    [[nodiscard]] bool at(TokenKind kind) const { return now().kind == kind; }
    [[nodiscard]] bool at_word(std::string_view word) const { return word_ahead(0, word); }
    [[nodiscard]] bool word_ahead(std::size_t count, std::string_view word) const;
    [[nodiscard]] bool at_foreign(std::string_view sign) const;
    [[nodiscard]] bool at_heading() const;
    [[nodiscard]] bool is_indented() const { return source_.position(now().span.begin).column > 1; }
    [[nodiscard]] std::string_view text() const { return source_.text(now().span); }
    [[nodiscard]] std::span<const lex::Token> rest() const;
    void skip();
    bool take(TokenKind kind);
    bool take_word(std::string_view word);
    bool expect(TokenKind kind, std::string_view where);
    bool expect_word(std::string_view word, std::string_view where);
    [[nodiscard]] Span since(std::uint32_t begin) const;
    [[nodiscard]] std::uint32_t begin() const;
    [[nodiscard]] Span place() const;
    [[nodiscard]] std::string found() const;
    [[nodiscard]] std::string doc_here() const;
    [[nodiscard]] Diagnostic unexpected(Code code, std::string_view expected) const;
    void report(Diagnostic diagnostic);
    void stop(Diagnostic diagnostic);
    void enter();

    /// Looks at the input again after a stop. What begins with the token `first`, up to where it
    /// goes on, is damage: a statement or heading is understood as a whole or not at all.
    class Resuming {
      public:
        Resuming(Parser& parser, std::uint32_t first)
            : parser_(parser), first_(std::min(first, parser.at_)), lost_(parser.at_) {
            parser_.stopped_ = false;
        }
        ~Resuming() { parser_.damaged(first_, lost_); }
        Resuming(const Resuming&) = delete;
        Resuming& operator=(const Resuming&) = delete;

      private:
        Parser& parser_;
        std::uint32_t first_;
        std::uint32_t lost_;
    };
    void damaged(std::uint32_t first, std::uint32_t lost);
    void note_broken_structure(std::uint32_t first);
    void lose_name(const lex::Token& token) {
        if (token.kind == TokenKind::lname || token.kind == TokenKind::uname) {
            file_.damage.lose_name(std::string(source_.text(token.span)));
        }
    }
    void note_missing_name(const syntax::Name& name) {
        if (name.text.empty()) {
            file_.damage.lose_any_name();
        }
    }
    /// Of a declaration or member: its own name.
    template <class... Nodes>
    void note_missing_name(const std::variant<Nodes...>& node) {
        std::visit(
            [&]<class Node>(const Node& one) {
                if constexpr (requires { one.name.text; }) {
                    note_missing_name(one.name);
                }
            },
            node);
    }
    [[nodiscard]] bool inside(std::uint32_t bracket) const;
    [[nodiscard]] bool closes(std::uint32_t bracket) const;
    void resume_in_list(std::uint32_t bracket, std::uint32_t first);
    void resume_in_block(std::uint32_t bracket, std::uint32_t first);
    void resume_at_member(std::uint32_t bracket, std::uint32_t first, std::uint32_t broken);
    void resume_at_item(std::uint32_t first, std::uint32_t broken);
    bool resume_at_body();
    void missing_comma(std::uint32_t bracket, std::uint32_t first, bool resumed);

    /// `open element, element close`. Resumes at the next element after a mistake in one.
    template <class Element>
    void list(TokenKind open, bool trailing_comma, std::string_view where, Element element) {
        if (!expect(open, where)) {
            return;
        }
        const std::uint32_t bracket = at_ - 1;
        while (!take_closer(bracket)) {
            const std::uint32_t first = at_;
            element();
            const bool resumed = stopped_;
            if (stopped_) {
                resume_in_list(bracket, first);
            }
            if (at(TokenKind::comma)) {
                const Span comma = now().span;
                skip();
                if (closes(bracket) && !trailing_comma) {
                    report_stray_comma(comma);
                }
            } else if (!closes(bracket)) {
                missing_comma(bracket, first, resumed);
                if (at_ == first) {
                    skip();
                }
            }
        }
    }
    bool take_closer(std::uint32_t bracket);
    void report_stray_comma(Span comma);

    /// `a, b, c` without brackets.
    template <class Element>
    void commas(Element element) {
        element();
        while (at(TokenKind::comma)) {
            const Span comma = now().span;
            skip();
            if (at_heading()) {
                report_stray_comma(comma);
                return;
            }
            element();
        }
    }

    /// `a | b | c`; a comma in place of a bar is understood.
    template <class Element>
    void bars(Element element) {
        element();
        while (at(TokenKind::pipe) || at(TokenKind::comma)) {
            if (at(TokenKind::comma)) {
                report_comma_for_bar();
            }
            skip();
            element();
        }
    }
    void report_comma_for_bar();

    /// A clause that may be said once.
    template <class Value>
    void set_once(std::optional<Value>& slot, Value value, Span span, std::string_view word) {
        if (slot) {
            report_repeated(span, word);
        } else {
            slot = std::move(value);
        }
    }
    void set_once(bool& slot, Span span, std::string_view word);
    void report_repeated(Span span, std::string_view word);

    // names.cpp: names, types and other small things

    syntax::Name lower_name(std::string_view what);
    syntax::Name upper_name(std::string_view what);
    syntax::Name any_name(std::string_view what);
    syntax::Name name_of_kind(TokenKind wanted, std::string_view what);
    syntax::Path path(std::string_view what);
    syntax::Text string(std::string_view what);
    syntax::Integer integer(std::string_view what);
    syntax::Date date(std::string_view what);
    syntax::Size size();
    syntax::Duration duration();
    syntax::Rounding rounding();
    std::vector<syntax::LanguageText> texts();
    std::vector<syntax::Name> state_names(std::string_view what);
    std::vector<syntax::Name> in_states();
    std::vector<syntax::Name> targets();
    syntax::Name basis();
    syntax::Index index();
    syntax::TypePtr type();
    syntax::TypePtr type_after_colon(std::string_view what);
    syntax::TypeArguments type_arguments();
    syntax::Actor actor();
    std::vector<syntax::Actor> actors();
    syntax::By by();
    std::vector<syntax::Param> params();
    syntax::Param param();
    void param_without_colon(syntax::Param& param);
    std::vector<syntax::Field> fields();
    syntax::Field field();

    // expressions.cpp, matching.cpp

    enum class Level : std::uint8_t { logical_or, logical_and, sum, product };

    template <class Node>
    syntax::ExprPtr make(Node node, Span span, std::uint32_t height);
    syntax::ExprPtr missing_expr();
    syntax::ExprPtr expr();
    syntax::ExprPtr simple();
    syntax::ExprPtr operand(Level level);
    syntax::ExprPtr chain(Level level);
    std::optional<syntax::BinaryOp> chain_op(Level level);
    std::optional<syntax::BinaryOp> compare_op();
    syntax::ExprPtr binary(syntax::BinaryOp op, Span op_span, syntax::ExprPtr left,
                           syntax::ExprPtr right);
    syntax::ExprPtr negation();
    syntax::ExprPtr comparison();
    syntax::ExprPtr unary();
    syntax::ExprPtr postfix();
    syntax::ExprPtr primary();
    syntax::ExprPtr parenthesised();
    syntax::ExprPtr bracketed();
    syntax::ExprPtr if_expr();
    syntax::ExprPtr match_expr();
    syntax::Arm arm(std::uint32_t& height);
    syntax::ExprPtr then_else(syntax::Condition condition, std::uint32_t begin);
    std::vector<syntax::Argument> call();
    syntax::Argument argument();
    std::optional<syntax::Literal> literal();
    [[nodiscard]] bool continues_line_above() const;
    void report_line_continues();
    syntax::PatternPtr pattern();
    syntax::Condition condition();
    syntax::ExprPtr comparison_for_assignment(syntax::ExprPtr left);
    static std::uint32_t height_of(const std::vector<syntax::Argument>& arguments);

    // statements.cpp, verbs.cpp

    syntax::Block block(std::string_view what);
    syntax::StmtPtr statement();
    void statement_node(syntax::Stmt& stmt);
    bool reserved_statement(syntax::Stmt& stmt);
    bool verb_statement(syntax::Stmt& stmt);
    bool test_statement(syntax::Stmt& stmt);
    void mistaken_statement(syntax::Stmt& stmt);
    void let_statement(syntax::Stmt& stmt);
    void var_statement(syntax::Stmt& stmt);
    void if_statement(syntax::Stmt& stmt);
    void for_statement(syntax::Stmt& stmt);
    void while_statement(syntax::Stmt& stmt);
    void return_statement(syntax::Stmt& stmt);
    void require_statement(syntax::Stmt& stmt);
    void expect_statement(syntax::Stmt& stmt);
    void send_statement(syntax::Stmt& stmt);
    void goto_statement(syntax::Stmt& stmt);
    void expression_statement(syntax::Stmt& stmt);
    void end_statement(syntax::Stmt& stmt);
    [[nodiscard]] bool argument_follows() const;
    [[nodiscard]] bool statement_starts() const;
    syntax::Target target();
    syntax::Reason reason();

    // file.cpp, items.cpp

    void header();
    void item();
    bool item_of_word(syntax::Item& item);
    void misplaced_member();
    void unknown_item();
    void use_item(syntax::Item& item);
    void legal_item(syntax::Item& item);
    void parameter_item(syntax::Item& item);
    syntax::DatedValue dated_value();
    void const_item(syntax::Item& item);
    void document_item(syntax::Item& item);
    void authority_item(syntax::Item& item);
    void role_item(syntax::Item& item);
    void record_item(syntax::Item& item);
    void enum_item(syntax::Item& item);
    void register_item(syntax::Item& item);
    void error_item(syntax::Item& item);
    void notice_item(syntax::Item& item);
    void exchange_item(syntax::Item& item);
    void suspension_item(syntax::Item& item);
    void function_item(syntax::Item& item);
    void action_item(syntax::Item& item);
    void listener_item(syntax::Item& item);
    void procedure_item(syntax::Item& item);
    void part_item(syntax::Item& item);
    void migrate_item(syntax::Item& item);
    syntax::MigrateRule migrate_rule();
    void test_item(syntax::Item& item);
    syntax::Block body(std::string_view what);
    syntax::Name binder(std::string_view what);

    // members.cpp

    std::vector<syntax::Member> members(std::string_view what);
    void member(std::vector<syntax::Member>& members);
    bool member_of_word(syntax::Member& member);
    void unknown_member();
    bool misplaced_item();
    void include_member(syntax::Member& member);
    void label_member(syntax::Member& member);
    void fee_member(syntax::Member& member);
    void var_member(syntax::Member& member);
    void party_member(syntax::Member& member);
    void secret_member(syntax::Member& member);
    void states_member(syntax::Member& member);
    void waits_member(syntax::Member& member);
    void start_member(syntax::Member& member);
    void step_member(syntax::Member& member);
    void react_member(syntax::Member& member);
    void deadline_member(syntax::Member& member);
    void deadline_timing(syntax::DeadlineMember& deadline);
    void access_member(syntax::Member& member);
    void invariant_member(syntax::Member& member);
    void prove_member(syntax::Member& member);
    syntax::Clauses clauses();

    const source::SourceFile& source_;
    BalancedTokens input_;
    std::vector<Span> structure_;
    diagnostics::Sink& sink_;
    std::uint32_t at_ = 0;
    bool stopped_ = false;
    bool renamed_ = false;       ///< a name was read in another spelling, here or nearby
    std::uint32_t heading_ = 0;  ///< token at which the declaration or member begins
    std::uint32_t reported_at_ = no_bracket;  ///< token of the last report: one report a token
    std::uint32_t last_end_ = 0;              ///< where the last token taken ends
    unsigned depth_ = 0;
    std::uint32_t body_height_ = 0;      ///< tallest expression since the block around began
    std::uint32_t around_ = no_bracket;  ///< the bracket in which headings stand
    bool misplaced_reported_ = false;
    syntax::File file_;
};

}  // namespace aqd::parse

#pragma once

#include "compiler/check/declarations.h"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace aqd::check {

/// What the case of a procedure offers to its entries by name.
struct CaseScope {
    std::uint32_t procedure = 0;  ///< index into `Program::procedures`
    std::map<std::string, std::uint32_t, std::less<>> fields;
    std::map<std::string, std::uint32_t, std::less<>> states;
    std::optional<std::uint32_t> calendar;
    bool only_parameters =
        false;  ///< no other field may be read: initial values, actors of a start
};

/// What an entry of a procedure may do.
struct EntryScope {
    std::map<std::uint32_t, Span> targets;
    std::optional<Span> may_stay;
    bool heading_read = true;              ///< false: targets may be missing
    bool may_refuse = true;                ///< somebody calls, and can be refused
    bool starts_known = true;              ///< false: starts of the procedure may be missing
    std::optional<std::uint32_t> answers;  ///< the exchange on which the procedure starts
    std::set<std::uint32_t> used_targets;
    bool used_stay = false;
};

/// A way from a slot to a part of its value.
struct Access {
    struct Step {
        enum class Kind : std::uint8_t { option, variant, item } kind{};
        std::uint32_t variant = 0;
        std::uint32_t index = 0;
        TypeId type{};  ///< after the step
    };
    program::SlotId slot{};
    TypeId slot_type{};
    std::vector<Step> steps;

    [[nodiscard]] TypeId type() const { return steps.empty() ? slot_type : steps.back().type; }
    [[nodiscard]] ExprPtr build(Span span) const;
    [[nodiscard]] Access then(Step step) const;
};

/// What a local name stands for: a slot, or a thing that only has fields (a notice, a question, a
/// reply).
struct Binding {
    struct Bundle {
        std::string what;  ///< "the notice `N`": for messages
        std::map<std::string, Access, std::less<>> fields;
        bool broken = false;  ///< the parser did not understand its whole declaration
    };
    Span span;
    std::variant<program::SlotId, Bundle> meaning;
};

/// The shape of a pattern, for the check that a match leaves nothing out.
struct Shape {
    enum class Kind : std::uint8_t {
        any,
        none,
        some,
        variant,
        truth,
        tuple,
        literal
    } kind = Kind::any;
    std::uint32_t ordinal = 0;  ///< variant, or 0 and 1 of a truth
    std::string literal;
    std::vector<Shape> items;
};

/// Checks expressions and statements of one function and builds their checked form.
class BodyChecker {
  public:
    BodyChecker(Declarations& declarations, std::uint32_t module,
                const CaseScope* case_scope = nullptr, EntryScope* entry = nullptr);

    // Slots and names

    program::SlotId add_slot(std::string name, TypeId type, bool is_mutable);
    void add_parameter(const std::string& name, Span span, TypeId type);
    void bind(const std::string& name, Span span,
              std::variant<program::SlotId, Binding::Bundle> meaning);

    // Whole bodies

    /// The last expression is returned; every path gives a value unless `result` is unit.
    program::Block value_body(const syntax::Block& block, TypeId result);
    /// Every path ends in `goto` or a refusal.
    program::Block goto_body(const syntax::Block& block);
    /// `return` of one expression.
    program::Block expression_body(const syntax::Expr& expr, TypeId result);

    [[nodiscard]] std::vector<program::Slot> take_slots() { return std::move(slots_); }
    [[nodiscard]] bool has_slots() const { return !slots_.empty(); }

    // Expressions; never null, of error type after a report

    ExprPtr expr(const syntax::Expr& expr, TypeId hint = no_type);
    /// Of exactly this type.
    ExprPtr convert(const syntax::Expr& expr, TypeId wanted);
    ExprPtr coerce(ExprPtr value, TypeId wanted);
    ExprPtr term(const syntax::Duration& duration);
    std::optional<program::Actor> actor(const syntax::Actor& actor, bool in_changed_by);

  private:
    using Block = program::Block;
    using SlotId = program::SlotId;

    /// A tested pattern: the test (null: it always fits) and what to bind if it holds.
    struct Bound {
        syntax::Name name;
        std::variant<Access, Binding::Bundle> what;
    };
    struct Fit {
        ExprPtr test;
        std::vector<Bound> bound;
        Shape shape;
    };
    /// How the value of a block or a choice is used.
    enum class Use : std::uint8_t { statement, result };
    /// What arguments are given to; if it is broken, they are not compared with what it wants.
    struct Callee {
        std::string name;
        bool broken = false;
    };
    struct Arm {
        ExprPtr test;  ///< null: always
        std::vector<Bound> bound;
        const syntax::Arm* written = nullptr;
    };

    Declarations& d() { return *declarations_; }
    program::TypeTable& types() { return declarations_->types(); }
    Kind kind(const ExprPtr& expr) { return types().kind(expr->type); }
    bool is_error(const ExprPtr& expr) { return kind(expr) == Kind::error; }
    void report(diagnostics::Diagnostic diagnostic) {
        declarations_->report(std::move(diagnostic));
    }
    std::string text(TypeId type) { return "`" + declarations_->text(type) + "`"; }
    ExprPtr error_at(Span span);
    ExprPtr report_at(Span span, Code code, std::string message, std::string label,
                      std::string help = {});
    template <class Node>
    void emit(Span span, Node node) {
        out_->statements.push_back({span, std::move(node)});
    }
    /// What `body` emits, as a block of its own with its own names.
    template <class Body>
    Block capture(Body body) {
        Block made;
        Block* outer = std::exchange(out_, &made);
        scopes_.emplace_back();
        body();
        scopes_.pop_back();
        out_ = outer;
        return made;
    }

    bool role_body(const syntax::Actor& node, program::Actor& made);

    // names.cpp
    [[nodiscard]] const Binding* find_local(std::string_view name) const;
    ExprPtr name(const syntax::Name& name, Span span, TypeId hint);
    ExprPtr lower_name(const syntax::Name& name, Span span);
    ExprPtr upper_name(const syntax::Name& name, Span span, TypeId hint);
    ExprPtr case_field(std::uint32_t field, const syntax::Name& name);
    ExprPtr word(const syntax::Name& name, Span span);
    ExprPtr unknown(const syntax::Name& name);
    ExprPtr fact(program::Fact fact, Span span);
    std::optional<std::pair<NamedId, std::uint32_t>> find_variant(const syntax::Name& name,
                                                                  TypeId hint, bool& ambiguous);
    ExprPtr member(const syntax::MemberExpr& node, Span span);
    ExprPtr member_of_name(const syntax::MemberExpr& node, Span span, bool& handled);
    ExprPtr member_of_value(ExprPtr object, const syntax::Name& member, Span span);
    ExprPtr named_member(ExprPtr object, const syntax::Name& member, Span span);
    ExprPtr no_member(const ExprPtr& object, const syntax::Name& member);
    [[nodiscard]] bool is_word(const syntax::Expr& expr, std::string_view word) const;
    [[nodiscard]] bool is_case_state(const syntax::Expr& expr) const;
    const CaseScope* need_case(std::string_view what, Span span);

    // literals and aggregates: literals.cpp
    ExprPtr literal(const syntax::Literal& literal, Span span, TypeId hint);
    ExprPtr integer(UInt128 value, bool negative, Span span, TypeId hint);
    ExprPtr decimal(const syntax::DecimalLiteral& value, Span span, TypeId hint);
    ExprPtr text_literal(const std::string& value, Span span, TypeId hint);
    ExprPtr duration(const syntax::DurationLiteral& value, Span span);
    ExprPtr none(Span span, TypeId hint);
    ExprPtr tuple(const syntax::TupleExpr& node, Span span, TypeId hint);
    ExprPtr list(const syntax::ListExpr& node, Span span, TypeId hint);
    ExprPtr repeat(const syntax::RepeatExpr& node, Span span, TypeId hint);
    ExprPtr index(const syntax::IndexExpr& node, Span span);
    ExprPtr checked_index(const syntax::Expr& index, const program::Type& of);
    TypeId without_option(TypeId type);
    static bool is_flexible(const syntax::Expr& expr);

    // operators.cpp
    ExprPtr unary(const syntax::UnaryExpr& node, Span span, TypeId hint);
    ExprPtr binary(const syntax::BinaryExpr& node, Span span, TypeId hint);
    std::pair<ExprPtr, ExprPtr> both(const syntax::Expr& left, const syntax::Expr& right,
                                     TypeId hint);
    ExprPtr logical(const syntax::BinaryExpr& node, Span span);
    ExprPtr comparison(const syntax::BinaryExpr& node, Span span);
    ExprPtr state_comparison(const syntax::BinaryExpr& node, Span span);
    ExprPtr arithmetic(const syntax::BinaryExpr& node, Span span, TypeId hint);
    ExprPtr moment_arithmetic(const syntax::BinaryExpr& node, Span span, ExprPtr left,
                              ExprPtr right);
    ExprPtr shift(const syntax::BinaryExpr& node, Span span, TypeId hint);
    ExprPtr concatenate(Span span, ExprPtr left, ExprPtr right);
    ExprPtr wrong_operands(const syntax::BinaryExpr& node, const ExprPtr& left,
                           const ExprPtr& right);
    bool can_coerce(TypeId from, TypeId to);
    bool unify(ExprPtr& left, ExprPtr& right);
    bool workdays_allowed(Span span);

    // choices.cpp
    ExprPtr if_value(const syntax::IfExpr& node, Span span, TypeId hint);
    ExprPtr match_value(const syntax::MatchExpr& node, Span span, TypeId hint);
    ExprPtr value_block(const syntax::Block& block, const std::vector<Bound>& bound, TypeId hint);
    ExprPtr arm_value(const Arm& arm, TypeId hint);
    ExprPtr if_statement_value(const syntax::IfStmt& node, Span span, TypeId hint);
    ExprPtr choose(Span span, std::vector<ExprPtr> tests, std::vector<ExprPtr> values, TypeId hint);
    TypeId agree(std::vector<ExprPtr>& values, TypeId hint);
    void if_statement(const syntax::IfStmt& node, Span span, Use use, TypeId result);
    void match_statement(const syntax::MatchExpr& node, Span span, Use use, TypeId result);
    Block arm_block(const Arm& arm, Use use, TypeId result);
    Fit condition(const syntax::Condition& condition);
    Access subject(const syntax::Expr& expr);
    bool is_broken(TypeId type);
    std::vector<Arm> arms(const syntax::MatchExpr& node, const Access& access);
    Arm arm(const syntax::Arm& written, const Access& access, std::vector<Shape>& shapes,
            std::vector<Span>& spans);

    // patterns.cpp
    Fit fit(const syntax::Pattern& pattern, const Access& access);
    Fit fit_name(const syntax::NamePattern& node, const syntax::Pattern& pattern,
                 const Access& access);
    Fit fit_some(const syntax::NamePattern& node, const syntax::Pattern& pattern,
                 const Access& access);
    Fit fit_variant(const syntax::NamePattern& node, const syntax::Pattern& pattern,
                    const Access& access);
    Fit fit_payload(const syntax::NamePattern& node, const syntax::Pattern& pattern,
                    const Access& access, std::uint32_t variant, Fit fit);
    Fit fit_tuple(const syntax::TuplePattern& node, const syntax::Pattern& pattern,
                  const Access& access);
    Fit fit_literal(const syntax::LiteralPattern& node, const syntax::Pattern& pattern,
                    const Access& access);
    Fit wrong_pattern(const syntax::Pattern& pattern, const Access& access, std::string wanted);
    Fit unfit(const syntax::Pattern& pattern);
    void bind_unfit(const syntax::Pattern& pattern, Fit& out);
    void add_test(Fit& fit, ExprPtr test);
    void absorb(Fit& fit, Fit inner);
    void open(const std::vector<Bound>& bound);

    // calls.cpp
    ExprPtr call(const syntax::CallExpr& node, Span span, TypeId hint);
    ExprPtr call_name(const syntax::Name& name, const syntax::CallExpr& node, Span span,
                      TypeId hint);
    ExprPtr call_upper(const syntax::Name& name, const syntax::CallExpr& node, Span span,
                       TypeId hint);
    ExprPtr call_function(const Symbol& symbol, const syntax::CallExpr& node, Span span);
    ExprPtr construct_variant(NamedId named, std::uint32_t variant, const syntax::Name& name,
                              const std::vector<syntax::Argument>& arguments, Span span);
    ExprPtr conversion(TypeId target, const syntax::CallExpr& node, Span span);
    ExprPtr built_in(const syntax::Name& name, const syntax::CallExpr& node, Span span, TypeId hint,
                     bool& handled);
    ExprPtr due(const syntax::CallExpr& node, Span span);
    ExprPtr sent(const syntax::CallExpr& node, Span span);
    std::vector<ExprPtr> arguments(const std::vector<Wanted>& wanted,
                                   const std::vector<syntax::Argument>& given, const Callee& callee,
                                   Span span, std::optional<std::uint32_t> defaults_module);
    std::optional<std::size_t> argument_place(const std::vector<Wanted>& wanted,
                                              const syntax::Argument& argument,
                                              std::size_t position, const Callee& callee,
                                              bool puns);
    void look_at(const std::vector<syntax::Argument>& given);
    bool count_is(const syntax::CallExpr& node, std::size_t count, std::string_view form,
                  Span span);

    // methods.cpp
    ExprPtr method(const syntax::MemberExpr& callee, const syntax::CallExpr& node, Span span);
    ExprPtr register_method(const Symbol& symbol, const syntax::Name& method,
                            const syntax::CallExpr& node, Span span);
    bool register_statement(const syntax::MemberExpr& callee, const syntax::CallExpr& node,
                            Span span);
    const Symbol* register_named(const syntax::Expr& expr);
    ExprPtr static_bytes(const syntax::Name& method, const syntax::CallExpr& node, Span span);
    ExprPtr bytes_method(ExprPtr object, const syntax::Name& method, const syntax::CallExpr& node,
                         Span span);
    ExprPtr value_method(ExprPtr object, const syntax::Name& method, const syntax::CallExpr& node,
                         Span span);
    bool own_register(std::uint32_t reg, Span span);
    std::optional<std::uint32_t> constant_count(const syntax::Expr& expr);

    // statements.cpp
    void statements(const syntax::Block& block, Use use, TypeId result);
    void statement(const syntax::Stmt& stmt);
    void last_statement(const syntax::Stmt& stmt, TypeId result);
    void let(const syntax::LetStmt& node, Span span);
    void var(const syntax::VarStmt& node, Span span);
    void for_loop(const syntax::ForStmt& node, Span span);
    void for_range(const syntax::ForStmt& node, Span span);
    void while_loop(const syntax::WhileStmt& node, Span span);
    void return_value(const syntax::ReturnStmt& node, Span span);
    void require(const syntax::RequireStmt& node, Span span);
    void assign(const syntax::AssignStmt& node, Span span);
    void expression(const syntax::Expr& expr);
    bool push(const syntax::MemberExpr& callee, const syntax::CallExpr& node, Span span);
    std::optional<program::Place> place(const syntax::Expr& expr);
    std::optional<program::Place> place_of_name(const syntax::Name& name, Span span);
    std::optional<program::Place> place_of_index(const syntax::IndexExpr& node, Span span);
    std::optional<program::Place> place_of_member(const syntax::MemberExpr& node, Span span);
    void not_mutable(const syntax::Name& name, Span declared, std::string_view what);

    // verbs.cpp
    void go(const syntax::Target& target);
    void go_to(const syntax::Name& name);
    std::uint32_t refusal(const syntax::Reason& reason);
    void may_refuse(Span span, std::string_view what);
    EntryScope* need_entry(Span span, std::string_view what);
    void send(const syntax::SendStmt& node, Span span);
    std::optional<ExprPtr> recipient(const syntax::Expr& expr, std::uint64_t& most);
    void ask(const syntax::AskStmt& node, Span span);
    void answer(const syntax::AnswerStmt& node, Span span);
    void receipt(const syntax::ReceiptStmt& node, Span span);
    void notify(const syntax::NotifyStmt& node, Span span);
    void escalate(const syntax::EscalateStmt& node, Span span);
    ExprPtr person(ExprPtr value);
    std::vector<Wanted> wanted(const std::vector<program::Field>& fields);

    Declarations* declarations_;
    std::uint32_t module_;
    const CaseScope* case_;
    EntryScope* entry_;
    std::vector<program::Slot> slots_;
    std::vector<std::map<std::string, Binding, std::less<>>> scopes_;
    Block* out_ = nullptr;           ///< where statements go
    TypeId result_ = no_type;        ///< of the function, for `return`
    bool returns_ = false;           ///< `return` is allowed
    bool recipient_wanted_ = false;  ///< `sent(N)` may stand here
};

// What the other parts of the stage use

void check_function(Declarations& declarations, std::uint32_t module,
                    const syntax::FunctionItem& item, std::uint32_t function);
std::optional<program::Actor> check_changed_by(Declarations& declarations, std::uint32_t module,
                                               const syntax::Actor& actor);

/// Of type `wanted`, or of its own type if that is `no_type`; null after a report.
ExprPtr check_constant(Declarations& declarations, std::uint32_t module, const syntax::Expr& expr,
                       TypeId wanted);
ExprPtr check_term(Declarations& declarations, std::uint32_t module,
                   const syntax::Duration& duration);

}  // namespace aqd::check

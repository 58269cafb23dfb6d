#pragma once

#include "compiler/syntax/type.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// What stands inside braces: expressions, patterns and statements.
namespace aqd::syntax {

/// Dense from zero in one file, so that a side table is a vector.
enum class ExprId : std::uint32_t {};
enum class PatternId : std::uint32_t {};

struct Expr;
struct Pattern;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;
using PatternPtr = std::unique_ptr<Pattern>;
using StmtPtr = std::unique_ptr<Stmt>;

/// Integer, decimal, string, date, time, duration, truth.
using Literal = std::variant<UInt128, DecimalLiteral, std::string, DateLiteral, TimeLiteral,
                             DurationLiteral, bool>;

/// `{ … }`. A last statement that is an `ExprStmt`, `IfStmt` or match is the value of the block.
struct Block {
    std::vector<StmtPtr> statements;
    Span span;
};

/// `label: value` or `value` in a call.
struct Argument {
    std::optional<Name> label;
    ExprPtr value;
    Span span;
};

// Patterns

/// `x`, `Current`, `some(a)`: whether it binds or names a variant is for the checker.
struct NamePattern {
    Name name;
    std::optional<std::vector<PatternPtr>> arguments;
};
struct NonePattern {};
struct LiteralPattern {
    bool negative = false;
    Literal value;
};
struct TuplePattern {
    std::vector<PatternPtr> elements;  ///< one or more: `(p)` is a tuple pattern of one
};

struct Pattern {
    PatternId id{};
    Span span;
    std::variant<NamePattern, NonePattern, LiteralPattern, TuplePattern> node;
};

/// `expr`, or `let pattern = expr`, which holds when the pattern fits (an optional is unwrapped).
struct Condition {
    PatternPtr pattern;  ///< null: a plain condition
    ExprPtr value;
    Span span;
};

// Expressions

enum class UnaryOp : std::uint8_t { negate, complement, logical_not };

enum class BinaryOp : std::uint8_t {
    implies,
    logical_or,
    logical_and,
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    add,
    subtract,
    wrapping_add,
    wrapping_subtract,
    bit_or,
    bit_xor,
    multiply,
    divide,
    remainder,
    wrapping_multiply,
    bit_and,
    shift_left,
    shift_right,
};

/// As written in a source: "+%", "implies".
std::string_view text(BinaryOp op);
std::string_view text(UnaryOp op);

struct NameExpr {
    Name name;
};
struct NoneExpr {};
struct LiteralExpr {
    Literal value;
};
struct GroupExpr {
    ExprPtr inner;  ///< `(e)`, kept so that the source prints back
};
struct TupleExpr {
    std::vector<ExprPtr> elements;  ///< two or more
};
struct ListExpr {
    std::vector<ExprPtr> elements;
};
struct RepeatExpr {
    ExprPtr element;
    Size count;
};
struct UnaryExpr {
    UnaryOp op;
    Span op_span;
    ExprPtr operand;
};
/// `implies` groups to the right, comparisons not at all, the others to the left.
struct BinaryExpr {
    BinaryOp op;
    Span op_span;
    ExprPtr left;
    ExprPtr right;
};
struct MemberExpr {
    ExprPtr object;
    Name member;
};
struct CallExpr {
    ExprPtr callee;
    std::vector<Argument> arguments;
};
struct IndexExpr {
    ExprPtr object;
    ExprPtr index;
};
/// `if c then a else b`; only the statement form may have a `let` condition.
struct IfExpr {
    Condition condition;
    ExprPtr then_value;
    ExprPtr else_value;
};
struct Arm {
    std::vector<PatternPtr> patterns;  ///< one or more alternatives
    std::variant<ExprPtr, Block> body;
    Span span;
};
struct MatchExpr {
    ExprPtr subject;
    std::vector<Arm> arms;
};

struct Expr {
    ExprId id{};
    Span span;
    std::uint32_t height = 1;  ///< nodes on the longest way down; bounded by the parser
    std::variant<NameExpr, NoneExpr, LiteralExpr, GroupExpr, TupleExpr, ListExpr, RepeatExpr,
                 UnaryExpr, BinaryExpr, MemberExpr, CallExpr, IndexExpr, IfExpr, MatchExpr>
        node;

    template <class Node>
    [[nodiscard]] const Node* as() const {
        return std::get_if<Node>(&node);
    }
};

/// Who acts: `Officer of office`, `Clerk of any Court`, `declarant`, `anyone`.
struct Actor {
    Name name;
    std::optional<Name> any_of;  ///< `of any Court`
    ExprPtr of;                  ///< `of office`; null otherwise
    Span span;
};

// Statements

struct LetStmt {
    PatternPtr pattern;
    TypePtr type;  ///< null if left out
    ExprPtr value;
};
struct VarStmt {
    Name name;
    TypePtr type;  ///< null if left out
    ExprPtr value;
};
/// `if c { … } else …`. In `else_branch` a `Stmt` is always another `IfStmt`.
struct IfStmt {
    Condition condition;
    Block then_block;
    std::variant<std::monostate, Block, StmtPtr> else_branch;
};
struct ForStmt {
    PatternPtr pattern;
    ExprPtr first;  ///< the list, or the first bound
    ExprPtr last;   ///< the bound after `..`, excluded; null for a list
    Block body;
};
struct WhileStmt {
    ExprPtr condition;
    Integer max;
    Block body;
};
struct ReturnStmt {
    ExprPtr value;  ///< null if left out
};
struct Target;
using TargetPtr = std::unique_ptr<Target>;
struct ChosenTarget {
    ExprPtr condition;
    TargetPtr then_target;
    TargetPtr else_target;
};
struct Target {
    std::variant<Name, ChosenTarget> node;
    Span span;
};
struct GotoStmt {
    Target target;
};
/// `E`, `E(x: 1)` or words of the author's own.
struct NamedReason {
    Name error;
    std::optional<std::vector<Argument>> arguments;
};
struct Reason {
    std::variant<Text, NamedReason> node;
    Span span;
};
struct RequireStmt {
    Condition condition;
    Reason reason;
};
struct ExpectStmt {
    ExprPtr condition;
};
struct ExpectRefusedStmt {
    std::optional<Name> error;
    Block body;
};
struct SendStmt {
    Name notice;
    std::vector<Argument> arguments;
    std::vector<ExprPtr> recipients;
};
struct AskStmt {
    Name exchange;
    std::vector<Argument> arguments;
    ExprPtr body;
};
struct AnswerStmt {
    Name exchange;
    std::vector<Argument> arguments;
};
struct ReceiptStmt {
    ExprPtr recipient;
};
struct NotifyStmt {
    Name party;
    std::variant<Text, Name> message;
};
struct EscalateStmt {
    Actor actor;
};
struct ExtendStmt {
    Name deadline;
};
struct FailStmt {
    Reason reason;
};
/// The next four belong to tests.
struct ActorStmt {
    Name name;
    Actor actor;
};
struct AtStmt {
    std::variant<DateLiteral, TimeLiteral> moment;
};
struct AfterStmt {
    DurationLiteral duration;
};
struct AsStmt {
    Name actor;
    Block body;
};
enum class AssignOp : std::uint8_t { set, add, subtract };
struct AssignStmt {
    ExprPtr target;
    AssignOp op;
    ExprPtr value;
};
struct ExprStmt {
    ExprPtr value;
};

struct Stmt {
    Span span;
    bool semicolon = false;  ///< an explicit `;` follows
    std::variant<LetStmt, VarStmt, IfStmt, ForStmt, WhileStmt, ReturnStmt, GotoStmt, RequireStmt,
                 ExpectStmt, ExpectRefusedStmt, SendStmt, AskStmt, AnswerStmt, ReceiptStmt,
                 NotifyStmt, EscalateStmt, ExtendStmt, FailStmt, ActorStmt, AtStmt, AfterStmt,
                 AsStmt, AssignStmt, ExprStmt>
        node;

    template <class Node>
    [[nodiscard]] const Node* as() const {
        return std::get_if<Node>(&node);
    }
};

}  // namespace aqd::syntax

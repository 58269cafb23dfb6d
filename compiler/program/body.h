#pragma once

#include "compiler/program/expression.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// Checked statements and functions; what readers may rely on is said in expression.h.

namespace aqd::program {

// Places

struct LocalRoot {
    SlotId slot{};
};
struct CaseFieldRoot {
    std::uint32_t field = 0;
};
/// The element must exist, or the register has a default, unless the place has no steps and is set:
/// that is `register_put` in mode 0. After changing it is written back in mode 0.
struct ElementRoot {
    std::uint32_t reg = 0;
    ExprPtr key;
};
/// Field of a record, item of a tuple.
struct MemberStep {
    std::uint32_t index = 0;
};
/// Element of an array or list.
struct IndexStep {
    ExprPtr index;
};

/// Something that can be changed. Keys and indices are evaluated first, left to right, then the new
/// value; then the root is read, changed and written back.
struct Place {
    using Local = LocalRoot;
    using CaseField = CaseFieldRoot;
    using Element = ElementRoot;
    using Member = MemberStep;
    using At = IndexStep;

    TypeId root_type{};
    TypeId type{};
    Span span;
    std::variant<LocalRoot, CaseFieldRoot, ElementRoot> root;
    std::vector<std::variant<MemberStep, IndexStep>> steps;
};

// Statements

/// Initialises a slot, whether or not it may change later.
struct Let {
    SlotId slot{};
    ExprPtr value;
};
enum class AssignOp : std::uint8_t { set, add, subtract };
/// `add` and `subtract` are as in `BinaryOp` on the type of the place (integer or decimal).
struct Assign {
    Place place;
    AssignOp op{};
    ExprPtr value;
};
/// Appends to the list at `place`; refuses TooLong.
struct Push {
    Place place;
    ExprPtr value;
};
struct If {
    ExprPtr condition;
    Block then_block;
    Block else_block;
};
/// The slot is an integer that takes first, first + 1 … last - 1.
struct ForRange {
    SlotId slot{};
    NumberLiteral first;
    NumberLiteral last;
    Block body;
};
/// Over a list or an array, evaluated once.
struct ForEach {
    SlotId slot{};
    ExprPtr list;
    Block body;
};
/// If the condition still holds after `most` rounds: refuses LoopLimit.
struct While {
    ExprPtr condition;
    std::uint32_t most = 0;
    Block body;
};
/// The value is null in functions of type unit.
struct Return {
    ExprPtr value;
};
/// Ends the body of a procedure's entry. Without a target: stay.
struct Goto {
    std::optional<std::uint32_t> target;
};
/// Refuses with this code unless the condition holds.
struct Require {
    ExprPtr condition;
    std::uint32_t refusal = 0;
};
struct Fail {
    std::uint32_t refusal = 0;
};
/// The value is dropped.
struct Evaluate {
    ExprPtr value;
};
/// Modes of `register_put`.
enum class PutMode : std::uint8_t { set = 0, put = 1, update = 2 };
struct RegisterPut {
    std::uint32_t reg = 0;
    ExprPtr key;
    ExprPtr value;
    PutMode mode{};
};
struct RegisterRemove {
    std::uint32_t reg = 0;
    ExprPtr key;
};
/// Each recipient is of type body, case_id, list or array of those, or recipients.
struct Send {
    std::uint32_t notice = 0;
    std::vector<ExprPtr> fields;
    std::vector<ExprPtr> recipients;
};
struct Ask {
    std::uint32_t exchange = 0;
    std::vector<ExprPtr> fields;
    ExprPtr asked;   ///< body
    ExprPtr asking;  ///< body
};
struct Answer {
    std::uint32_t exchange = 0;
    std::vector<ExprPtr> fields;
};
struct Receipt {
    ExprPtr person;
};
/// The message is a text or a hash (a commitment).
struct Notify {
    ExprPtr person;
    ExprPtr message;
};
/// Index into `Program::roles`; `body` is an authority value, null for any.
struct Escalate {
    std::uint32_t role = 0;
    ExprPtr body;
};

struct Stmt {
    Span span;
    std::variant<Let, Assign, Push, If, ForRange, ForEach, While, Return, Goto, Require, Fail,
                 Evaluate, RegisterPut, RegisterRemove, Send, Ask, Answer, Receipt, Notify,
                 Escalate>
        node;

    template <class Node>
    [[nodiscard]] const Node* as() const {
        return std::get_if<Node>(&node);
    }
};

// Functions

struct Slot {
    std::string name;  ///< empty: made by the compiler
    TypeId type{};
    bool mutable_ = false;
};

/// Everything with a body is one of these: `fn`s, views and actions, the bodies of a procedure's
/// entries, invariants. A function that is not of type unit always meets a `Return`; one that
/// `goes` always meets a `Goto` (or a refusal), has type unit and holds no `Return`.
struct Function {
    std::string name;  ///< "module.path.name", "module.path.Procedure.entry"; unique
    Span span;
    std::uint32_t module = 0;                ///< index into `Program::modules`
    std::optional<std::uint32_t> procedure;  ///< whose case it reads; only its entries call it
    bool goes = false;
    std::uint32_t parameter_count = 0;  ///< the first so many slots
    std::vector<Slot> slots;
    TypeId result{};
    Block body;
};

}  // namespace aqd::program

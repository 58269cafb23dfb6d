#pragma once

#include "compiler/program/type.h"
#include "compiler/source/span.h"

#include <aqd/base/int128.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

// Checked expressions and statements. What whoever reads them may rely on:
//
// * Every name is resolved and every type is exact: the operands of an operation have just the
// types
//   that its comment says, an assigned value has the type of its place, an argument that of its
//   parameter. All conversions are nodes (`Convert`, `Widen`, `ToBody`, `Some`).
// * `match`, `if let`, `require let`, `implies`, `goto if` and patterns are gone: they are `If`,
// tests
//   and `Let`s of unnamed slots. Their subject is evaluated once.
// * Evaluation is strict and left to right; `logical_and` and `logical_or` skip their right
// operand.
//   Values have no identity: a `Let` or an assignment copies.
// * A slot is initialised by exactly one kind of statement (`Let`, a loop) or is a parameter, on
// every
//   way to a read of it.
// * The call graph of functions has no cycle.

namespace aqd::program {

using source::Span;

/// Index into `Function::slots`.
enum class SlotId : std::uint32_t {};

struct Expr;
struct Stmt;
using ExprPtr = std::unique_ptr<Expr>;

struct Block {
    std::vector<Stmt> statements;
};

// Literals

struct UnitLiteral {};
struct BoolLiteral {
    bool value = false;
};
/// Of every numeric kind: integers, decimals (scaled), dates, days, workdays, hours, minutes,
/// seconds. The value fits the type.
struct NumberLiteral {
    UInt128 magnitude = 0;
    bool negative = false;
};
enum class Rounding : std::uint8_t { none = 0, up = 1, down = 2 };
struct MonthsLiteral {
    std::uint32_t count = 0;
    Rounding rounding = Rounding::up;
};
/// UTF-8, no longer than the type's bound.
struct TextLiteral {
    std::string value;
};
struct NoneLiteral {};

// Reads

struct LocalRead {
    SlotId slot{};
};
/// Index into `Program::constants`.
struct ConstantRead {
    std::uint32_t constant = 0;
};
/// The value of a dated parameter, index into `Program::parameters`, at the call's rule date: the
/// day on which the current case was opened if there is a current case (also in the functions that
/// its entries call), today otherwise. Before the first dated value the first one holds.
struct ParameterRead {
    std::uint32_t parameter = 0;
};
/// Index into `Procedure::data` of the function's procedure.
struct CaseFieldRead {
    std::uint32_t field = 0;
};
/// Bool: the current case is in this state; without ordinal: it was created by this call. In an
/// entry's body the state is the one in which the call found the case, in an invariant the one just
/// entered.
struct CaseStateIs {
    std::optional<std::uint32_t> state;
};
enum class Fact : std::uint8_t {
    today,           ///< date
    now,             ///< time
    effective,       ///< date
    caller_account,  ///< account
    caller_person,   ///< person
    caller_body,     ///< option[body]: of the last matched mandate
    case_id,         ///< case_id
    case_opened,     ///< date
};
struct FactRead {
    Fact fact{};
};

// Operations

enum class UnaryOp : std::uint8_t {
    negate,       ///< signed integer, decimal, days, workdays, hours, seconds; refuses Overflow
    complement,   ///< unsigned integer
    logical_not,  ///< boolean
};
struct Unary {
    UnaryOp op{};
    ExprPtr operand;
};
enum class BinaryOp : std::uint8_t {
    // Both operands and the result have one type: integers; decimal, days, workdays, hours and
    // seconds
    // for `add` and `subtract` only. They refuse Overflow and DivisionByZero.
    add,
    subtract,
    multiply,
    divide,
    remainder,
    // Unsigned integers of one type.
    wrapping_add,
    wrapping_subtract,
    wrapping_multiply,
    bit_and,
    bit_or,
    bit_xor,
    // The left operand is an unsigned integer, the right one any unsigned integer; result as the
    // left.
    // A count of the width or more refuses BadShift; bits shifted out are lost.
    shift_left,
    shift_right,
    // Two operands of one type, result boolean. `equal` and `not_equal` are structural and take
    // every
    // type but `secret` and `recipients`; the others take numbers of any numeric kind, text, bytes
    // and
    // boolean (text and bytes octet by octet, a prefix first).
    equal,
    not_equal,
    less,
    less_equal,
    greater,
    greater_equal,
    logical_and,
    logical_or,
};
struct Binary {
    BinaryOp op{};
    ExprPtr left;
    ExprPtr right;
};
/// date ± days, months or workdays -> date (refuses BadDate). Workdays are never taken away; they
/// skip what `calendar` (index into `Program::modules`) closes, and are present with them only.
/// Months keep the day of the month, or go to the end of the month (`down`) or the first day of the
/// next (`up`).
struct DateShift {
    ExprPtr date;
    ExprPtr term;
    bool back = false;
    std::optional<std::uint32_t> calendar;
};
/// time ± hours or seconds -> time; refuses Overflow.
struct TimeShift {
    ExprPtr time;
    ExprPtr term;
    bool back = false;
};
/// date - date -> days; time - time -> seconds.
struct Difference {
    ExprPtr left;
    ExprPtr right;
};
enum class DatePart : std::uint8_t {
    year,   ///< u16
    month,  ///< u8, 1..12
    day,    ///< u8, 1..31
};
struct DatePartOf {
    ExprPtr date;
    DatePart part{};
};
/// The due day of a term (days, workdays, months, hours not allowed) counted from a date.
struct Due {
    ExprPtr date;
    ExprPtr term;
    std::optional<std::uint32_t> calendar;  ///< index into `Program::modules`; none: no closed days
};
/// Between integers, and between an integer and days, workdays, hours or seconds; refuses
/// OutOfRange.
struct Convert {
    ExprPtr operand;
};
/// The same text, bytes or list with a larger bound; never changes the value.
struct Widen {
    ExprPtr operand;
};
/// A value of an authority as a `Body`.
struct ToBody {
    ExprPtr operand;
};

// Options

struct Some {
    ExprPtr operand;
};
/// Option -> boolean.
struct OptionHas {
    ExprPtr operand;
};
/// Refuses MissingValue; `proven` where a test before it makes that impossible.
struct OptionValue {
    ExprPtr operand;
    bool proven = false;
};

// Aggregates

/// A tuple, record, authority, array or list of these parts, or variant `variant` of an
/// enumeration: all parts are there, in declared order.
struct Construct {
    std::vector<ExprPtr> parts;
    std::uint32_t variant = 0;
};
/// An array filled with one value.
struct Repeat {
    ExprPtr element;
};
/// Field of a record, item of a tuple, key of an authority.
struct Get {
    ExprPtr operand;
    std::uint32_t index = 0;
};
struct VariantIs {
    ExprPtr operand;
    std::uint32_t variant = 0;
};
/// A test before it makes sure of the variant.
struct VariantGet {
    ExprPtr operand;
    std::uint32_t variant = 0;
    std::uint32_t index = 0;
};
/// A `has` attribute of an authority value: `body_attributes`; refuses UnknownBody.
struct AttributeGet {
    ExprPtr operand;
    std::uint32_t index = 0;
};
/// Element of an array, a list, or an octet (u8) of bytes; the index is unsigned, at most 64 bits
/// wide. Refuses IndexOutOfBounds.
struct Index {
    ExprPtr operand;
    ExprPtr index;
};
/// u32: code points of a text, octets of bytes, elements of a list.
struct Length {
    ExprPtr operand;
};
/// Whether a list or array has an element equal to `value`.
struct Contains {
    ExprPtr operand;
    ExprPtr value;
};

// Octets

/// Big-endian number at an offset (u32) in bytes; width 2, 4 or 8 octets. Refuses IndexOutOfBounds.
struct ReadBigEndian {
    ExprPtr bytes;
    ExprPtr offset;
    std::uint8_t width = 4;
};
/// bytes[width] of an unsigned integer of that width.
struct WriteBigEndian {
    ExprPtr value;
    std::uint8_t width = 4;
};
/// As many zero octets as the type's bound.
struct ZeroBytes {};
/// The u8 elements of an array or list as bytes.
struct BytesOf {
    ExprPtr operand;
};
/// Two texts or two bytes; the bound of the type is the sum of theirs.
struct Concatenate {
    ExprPtr left;
    ExprPtr right;
};
/// Octets [offset, offset + count) (both u32) of bytes; refuses IndexOutOfBounds.
struct Slice {
    ExprPtr bytes;
    ExprPtr offset;
    ExprPtr count;
};
/// The octets of a hash, case_id, account or person.
struct RawBytes {
    ExprPtr operand;
};
/// bytes -> hash.
struct Sha256 {
    ExprPtr operand;
};
/// secret[T] -> hash: the commitment itself.
struct Commitment {
    ExprPtr operand;
};

// Registers: `reg` is an index into `Program::registers`

/// `option`: the type is option of the register's value. Otherwise the value itself; an absent key
/// gives the default, or refuses MissingKey if the register has none.
struct RegisterGet {
    std::uint32_t reg = 0;
    ExprPtr key;
    bool option = false;
};
struct RegisterHas {
    std::uint32_t reg = 0;
    ExprPtr key;
};
/// Adds one to the unsigned value (the default if absent; there is one), stores and yields it;
/// refuses Overflow. Own registers only.
struct RegisterNext {
    std::uint32_t reg = 0;
    ExprPtr key;
};

// The rest

/// Index into `Program::functions`. Arguments in the order of parameters.
struct Call {
    std::uint32_t function = 0;
    std::vector<ExprPtr> arguments;
};
struct Choose {
    ExprPtr condition;
    ExprPtr then_value;
    ExprPtr else_value;
};
/// Statements, then a value; without a value the statements never come to their end (the type is
/// then whatever the surroundings want).
struct BlockValue {
    Block block;
    ExprPtr value;
};
/// `sent(N)`, index into `Program::notices`: type `recipients`.
struct Sent {
    std::uint32_t notice = 0;
};

struct Expr {
    TypeId type{};
    Span span;
    std::variant<UnitLiteral, BoolLiteral, NumberLiteral, MonthsLiteral, TextLiteral, NoneLiteral,
                 LocalRead, ConstantRead, ParameterRead, CaseFieldRead, CaseStateIs, FactRead,
                 Unary, Binary, DateShift, TimeShift, Difference, DatePartOf, Due, Convert, Widen,
                 ToBody, Some, OptionHas, OptionValue, Construct, Repeat, Get, VariantIs,
                 VariantGet, AttributeGet, Index, Length, Contains, ReadBigEndian, WriteBigEndian,
                 ZeroBytes, BytesOf, Concatenate, Slice, RawBytes, Sha256, Commitment, RegisterGet,
                 RegisterHas, RegisterNext, Call, Choose, BlockValue, Sent>
        node;

    template <class Node>
    [[nodiscard]] const Node* as() const {
        return std::get_if<Node>(&node);
    }
};

}  // namespace aqd::program

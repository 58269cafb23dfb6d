#include "compiler/lower/function.h"

#include <aqd/calendar/civil_date.h>

#include <llvm/IR/Intrinsics.h>

// Dates, times and terms (semantics 15 and 29).

namespace aqd::lower {

using program::Kind;

namespace {

// docs/abi.md, Durations.
constexpr std::uint32_t unit_days = 0;
constexpr std::uint32_t unit_workdays = 1;
constexpr std::uint32_t unit_months = 2;
constexpr std::uint32_t unit_hours = 3;
constexpr std::uint32_t unit_minutes = 4;
constexpr std::uint32_t flag_clear = 1;
constexpr std::uint32_t flag_exact = 2;
// The flags of rounding up and down are its number, 1 or 2, two places to the left.
constexpr std::uint32_t rounding_shift = 2;

std::uint32_t unit_of(Kind kind) {
    switch (kind) {
        case Kind::workdays:
            return unit_workdays;
        case Kind::months:
            return unit_months;
        case Kind::hours:
            return unit_hours;
        case Kind::minutes:
            return unit_minutes;
        default:
            return unit_days;
    }
}

}  // namespace

FunctionLowering::Term FunctionLowering::term(const program::Expr& expr, bool clear, bool exact) {
    Term result;
    const Kind what = kind(expr.type);
    llvm::Value* const value = evaluate(expr);
    result.unit = i32(unit_of(what));
    result.flags = i32((clear ? flag_clear : 0) | (exact ? flag_exact : 0));
    if (what == Kind::months) {
        result.amount = b.CreateLoad(b.getInt64Ty(), field(expr.type, value, 0));
        llvm::Value* const rounding = b.CreateLoad(b.getInt32Ty(), field(expr.type, value, 1));
        result.flags = b.CreateOr(result.flags, b.CreateShl(rounding, i32(rounding_shift)));
    } else {
        result.amount = value;
    }
    return result;
}

llvm::Value* FunctionLowering::calendar_index(std::optional<std::uint32_t> module) {
    return b.getInt32(module ? *module : UINT32_MAX);
}

llvm::Value* FunctionLowering::due_day(llvm::Value* date, const Term& term,
                                       std::optional<std::uint32_t> calendar) {
    refuse_if(b.CreateICmpSLT(term.amount, i64(0)), abi::Refusal::OutOfRange);
    return host("due", {date, term.amount, term.unit, term.flags, calendar_index(calendar)});
}

llvm::Value* FunctionLowering::due(const program::Due& node) {
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const date = evaluate(*node.date);
    const Term of = term(*node.term);
    b.SetCurrentDebugLocation(here);
    return due_day(date, of, node.calendar);
}

llvm::Value* FunctionLowering::date_shift(const program::DateShift& node) {
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const date = evaluate(*node.date);
    const Term by = term(*node.term);
    b.SetCurrentDebugLocation(here);
    const Kind what = kind(node.term->type);
    if (what == Kind::workdays) {
        return due_day(date, by, node.calendar);
    }
    llvm::Value* amount = by.amount;
    if (node.back) {
        amount = overflowing(llvm::Intrinsic::ssub_with_overflow, i64(0), amount);
    }
    llvm::Value* const out = temporary(b.getInt32Ty(), "date");
    llvm::Value* good = nullptr;
    if (what == Kind::months) {
        llvm::Value* const rounding = b.CreateLShr(by.flags, i32(rounding_shift));
        good = support("aqd_date_add_months", {date, amount, rounding, out});
    } else {
        good = support("aqd_date_add_days", {date, amount, out});
    }
    refuse_unless(good, abi::Refusal::BadDate);
    return b.CreateLoad(b.getInt32Ty(), out);
}

llvm::Value* FunctionLowering::time_shift(const program::TimeShift& node) {
    constexpr std::int64_t seconds_per_hour = 3600;
    constexpr std::int64_t first = std::int64_t{calendar::min_day} * calendar::seconds_per_day;
    constexpr std::int64_t last =
        (std::int64_t{calendar::max_day} + 1) * calendar::seconds_per_day - 1;
    const llvm::DebugLoc here = b.getCurrentDebugLocation();
    llvm::Value* const time = evaluate(*node.time);
    llvm::Value* by = evaluate(*node.term);
    b.SetCurrentDebugLocation(here);
    if (kind(node.term->type) == Kind::hours) {
        by = multiply(by, b.getInt64(seconds_per_hour), true);
    }
    llvm::Value* const sum = overflowing(
        node.back ? llvm::Intrinsic::ssub_with_overflow : llvm::Intrinsic::sadd_with_overflow, time,
        by);
    refuse_if(
        b.CreateOr(b.CreateICmpSLT(sum, b.getInt64(first)), b.CreateICmpSGT(sum, b.getInt64(last))),
        abi::Refusal::Overflow);
    return sum;
}

llvm::Value* FunctionLowering::difference(const program::Difference& node) {
    // Dates and times lie in a range whose differences always fit.
    llvm::Value* const left = b.CreateSExt(evaluate(*node.left), b.getInt64Ty());
    llvm::Value* const right = b.CreateSExt(evaluate(*node.right), b.getInt64Ty());
    return b.CreateSub(left, right);
}

llvm::Value* FunctionLowering::date_part(const program::DatePartOf& node) {
    llvm::Value* const date = evaluate(*node.date);
    switch (node.part) {
        case program::DatePart::year:
            return b.CreateTrunc(support("aqd_date_year", {date}), b.getInt16Ty());
        case program::DatePart::month:
            return b.CreateTrunc(support("aqd_date_month", {date}), b.getInt8Ty());
        default:
            return b.CreateTrunc(support("aqd_date_day", {date}), b.getInt8Ty());
    }
}

}  // namespace aqd::lower

#pragma once

#include "compiler/program/program.h"

#include <functional>

namespace aqd::program {

/// Called for every node that is met, an outer one before its inner ones, in the order of
/// evaluation. Null: not called.
struct Visitor {
    std::function<void(const Expr&)> on_expr;
    std::function<void(const Stmt&)> on_stmt;
};

void walk(const Expr& expr, const Visitor& visitor);
void walk(const Block& block, const Visitor& visitor);

/// The direct operands of an expression, in the order of evaluation; the statements of a
/// `BlockValue` are not among them, its value is.
void for_each_operand(const Expr& expr, const std::function<void(const Expr&)>& visit);

/// The expressions that a statement evaluates itself, without those of the blocks inside it.
void for_each_operand(const Stmt& stmt, const std::function<void(const Expr&)>& visit);

/// The blocks inside a statement.
void for_each_block(const Stmt& stmt, const std::function<void(const Block&)>& visit);

}  // namespace aqd::program

#pragma once

#include "compiler/program/program.h"

#include <memory>
#include <utility>
#include <vector>

// Short ways to make nodes of the checked program.

namespace aqd::check {

using program::ExprPtr;
using program::TypeId;
using source::Span;

template <class Node>
ExprPtr make(TypeId type, Span span, Node node) {
    return std::make_unique<program::Expr>(program::Expr{type, span, std::move(node)});
}

template <class Node>
program::Stmt statement(Span span, Node node) {
    return {span, std::move(node)};
}

template <class... Exprs>
std::vector<ExprPtr> list_of(Exprs... exprs) {
    std::vector<ExprPtr> out;
    (out.push_back(std::move(exprs)), ...);
    return out;
}

/// Literals and constructions of them, copied.
ExprPtr copy_constant(const program::Expr& expr);

/// Whether the statement never lets control go on to the next one.
bool leaves(const program::Stmt& stmt);

/// Whether control may come to the end of the block.
bool falls_through(const program::Block& block);

/// Whether evaluating the expression may come to its end.
bool completes(const program::Expr& expr);

}  // namespace aqd::check

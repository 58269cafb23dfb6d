#include "compiler/check/build.h"

#include "compiler/syntax/name.h"

#include <aqd/base/assert.h>

#include <type_traits>

namespace aqd::check {

using syntax::Overloaded;

namespace {

std::vector<ExprPtr> copy_constants(const std::vector<ExprPtr>& parts) {
    std::vector<ExprPtr> out;
    out.reserve(parts.size());
    for (const ExprPtr& part : parts) {
        out.push_back(copy_constant(*part));
    }
    return out;
}

}  // namespace

ExprPtr copy_constant(const program::Expr& expr) {
    return std::visit(
        Overloaded{
            [&](const program::Construct& node) {
                return make(expr.type, expr.span,
                            program::Construct{copy_constants(node.parts), node.variant});
            },
            [&](const program::Repeat& node) {
                return make(expr.type, expr.span, program::Repeat{copy_constant(*node.element)});
            },
            [&](const program::Some& node) {
                return make(expr.type, expr.span, program::Some{copy_constant(*node.operand)});
            },
            [&](const program::Widen& node) {
                return make(expr.type, expr.span, program::Widen{copy_constant(*node.operand)});
            },
            [&](const program::ToBody& node) {
                return make(expr.type, expr.span, program::ToBody{copy_constant(*node.operand)});
            },
            [&]<class Node>(const Node& node) -> ExprPtr {
                if constexpr (std::is_trivially_copyable_v<Node> ||
                              std::is_same_v<Node, program::TextLiteral>) {
                    return make(expr.type, expr.span, Node(node));
                } else {
                    AQD_ASSERT(false && "a constant holds only literals and constructions");
                    return nullptr;
                }
            },
        },
        expr.node);
}

bool leaves(const program::Stmt& stmt) {
    return std::visit(Overloaded{
                          [](const program::Return&) { return true; },
                          [](const program::Goto&) { return true; },
                          [](const program::Fail&) { return true; },
                          [](const program::If& node) {
                              return !falls_through(node.then_block) &&
                                     !falls_through(node.else_block);
                          },
                          [](const program::Let& node) { return !completes(*node.value); },
                          [](const program::Evaluate& node) { return !completes(*node.value); },
                          [](const auto&) { return false; },
                      },
                      stmt.node);
}

bool falls_through(const program::Block& block) {
    for (const program::Stmt& stmt : block.statements) {
        if (leaves(stmt)) {
            return false;
        }
    }
    return true;
}

bool completes(const program::Expr& expr) {
    if (const auto* block = expr.as<program::BlockValue>()) {
        return block->value != nullptr && completes(*block->value) && falls_through(block->block);
    }
    if (const auto* choice = expr.as<program::Choose>()) {
        return completes(*choice->then_value) || completes(*choice->else_value);
    }
    return true;
}

}  // namespace aqd::check

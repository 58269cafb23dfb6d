#include "compiler/program/walk.h"

namespace aqd::program {

namespace {

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

using ExprVisit = std::function<void(const Expr&)>;

void each(const std::vector<ExprPtr>& exprs, const ExprVisit& visit) {
    for (const ExprPtr& expr : exprs) {
        visit(*expr);
    }
}

void maybe(const ExprPtr& expr, const ExprVisit& visit) {
    if (expr != nullptr) {
        visit(*expr);
    }
}

void each_of_place(const Place& place, const ExprVisit& visit) {
    if (const auto* element = std::get_if<ElementRoot>(&place.root)) {
        visit(*element->key);
    }
    for (const auto& step : place.steps) {
        if (const auto* at = std::get_if<IndexStep>(&step)) {
            visit(*at->index);
        }
    }
}

}  // namespace

void for_each_operand(const Expr& expr, const ExprVisit& visit) {
    std::visit(Overloaded{
                   [&](const Binary& node) {
                       visit(*node.left);
                       visit(*node.right);
                   },
                   [&](const Difference& node) {
                       visit(*node.left);
                       visit(*node.right);
                   },
                   [&](const Concatenate& node) {
                       visit(*node.left);
                       visit(*node.right);
                   },
                   [&](const DateShift& node) {
                       visit(*node.date);
                       visit(*node.term);
                   },
                   [&](const TimeShift& node) {
                       visit(*node.time);
                       visit(*node.term);
                   },
                   [&](const Due& node) {
                       visit(*node.date);
                       visit(*node.term);
                   },
                   [&](const DatePartOf& node) { visit(*node.date); },
                   [&](const Construct& node) { each(node.parts, visit); },
                   [&](const Repeat& node) { visit(*node.element); },
                   [&](const Index& node) {
                       visit(*node.operand);
                       visit(*node.index);
                   },
                   [&](const Contains& node) {
                       visit(*node.operand);
                       visit(*node.value);
                   },
                   [&](const ReadBigEndian& node) {
                       visit(*node.bytes);
                       visit(*node.offset);
                   },
                   [&](const WriteBigEndian& node) { visit(*node.value); },
                   [&](const Slice& node) {
                       visit(*node.bytes);
                       visit(*node.offset);
                       visit(*node.count);
                   },
                   [&](const RegisterGet& node) { visit(*node.key); },
                   [&](const RegisterHas& node) { visit(*node.key); },
                   [&](const RegisterNext& node) { visit(*node.key); },
                   [&](const Call& node) { each(node.arguments, visit); },
                   [&](const Choose& node) {
                       visit(*node.condition);
                       visit(*node.then_value);
                       visit(*node.else_value);
                   },
                   [&](const BlockValue& node) { maybe(node.value, visit); },
                   [&]<class Node>(const Node& node) {
                       if constexpr (requires { *node.operand; }) {
                           visit(*node.operand);
                       }
                   },
               },
               expr.node);
}

void for_each_operand(const Stmt& stmt, const ExprVisit& visit) {
    std::visit(Overloaded{
                   [&](const Assign& node) {
                       each_of_place(node.place, visit);
                       visit(*node.value);
                   },
                   [&](const Push& node) {
                       each_of_place(node.place, visit);
                       visit(*node.value);
                   },
                   [&](const ForEach& node) { visit(*node.list); },
                   [&](const RegisterPut& node) {
                       visit(*node.key);
                       visit(*node.value);
                   },
                   [&](const RegisterRemove& node) { visit(*node.key); },
                   [&](const Send& node) {
                       each(node.fields, visit);
                       each(node.recipients, visit);
                   },
                   [&](const Ask& node) {
                       each(node.fields, visit);
                       visit(*node.asked);
                       visit(*node.asking);
                   },
                   [&](const Answer& node) { each(node.fields, visit); },
                   [&](const Receipt& node) { visit(*node.person); },
                   [&](const Notify& node) {
                       visit(*node.person);
                       visit(*node.message);
                   },
                   [&](const Escalate& node) { maybe(node.body, visit); },
                   [&]<class Node>(const Node& node) {
                       if constexpr (requires { *node.condition; }) {
                           visit(*node.condition);
                       } else if constexpr (requires { *node.value; }) {
                           maybe(node.value, visit);
                       }
                   },
               },
               stmt.node);
}

void for_each_block(const Stmt& stmt, const std::function<void(const Block&)>& visit) {
    std::visit(Overloaded{
                   [&](const If& node) {
                       visit(node.then_block);
                       visit(node.else_block);
                   },
                   [&]<class Node>(const Node& node) {
                       if constexpr (requires { node.body.statements; }) {
                           visit(node.body);
                       }
                   },
               },
               stmt.node);
}

void walk(const Expr& expr, const Visitor& visitor) {
    if (visitor.on_expr) {
        visitor.on_expr(expr);
    }
    if (const auto* block = expr.as<BlockValue>()) {
        walk(block->block, visitor);
    }
    for_each_operand(expr, [&](const Expr& operand) { walk(operand, visitor); });
}

void walk(const Block& block, const Visitor& visitor) {
    for (const Stmt& stmt : block.statements) {
        if (visitor.on_stmt) {
            visitor.on_stmt(stmt);
        }
        for_each_operand(stmt, [&](const Expr& operand) { walk(operand, visitor); });
        for_each_block(stmt, [&](const Block& inner) { walk(inner, visitor); });
    }
}

}  // namespace aqd::program

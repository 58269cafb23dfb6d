#include "compiler/lower/effects.h"

namespace aqd::lower {
namespace {

using namespace program;

template <class... Functions>
struct Overloaded : Functions... {
    using Functions::operator()...;
};

bool any(const ExprPtr& expr) {
    return expr != nullptr && assigns(*expr);
}

bool any(const std::vector<ExprPtr>& all) {
    for (const ExprPtr& expr : all) {
        if (any(expr)) {
            return true;
        }
    }
    return false;
}

template <class Node>
concept HasOperand = requires(const Node& node) { node.operand; };
template <class Node>
concept HasSides = requires(const Node& node) {
    node.left;
    node.right;
};

bool assigns_below(const Expr& expr) {
    return std::visit(
        Overloaded{[](const HasSides auto& node) { return any(node.left) || any(node.right); },
                   [](const Index& node) { return any(node.operand) || any(node.index); },
                   [](const Contains& node) { return any(node.operand) || any(node.value); },
                   [](const HasOperand auto& node) { return any(node.operand); },
                   [](const DateShift& node) { return any(node.date) || any(node.term); },
                   [](const TimeShift& node) { return any(node.time) || any(node.term); },
                   [](const DatePartOf& node) { return any(node.date); },
                   [](const Due& node) { return any(node.date) || any(node.term); },
                   [](const Construct& node) { return any(node.parts); },
                   [](const Repeat& node) { return any(node.element); },
                   [](const ReadBigEndian& node) { return any(node.bytes) || any(node.offset); },
                   [](const WriteBigEndian& node) { return any(node.value); },
                   [](const Slice& node) {
                       return any(node.bytes) || any(node.offset) || any(node.count);
                   },
                   [](const RegisterGet& node) { return any(node.key); },
                   [](const RegisterHas& node) { return any(node.key); },
                   [](const RegisterNext& node) { return any(node.key); },
                   [](const Call& node) { return any(node.arguments); },
                   [](const Choose& node) {
                       return any(node.condition) || any(node.then_value) || any(node.else_value);
                   },
                   [](const BlockValue& node) { return assigns(node.block) || any(node.value); },
                   [](const auto&) { return false; }},
        expr.node);
}

bool assigns_statement(const Stmt& statement) {
    return std::visit(
        Overloaded{[](const Assign&) { return true; }, [](const Push&) { return true; },
                   [](const Let& node) { return any(node.value); },
                   [](const If& node) {
                       return any(node.condition) || assigns(node.then_block) ||
                              assigns(node.else_block);
                   },
                   [](const ForRange& node) { return assigns(node.body); },
                   [](const ForEach& node) { return any(node.list) || assigns(node.body); },
                   [](const While& node) { return any(node.condition) || assigns(node.body); },
                   [](const Require& node) { return any(node.condition); },
                   [](const Evaluate& node) { return any(node.value); },
                   [](const RegisterPut& node) { return any(node.key) || any(node.value); },
                   [](const RegisterRemove& node) { return any(node.key); },
                   [](const Send& node) { return any(node.fields) || any(node.recipients); },
                   [](const Ask& node) { return any(node.fields) || any(node.asked); },
                   [](const Answer& node) { return any(node.fields); },
                   // What ends the function has no successor that could see a change.
                   [](const auto&) { return false; }},
        statement.node);
}

}  // namespace

bool assigns(const Expr& expr) {
    return assigns_below(expr);
}

bool assigns(const Block& block) {
    for (const Stmt& statement : block.statements) {
        if (assigns_statement(statement)) {
            return true;
        }
    }
    return false;
}

}  // namespace aqd::lower

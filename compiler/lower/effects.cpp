#include "compiler/lower/effects.h"

#include "compiler/program/walk.h"

namespace aqd::lower {
namespace {

template <class Tree>
bool assigns_in(const Tree& tree) {
    bool found = false;
    program::Visitor visitor;
    visitor.on_stmt = [&](const program::Stmt& statement) {
        found = found || statement.as<program::Assign>() != nullptr ||
                statement.as<program::Push>() != nullptr;
    };
    program::walk(tree, visitor);
    return found;
}

}  // namespace

bool assigns(const program::Expr& expr) {
    return assigns_in(expr);
}

bool assigns(const program::Block& block) {
    return assigns_in(block);
}

}  // namespace aqd::lower

#include "compiler/check/build.h"
#include "compiler/check/entries.h"
#include "compiler/program/walk.h"

#include <algorithm>

// Definite assignment of a procedure's variables: a case that a start has just created has only
// what the start gave it. The body is followed as it runs on a new case, where `case.state == none`
// is known to hold.

namespace aqd::check {

using diagnostics::error;
using program::Block;
using program::DataField;
using program::Expr;
using program::Stmt;

namespace {

class NewCase {
  public:
    NewCase(Declarations& declarations, const program::Procedure& procedure,
            const program::Entry& entry)
        : declarations_(&declarations),
          procedure_(&procedure),
          assigned_(procedure.data.size(), true) {
        for (std::size_t i = 0; i < procedure.data.size(); ++i) {
            const DataField& field = procedure.data[i];
            assigned_[i] =
                field.role != DataField::Role::variable || field.initial != nullptr || !field.known;
        }
        for (const program::Argument& argument : entry.arguments) {
            if (argument.fills) {
                assigned_[*argument.fills] = true;
            }
        }
    }

    void run(const Block& block) { follow(block); }

  private:
    /// What is known of a condition on a new case.
    static std::optional<bool> known(const Expr& expr) {
        if (const auto* state = expr.as<program::CaseStateIs>()) {
            return !state->state.has_value();
        }
        if (const auto* unary = expr.as<program::Unary>();
            unary != nullptr && unary->op == program::UnaryOp::logical_not) {
            const std::optional<bool> inner = known(*unary->operand);
            return inner ? std::optional(!*inner) : std::nullopt;
        }
        const auto* binary = expr.as<program::Binary>();
        if (binary == nullptr) {
            return std::nullopt;
        }
        const bool conjunction = binary->op == program::BinaryOp::logical_and;
        if (!conjunction && binary->op != program::BinaryOp::logical_or) {
            return std::nullopt;
        }
        const std::optional<bool> left = known(*binary->left);
        const std::optional<bool> right = known(*binary->right);
        if ((left && *left != conjunction) || (right && *right != conjunction)) {
            return !conjunction;
        }
        return left && right ? std::optional(conjunction) : std::nullopt;
    }

    /// False if the block never comes to its end.
    bool follow(const Block& block) {
        for (const Stmt& stmt : block.statements) {
            if (!follow(stmt)) {
                return false;
            }
        }
        return true;
    }

    bool follow(const Stmt& stmt) {
        program::for_each_operand(stmt, [&](const Expr& expr) { read(expr); });
        if (const auto* assign = stmt.as<program::Assign>()) {
            assign_to(assign->place, assign->op == program::AssignOp::set);
            return true;
        }
        if (const auto* push = stmt.as<program::Push>()) {
            assign_to(push->place, false);
            return true;
        }
        if (const auto* choice = stmt.as<program::If>()) {
            return follow_if(*choice);
        }
        if (const auto* go = stmt.as<program::Goto>()) {
            end(stmt.span, go->target.has_value());
            return false;
        }
        if (stmt.as<program::Fail>() != nullptr || stmt.as<program::Return>() != nullptr) {
            return false;
        }
        // A loop may run no time at all: what it assigns is not sure afterwards.
        program::for_each_block(stmt, [&](const Block& inner) {
            const std::vector<bool> before = assigned_;
            follow(inner);
            assigned_ = before;
        });
        return true;
    }

    bool follow_if(const program::If& choice) {
        const std::optional<bool> holds = known(*choice.condition);
        if (holds) {
            return follow(*holds ? choice.then_block : choice.else_block);
        }
        const std::vector<bool> before = assigned_;
        const bool then_ends = follow(choice.then_block);
        const std::vector<bool> after_then = assigned_;
        assigned_ = before;
        const bool else_ends = follow(choice.else_block);
        if (then_ends && else_ends) {
            for (std::size_t i = 0; i < assigned_.size(); ++i) {
                assigned_[i] = assigned_[i] && after_then[i];
            }
        } else if (then_ends) {
            assigned_ = after_then;
        }
        return then_ends || else_ends;
    }

    void read(const Expr& expr) {
        if (const auto* field = expr.as<program::CaseFieldRead>()) {
            need(field->field, expr.span);
            return;
        }
        if (const auto* block = expr.as<program::BlockValue>()) {
            follow(block->block);
        }
        if (const auto* binary = expr.as<program::Binary>()) {
            const bool skips = binary->op == program::BinaryOp::logical_and ||
                               binary->op == program::BinaryOp::logical_or;
            const std::optional<bool> left = skips ? known(*binary->left) : std::nullopt;
            read(*binary->left);
            if (!left || *left == (binary->op == program::BinaryOp::logical_and)) {
                read(*binary->right);
            }
            return;
        }
        program::for_each_operand(expr, [&](const Expr& operand) { read(operand); });
    }

    void need(std::uint32_t field, Span span) {
        if (assigned_[field]) {
            return;
        }
        const DataField& data = procedure_->data[field];
        declarations_->report(error(Code::unassigned_variable, span,
                                    "`" + data.name + "` has no value yet in a new case",
                                    "read before it has a value")
                                  .with(data.span, "declared without a value"));
        assigned_[field] = true;
    }

    void assign_to(const program::Place& place, bool whole) {
        const auto* field = std::get_if<program::CaseFieldRoot>(&place.root);
        if (field == nullptr) {
            return;
        }
        if (!whole || !place.steps.empty()) {
            need(field->field, place.span);
        }
        assigned_[field->field] = true;
    }

    void end(Span span, bool moves) {
        if (!moves) {
            declarations_->report(
                error(Code::stay_of_new_case, span,
                      "a new case is in no state yet, so it cannot stay", "stays where?")
                    .with_help(
                        "only a joined case can stay: `if case.state != none { goto stay }`"));
            return;
        }
        for (std::size_t i = 0; i < assigned_.size(); ++i) {
            if (!assigned_[i]) {
                const DataField& data = procedure_->data[i];
                declarations_->report(
                    error(Code::unassigned_variable, span,
                          "`" + data.name + "` has no value when the new case begins here",
                          "`" + data.name + "` is not set")
                        .with(data.span, "declared without a value")
                        .with_help("assign it before, or give it a first value"));
                return;
            }
        }
    }

    Declarations* declarations_;
    const program::Procedure* procedure_;
    std::vector<bool> assigned_;
};

}  // namespace

void check_assignment(Declarations& declarations, std::uint32_t procedure) {
    const program::Program& program = declarations.program();
    for (const program::Entry& entry : program.entries) {
        const bool starts =
            entry.kind == abi::EntryKind::start || entry.kind == abi::EntryKind::start_on_ask;
        if (starts && entry.whole && entry.procedure == procedure && entry.function) {
            NewCase(declarations, program.procedures[procedure], entry)
                .run(program.functions[*entry.function].body);
        }
    }
}

}  // namespace aqd::check

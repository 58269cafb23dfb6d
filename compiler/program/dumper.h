#pragma once

#include "compiler/program/program.h"

#include <string>
#include <vector>

namespace aqd::program {

/// Writes expressions and statements of one function as text.
class BodyDumper {
  public:
    BodyDumper(const Program& program, const Function* function, std::string& out)
        : program_(&program), function_(function), out_(&out) {}

    [[nodiscard]] std::string expr(const Expr& expr) const;
    void block(const Block& block, unsigned indent);

  private:
    [[nodiscard]] std::string slot(SlotId slot) const;
    [[nodiscard]] std::string list(const std::vector<ExprPtr>& exprs) const;
    [[nodiscard]] std::string place(const Place& place) const;
    [[nodiscard]] std::string type(TypeId type) const { return type_text(*program_, type); }
    [[nodiscard]] std::string field(std::uint32_t field) const;
    [[nodiscard]] std::string state(std::uint32_t state) const;
    [[nodiscard]] std::string construct(const Expr& expr, const Construct& node) const;
    [[nodiscard]] std::string literal(const Expr& expr) const;
    [[nodiscard]] std::string read(const Expr& expr) const;
    [[nodiscard]] std::string operation(const Expr& expr) const;
    [[nodiscard]] std::string value_block(const BlockValue& node) const;
    [[nodiscard]] std::string line(const Stmt& stmt) const;
    void statement(const Stmt& stmt, unsigned indent);
    void write(unsigned indent, const std::string& text);

    const Program* program_;
    const Function* function_;  ///< null: expressions that read no slot
    std::string* out_;
};

/// A number of a numeric type in digits.
std::string number_text(const NumberLiteral& number);

}  // namespace aqd::program

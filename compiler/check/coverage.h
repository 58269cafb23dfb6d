#pragma once

#include "compiler/check/body_checker.h"

#include <optional>
#include <string>
#include <vector>

namespace aqd::check {

/// What a list of patterns leaves out, and which of them can never be reached: Maranget, "Warnings
/// for pattern matching", JFP 17(3), 2007, section 3, by specialisation of a matrix of patterns.
class Coverage {
  public:
    explicit Coverage(Declarations& declarations) : declarations_(&declarations) {}

    /// A value of the type that no shape covers, as a pattern; nothing if all are covered.
    std::optional<std::string> missing(const std::vector<Shape>& shapes, TypeId type);

    /// Whether `shape` covers a value that the shapes before it do not.
    bool useful(const std::vector<Shape>& before, const Shape& shape, TypeId type);

  private:
    using Row = std::vector<Shape>;

    /// A row of the width of `types` that no row of the matrix covers.
    std::optional<Row> uncovered(const std::vector<Row>& rows, const std::vector<TypeId>& types);
    std::optional<Row> uncovered_head(const std::vector<Row>& rows,
                                      const std::vector<TypeId>& types, const Shape& head,
                                      const std::vector<TypeId>& parts);
    bool useful_row(const std::vector<Row>& rows, const Row& row, const std::vector<TypeId>& types);
    std::vector<Shape> heads(TypeId type);
    std::vector<TypeId> parts(const Shape& head, TypeId type);
    static std::vector<Row> specialise(const std::vector<Row>& rows, const Shape& head,
                                       std::size_t width);
    static std::vector<Row> without_head(const std::vector<Row>& rows);
    std::string text(const Shape& shape, TypeId type);

    /// A match may be written whose check takes exponential time; past this it counts as
    /// incomplete.
    static constexpr std::uint32_t most_steps = 200'000;

    Declarations* declarations_;
    std::uint32_t steps_ = 0;
};

}  // namespace aqd::check

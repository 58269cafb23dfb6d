#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::screen {

/// Columns that a text takes on a terminal: code points, without ANSI escapes, combining marks and
/// controls.
std::size_t display_width(std::string_view text);

/// `text` and blanks up to `width`.
std::string padded(std::string_view text, std::size_t width);

/// Rows of cells, aligned when they are all known.
class Table {
  public:
    /// `indent` blanks in front of each line, `gap` between cells.
    explicit Table(std::size_t indent = 2, std::size_t gap = 2) : indent_(indent), gap_(gap) {}

    void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
    /// Cells of this column end on one line instead of beginning on one.
    void align_right(std::size_t column) { right_.push_back(column); }
    [[nodiscard]] bool empty() const { return rows_.empty(); }
    /// The lines, each with its end.
    [[nodiscard]] std::string text() const;

  private:
    std::size_t indent_;
    std::size_t gap_;
    std::vector<std::size_t> right_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace aqd::screen

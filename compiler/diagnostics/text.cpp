#include "compiler/diagnostics/render.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>

namespace aqd::diagnostics {
namespace {

/// Longest piece of a source line that is shown; a longer line is cut around its first mark.
constexpr std::size_t max_columns = 160;
constexpr std::size_t columns_before_mark = 60;

struct Range {
    char32_t first, last;
};

bool in_ranges(char32_t c, const Range* begin, const Range* end) {
    return std::any_of(begin, end, [c](Range r) { return c >= r.first && c <= r.last; });
}

/// Columns that a terminal gives to a code point, after the usual `wcwidth` rules.
std::size_t width(char32_t c) {
    constexpr Range none[] = {{0x300, 0x36F},   {0x610, 0x61A},   {0x64B, 0x65F},
                              {0x670, 0x670},   {0x6D6, 0x6DC},   {0x6DF, 0x6E4},
                              {0x6E7, 0x6E8},   {0x6EA, 0x6ED},   {0x200B, 0x200D},
                              {0x2060, 0x2064}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF}};
    constexpr Range two[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},  {0x3041, 0xA4CF},
                             {0xAC00, 0xD7A3},   {0xF900, 0xFAFF},  {0xFE30, 0xFE6F},
                             {0xFF00, 0xFF60},   {0xFFE0, 0xFFE6},  {0x1F300, 0x1F64F},
                             {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};
    if (in_ranges(c, std::begin(none), std::end(none))) {
        return 0;
    }
    return in_ranges(c, std::begin(two), std::end(two)) ? 2 : 1;
}

/// What would move the cursor or reorder the line is shown as U+FFFD.
bool unprintable(char32_t c) {
    constexpr Range ranges[] = {{0, 0x1F},        {0x7F, 0x9F},     {0x61C, 0x61C},
                                {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}};
    return in_ranges(c, std::begin(ranges), std::end(ranges));
}

struct Cell {
    std::string text;
    std::uint32_t offset = 0;  ///< in the file
    std::size_t columns = 1;
};

/// The part of a line that is shown.
struct Shown {
    std::vector<Cell> cells;
    bool cut_before = false;
    bool cut_after = false;
};

/// The whole line, or of a very long one what lies around `mark`; the cost does not grow with it.
Shown shown_part(const source::SourceFile& file, std::uint32_t line, std::uint32_t mark) {
    const std::string_view text = file.line(line);
    Shown shown;
    std::size_t i = 0;
    if (source::count_code_points(text) > max_columns) {
        i = std::min<std::size_t>(mark - file.line_begin(line), text.size());
        for (std::size_t back = 0; back < columns_before_mark && i > 0; ++back) {
            do {
                --i;
            } while (i > 0 && (static_cast<unsigned char>(text[i]) & 0xC0U) == 0x80U);
        }
        shown.cut_before = i != 0;
    }
    while (i < text.size() && shown.cells.size() < max_columns) {
        Cell cell;
        cell.offset = file.line_begin(line) + static_cast<std::uint32_t>(i);
        const source::CodePoint point = source::decode_utf8(text, i);
        if (text[i] == '\t') {
            cell.text = "    ";
            cell.columns = 4;
        } else if (point.size_bytes == 0 || unprintable(point.value)) {
            cell.text = "\uFFFD";
        } else {
            cell.text = text.substr(i, point.size_bytes);
            cell.columns = width(point.value);
        }
        shown.cells.push_back(std::move(cell));
        i += std::max<std::size_t>(point.size_bytes, 1);
    }
    shown.cut_after = i < text.size();
    return shown;
}

struct Mark {
    source::Span span;
    std::string_view text;
    bool primary = false;
    std::uint32_t line = 0;
};

class Writer {
  public:
    Writer(const source::SourceSet& sources, TextOptions options)
        : sources_(sources), options_(options) {}

    std::string write(const Diagnostic& diagnostic) {
        const bool is_error = diagnostic.severity == Severity::error;
        paint(is_error ? "1;31" : "1;33",
              std::string(is_error ? "error" : "warning") + "[" + code_text(diagnostic.code) + "]");
        paint("1", ": " + diagnostic.message);
        out_ += "\n";
        const std::vector<Mark> marks = sorted_marks(diagnostic);
        std::uint32_t greatest = 1;
        for (const Mark& mark : marks) {
            greatest = std::max(greatest, mark.line);
        }
        gutter_ = std::max<std::size_t>(std::to_string(greatest).size(), 2);
        write_groups(diagnostic, marks);
        for (const std::string& help : diagnostic.help) {
            write_note("help", help);
        }
        write_note("more", "aqd explain " + code_text(diagnostic.code));
        return std::move(out_);
    }

  private:
    void paint(std::string_view style, std::string_view text) {
        if (options_.colour) {
            out_ += "\x1b[";
            out_ += style;
            out_ += "m";
        }
        out_ += text;
        if (options_.colour) {
            out_ += "\x1b[0m";
        }
    }

    void write_gutter(std::string_view number, std::string_view sign) {
        paint("34", std::string(gutter_ - number.size(), ' ') + std::string(number) + " " +
                        std::string(sign));
    }

    void write_note(std::string_view kind, std::string_view text) {
        const std::string indent = "\n" + std::string(gutter_ + 5 + kind.size(), ' ');
        write_gutter("", "= ");
        paint("1", std::string(kind) + ": ");
        for (const char c : text) {
            if (c == '\n') {
                out_ += indent;
            } else {
                out_ += c;
            }
        }
        out_ += "\n";
    }

    /// The primary place's file first, then by place.
    [[nodiscard]] std::vector<Mark> sorted_marks(const Diagnostic& diagnostic) const {
        std::vector<Mark> marks;
        const auto add = [&](const Label& label, bool primary) {
            const std::uint32_t line = sources_.file(label.span.file).line_of(label.span.begin);
            marks.push_back({label.span, label.text, primary, line});
        };
        add(diagnostic.primary, true);
        for (const Label& label : diagnostic.secondary) {
            add(label, false);
        }
        const source::FileId home = diagnostic.primary.span.file;
        const auto key = [home](const Mark& mark) {
            return std::tuple(mark.span.file != home, mark.span, !mark.primary, mark.text);
        };
        std::ranges::sort(marks, {}, key);
        return marks;
    }

    void write_groups(const Diagnostic& diagnostic, const std::vector<Mark>& marks) {
        std::optional<source::FileId> file_id;
        std::uint32_t last_line = 0;
        for (std::size_t i = 0; i < marks.size();) {
            const Mark& first = marks[i];
            const source::SourceFile& file = sources_.file(first.span.file);
            if (file_id != first.span.file) {
                const bool home = first.span.file == diagnostic.primary.span.file;
                const auto at =
                    file.position(home ? diagnostic.primary.span.begin : first.span.begin);
                write_gutter("", home ? "┌─" : "├─");
                out_ += " " + file.path() + ":" + std::to_string(at.line) + ":" +
                        std::to_string(at.column) + "\n";
                file_id = first.span.file;
            } else if (first.line > last_line + 1) {
                write_gutter("", "·");
                out_ += "\n";
            }
            std::size_t end = i;
            while (end < marks.size() && marks[end].span.file == first.span.file &&
                   marks[end].line == first.line) {
                ++end;
            }
            write_line(file, {marks.begin() + static_cast<std::ptrdiff_t>(i),
                              marks.begin() + static_cast<std::ptrdiff_t>(end)});
            last_line = first.line;
            i = end;
        }
    }

    void write_line(const source::SourceFile& file, const std::vector<Mark>& marks) {
        const Shown shown = shown_part(file, marks.front().line, marks.front().span.begin);
        write_gutter(std::to_string(marks.front().line), "│");
        if (!shown.cells.empty()) {
            out_ += shown.cut_before ? " … " : " ";
        }
        for (const Cell& cell : shown.cells) {
            out_ += cell.text;
        }
        out_ += shown.cut_after ? " …\n" : "\n";
        for (const Mark& mark : marks) {
            write_mark(mark, shown.cells, shown.cut_before ? 2 : 0);
        }
    }

    void write_mark(const Mark& mark, const std::vector<Cell>& cells, std::size_t indent) {
        std::size_t before = indent;
        std::size_t under = 0;
        for (const Cell& cell : cells) {
            if (cell.offset < mark.span.begin) {
                before += cell.columns;
            } else if (cell.offset < mark.span.end) {
                under += cell.columns;
            }
        }
        write_gutter("", "│ ");
        out_ += std::string(before, ' ');
        std::string line;
        for (std::size_t i = 0; i < std::max<std::size_t>(under, 1); ++i) {
            line += mark.primary ? "━" : "─";
        }
        if (!mark.text.empty()) {
            line += " ";
            line += mark.text;
        }
        paint(mark.primary ? "1;31" : "34", line);
        out_ += "\n";
    }

    const source::SourceSet& sources_;
    TextOptions options_;
    std::size_t gutter_ = 2;
    std::string out_;
};

}  // namespace

std::string render_text(const Diagnostic& diagnostic, const source::SourceSet& sources,
                        TextOptions options) {
    return Writer(sources, options).write(diagnostic);
}

std::string render_text(const Sink& sink, const source::SourceSet& sources, TextOptions options) {
    std::string out;
    for (const Diagnostic& diagnostic : sink.sorted()) {
        if (!out.empty()) {
            out += "\n";
        }
        out += render_text(diagnostic, sources, options);
    }
    if (sink.omitted() != 0) {
        out += "\n… and " + std::to_string(sink.omitted()) + " more\n";
    }
    return out;
}

}  // namespace aqd::diagnostics

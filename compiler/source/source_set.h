#pragma once

#include "compiler/source/span.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::source {

/// Longest source file that the compiler reads.
constexpr std::size_t max_source_bytes = std::size_t{1} << 20;

/// A place for people: both count from one, columns count code points.
struct Position {
    std::uint32_t line = 1;
    std::uint32_t column = 1;

    bool operator==(const Position&) const = default;
};

/// One source text with its line index. Immutable, so it may be read from any thread.
class SourceFile {
  public:
    /// Keeps at most one octet more than `max_source_bytes`, enough for the lexer to refuse it.
    SourceFile(FileId id, std::string path, std::string text);

    [[nodiscard]] FileId id() const { return id_; }
    [[nodiscard]] const std::string& path() const { return path_; }
    [[nodiscard]] std::string_view text() const { return text_; }

    /// The text of a span of this file, cut to what exists.
    [[nodiscard]] std::string_view text(Span span) const;
    [[nodiscard]] Span span(std::size_t begin, std::size_t end) const;

    [[nodiscard]] std::uint32_t line_count() const;

    /// The text of a line, from one, without its line end.
    [[nodiscard]] std::string_view line(std::uint32_t number) const;
    [[nodiscard]] std::uint32_t line_begin(std::uint32_t number) const;
    [[nodiscard]] std::uint32_t line_of(std::uint32_t offset) const;
    [[nodiscard]] Position position(std::uint32_t offset) const;

  private:
    FileId id_;
    std::string path_;
    std::string text_;
    std::vector<std::uint32_t> line_starts_;
};

/// Owns the sources of one compilation. Files keep their address for the life of the set.
class SourceSet {
  public:
    FileId add(std::string path, std::string text);

    [[nodiscard]] const SourceFile& file(FileId id) const;
    [[nodiscard]] const SourceFile* find(std::string_view path) const;
    [[nodiscard]] std::size_t size() const { return files_.size(); }

  private:
    std::vector<std::unique_ptr<SourceFile>> files_;
};

/// Code points in a text; an octet that does not begin one is not counted.
std::uint32_t count_code_points(std::string_view text);

/// One code point read from UTF-8, or what is wrong there.
struct CodePoint {
    char32_t value = 0;
    std::uint8_t size_bytes = 0;  ///< zero: the octets here are not UTF-8
};

/// Reads the code point at `offset`, which must lie inside `text`. Refuses overlong forms,
/// surrogates and values above U+10FFFF (RFC 3629).
CodePoint decode_utf8(std::string_view text, std::size_t offset);

/// Appends a scalar value as UTF-8.
void append_utf8(std::string& out, char32_t value);

}  // namespace aqd::source

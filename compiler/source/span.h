#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>

namespace aqd::source {

/// Names a file of one `SourceSet`; ids are dense and start at zero.
enum class FileId : std::uint32_t {};

/// A half-open range of octets of one file. Small: copy it freely.
struct Span {
    FileId file{};
    std::uint32_t begin = 0;
    std::uint32_t end = 0;

    auto operator<=>(const Span&) const = default;

    [[nodiscard]] std::uint32_t size() const { return end - begin; }

    /// The empty span at the first octet.
    [[nodiscard]] Span start() const { return {file, begin, begin}; }

    /// The empty span just past the last octet, where something is missing.
    [[nodiscard]] Span after() const { return {file, end, end}; }
};

/// The smallest span that covers both; they must belong to one file.
inline Span join(Span a, Span b) {
    return {a.file, std::min(a.begin, b.begin), std::max(a.end, b.end)};
}

}  // namespace aqd::source

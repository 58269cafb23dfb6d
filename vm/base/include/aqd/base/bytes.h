#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace aqd {

/// An owned sequence of octets.
using Bytes = std::vector<std::uint8_t>;

/// A borrowed, read-only sequence of octets; the owner must outlive it.
using BytesView = std::span<const std::uint8_t>;

/// The octets of a text, without copying.
inline BytesView as_bytes(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The same octets seen as text; the caller knows that they are UTF-8 or does not care.
inline std::string_view as_text(BytesView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline Bytes to_bytes(BytesView view) {
    return {view.begin(), view.end()};
}

inline void append(Bytes& out, BytesView tail) {
    out.insert(out.end(), tail.begin(), tail.end());
}

/// Bytewise lexicographic order, shorter first on a common prefix.
inline std::strong_ordering compare(BytesView a, BytesView b) {
    const std::size_t common = std::min(a.size(), b.size());
    if (common != 0) {
        const int order = std::memcmp(a.data(), b.data(), common);
        if (order != 0) {
            return order < 0 ? std::strong_ordering::less : std::strong_ordering::greater;
        }
    }
    return a.size() <=> b.size();
}

inline bool equal(BytesView a, BytesView b) {
    return compare(a, b) == 0;
}

/// A fixed number of octets with value semantics: hashes, identifiers, commitments.
/// `Tag` keeps identifiers of different meaning from being mixed up.
template <std::size_t Size, class Tag>
struct FixedBytes {
    static constexpr std::size_t size_bytes = Size;
    std::array<std::uint8_t, Size> octets{};

    [[nodiscard]] BytesView view() const { return octets; }
    auto operator<=>(const FixedBytes&) const = default;

    /// Copies exactly `Size` octets; the caller has checked the length.
    static FixedBytes from(BytesView source) {
        FixedBytes value;
        std::copy_n(source.begin(), Size, value.octets.begin());
        return value;
    }
};

using Hash256 = FixedBytes<32, struct HashTag>;

}  // namespace aqd

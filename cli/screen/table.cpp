#include "cli/screen/table.h"

#include <algorithm>
#include <cstdint>

namespace aqd::screen {
namespace {

/// Marks that stand over or under the letter before: Latin and Arabic, all that our texts hold.
bool is_combining(std::uint32_t c) {
    return (c >= 0x300 && c < 0x370) || (c >= 0x64B && c < 0x660) || c == 0x670 ||
           (c >= 0x200B && c <= 0x200F);
}

}  // namespace

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first == 0x1B) {
            while (i < text.size() && text[i] != 'm') {
                ++i;
            }
            ++i;
            continue;
        }
        const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        std::uint32_t c = size == 1   ? first
                          : size == 2 ? first & 0x1FU
                          : size == 3 ? first & 0x0FU
                                      : first & 0x07U;
        for (std::size_t k = 1; k < size && i + k < text.size(); ++k) {
            c = (c << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
        }
        width += c < 0x20 || is_combining(c) ? 0 : 1;
        i += size;
    }
    return width;
}

std::string padded(std::string_view text, std::size_t width) {
    const std::size_t shown = display_width(text);
    return std::string(text) + std::string(shown < width ? width - shown : 0, ' ');
}

std::string Table::text() const {
    std::vector<std::size_t> widths;
    for (const auto& cells : rows_) {
        widths.resize(std::max(widths.size(), cells.size()));
        for (std::size_t i = 0; i < cells.size(); ++i) {
            widths[i] = std::max(widths[i], display_width(cells[i]));
        }
    }
    std::string out;
    for (const auto& cells : rows_) {
        std::string line(indent_, ' ');
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const bool right = std::ranges::find(right_, i) != right_.end();
            const std::size_t missing = widths[i] - display_width(cells[i]);
            line += std::string(right ? missing : 0, ' ') + cells[i];
            if (i + 1 < cells.size()) {
                line += std::string((right ? 0 : missing) + gap_, ' ');
            }
        }
        line.erase(line.find_last_not_of(' ') + 1);
        out += line + "\n";
    }
    return out;
}

}  // namespace aqd::screen

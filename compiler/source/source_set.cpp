#include "compiler/source/source_set.h"

#include <aqd/base/assert.h>

#include <algorithm>
#include <utility>

namespace aqd::source {

SourceFile::SourceFile(FileId id, std::string path, std::string text)
    : id_(id), path_(std::move(path)), text_(std::move(text)) {
    if (text_.size() > max_source_bytes) {
        text_.resize(max_source_bytes + 1);
    }
    line_starts_.push_back(0);
    for (std::size_t i = 0; i < text_.size(); ++i) {
        if (text_[i] == '\n') {
            line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
        }
    }
}

std::string_view SourceFile::text(Span span) const {
    const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
    const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
    return std::string_view(text_).substr(begin, end - begin);
}

Span SourceFile::span(std::size_t begin, std::size_t end) const {
    return {id_, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

std::uint32_t SourceFile::line_count() const {
    return static_cast<std::uint32_t>(line_starts_.size());
}

std::string_view SourceFile::line(std::uint32_t number) const {
    AQD_ASSERT(number >= 1 && number <= line_starts_.size());
    const std::size_t begin = line_starts_[number - 1];
    std::size_t end = number < line_starts_.size() ? line_starts_[number] - 1 : text_.size();
    if (end > begin && text_[end - 1] == '\r') {
        --end;
    }
    return std::string_view(text_).substr(begin, end - begin);
}

std::uint32_t SourceFile::line_begin(std::uint32_t number) const {
    AQD_ASSERT(number >= 1 && number <= line_starts_.size());
    return line_starts_[number - 1];
}

std::uint32_t SourceFile::line_of(std::uint32_t offset) const {
    const auto next = std::ranges::upper_bound(line_starts_, offset);
    return static_cast<std::uint32_t>(next - line_starts_.begin());
}

Position SourceFile::position(std::uint32_t offset) const {
    const std::uint32_t line_number = line_of(offset);
    const std::size_t begin = line_starts_[line_number - 1];
    const std::size_t end = std::clamp<std::size_t>(offset, begin, text_.size());
    const auto before = std::string_view(text_).substr(begin, end - begin);
    return {line_number, count_code_points(before) + 1};
}

FileId SourceSet::add(std::string path, std::string text) {
    const auto id = static_cast<FileId>(files_.size());
    files_.push_back(std::make_unique<SourceFile>(id, std::move(path), std::move(text)));
    return id;
}

const SourceFile& SourceSet::file(FileId id) const {
    const auto index = static_cast<std::size_t>(id);
    AQD_ASSERT(index < files_.size());
    return *files_[index];
}

const SourceFile* SourceSet::find(std::string_view path) const {
    for (const auto& file : files_) {
        if (file->path() == path) {
            return file.get();
        }
    }
    return nullptr;
}

std::uint32_t count_code_points(std::string_view text) {
    std::uint32_t count = 0;
    for (const char octet : text) {
        count += (static_cast<unsigned char>(octet) & 0xC0U) != 0x80U ? 1U : 0U;
    }
    return count;
}

CodePoint decode_utf8(std::string_view text, std::size_t offset) {
    const auto octet = [&](std::size_t index) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[offset + index]));
    };
    const std::uint32_t first = octet(0);
    if (first < 0x80) {
        return {static_cast<char32_t>(first), 1};
    }
    struct Form {
        std::uint32_t mask, lead, payload, least;
    };
    constexpr Form forms[] = {
        {0xE0, 0xC0, 0x1F, 0x80}, {0xF0, 0xE0, 0x0F, 0x800}, {0xF8, 0xF0, 0x07, 0x10000}};
    for (std::size_t extra = 1; extra <= 3; ++extra) {
        const Form& form = forms[extra - 1];
        if ((first & form.mask) != form.lead) {
            continue;
        }
        if (text.size() - offset <= extra) {
            return {};
        }
        std::uint32_t value = first & form.payload;
        for (std::size_t i = 1; i <= extra; ++i) {
            if ((octet(i) & 0xC0U) != 0x80U) {
                return {};
            }
            value = value << 6U | (octet(i) & 0x3FU);
        }
        const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
        if (value < form.least || value > 0x10FFFF || surrogate) {
            return {};
        }
        return {static_cast<char32_t>(value), static_cast<std::uint8_t>(extra + 1)};
    }
    return {};
}

void append_utf8(std::string& out, char32_t value) {
    const auto code = static_cast<std::uint32_t>(value);
    const auto tail = [&](unsigned shift) {
        out.push_back(static_cast<char>(0x80U | (code >> shift & 0x3FU)));
    };
    if (code < 0x80) {
        out.push_back(static_cast<char>(code));
    } else if (code < 0x800) {
        out.push_back(static_cast<char>(0xC0U | code >> 6U));
        tail(0);
    } else if (code < 0x10000) {
        out.push_back(static_cast<char>(0xE0U | code >> 12U));
        tail(6);
        tail(0);
    } else {
        out.push_back(static_cast<char>(0xF0U | code >> 18U));
        tail(12);
        tail(6);
        tail(0);
    }
}

}  // namespace aqd::source

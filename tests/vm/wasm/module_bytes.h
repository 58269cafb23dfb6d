#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/leb128.h>

#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace aqd::test {

/// Puts a module together section by section, so that tests can be exactly at, below and above a
/// limit, or wrong in one place.
class ModuleBytes {
  public:
    /// The length comes before the content.
    ModuleBytes& section(std::uint8_t id, const Bytes& content) {
        bytes_.push_back(id);
        append_unsigned_leb128(bytes_, content.size());
        append(bytes_, content);
        return *this;
    }
    /// A section that is a vector of equal items.
    ModuleBytes& repeated(std::uint8_t id, std::uint32_t count, const Bytes& item) {
        Bytes content;
        append_unsigned_leb128(content, count);
        for (std::uint32_t i = 0; i < count; ++i) {
            append(content, item);
        }
        return section(id, content);
    }
    /// A code section with one body: local declarations, instructions (without the final `end`).
    ModuleBytes& body(const Bytes& locals, Bytes code) {
        code.push_back(0x0b);
        Bytes content{1};
        append_unsigned_leb128(content, locals.size() + code.size());
        append(content, locals);
        append(content, code);
        return section(10, content);
    }
    /// Type 0 is `() -> ()`, and function 0 has it.
    ModuleBytes& one_function() { return section(1, {1, 0x60, 0, 0}).section(3, {1, 0}); }

    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  private:
    Bytes bytes_{0, 'a', 's', 'm', 1, 0, 0, 0};
};

inline Bytes repeat(std::size_t count, const Bytes& item) {
    Bytes out;
    out.reserve(count * item.size());
    for (std::size_t i = 0; i < count; ++i) {
        append(out, item);
    }
    return out;
}

inline Bytes number(std::uint64_t value) {
    Bytes out;
    append_unsigned_leb128(out, value);
    return out;
}

inline Bytes join(std::initializer_list<Bytes> parts) {
    Bytes out;
    for (const Bytes& part : parts) {
        append(out, part);
    }
    return out;
}

}  // namespace aqd::test

#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/leb128.h>
#include <aqd/base/result.h>
#include <aqd/wasm/module.h>
#include <aqd/wasm/opcode.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <type_traits>

namespace aqd::wasm {

/// The words of a refusal.
inline constexpr std::string_view later_parts =
    "exceptions, tail calls, typed references, vectors, atomics and objects";

/// Reads a part of a module file. The first failure sticks: afterwards every read yields 0 and the
/// reader is at its end, so a caller may read several things and look at `ok()` once.
class Reader {
  public:
    Reader(BytesView file, ByteRange range, Features features = {})
        : features_(features),
          start_(file.data()),
          position_(file.data() + range.offset),
          end_(file.data() + range.offset + range.size) {}

    [[nodiscard]] bool ok() const { return problem_.empty(); }
    [[nodiscard]] bool at_end() const { return position_ == end_; }
    /// In the file.
    [[nodiscard]] std::uint32_t offset() const {
        return static_cast<std::uint32_t>(position_ - start_);
    }
    [[nodiscard]] std::uint32_t remaining() const {
        return static_cast<std::uint32_t>(end_ - position_);
    }
    [[nodiscard]] std::unexpected<Error> failure() const;

    std::uint8_t octet() {
        if (position_ == end_) [[unlikely]] {
            refuse(ErrorCode::malformed, "unexpected end");
            return 0;
        }
        return *position_++;
    }

    /// The next octet, or 0 at the end.
    [[nodiscard]] std::uint8_t peek() const { return position_ == end_ ? 0 : *position_; }

    std::uint32_t u32() { return number<std::uint32_t>(); }
    std::int32_t s32() { return number<std::int32_t>(); }
    std::int64_t s33() { return number<std::int64_t, 33>(); }
    std::uint64_t u64() { return number<std::uint64_t>(); }
    std::int64_t s64() { return number<std::int64_t>(); }
    std::uint32_t f32() { return raw<std::uint32_t>(); }
    std::uint64_t f64() { return raw<std::uint64_t>(); }

    /// For a loop that reads on its own.
    [[nodiscard]] const std::uint8_t* position() const { return position_; }
    [[nodiscard]] const std::uint8_t* end() const { return end_; }
    void seek(const std::uint8_t* position) { position_ = position; }

    ByteRange take(std::uint32_t size) {
        if (size > remaining()) {
            refuse(ErrorCode::malformed, "unexpected end");
            return {};
        }
        const ByteRange range{offset(), size};
        position_ += size;
        return range;
    }

    /// Notes the first failure, at the current place.
    void refuse(ErrorCode code, std::string_view problem) { refuse(code, problem, offset()); }
    void refuse(ErrorCode code, std::string_view problem, std::uint32_t at) {
        if (ok()) {
            code_ = code;
            problem_ = problem;
            problem_offset_ = at;
        }
        position_ = end_;
    }
    /// The same for something that is over a limit: the message tells both numbers.
    void refuse_over(std::string_view problem, std::uint64_t value, std::uint64_t limit,
                     std::uint32_t at) {
        if (ok()) {
            value_ = value;
            limit_ = limit;
        }
        refuse(ErrorCode::too_large, problem, at);
    }

    /// The next opcode; prefixed ones included.
    Opcode opcode() {
        const std::uint32_t at = offset();
        const std::uint8_t first = octet();
        if (const auto opcode = opcode_of(first)) [[likely]] {
            return *opcode;
        }
        return longer_opcode(first, at);
    }

    ValueType value_type();
    /// What follows `ref.null` or the octets of a reference type, as the type that has null.
    ValueType heap_type();
    /// A value type as parameters, locals, globals and blocks may have it: a reference only where
    /// references are values.
    ValueType operand_type();
    /// A text in UTF-8, as its octets.
    std::string_view name();

  private:
    Opcode longer_opcode(std::uint8_t first, std::uint32_t at);
    template <class Integer, unsigned Bits = sizeof(Integer) * 8>
    Integer number() {
        // Most numbers take one octet.
        if (position_ != end_ && *position_ < 0x80) [[likely]] {
            const std::uint8_t octet = *position_++;
            if constexpr (std::is_signed_v<Integer>) {
                return static_cast<Integer>(octet) - static_cast<Integer>((octet & 0x40U) << 1U);
            }
            return octet;
        }
        Integer value = 0;
        const Leb128Status status = read_leb128<Integer, Bits>(position_, end_, value);
        if (status != Leb128Status::ok) [[unlikely]] {
            refuse_number(status);
            return 0;
        }
        return value;
    }
    template <class Bits>
    Bits raw() {
        Bits bits = 0;
        for (std::size_t i = 0; i < sizeof bits; ++i) {
            bits |= static_cast<Bits>(Bits{octet()} << 8 * i);
        }
        return bits;
    }
    void refuse_number(Leb128Status status);

    Features features_;
    const std::uint8_t* start_;
    const std::uint8_t* position_;
    const std::uint8_t* end_;
    ErrorCode code_ = ErrorCode::malformed;
    std::string_view problem_;  // always a literal
    std::uint32_t problem_offset_ = 0;
    std::uint64_t value_ = 0;
    std::optional<std::uint64_t> limit_;
};

}  // namespace aqd::wasm

#pragma once

#include <aqd/base/leb128.h>
#include <aqd/wasm/module.h>
#include <aqd/wasm/opcode.h>

#include <cstdint>

namespace aqd::wasm {

/// Walks over the instructions of a validated body: no checks, no errors.
class CodeReader {
  public:
    CodeReader(const Module& module, const FunctionBody& body)
        : start_(module.bytes.data()),
          position_(start_ + body.code.offset),
          end_(position_ + body.code.size) {}

    [[nodiscard]] bool at_end() const { return position_ == end_; }
    /// In the module file.
    [[nodiscard]] std::uint32_t offset() const {
        return static_cast<std::uint32_t>(position_ - start_);
    }
    void seek(std::uint32_t offset) { position_ = start_ + offset; }

    Opcode opcode() {
        const std::uint8_t first = *position_++;
        const std::size_t row = first == 0xfc ? 0x100 + u32() : first;
        return static_cast<Opcode>(detail::opcode_by_code[row]);
    }
    std::uint32_t u32() { return read_checked_leb128<std::uint32_t>(position_); }
    std::int32_t s32() { return read_checked_leb128<std::int32_t>(position_); }
    std::int64_t s64() { return read_checked_leb128<std::int64_t>(position_); }

    std::uint64_t u64() { return read_checked_leb128<std::uint64_t>(position_); }
    std::uint32_t f32() { return raw<std::uint32_t>(); }
    std::uint64_t f64() { return raw<std::uint64_t>(); }

    /// How many parameters and results a block has.
    struct Arity {
        std::uint32_t parameters = 0;
        std::uint32_t results = 0;
    };
    Arity block_arity(const Module& module) {
        const std::uint8_t first = *position_;
        const std::int64_t code = s64();
        if (first == 0x63 || first == 0x64) {
            s64();
        }
        if (code >= 0) {
            const FunctionType& type = module.types[static_cast<std::size_t>(code)];
            return {static_cast<std::uint32_t>(type.parameters.size()),
                    static_cast<std::uint32_t>(type.results.size())};
        }
        return {0, code == -64 ? 0U : 1U};
    }

    /// What follows an instruction that reads or writes memory.
    struct Access {
        std::uint32_t memory = 0;
        std::uint64_t offset = 0;
    };
    Access access() {
        Access access;
        if ((u32() & 0x40U) != 0) {
            access.memory = u32();
        }
        access.offset = u64();
        return access;
    }

    /// Passes over what follows an opcode.
    void skip(Immediate immediate) {
        switch (immediate) {
            case Immediate::none:
                return;
            case Immediate::block_type:
                value_type();
                return;
            case Immediate::i64:
            case Immediate::reference_type:
                s64();
                return;
            case Immediate::i32:
                s32();
                return;
            case Immediate::label_table:
                for (std::uint64_t labels = std::uint64_t{u32()} + 1; labels != 0; --labels) {
                    u32();
                }
                return;
            case Immediate::type_table:
            case Immediate::table_table:
            case Immediate::element_table:
            case Immediate::memory_memory:
            case Immediate::data_memory:
                u32();
                u32();
                return;
            case Immediate::access1:
            case Immediate::access2:
            case Immediate::access4:
            case Immediate::access8:
                access();
                return;
            case Immediate::types:
                for (std::uint32_t types = u32(); types != 0; --types) {
                    value_type();
                }
                return;
            case Immediate::f32:
                position_ += 4;
                return;
            case Immediate::f64:
                position_ += 8;
                return;
            default:
                u32();
        }
    }

  private:
    /// A type of one octet, or one that ends in a heap type; or the index that a block has instead.
    void value_type() {
        const std::uint8_t first = *position_;
        s64();
        if (first == 0x63 || first == 0x64) {
            s64();
        }
    }
    template <class Bits>
    Bits raw() {
        Bits bits = 0;
        for (std::size_t i = 0; i < sizeof bits; ++i) {
            bits |= Bits{*position_++} << 8 * i;
        }
        return bits;
    }

    const std::uint8_t* start_;
    const std::uint8_t* position_;
    const std::uint8_t* end_;
};

}  // namespace aqd::wasm

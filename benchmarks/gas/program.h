#pragma once

#include <aqd/base/bytes.h>
#include <aqd/wasm/opcode.h>

#include <cstdint>

namespace aqd::benchmarks {

/// Instructions, appended one by one.
class Code {
  public:
    Code& op(wasm::Opcode opcode);
    /// With one or two unsigned immediates.
    Code& op(wasm::Opcode opcode, std::uint64_t first);
    Code& op(wasm::Opcode opcode, std::uint64_t first, std::uint64_t second);
    Code& i32(std::int32_t value);
    Code& i64(std::int64_t value);
    Code& f32(float value);
    Code& f64(double value);
    Code& get(std::uint32_t local) { return op(wasm::Opcode::local_get, local); }
    Code& set(std::uint32_t local) { return op(wasm::Opcode::local_set, local); }
    /// `block`, `loop` or `if` without results.
    Code& open(wasm::Opcode opcode);
    /// `br_table` of so many labels, each its own number, the last one as default.
    Code& table(std::uint32_t labels);
    Code& end() { return op(wasm::Opcode::end); }
    Code& append(const Code& other);

    [[nodiscard]] const Bytes& bytes() const { return bytes_; }

  private:
    Bytes bytes_;
};

/// Locals of the function `run` of every program: two of each type beside the counter.
enum Local : std::uint32_t {
    counter,
    i_a,
    i_b,
    i_c,
    x_a,
    x_b,
    f_a,
    f_b,
    d_a,
    d_b,
};

/// A module with one memory of 16 pages, a table, a few functions to call, and the export
/// `run (i32 n) -> i64`, which repeats `body` n times.
struct Program {
    Code before;  ///< once
    Code body;
    Code after;  ///< once
    std::uint32_t initial_pages = 16;
};

/// Functions that a body may call, by index; the table holds the last three of them.
enum Callee : std::uint32_t {
    run_function,
    empty_function,     ///< () -> ()
    zeroing_function,   ///< () -> (), declares 1000 locals and looks at them
    deep_function,      ///< (i32 depth) -> (), calls itself
    identity_function,  ///< (i32) -> i32
};
enum CalleeType : std::uint32_t { run_type, nothing_type, number_type, identity_type };
inline constexpr std::uint32_t table_size = 64;  ///< full of `empty_function`
inline constexpr std::uint32_t memory_octets = 16 * 65'536;

Bytes module_of(const Program& program);

}  // namespace aqd::benchmarks

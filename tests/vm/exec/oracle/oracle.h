#pragma once

#include <aqd/exec/instance.h>
#include <aqd/gas/regions.h>
#include <aqd/wasm/code_reader.h>
#include <aqd/wasm/validate.h>

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

namespace aqd::oracle {

/// A naive interpreter, written to be read rather than to be fast: it steps through the bytes of a
/// module with a stack of values, and shares neither the translator nor the arithmetic of the
/// engine. Only the costs of regions come from the same function, since they are part of what is
/// specified. The engine must agree with it on results, traps, their places, gas, memory and
/// globals.
class Oracle {
  public:
    Oracle(wasm::ValidatedModule module, const gas::Schedule& schedule,
           std::span<const exec::HostFunction> host_functions);

    exec::Outcome initialise(std::uint64_t gas_limit, void* host_context);
    exec::Outcome invoke(std::uint32_t function_index, std::span<const std::uint64_t> arguments,
                         std::uint64_t gas_limit, void* host_context);

    [[nodiscard]] const std::vector<std::uint8_t>& memory() const { return memory_; }
    [[nodiscard]] const std::vector<std::uint64_t>& globals() const { return globals_; }

  private:
    /// Where a block's branches go.
    struct BlockEnds {
        std::uint32_t else_start = 0;  ///< behind the `else`, or 0
        std::uint32_t behind = 0;      ///< behind the `end`
    };
    struct Body {
        std::map<std::uint32_t, BlockEnds>
            blocks;  ///< by the offset of the instruction that opens it
        std::map<std::uint32_t, std::uint32_t> costs;
    };
    struct Label {
        bool is_loop = false;
        std::size_t height = 0;
        std::size_t arity = 0;
        std::uint32_t target = 0;
    };
    struct Frame {
        std::uint32_t function = 0;
        std::uint32_t at = 0;  ///< offset of the next instruction
        std::vector<std::uint64_t> locals;
        std::vector<Label> labels;
        std::size_t height = 0;  ///< of the stack below the operands of this frame
        std::uint64_t bytes = 0;
    };

    void scan(std::uint32_t body);
    void run();
    void step();
    bool step_control(wasm::Opcode opcode, wasm::CodeReader& in);
    bool step_variable(wasm::Opcode opcode, wasm::CodeReader& in);
    bool step_memory(wasm::Opcode opcode, wasm::CodeReader& in);
    bool step_bulk(wasm::Opcode opcode, wasm::CodeReader& in);
    void step_numeric(wasm::Opcode opcode, wasm::CodeReader& in);
    bool step_float(wasm::Opcode opcode, wasm::CodeReader& in);
    void float_binary(std::string_view verb, bool narrow);
    void float_unary(std::string_view verb, bool narrow);
    void float_truncate(const wasm::OpcodeFacts& facts);
    void float_convert(const wasm::OpcodeFacts& facts);
    void step_i32(wasm::Opcode opcode);
    void step_i64(wasm::Opcode opcode);
    void open(wasm::Opcode opcode, wasm::CodeReader& in);
    void branch(std::uint32_t depth);
    void give_back();
    void call(std::uint32_t function);
    void call_host(std::uint32_t function);
    void enter_region(std::uint32_t offset);
    void charge(std::uint64_t cost);
    void trap(exec::Trap trap);
    Frame& frame() { return frames_.back(); }
    const Body& body() { return bodies_[frame().function - module_->imported_functions]; }
    std::uint64_t pop();
    std::uint32_t pop32() { return static_cast<std::uint32_t>(pop()); }
    void push(std::uint64_t value) { stack_.push_back(value); }
    void push32(std::uint32_t value) { stack_.push_back(value); }
    exec::Outcome start_call(std::uint32_t function, std::span<const std::uint64_t> arguments,
                             std::uint64_t gas_limit, void* host_context);

    wasm::ValidatedModule module_;
    gas::Schedule schedule_;
    std::vector<exec::HostFunction> hosts_;  ///< by import
    std::vector<Body> bodies_;
    std::vector<std::uint8_t> memory_;
    std::vector<std::uint64_t> globals_;
    std::vector<std::vector<std::uint32_t>> tables_;
    std::vector<bool> data_dropped_;
    std::vector<bool> elements_dropped_;

    std::vector<std::uint64_t> stack_;
    std::vector<Frame> frames_;
    std::uint64_t stack_bytes_ = 0;
    std::uint64_t gas_left_ = 0;
    void* host_context_ = nullptr;
    exec::Trap trap_ = exec::Trap::none;
    exec::Location location_;  ///< of the instruction that is carried out
};

}  // namespace aqd::oracle

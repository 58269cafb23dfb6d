#pragma once

#include <aqd/exec/instance.h>
#include <aqd/gas/regions.h>
#include <aqd/wasm/code_reader.h>
#include <aqd/wasm/validate.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <span>
#include <string>
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
    /// Imports that are no host functions come from the exports of the others, by the names of
    /// their modules; they must fit and live longer.
    Oracle(wasm::ValidatedModule module, const gas::Schedule& schedule,
           std::span<const exec::HostFunction> host_functions,
           const std::map<std::string, Oracle*>& others = {});
    Oracle(const Oracle&) = delete;
    Oracle& operator=(const Oracle&) = delete;

    exec::Outcome initialise(std::uint64_t gas_limit, void* host_context);
    exec::Outcome invoke(std::uint32_t function_index, std::span<const std::uint64_t> arguments,
                         std::uint64_t gas_limit, void* host_context);

    /// The first one; empty if there is none.
    [[nodiscard]] std::span<const std::uint8_t> memory() const {
        return memories_.empty() ? std::span<const std::uint8_t>() : memories_[0]->octets;
    }
    [[nodiscard]] std::size_t global_count() const { return globals_.size(); }
    [[nodiscard]] std::uint64_t global(std::size_t index) const { return *globals_[index]; }
    [[nodiscard]] const wasm::Module& module() const { return module_.module(); }

  private:
    /// A reference to a function is the address of one of these.
    struct Function {
        Oracle* owner = nullptr;
        std::uint32_t index = 0;  ///< in the owner
        const exec::HostFunction* host = nullptr;
    };
    struct Memory {
        std::vector<std::uint8_t> octets;
        std::uint64_t most_pages = 0;
        bool wide = false;
    };
    struct Table {
        std::vector<std::uint64_t> elements;
        std::uint64_t most = 0;
        bool wide = false;
    };
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
        Oracle* owner = nullptr;
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
    bool step_call(wasm::Opcode opcode, wasm::CodeReader& in);
    bool step_bulk(wasm::Opcode opcode, wasm::CodeReader& in);
    bool step_reference(wasm::Opcode opcode, wasm::CodeReader& in);
    void grow_table(Table& table);
    void import_one(const wasm::Import& import, const std::map<std::string, Oracle*>& others);
    void define();
    [[nodiscard]] std::uint64_t value_of(const wasm::ConstantExpression& expression) const;
    [[nodiscard]] std::uint64_t element_of(const wasm::ElementSegment& segment,
                                           std::size_t k) const;
    [[nodiscard]] static bool same_type(const wasm::Module& a, std::uint32_t type_a,
                                        const wasm::Module& b, std::uint32_t type_b);
    [[nodiscard]] static std::uint64_t reference_to(const Function* function) {
        return reinterpret_cast<std::uint64_t>(function);
    }
    [[nodiscard]] static const Function* function_of(std::uint64_t reference) {
        // NOLINTNEXTLINE(performance-no-int-to-ptr): a reference is a word on the stack.
        return reinterpret_cast<const Function*>(reference);
    }
    void leave_frame();
    Oracle& self() { return *frame().owner; }
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
    void call(const Function& function);
    void call_host(const exec::HostFunction& host);
    void enter_region(std::uint32_t offset);
    void charge(std::uint64_t cost);
    void trap(exec::Trap trap);
    Frame& frame() { return frames_.back(); }
    const Body& body() {
        return self().bodies_[frame().function - self().module_->imported_functions];
    }
    std::uint64_t pop();
    std::uint32_t pop32() { return static_cast<std::uint32_t>(pop()); }
    void push(std::uint64_t value) { stack_.push_back(value); }
    void push32(std::uint32_t value) { stack_.push_back(value); }
    exec::Outcome start_call(std::uint32_t function, std::span<const std::uint64_t> arguments,
                             std::uint64_t gas_limit, void* host_context);

    wasm::ValidatedModule module_;
    gas::Schedule schedule_;
    std::deque<exec::HostFunction> hosts_;
    std::vector<Body> bodies_;
    std::vector<std::unique_ptr<Function>> own_functions_;
    std::vector<const Function*> functions_;
    std::vector<std::shared_ptr<Memory>> memories_;
    std::vector<std::shared_ptr<std::uint64_t>> globals_;
    std::vector<std::shared_ptr<Table>> tables_;
    std::vector<bool> data_dropped_;
    std::vector<bool> elements_dropped_;

    std::vector<std::uint64_t> stack_;
    std::vector<Frame> frames_;
    std::uint64_t stack_bytes_ = 0;
    std::uint64_t gas_left_ = 0;
    void* host_context_ = nullptr;
    exec::Trap trap_ = exec::Trap::none;
    exec::Location location_;  ///< of the instruction that is carried out, before any call outside
    std::uint32_t at_ = 0;     ///< offset of the instruction that is carried out
    std::size_t inside_ = 0;   ///< so many frames were there when the first call outside was made
    bool outside_ = false;
};

}  // namespace aqd::oracle

#pragma once

#include "vm/prepare/code_buffer.h"
#include "vm/prepare/emitter.h"
#include "vm/prepare/expression.h"

#include <aqd/gas/regions.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/code_reader.h>
#include <aqd/wasm/validate.h>

#include <cstdint>
#include <vector>

namespace aqd::prepare {

/// Translates one function after another. Operands of the stack machine are kept as expression
/// trees; a tree becomes code when its value is stored, when something that must come after it is
/// met, or when a tree grows too large.
///
/// Each operand has a slot of its own by its height on the stack, its *home*. At every label all
/// operands are at home. An operand below `settled_` is known to be. A tree at height h never reads
/// the home of a height below h.
class Translator {
  public:
    Translator(const wasm::ValidatedModule& module, const gas::Schedule& schedule,
               PreparedCode& out);

    PreparedFunction translate(std::uint32_t body_index);

  private:
    struct Block {
        wasm::Opcode opcode = wasm::Opcode::block;
        bool label_used = false;
        std::uint32_t height = 0;  ///< of the stack below the block's parameters
        std::uint32_t parameters = 0;
        std::uint32_t results = 0;
        Label label = 0;
        Label else_label = 0;
        std::uint32_t stub_epoch = 0;  ///< branch table that `stub` belongs to
        Label stub = 0;
        [[nodiscard]] std::uint32_t arity() const {
            return opcode == wasm::Opcode::loop ? parameters : results;
        }
    };

    // Instructions.
    void step(wasm::Opcode opcode);
    void skip_dead(wasm::Opcode opcode);
    bool step_control(wasm::Opcode opcode);
    bool step_numeric(wasm::Opcode opcode);
    bool step_call(wasm::Opcode opcode);
    bool step_memory(wasm::Opcode opcode);
    void step_reference(wasm::Opcode opcode);
    void at_home(Operation operation, std::uint32_t first, std::uint32_t second,
                 std::uint32_t operands, bool result);
    NodeIndex address_in(std::uint32_t memory, NodeIndex address);
    void open_block(wasm::Opcode opcode);
    void begin_else(bool reached);
    void close_block(bool reached);
    void end_function(bool reached);
    void branch(std::uint32_t depth);
    void branch_if(std::uint32_t depth);
    void branch_where(NodeIndex condition, std::uint32_t depth);
    void branch_on_null(std::uint32_t depth, bool when_null);
    void branch_table();
    void give_back();
    std::uint32_t arrange(const wasm::FunctionType& type);
    void call(std::uint32_t function, bool tail);
    void call_indirect(std::uint32_t type, std::uint32_t table, bool tail);
    void call_ref(std::uint32_t type, bool tail);
    void finish_call(const wasm::FunctionType& type, std::uint32_t base, bool tail);
    void get_local(std::uint32_t local);
    void set_local(std::uint32_t local, bool keep);
    void get_global(std::uint32_t global);
    void set_global(std::uint32_t global);
    void drop();
    void select();
    void load(Operation operation, std::uint32_t octets);
    void store(Operation operation, std::uint32_t octets);
    void binary(Operation operation);
    void greater(Operation mirror);
    void exchange();
    void unary(Operation operation);

    // The stack of operands.
    [[nodiscard]] std::uint32_t height() const { return static_cast<std::uint32_t>(stack_.size()); }
    [[nodiscard]] std::uint32_t home(std::uint32_t position) const {
        return locals_ + 2 + position;
    }
    void push(NodeIndex node);
    void push_home() { stack_.push_back(nodes_.slot(home(height()))); }
    NodeIndex pop();
    void shrink(std::uint32_t to);
    void settle(std::uint32_t position);
    void settle_all();
    void settle_ordered(std::uint32_t below);
    void settle_readers(std::uint32_t slot);
    void settle_top(std::uint32_t count);

    // Control.
    Block& block_at(std::uint32_t depth) { return blocks_[blocks_.size() - 1 - depth]; }
    [[nodiscard]] bool is_function(const Block& block) const { return &block == blocks_.data(); }
    Label use(Block& block);
    void carry(const Block& block);
    void jump(Block& block);
    void place(Label label);
    void transfer() {
        meter_.close();
        dead_ = true;
    }
    void branch_on(NodeIndex condition, bool when_true, Label label, bool charge_fall);
    void note_local(std::uint32_t local, bool set);

    const wasm::Module& module_;
    const gas::Schedule& schedule_;
    PreparedCode& out_;
    const wasm::FunctionType* type_ = nullptr;
    wasm::CodeReader in_;
    gas::RegionMeter meter_;
    CodeBuffer code_;
    Expressions nodes_;
    Emitter emitter_;
    std::vector<NodeIndex> stack_;
    std::vector<Block> blocks_;
    std::vector<std::uint8_t> local_seen_;
    std::vector<bool> constant_global_;
    std::uint32_t parameters_ = 0;
    std::uint32_t locals_ = 0;
    std::uint32_t zero_from_ = 0;
    std::uint32_t zero_to_ = 0;
    std::uint32_t stack_cost_bytes_ = 0;
    std::uint32_t settled_ = 0;
    std::uint32_t conditional_blocks_ = 0;
    std::uint32_t table_epoch_ = 0;
    std::uint32_t at_ = 0;  ///< offset of the instruction in the file
    std::uint32_t dead_depth_ = 0;
    bool dead_ = false;
};

}  // namespace aqd::prepare

// Blocks, branches, and the ends of functions.

#include "vm/prepare/translator.h"

#include <optional>
#include <vector>

namespace aqd::prepare {
namespace {

/// The branch that a comparison becomes.
std::optional<Operation> branch_of(Operation comparison) {
    using enum Operation;
    switch (comparison) {
        case op_eq_32:
            return op_branch_eq_32;
        case op_eq_64:
            return op_branch_eq_64;
        case op_ne_32:
            return op_branch_ne_32;
        case op_ne_64:
            return op_branch_ne_64;
        case op_lt_s_32:
            return op_branch_lt_s_32;
        case op_lt_s_64:
            return op_branch_lt_s_64;
        case op_lt_u_32:
            return op_branch_lt_u_32;
        case op_lt_u_64:
            return op_branch_lt_u_64;
        case op_ge_s_32:
            return op_branch_ge_s_32;
        case op_ge_s_64:
            return op_branch_ge_s_64;
        case op_ge_u_32:
            return op_branch_ge_u_32;
        case op_ge_u_64:
            return op_branch_ge_u_64;
        default:
            return std::nullopt;
    }
}

Operation opposite(Operation branch) {
    using enum Operation;
    switch (branch) {
        case op_branch_eq_32:
            return op_branch_ne_32;
        case op_branch_eq_64:
            return op_branch_ne_64;
        case op_branch_ne_32:
            return op_branch_eq_32;
        case op_branch_ne_64:
            return op_branch_eq_64;
        case op_branch_lt_s_32:
            return op_branch_ge_s_32;
        case op_branch_lt_s_64:
            return op_branch_ge_s_64;
        case op_branch_lt_u_32:
            return op_branch_ge_u_32;
        case op_branch_lt_u_64:
            return op_branch_ge_u_64;
        case op_branch_ge_s_32:
            return op_branch_lt_s_32;
        case op_branch_ge_s_64:
            return op_branch_lt_s_64;
        case op_branch_ge_u_32:
            return op_branch_lt_u_32;
        default:
            return op_branch_lt_u_64;
    }
}

}  // namespace

using wasm::Opcode;

void Translator::place(Label label) {
    code_.place(label, meter_.head());
    emitter_.forget();
}

Label Translator::use(Block& block) {
    if (!block.label_used) {
        block.label_used = true;
        if (block.opcode == Opcode::block && !is_function(block)) {
            ++conditional_blocks_;
        }
    }
    return block.label;
}

void Translator::open_block(Opcode opcode) {
    const auto [parameters, results] = in_.block_arity(module_);
    Block block{opcode, false, 0, parameters, results, code_.new_label(), 0};
    if (opcode == Opcode::if_) {
        const NodeIndex condition = pop();
        // The condition comes last in the order of the program.
        settle_all();
        block.else_label = code_.new_label();
        meter_.close();
        branch_on(condition, false, block.else_label, true);
        ++conditional_blocks_;
    } else {
        settle_all();
    }
    block.height = height() - parameters;
    if (opcode == Opcode::loop) {
        place(block.label);
    }
    blocks_.push_back(block);
}

void Translator::begin_else(bool reached) {
    Block& block = blocks_.back();
    if (reached) {
        carry(block);
        jump(block);
        meter_.close();
    }
    dead_ = false;
    block.opcode = Opcode::else_;
    shrink(block.height);
    for (std::uint32_t i = 0; i < block.parameters; ++i) {
        push_home();
    }
    settled_ = height();
    place(block.else_label);
}

void Translator::close_block(bool reached) {
    if (blocks_.size() == 1) {
        return end_function(reached);
    }
    const Block block = blocks_.back();
    const bool joins =
        block.opcode == Opcode::if_ || (block.opcode != Opcode::loop && block.label_used);
    if (block.opcode == Opcode::if_ || block.opcode == Opcode::else_ ||
        (block.opcode == Opcode::block && block.label_used)) {
        --conditional_blocks_;
    }
    blocks_.pop_back();
    if (!joins) {
        // Straight-line code goes on, or nothing reaches this place.
        return;
    }
    if (reached) {
        settle_top(block.results);
    }
    shrink(block.height);
    for (std::uint32_t i = 0; i < block.results; ++i) {
        push_home();
    }
    settled_ = height();
    dead_ = false;
    if (block.opcode == Opcode::if_) {
        place(block.else_label);
    }
    place(block.label);
}

void Translator::end_function(bool reached) {
    if (reached) {
        give_back();
        meter_.close();
    }
    blocks_.pop_back();
}

/// Brings the values of a label to where it expects them, and computes what the branch would
/// otherwise skip.
void Translator::carry(const Block& block) {
    const std::uint32_t count = block.arity();
    const std::uint32_t from = height() - count;
    settle_ordered(from);
    for (std::uint32_t i = 0; i < count; ++i) {
        if (from == block.height) {
            settle(from + i);
        } else {
            emitter_.to_slot(stack_[from + i], home(block.height + i));
            emitter_.release_temporaries();
        }
    }
}

void Translator::jump(Block& block) {
    code_.begin({Operation::op_jump}, at_);
    code_.target(use(block), 0);
}

/// Leaves the function with the operands at the top of the stack.
void Translator::give_back() {
    const auto count = static_cast<std::uint32_t>(type_->results.size());
    settle_ordered(height() - count);
    if (count <= 1) {
        const Emitter::Operand value =
            count == 0 ? Emitter::Operand{} : emitter_.operand(stack_.back());
        code_.begin({Operation::op_return, Kind::none, Kind::none, value.kind}, at_);
        emitter_.words(value, false);
    } else {
        settle_top(count);
        code_.begin({Operation::op_return_many}, at_);
        code_.word(home(height() - count));
        code_.u32(count);
    }
    code_.word(locals_);
    code_.u64(std::uint64_t{1} << 32U | stack_cost_bytes_);
    emitter_.release_temporaries();
}

void Translator::branch(std::uint32_t depth) {
    Block& block = block_at(depth);
    if (is_function(block)) {
        give_back();
    } else {
        carry(block);
        jump(block);
    }
}

/// Emits the comparison that a condition consists of together with the branch.
void Translator::branch_on(NodeIndex condition, bool when_true, Label label, bool charge_fall) {
    condition = nodes_.without_wrap(condition);
    bool negate = !when_true;
    Operation operation = Operation::op_branch_ne_32;
    NodeIndex a = condition;
    std::optional<NodeIndex> b;
    for (;;) {
        const Node& node = nodes_[a];
        const auto branch =
            node.type == Node::Type::binary ? branch_of(node.operation) : std::nullopt;
        if (!branch) {
            break;
        }
        if (b) {
            // So far `a == 0`: the opposite of the comparison inside.
            negate = !negate;
        }
        operation = *branch;
        b = node.b;
        a = node.a;
        if (operation != Operation::op_branch_eq_32 || !nodes_.is_constant(*b, 0)) {
            break;
        }
        const NodeIndex inside = nodes_.without_wrap(a);
        if (nodes_[inside].type != Node::Type::binary || !branch_of(nodes_[inside].operation)) {
            break;
        }
        a = inside;
    }
    const NodeIndex other = b ? *b : nodes_.constant(32, 0);
    emitter_.branch(negate ? opposite(operation) : operation, a, other, label,
                    charge_fall ? std::optional(meter_.head()) : std::nullopt, at_);
}

void Translator::branch_if(std::uint32_t depth) {
    const NodeIndex condition = pop();
    settle_ordered(height());
    branch_where(condition, depth);
}

void Translator::branch_where(NodeIndex condition, std::uint32_t depth) {
    Block& block = block_at(depth);
    meter_.close();
    const bool direct =
        !is_function(block) && (block.arity() == 0 || block.height + block.arity() == height());
    if (direct) {
        settle_top(block.arity());
        return branch_on(condition, true, use(block), true);
    }
    // The branch has more to do than to jump: it is skipped if the condition does not hold.
    const std::uint32_t count = block.arity();
    settle_top(count);
    const Label past = code_.new_label();
    branch_on(condition, false, past, false);
    branch(depth);
    place(past);
}

void Translator::branch_table() {
    const std::uint32_t labels = in_.u32();
    const NodeIndex index = pop();
    settle_ordered(height());
    wasm::CodeReader targets = in_;
    std::uint32_t values = 0;
    for (std::uint64_t i = 0; i <= labels; ++i) {
        values = block_at(in_.u32()).arity();
    }
    settle_top(values);
    ++table_epoch_;
    emitter_.begin_with_operand(Operation::op_jump_table, index, at_);
    code_.u32(labels);
    std::vector<std::uint32_t> stubs;
    for (std::uint64_t i = 0; i <= labels; ++i) {
        const std::uint32_t depth = targets.u32();
        Block& block = block_at(depth);
        if (!is_function(block) && (values == 0 || block.height + values == height())) {
            code_.table_target(use(block));
            continue;
        }
        // Values have to be moved first, or the frame left: such a label gets a piece of code,
        // once.
        if (block.stub_epoch != table_epoch_) {
            block.stub_epoch = table_epoch_;
            block.stub = code_.new_label();
            stubs.push_back(depth);
        }
        code_.table_target(block.stub);
    }
    meter_.close();
    emitter_.release_temporaries();
    for (const std::uint32_t depth : stubs) {
        // Entering the piece costs nothing: its head is a region that is empty still.
        code_.place(block_at(depth).stub, meter_.head());
        emitter_.forget();
        branch(depth);
        meter_.close();
    }
    dead_ = true;
}

bool Translator::step_control(Opcode opcode) {
    switch (opcode) {
        case Opcode::unreachable:
            settle_ordered(height());
            code_.begin({Operation::op_unreachable}, at_);
            transfer();
            return true;
        case Opcode::nop:
            return true;
        case Opcode::block:
        case Opcode::loop:
        case Opcode::if_:
            open_block(opcode);
            return true;
        case Opcode::else_:
            begin_else(true);
            return true;
        case Opcode::end:
            close_block(true);
            return true;
        case Opcode::br:
            branch(in_.u32());
            transfer();
            return true;
        case Opcode::br_if:
            branch_if(in_.u32());
            return true;
        case Opcode::br_table:
            branch_table();
            return true;
        case Opcode::return_:
            give_back();
            transfer();
            return true;
        default:
            return step_call(opcode);
    }
}

}  // namespace aqd::prepare

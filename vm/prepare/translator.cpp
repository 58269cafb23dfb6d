#include "vm/prepare/translator.h"

#include <aqd/base/assert.h>

#include <algorithm>

namespace aqd::prepare {
namespace {

using wasm::Opcode;

/// A larger tree is computed at once. Bounds recursion, temporaries and the time of
/// `Expressions::reads`.
constexpr std::uint16_t largest_tree = 16;

/// So many operands at the top of the stack may be trees; deeper ones are sent home, which keeps
/// translation linear.
constexpr std::uint32_t widest_window = 32;

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

Translator::Translator(const wasm::ValidatedModule& module, const gas::Schedule& schedule,
                       PreparedCode& out)
    : module_(module.module()),
      schedule_(schedule),
      out_(out),
      in_(module_, wasm::FunctionBody{}),
      meter_(schedule),
      code_(out.words, out.origins),
      emitter_(code_, nodes_) {
    constant_global_.resize(module_.global_types.size());
    for (std::size_t i = 0; i < module_.globals.size(); ++i) {
        constant_global_[module_.imported_globals + i] =
            !module_.globals[i].type.is_mutable &&
            module_.globals[i].initial.kind == wasm::ConstantExpression::Kind::value;
    }
}

PreparedFunction Translator::translate(std::uint32_t body_index) {
    const wasm::FunctionBody& body = module_.bodies[body_index];
    const std::uint32_t index = module_.imported_functions + body_index;
    type_ = &module_.type_of_function(index);
    parameters_ = static_cast<std::uint32_t>(type_->parameters.size());
    locals_ = parameters_ + body.local_count;
    const std::uint64_t frame = std::uint64_t{locals_} + out_.module.facts(body_index).max_height;

    PreparedFunction function;
    function.code = code_.position();
    function.parameters = parameters_;
    function.locals = locals_;
    function.results = static_cast<std::uint32_t>(type_->results.size());
    function.type_id = out_.type_ids[module_.functions[index]];
    if (frame * 8 > max_frame_bytes) {
        // It can never be entered: its frame alone is more than the whole stack.
        function.frame_cost_bytes = max_frame_bytes + 8;
        function.first_zeroed = function.zeroed_end = parameters_;
        code_.begin({Operation::op_unreachable}, body.code.offset);
        function.code_words = handler_words;
        return function;
    }
    function.frame_cost_bytes = stack_cost_bytes_ = static_cast<std::uint32_t>(frame * 8);

    in_ = wasm::CodeReader(module_, body);
    meter_.begin_function(body.local_count);
    nodes_.clear();
    stack_.clear();
    blocks_.clear();
    local_seen_.assign(locals_, 0);
    std::fill_n(local_seen_.begin(), parameters_, std::uint8_t{1});
    zero_from_ = zero_to_ = parameters_;
    settled_ = conditional_blocks_ = dead_depth_ = table_epoch_ = 0;
    dead_ = false;
    emitter_.begin_function(home(out_.module.facts(body_index).max_height));
    blocks_.push_back({Opcode::block, false, 0, 0, function.results, 0, 0});
    while (!blocks_.empty()) {
        at_ = in_.offset();
        const Opcode opcode = in_.opcode();
        if (dead_) {
            skip_dead(opcode);
        } else {
            meter_.add(opcode);
            step(opcode);
        }
    }
    code_.finish_function(meter_);
    function.code_words = code_.position() - function.code;
    function.entry_gas = meter_.cost({});
    function.first_zeroed = zero_from_;
    function.zeroed_end = zero_to_;
    function.frame_slots =
        home(out_.module.facts(body_index).max_height) + emitter_.most_temporaries();
    return function;
}

/// Code behind an unconditional transfer is never reached: only the nesting matters.
void Translator::skip_dead(Opcode opcode) {
    in_.skip(wasm::facts_of(opcode).immediate);
    switch (opcode) {
        case Opcode::block:
        case Opcode::loop:
        case Opcode::if_:
            ++dead_depth_;
            break;
        case Opcode::else_:
            if (dead_depth_ == 0) {
                begin_else(false);
            }
            break;
        case Opcode::end:
            if (dead_depth_ != 0) {
                --dead_depth_;
            } else {
                close_block(false);
            }
            break;
        default:
            break;
    }
}

// ---- the stack of operands ----

void Translator::push(NodeIndex node) {
    stack_.push_back(node);
    if (nodes_[node].size > largest_tree) {
        settle(height() - 1);
    }
    if (height() - settled_ > widest_window) {
        settle(settled_);
    }
}

NodeIndex Translator::pop() {
    const NodeIndex node = stack_.back();
    stack_.pop_back();
    settled_ = std::min(settled_, height());
    return node;
}

void Translator::shrink(std::uint32_t to) {
    stack_.resize(to);
    settled_ = std::min(settled_, to);
}

/// Sends the operand home; first everything whose meaning or order that would change.
void Translator::settle(std::uint32_t position) {
    const std::uint32_t slot = home(position);
    if (!nodes_.is_slot(stack_[position], slot)) {
        if (nodes_[stack_[position]].ordered) {
            settle_ordered(position);
        }
        // Only operands below can read this home, by the invariant of the class.
        for (std::uint32_t lower = settled_; lower < position; ++lower) {
            if (nodes_.reads(stack_[lower], slot)) {
                settle(lower);
            }
        }
        emitter_.to_slot(stack_[position], slot);
        emitter_.release_temporaries();
        stack_[position] = nodes_.slot(slot);
    }
    if (position == settled_) {
        ++settled_;
    }
}

void Translator::settle_all() {
    for (std::uint32_t position = settled_; position < height(); ++position) {
        settle(position);
    }
}

/// Computes every operand below a height that must not be overtaken, in order.
void Translator::settle_ordered(std::uint32_t below) {
    for (std::uint32_t position = settled_; position < below; ++position) {
        if (nodes_[stack_[position]].ordered) {
            settle(position);
        }
    }
}

/// Computes every operand that reads a slot which is about to change.
void Translator::settle_readers(std::uint32_t slot) {
    for (std::uint32_t position = settled_; position < height(); ++position) {
        if (nodes_.reads(stack_[position], slot)) {
            settle(position);
        }
    }
}

void Translator::settle_top(std::uint32_t count) {
    for (std::uint32_t position = height() - count; position < height(); ++position) {
        settle(position);
    }
}

// ---- variables ----

/// A local must be zeroed at entry unless its first mention is a `set` that every path passes.
void Translator::note_local(std::uint32_t local, bool set) {
    if (local_seen_[local] == 0) {
        local_seen_[local] = 1;
        if (!set || conditional_blocks_ != 0) {
            zero_from_ = zero_from_ == zero_to_ ? local : std::min(zero_from_, local);
            zero_to_ = std::max(zero_to_, local + 1);
        }
    }
}

void Translator::get_local(std::uint32_t local) {
    note_local(local, false);
    push(nodes_.slot(local));
}

void Translator::set_local(std::uint32_t local, bool keep) {
    note_local(local, true);
    const NodeIndex node = pop();
    if (!nodes_.is_slot(node, local)) {
        if (nodes_[node].ordered) {
            settle_ordered(height());
        }
        settle_readers(local);
        emitter_.to_slot(node, local);
        emitter_.release_temporaries();
    }
    if (keep) {
        push(nodes_.slot(local));
    }
}

void Translator::get_global(std::uint32_t global) {
    if (constant_global_[global]) {
        const wasm::Global& found = module_.globals[global - module_.imported_globals];
        push(nodes_.constant(is_narrow(found.type.type) ? 32 : 64, found.initial.value));
    } else {
        push(nodes_.global(global < module_.imported_globals ? Operation::op_imported_global_get
                                                             : Operation::op_global_get,
                           global, at_));
    }
}

void Translator::set_global(std::uint32_t global) {
    const NodeIndex node = pop();
    settle_ordered(height());
    const Emitter::Operand value = emitter_.operand(node);
    const bool imported = global < module_.imported_globals;
    code_.begin({imported ? Operation::op_imported_global_set : Operation::op_global_set,
                 Kind::none, Kind::none, value.kind},
                at_);
    code_.u32(global);
    emitter_.words(value, false);
    emitter_.release_temporaries();
}

// ---- blocks and branches ----

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
    const std::uint32_t count = static_cast<std::uint32_t>(type_->results.size());
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

#include "vm/prepare/translator.h"

#include <algorithm>
#include <array>
#include <utility>

namespace aqd::prepare {
namespace {

using wasm::Opcode;

enum class Action : std::uint8_t {
    none,
    constant_32,
    constant_64,
    float_32,
    float_64,
    binary,
    greater,    ///< written as its mirror image: `operation` is the comparison with the sides
                ///< exchanged
    exchanged,  ///< as `greater`, but the order of floats has no opposite
    unary,
    equal_zero,
    load,
    store,
    nothing_to_do,  ///< the value is the same in a 64-bit word
};

struct Rule {
    Action action = Action::none;
    Operation operation = Operation::op_move;
    std::uint8_t octets = 0;
};

// Longer than seventy lines: a line for each instruction.
/// How each instruction that computes with numbers is translated.
constexpr auto rules = [] {
    using enum Operation;
    std::array<Rule, 256> table{};
    const auto set = [&table](Opcode opcode, Action action, Operation operation,
                              std::uint8_t octets = 0) {
        table[static_cast<std::size_t>(opcode)] = {action, operation, octets};
    };
#define AQD_BINARY(name)                                     \
    set(Opcode::i32_##name, Action::binary, op_##name##_32); \
    set(Opcode::i64_##name, Action::binary, op_##name##_64);
#define AQD_UNARY(name)                                     \
    set(Opcode::i32_##name, Action::unary, op_##name##_32); \
    set(Opcode::i64_##name, Action::unary, op_##name##_64);
#define AQD_MIRROR(name, mirror)                                \
    set(Opcode::i32_##name, Action::greater, op_##mirror##_32); \
    set(Opcode::i64_##name, Action::greater, op_##mirror##_64);
    AQD_BINARY(add)
    AQD_BINARY(sub)
    AQD_BINARY(mul)
    AQD_BINARY(and)
    AQD_BINARY(or)
    AQD_BINARY(xor) AQD_BINARY(shl) AQD_BINARY(shr_s) AQD_BINARY(shr_u) AQD_BINARY(rotl)
        AQD_BINARY(rotr) AQD_BINARY(eq) AQD_BINARY(ne) AQD_BINARY(lt_s) AQD_BINARY(lt_u)
            AQD_BINARY(ge_s) AQD_BINARY(ge_u) AQD_BINARY(div_s) AQD_BINARY(div_u) AQD_BINARY(rem_s)
                AQD_BINARY(rem_u) AQD_UNARY(clz) AQD_UNARY(ctz) AQD_UNARY(popcnt)
                    AQD_UNARY(extend8_s) AQD_UNARY(extend16_s) AQD_MIRROR(gt_s, lt_s)
                        AQD_MIRROR(gt_u, lt_u) AQD_MIRROR(le_s, ge_s) AQD_MIRROR(le_u, ge_u)
#undef AQD_BINARY
#undef AQD_UNARY
#undef AQD_MIRROR
                            set(Opcode::i32_const, Action::constant_32, op_move);
    set(Opcode::i64_const, Action::constant_64, op_move);
    set(Opcode::i32_eqz, Action::equal_zero, op_eq_32);
    set(Opcode::i64_eqz, Action::equal_zero, op_eq_64);
    set(Opcode::i32_wrap_i64, Action::unary, op_wrap);
    set(Opcode::i64_extend_i32_s, Action::unary, op_extend32_s);
    set(Opcode::i64_extend32_s, Action::unary, op_extend32_s);
    set(Opcode::i64_extend_i32_u, Action::nothing_to_do, op_move);
    set(Opcode::i32_load, Action::load, op_load32_u, 4);
    set(Opcode::i64_load, Action::load, op_load64, 8);
    set(Opcode::i32_load8_s, Action::load, op_load8_s32, 1);
    set(Opcode::i32_load8_u, Action::load, op_load8_u, 1);
    set(Opcode::i32_load16_s, Action::load, op_load16_s32, 2);
    set(Opcode::i32_load16_u, Action::load, op_load16_u, 2);
    set(Opcode::i64_load8_s, Action::load, op_load8_s64, 1);
    set(Opcode::i64_load8_u, Action::load, op_load8_u, 1);
    set(Opcode::i64_load16_s, Action::load, op_load16_s64, 2);
    set(Opcode::i64_load16_u, Action::load, op_load16_u, 2);
    set(Opcode::i64_load32_s, Action::load, op_load32_s64, 4);
    set(Opcode::i64_load32_u, Action::load, op_load32_u, 4);
    set(Opcode::i32_store, Action::store, op_store32, 4);
    set(Opcode::i64_store, Action::store, op_store64, 8);
    set(Opcode::i32_store8, Action::store, op_store8, 1);
    set(Opcode::i32_store16, Action::store, op_store16, 2);
    set(Opcode::i64_store8, Action::store, op_store8, 1);
    set(Opcode::i64_store16, Action::store, op_store16, 2);
    set(Opcode::i64_store32, Action::store, op_store32, 4);
#define AQD_FLOATS(name, action)                              \
    set(Opcode::f32_##name, Action::action, op_f##name##_32); \
    set(Opcode::f64_##name, Action::action, op_f##name##_64);
#define AQD_TO_INTEGER(name, action)                                       \
    set(Opcode::i32_##name##_f32_s, Action::unary, op_##action##_f32_s32); \
    set(Opcode::i32_##name##_f32_u, Action::unary, op_##action##_f32_u32); \
    set(Opcode::i32_##name##_f64_s, Action::unary, op_##action##_f64_s32); \
    set(Opcode::i32_##name##_f64_u, Action::unary, op_##action##_f64_u32); \
    set(Opcode::i64_##name##_f32_s, Action::unary, op_##action##_f32_s64); \
    set(Opcode::i64_##name##_f32_u, Action::unary, op_##action##_f32_u64); \
    set(Opcode::i64_##name##_f64_s, Action::unary, op_##action##_f64_s64); \
    set(Opcode::i64_##name##_f64_u, Action::unary, op_##action##_f64_u64);
#define AQD_TO_FLOAT(type)                                                   \
    set(Opcode::type##_convert_i32_s, Action::unary, op_convert_s32_##type); \
    set(Opcode::type##_convert_i32_u, Action::unary, op_convert_u32_##type); \
    set(Opcode::type##_convert_i64_s, Action::unary, op_convert_s64_##type); \
    set(Opcode::type##_convert_i64_u, Action::unary, op_convert_u64_##type);
    // clang-format off
    AQD_FLOATS(add, binary)
    AQD_FLOATS(sub, binary)
    AQD_FLOATS(mul, binary)
    AQD_FLOATS(div, binary)
    AQD_FLOATS(min, binary)
    AQD_FLOATS(max, binary)
    AQD_FLOATS(copysign, binary)
    AQD_FLOATS(eq, binary)
    AQD_FLOATS(ne, binary)
    AQD_FLOATS(lt, binary)
    AQD_FLOATS(le, binary)
    AQD_FLOATS(abs, unary)
    AQD_FLOATS(neg, unary)
    AQD_FLOATS(ceil, unary)
    AQD_FLOATS(floor, unary)
    AQD_FLOATS(trunc, unary)
    AQD_FLOATS(nearest, unary)
    AQD_FLOATS(sqrt, unary)
    AQD_TO_INTEGER(trunc, trunc)
    AQD_TO_INTEGER(trunc_sat, saturate)
    AQD_TO_FLOAT(f32)
    AQD_TO_FLOAT(f64)
    // clang-format on
#undef AQD_FLOATS
#undef AQD_TO_INTEGER
#undef AQD_TO_FLOAT
    set(Opcode::f32_gt, Action::exchanged, op_flt_32);
    set(Opcode::f64_gt, Action::exchanged, op_flt_64);
    set(Opcode::f32_ge, Action::exchanged, op_fle_32);
    set(Opcode::f64_ge, Action::exchanged, op_fle_64);
    set(Opcode::f32_demote_f64, Action::unary, op_demote);
    set(Opcode::f64_promote_f32, Action::unary, op_promote);
    set(Opcode::i32_reinterpret_f32, Action::nothing_to_do, op_move);
    set(Opcode::i64_reinterpret_f64, Action::nothing_to_do, op_move);
    set(Opcode::f32_reinterpret_i32, Action::nothing_to_do, op_move);
    set(Opcode::f64_reinterpret_i64, Action::nothing_to_do, op_move);
    set(Opcode::f32_const, Action::float_32, op_move);
    set(Opcode::f64_const, Action::float_64, op_move);
    set(Opcode::f32_load, Action::load, op_load32_u, 4);
    set(Opcode::f64_load, Action::load, op_load64, 8);
    set(Opcode::f32_store, Action::store, op_store32, 4);
    set(Opcode::f64_store, Action::store, op_store64, 8);
    return table;
}();

/// Memories are smaller than 4 GiB by at least a page (`exec` sees to it), so an end that does not
/// fit in 32 bits may as well be the greatest that does: both are out of bounds.
std::uint32_t end_of_access(std::uint64_t offset, std::uint32_t octets) {
    return static_cast<std::uint32_t>(std::min<std::uint64_t>(
        std::min<std::uint64_t>(offset, 0xffff'ffffU) + octets, 0xffff'ffffU));
}

}  // namespace

bool Translator::step_numeric(Opcode opcode) {
    const Rule rule = rules[static_cast<std::size_t>(opcode)];
    switch (rule.action) {
        case Action::none:
            return false;
        case Action::constant_32:
            push(nodes_.constant(32, static_cast<std::uint32_t>(in_.s32())));
            break;
        case Action::constant_64:
            push(nodes_.constant(64, static_cast<std::uint64_t>(in_.s64())));
            break;
        case Action::float_32:
            push(nodes_.constant(32, in_.f32()));
            break;
        case Action::float_64:
            push(nodes_.constant(64, in_.f64()));
            break;
        case Action::binary:
            binary(rule.operation);
            break;
        case Action::greater:
            greater(rule.operation);
            break;
        case Action::exchanged:
            exchange();
            binary(rule.operation);
            break;
        case Action::unary:
            unary(rule.operation);
            break;
        case Action::equal_zero:
            push(nodes_.constant(facts_of(rule.operation).width, 0));
            binary(rule.operation);
            break;
        case Action::load:
            load(rule.operation, rule.octets);
            break;
        case Action::store:
            store(rule.operation, rule.octets);
            break;
        case Action::nothing_to_do:
            break;
    }
    return true;
}

void Translator::binary(Operation operation) {
    using enum Operation;
    NodeIndex b = pop();
    NodeIndex a = pop();
    const std::uint8_t width = facts_of(operation).width;
    if (nodes_.is_constant(a) && nodes_.is_constant(b) && !is_division(operation) &&
        !is_float(operation)) {
        const bool compares = operation == op_eq_64 || operation == op_ne_64 ||
                              (operation >= op_lt_s_32 && operation <= op_ge_u_64);
        push(nodes_.constant(compares ? 32 : width,
                             fold(operation, nodes_[a].value, nodes_[b].value)));
        return;
    }
    if (facts_of(operation).shape == Shape::commutative && nodes_.is_constant(a)) {
        std::swap(a, b);
    }
    if (nodes_.is_constant(b)) {
        const std::uint64_t value = nodes_[b].value;
        if (operation == op_sub_32 || operation == op_sub_64) {
            operation = operation == op_sub_32 ? op_add_32 : op_add_64;
            b = nodes_.constant(width, 0 - value);
        } else if (operation == op_rotr_32 || operation == op_rotr_64) {
            operation = operation == op_rotr_32 ? op_rotl_32 : op_rotl_64;
            b = nodes_.constant(width, (0 - value) & (width - 1U));
        }
    }
    push(nodes_.binary(operation, a, b, at_));
}

/// `a > b` is `b < a` and `a <= b` is `b >= a`; against a constant, `a >= b + 1` and `a < b + 1`.
void Translator::greater(Operation mirror) {
    using enum Operation;
    const bool wide = facts_of(mirror).width == 64;
    const bool is_signed = mirror == op_lt_s_32 || mirror == op_lt_s_64 || mirror == op_ge_s_32 ||
                           mirror == op_ge_s_64;
    std::uint64_t greatest = wide ? ~std::uint64_t{0} : 0xffff'ffffU;
    greatest = is_signed ? greatest >> 1U : greatest;
    const NodeIndex b = stack_.back();
    if (nodes_.is_constant(b) && nodes_[b].value != greatest) {
        const bool less = mirror == op_lt_s_32 || mirror == op_lt_s_64 || mirror == op_lt_u_32 ||
                          mirror == op_lt_u_64;
        // Both lists hold the pairs in the same order: lt_s, lt_u, ge_s, ge_u, each in two widths.
        const auto number = static_cast<std::uint32_t>(mirror);
        constexpr auto first_less = static_cast<std::uint32_t>(op_lt_s_32);
        constexpr auto first_not_less = static_cast<std::uint32_t>(op_ge_s_32);
        const auto opposite = static_cast<Operation>(less ? number - first_less + first_not_less
                                                          : number - first_not_less + first_less);
        stack_.back() = nodes_.constant(wide ? 64 : 32, nodes_[b].value + 1);
        settled_ = std::min(settled_, height() - 1);
        return binary(opposite);
    }
    exchange();
    binary(mirror);
}

/// Exchanges the two operands at the top, but not their traps.
void Translator::exchange() {
    if (nodes_[stack_.back()].ordered && nodes_[stack_[height() - 2]].ordered) {
        settle(height() - 2);
    }
    std::swap(stack_[height() - 1], stack_[height() - 2]);
    settled_ = std::min(settled_, height() - 2);
}

void Translator::unary(Operation operation) {
    const NodeIndex a = pop();
    push(nodes_.is_constant(a) && !is_float(operation)
             ? nodes_.constant(
                   operation == Operation::op_wrap || operation == Operation::op_extend8_s_32 ||
                           operation == Operation::op_extend16_s_32 ||
                           operation == Operation::op_clz_32 || operation == Operation::op_ctz_32 ||
                           operation == Operation::op_popcnt_32
                       ? 32
                       : 64,
                   fold(operation, nodes_[a].value))
             : nodes_.unary(operation, a, at_));
}

/// The address as a number of 32 bits, whatever the memory asks for.
NodeIndex Translator::address_in(std::uint32_t memory, NodeIndex address) {
    if (!module_.memories[memory].wide) {
        return address;
    }
    return nodes_.is_constant(address)
               ? nodes_.constant(64, fold(Operation::op_clamp, nodes_[address].value))
               : nodes_.unary(Operation::op_clamp, address, at_);
}

void Translator::load(Operation operation, std::uint32_t octets) {
    const wasm::CodeReader::Access access = in_.access();
    const std::uint32_t end = end_of_access(access.offset, octets);
    const NodeIndex address = address_in(access.memory, pop());
    if (access.memory == 0) {
        return push(nodes_.load(operation, address, end, at_));
    }
    push(address);
    at_home(Operation::op_other_memory_load,
            access.memory | static_cast<std::uint32_t>(operation) << 16U, end, 1, true);
}

void Translator::store(Operation operation, std::uint32_t octets) {
    const wasm::CodeReader::Access access = in_.access();
    const std::uint32_t end = end_of_access(access.offset, octets);
    const NodeIndex value = pop();
    const NodeIndex address = address_in(access.memory, pop());
    if (access.memory == 0) {
        settle_ordered(height());
        return emitter_.store(operation, address, value, end, at_);
    }
    push(address);
    push(value);
    at_home(Operation::op_other_memory_store,
            access.memory | static_cast<std::uint32_t>(operation) << 16U, end, 2, false);
}

void Translator::drop() {
    const NodeIndex node = pop();
    if (nodes_[node].ordered) {
        settle_ordered(height());
        emitter_.to_a(node);
        emitter_.release_temporaries();
    }
}

void Translator::select() {
    const NodeIndex condition = pop();
    const NodeIndex b = pop();
    const NodeIndex a = pop();
    push(nodes_.select(condition, a, b, at_));
}

void Translator::step(Opcode opcode) {
    if (step_numeric(opcode) || step_control(opcode)) {
        return;
    }
    switch (opcode) {
        case Opcode::local_get:
            return get_local(in_.u32());
        case Opcode::local_set:
            return set_local(in_.u32(), false);
        case Opcode::local_tee:
            return set_local(in_.u32(), true);
        case Opcode::global_get:
            return get_global(in_.u32());
        case Opcode::global_set:
            return set_global(in_.u32());
        case Opcode::drop:
            return drop();
        case Opcode::select:
            return select();
        default:
            if (!step_memory(opcode)) {
                step_reference(opcode);
            }
    }
}

}  // namespace aqd::prepare

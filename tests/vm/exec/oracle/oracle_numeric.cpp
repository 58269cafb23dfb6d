#include "tests/vm/exec/oracle/oracle.h"

#include <aqd/wasm/code_reader.h>

#include <limits>

namespace aqd::oracle {

using exec::Trap;
using wasm::CodeReader;
using wasm::Opcode;

namespace {

using I32 = std::int32_t;
using I64 = std::int64_t;
using U32 = std::uint32_t;
using U64 = std::uint64_t;

/// Bit by bit, so as to share nothing with the engine.
template <class T>
T count_leading_zeros(T x) {
    T n = 0;
    for (int bit = sizeof(T) * 8 - 1; bit >= 0 && (x >> bit & 1U) == 0; --bit) {
        ++n;
    }
    return n;
}
template <class T>
T count_trailing_zeros(T x) {
    T n = 0;
    for (unsigned bit = 0; bit < sizeof(T) * 8 && (x >> bit & 1U) == 0; ++bit) {
        ++n;
    }
    return n;
}
template <class T>
T count_ones(T x) {
    T n = 0;
    for (; x != 0; x >>= 1U) {
        n += x & 1U;
    }
    return n;
}
template <class T>
T rotate_left(T x, T by) {
    constexpr T bits = sizeof(T) * 8;
    by %= bits;
    return by == 0 ? x : static_cast<T>(x << by | x >> (bits - by));
}
template <class T>
T shift_right_signed(T x, T by) {
    constexpr T bits = sizeof(T) * 8;
    const bool negative = (x >> (bits - 1)) != 0;
    for (by %= bits; by != 0; --by) {
        x = static_cast<T>(x >> 1U | (negative ? T{1} << (bits - 1) : T{0}));
    }
    return x;
}

}  // namespace

bool Oracle::step_memory(Opcode opcode, CodeReader& in) {
    if (opcode == Opcode::memory_size) {
        push(self().memories_[in.u32()]->octets.size() / wasm::page_size_bytes);
        return true;
    }
    if (opcode == Opcode::memory_grow) {
        Memory& memory = *self().memories_[in.u32()];
        const U64 pages = pop();
        const U64 old = memory.octets.size() / wasm::page_size_bytes;
        if (old > memory.most_pages || pages > memory.most_pages - old) {
            push(memory.wide ? ~U64{0} : 0xffff'ffffU);
            return true;
        }
        charge(schedule_.grow_cost(pages));
        if (trap_ == Trap::none) {
            memory.octets.resize((old + pages) * wasm::page_size_bytes);
            push(old);
        }
        return true;
    }
    const wasm::Immediate immediate = wasm::facts_of(opcode).immediate;
    if (immediate < wasm::Immediate::access1 || immediate > wasm::Immediate::access8) {
        return false;
    }
    const U32 octets = 1U << wasm::access_log2(immediate);
    const CodeReader::Access access = in.access();
    auto& memory = self().memories_[access.memory]->octets;
    const bool stores = wasm::facts_of(opcode).results.empty();
    const U64 value = stores ? pop() : 0;
    const U64 base = pop();
    const U64 address = base + access.offset;
    if (address < base || address > memory.size() || octets > memory.size() - address) {
        trap(Trap::memory_out_of_bounds);
        return true;
    }
    if (stores) {
        for (U32 i = 0; i < octets; ++i) {
            memory[address + i] = static_cast<std::uint8_t>(value >> 8 * i);
        }
        return true;
    }
    U64 loaded = 0;
    for (U32 i = 0; i < octets; ++i) {
        loaded |= U64{memory[address + i]} << 8 * i;
    }
    const auto mnemonic = wasm::facts_of(opcode).mnemonic;
    const U64 beyond = octets == 8 ? 0 : ~U64{0} << 8 * octets;
    if (mnemonic.ends_with("_s") && (loaded & ~beyond & (beyond >> 1U)) != 0) {
        loaded |= beyond;
    }
    push(mnemonic.starts_with("i32") ? loaded & 0xffff'ffffU : loaded);
    return true;
}

void Oracle::step_numeric(Opcode opcode, CodeReader& in) {
    switch (opcode) {
        case Opcode::i32_const:
            return push32(static_cast<U32>(in.s32()));
        case Opcode::i64_const:
            return push(static_cast<U64>(in.s64()));
        case Opcode::i32_wrap_i64:
            return push32(static_cast<U32>(pop()));
        case Opcode::i64_extend_i32_s:
        case Opcode::i64_extend32_s:
            return push(static_cast<U64>(I64{static_cast<I32>(pop32())}));
        case Opcode::i64_extend_i32_u:
            return push(pop32());
        default:
            break;
    }
    if (wasm::facts_of(opcode).mnemonic.starts_with("i32")) {
        step_i32(opcode);
    } else {
        step_i64(opcode);
    }
}

// Longer than seventy lines: a case for each instruction.
void Oracle::step_i32(Opcode opcode) {
    const U32 y = pop32();
    switch (opcode) {
        case Opcode::i32_eqz:
            return push32(y == 0);
        case Opcode::i32_clz:
            return push32(count_leading_zeros(y));
        case Opcode::i32_ctz:
            return push32(count_trailing_zeros(y));
        case Opcode::i32_popcnt:
            return push32(count_ones(y));
        case Opcode::i32_extend8_s:
            return push32((y & 0x80U) != 0 ? y | 0xffff'ff00U : y & 0xffU);
        case Opcode::i32_extend16_s:
            return push32((y & 0x8000U) != 0 ? y | 0xffff'0000U : y & 0xffffU);
        default:
            break;
    }
    const U32 x = pop32();
    const auto sx = static_cast<I32>(x);
    const auto sy = static_cast<I32>(y);
    switch (opcode) {
        case Opcode::i32_eq:
            return push32(x == y);
        case Opcode::i32_ne:
            return push32(x != y);
        case Opcode::i32_lt_s:
            return push32(sx < sy);
        case Opcode::i32_lt_u:
            return push32(x < y);
        case Opcode::i32_gt_s:
            return push32(sx > sy);
        case Opcode::i32_gt_u:
            return push32(x > y);
        case Opcode::i32_le_s:
            return push32(sx <= sy);
        case Opcode::i32_le_u:
            return push32(x <= y);
        case Opcode::i32_ge_s:
            return push32(sx >= sy);
        case Opcode::i32_ge_u:
            return push32(x >= y);
        case Opcode::i32_add:
            return push32(x + y);
        case Opcode::i32_sub:
            return push32(x - y);
        case Opcode::i32_mul:
            return push32(x * y);
        case Opcode::i32_and:
            return push32(x & y);
        case Opcode::i32_or:
            return push32(x | y);
        case Opcode::i32_xor:
            return push32(x ^ y);
        case Opcode::i32_shl:
            return push32(x << y % 32);
        case Opcode::i32_shr_u:
            return push32(x >> y % 32);
        case Opcode::i32_shr_s:
            return push32(shift_right_signed(x, y));
        case Opcode::i32_rotl:
            return push32(rotate_left(x, y));
        case Opcode::i32_rotr:
            return push32(rotate_left(x, 32 - y % 32));
        default:
            break;
    }
    if (y == 0) {
        return trap(Trap::integer_divide_by_zero);
    }
    switch (opcode) {
        case Opcode::i32_div_u:
            return push32(x / y);
        case Opcode::i32_rem_u:
            return push32(x % y);
        case Opcode::i32_div_s:
            if (sx == std::numeric_limits<I32>::min() && sy == -1) {
                return trap(Trap::integer_overflow);
            }
            return push32(static_cast<U32>(sx / sy));
        default:
            return push32(sy == -1 ? 0 : static_cast<U32>(sx % sy));
    }
}

// Longer than seventy lines: a case for each instruction.
void Oracle::step_i64(Opcode opcode) {
    const U64 y = pop();
    switch (opcode) {
        case Opcode::i64_eqz:
            return push32(y == 0);
        case Opcode::i64_clz:
            return push(count_leading_zeros(y));
        case Opcode::i64_ctz:
            return push(count_trailing_zeros(y));
        case Opcode::i64_popcnt:
            return push(count_ones(y));
        case Opcode::i64_extend8_s:
            return push((y & 0x80U) != 0 ? y | ~U64{0xff} : y & 0xffU);
        case Opcode::i64_extend16_s:
            return push((y & 0x8000U) != 0 ? y | ~U64{0xffff} : y & 0xffffU);
        default:
            break;
    }
    const U64 x = pop();
    const auto sx = static_cast<I64>(x);
    const auto sy = static_cast<I64>(y);
    switch (opcode) {
        case Opcode::i64_eq:
            return push32(x == y);
        case Opcode::i64_ne:
            return push32(x != y);
        case Opcode::i64_lt_s:
            return push32(sx < sy);
        case Opcode::i64_lt_u:
            return push32(x < y);
        case Opcode::i64_gt_s:
            return push32(sx > sy);
        case Opcode::i64_gt_u:
            return push32(x > y);
        case Opcode::i64_le_s:
            return push32(sx <= sy);
        case Opcode::i64_le_u:
            return push32(x <= y);
        case Opcode::i64_ge_s:
            return push32(sx >= sy);
        case Opcode::i64_ge_u:
            return push32(x >= y);
        case Opcode::i64_add:
            return push(x + y);
        case Opcode::i64_sub:
            return push(x - y);
        case Opcode::i64_mul:
            return push(x * y);
        case Opcode::i64_and:
            return push(x & y);
        case Opcode::i64_or:
            return push(x | y);
        case Opcode::i64_xor:
            return push(x ^ y);
        case Opcode::i64_shl:
            return push(x << y % 64);
        case Opcode::i64_shr_u:
            return push(x >> y % 64);
        case Opcode::i64_shr_s:
            return push(shift_right_signed(x, y));
        case Opcode::i64_rotl:
            return push(rotate_left(x, y));
        case Opcode::i64_rotr:
            return push(rotate_left(x, 64 - y % 64));
        default:
            break;
    }
    if (y == 0) {
        return trap(Trap::integer_divide_by_zero);
    }
    switch (opcode) {
        case Opcode::i64_div_u:
            return push(x / y);
        case Opcode::i64_rem_u:
            return push(x % y);
        case Opcode::i64_div_s:
            if (sx == std::numeric_limits<I64>::min() && sy == -1) {
                return trap(Trap::integer_overflow);
            }
            return push(static_cast<U64>(sx / sy));
        default:
            return push(sy == -1 ? 0 : static_cast<U64>(sx % sy));
    }
}

}  // namespace aqd::oracle

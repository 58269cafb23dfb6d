#pragma once

#include "vm/exec/context.h"
#include "vm/exec/float_arithmetic.h"

#include <aqd/prepare/arithmetic.h>
#include <aqd/prepare/instruction.h>

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

namespace aqd::exec {

using prepare::Form;
using prepare::Kind;
using prepare::Operation;
using prepare::Shape;

static_assert(std::endian::native == std::endian::little, "memory and code are little-endian");

/// What a handler does next: go on behind the instruction, go on where `at` points, stop, or trap.
enum class Step : std::uint32_t { next = 0, jumped = 1, stopped = 2, trap = 16 };

constexpr Step step_of(Trap trap) {
    return static_cast<Step>(static_cast<std::uint32_t>(Step::trap) +
                             static_cast<std::uint32_t>(trap));
}
constexpr Trap trap_of(Step step) {
    return static_cast<Trap>(static_cast<std::uint32_t>(step) -
                             static_cast<std::uint32_t>(Step::trap));
}

/// The state of the register machine. Both dispatch forms keep it in local variables of a handler,
/// so that a compiler can hold all of it in machine registers.
struct Registers {
    const std::uint16_t* at;  ///< the next word of the instruction
    std::uint64_t* frame;
    std::uint8_t* memory;
    std::uint64_t memory_bytes;
    std::uint64_t a;
    std::uint64_t b;
    Context* context;
    std::int64_t gas;
};

#define AQD_INLINE [[gnu::always_inline]] inline

template <class T>
AQD_INLINE T read(Registers& r) {
    T value;
    std::memcpy(&value, r.at, sizeof value);
    r.at += sizeof(T) / 2;
    return value;
}

AQD_INLINE std::uint64_t& slot(Registers& r) {
    return r.frame[read<std::uint16_t>(r)];
}

template <Kind kind, class T>
AQD_INLINE T get(Registers& r) {
    if constexpr (kind == Kind::a) {
        return static_cast<T>(r.a);
    } else if constexpr (kind == Kind::b) {
        return static_cast<T>(r.b);
    } else if constexpr (kind == Kind::slot) {
        return static_cast<T>(slot(r));
    } else {
        static_assert(kind == Kind::constant);
        return read<T>(r);
    }
}

template <Kind kind>
AQD_INLINE void put(Registers& r, std::uint64_t value) {
    if constexpr (kind == Kind::b) {
        r.b = value;
    } else {
        r.a = value;
        if constexpr (kind == Kind::slot) {
            slot(r) = value;
        }
    }
}

AQD_INLINE bool pay([[maybe_unused]] Registers& r, [[maybe_unused]] std::uint64_t cost) {
#if defined(AQD_UNMETERED)
    // Only benchmarks are built so: they measure what metering costs.
    return true;
#else
    r.gas -= static_cast<std::int64_t>(cost);
    return r.gas >= 0;
#endif
}

template <Form form>
AQD_INLINE std::uint32_t address(Registers& r) {
    const auto first = get<form.x, std::uint32_t>(r);
    if constexpr (form.y == Kind::none) {
        return first;
    } else {
        return first + get<form.y, std::uint32_t>(r);
    }
}

template <Form form>
AQD_INLINE Step divide(Registers& r) {
    using enum Operation;
    constexpr Operation operation = form.operation;
    using T =
        std::conditional_t<prepare::facts_of(operation).width == 64, std::uint64_t, std::uint32_t>;
    using Signed = std::make_signed_t<T>;
    const T x = get<form.x, T>(r);
    const T y = get<form.y, T>(r);
    if (y == 0) [[unlikely]] {
        return step_of(Trap::integer_divide_by_zero);
    }
    T result;
    if constexpr (operation == op_div_u_32 || operation == op_div_u_64) {
        result = x / y;
    } else if constexpr (operation == op_rem_u_32 || operation == op_rem_u_64) {
        result = x % y;
    } else if constexpr (operation == op_div_s_32 || operation == op_div_s_64) {
        if (y == static_cast<T>(-1) && x == static_cast<T>(std::numeric_limits<Signed>::min()))
            [[unlikely]] {
            return step_of(Trap::integer_overflow);
        }
        result = static_cast<T>(static_cast<Signed>(x) / static_cast<Signed>(y));
    } else {
        result = y == static_cast<T>(-1)
                     ? 0
                     : static_cast<T>(static_cast<Signed>(x) % static_cast<Signed>(y));
    }
    put<form.destination>(r, result);
    return Step::next;
}

template <Form form>
AQD_INLINE Step binary(Registers& r) {
    using enum Operation;
    constexpr Operation operation = form.operation;
    if constexpr (operation >= op_div_s_32 && operation <= op_rem_u_64) {
        return divide<form>(r);
    } else {
        using T = std::conditional_t<prepare::facts_of(operation).width == 64, std::uint64_t,
                                     std::uint32_t>;
        const T x = get<form.x, T>(r);
        const T y = get<form.y, T>(r);
        if constexpr (prepare::is_float(operation)) {
            put<form.destination>(r, compute_float<operation, T>(x, y));
        } else {
            put<form.destination>(r, prepare::compute<operation, T>(x, y));
        }
        return Step::next;
    }
}

template <Form form>
AQD_INLINE Step unary(Registers& r) {
    constexpr Operation operation = form.operation;
    if constexpr (prepare::is_conversion(operation)) {
        std::uint64_t result = 0;
        const Trap trap = convert<operation>(get<form.x, std::uint64_t>(r), result);
        if (prepare::is_truncation(operation) && trap != Trap::none) [[unlikely]] {
            return step_of(trap);
        }
        put<form.destination>(r, result);
    } else if constexpr (prepare::is_float(operation)) {
        using T = std::conditional_t<prepare::facts_of(operation).width == 64, std::uint64_t,
                                     std::uint32_t>;
        put<form.destination>(r, compute_float<operation, T>(get<form.x, T>(r)));
    } else {
        put<form.destination>(r, prepare::compute<operation>(get<form.x, std::uint64_t>(r)));
    }
    return Step::next;
}

/// What a load reads from memory; a signed one is widened to the type named by the operation.
template <Operation operation>
AQD_INLINE std::uint64_t fetch(const std::uint8_t* from) {
    using enum Operation;
    const auto as = [from]<class T>(T value) {
        std::memcpy(&value, from, sizeof value);
        return value;
    };
    if constexpr (operation == op_load8_u) {
        return *from;
    } else if constexpr (operation == op_load16_u) {
        return as(std::uint16_t{});
    } else if constexpr (operation == op_load32_u) {
        return as(std::uint32_t{});
    } else if constexpr (operation == op_load64) {
        return as(std::uint64_t{});
    } else if constexpr (operation == op_load8_s32) {
        return static_cast<std::uint32_t>(as(std::int8_t{}));
    } else if constexpr (operation == op_load16_s32) {
        return static_cast<std::uint32_t>(as(std::int16_t{}));
    } else if constexpr (operation == op_load8_s64) {
        return static_cast<std::uint64_t>(as(std::int8_t{}));
    } else if constexpr (operation == op_load16_s64) {
        return static_cast<std::uint64_t>(as(std::int16_t{}));
    } else {
        static_assert(operation == op_load32_s64);
        return static_cast<std::uint64_t>(as(std::int32_t{}));
    }
}

template <Form form>
AQD_INLINE Step load(Registers& r) {
    constexpr std::uint32_t octets = prepare::facts_of(form.operation).width / 8;
    const std::uint64_t base = address<form>(r);
    const std::uint64_t end = base + read<std::uint32_t>(r);
    if (end > r.memory_bytes) [[unlikely]] {
        return step_of(Trap::memory_out_of_bounds);
    }
    put<form.destination>(r, fetch<form.operation>(r.memory + end - octets));
    return Step::next;
}

template <Form form>
AQD_INLINE Step store(Registers& r) {
    constexpr std::uint32_t octets = prepare::facts_of(form.operation).width / 8;
    const std::uint64_t base = address<form>(r);
    const std::uint64_t end = base + read<std::uint32_t>(r);
    const auto value = get<form.destination, std::uint64_t>(r);
    if (end > r.memory_bytes) [[unlikely]] {
        return step_of(Trap::memory_out_of_bounds);
    }
    std::memcpy(r.memory + end - octets, &value, octets);
    return Step::next;
}

}  // namespace aqd::exec

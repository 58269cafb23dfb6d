#pragma once

// How one instruction leads to the next, in one of two ways:
//
//   chained   each handler ends in a jump to the next one; the state is passed in machine registers
//   portable  a loop calls the handlers; the state is a structure
//
// Both are made from `execute`, so they agree in everything but speed. Chained, a sequence has a
// handler of its own, in which the compiler joins its forms; the loop takes its forms one by one.

#include "vm/exec/execute.h"

#include <cstddef>
#include <cstdint>
#include <cstring>

#if defined(__clang__) && defined(__x86_64__) && !defined(AQD_PORTABLE_DISPATCH)
#if __has_attribute(preserve_none) && !__has_feature(address_sanitizer)
#define AQD_CHAINED_DISPATCH 1
#endif
#endif

#if defined(AQD_CHAINED_DISPATCH)

namespace aqd::exec {

// Eight words: all of them stay in machine registers from handler to handler.
#define AQD_PARAMETERS                                                                  \
    const std::uint16_t *at, std::uint64_t *frame, std::uint8_t *memory,                \
        std::uint64_t memory_bytes, std::uint64_t a, std::uint64_t b, Context *context, \
        std::int64_t gas
#define AQD_ARGUMENTS r.at, r.frame, r.memory, r.memory_bytes, r.a, r.b, r.context, r.gas

// In this spelling clang keeps the calling convention as part of the type.
// NOLINTNEXTLINE(modernize-use-using)
typedef __attribute__((preserve_none)) void (*Handler)(AQD_PARAMETERS);

/// A type of its own because a template argument would lose the calling convention.
struct HandlerEntry {
    Handler handler;
};

/// Ends a run. `a` carries how, see `ending`, and `b` the instruction: the accumulators are no
/// longer needed.
__attribute__((preserve_none)) void end_chain(AQD_PARAMETERS);

/// A step that does not go on, and the form in a sequence that took it.
constexpr std::uint64_t ending(Step step, std::uint32_t form) {
    return std::uint64_t{form} << 32U | static_cast<std::uint32_t>(step);
}

AQD_INLINE Handler next_handler(const Registers& r) {
    Handler handler;
    std::memcpy(&handler, r.at, sizeof handler);
    return handler;
}

/// The handlers of sequences are compiled in so many parts, for the sake of many processors and
/// little memory. A part has every sequence whose number leaves that rest.
inline constexpr std::size_t sequence_parts = 8;
template <std::size_t part>
const HandlerEntry* sequence_handlers();

}  // namespace aqd::exec

#endif

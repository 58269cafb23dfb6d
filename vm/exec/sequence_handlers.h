#pragma once

// One part of the handlers of sequences: the source files `sequence_handlers_N.cpp` each have one.

#include "vm/exec/dispatch.h"

#if defined(AQD_CHAINED_DISPATCH)

#include <aqd/prepare/sequence_list.h>

#include <array>
#include <iterator>
#include <utility>

namespace aqd::exec {

template <std::size_t number>
__attribute__((preserve_none)) void handle_sequence(AQD_PARAMETERS) {
    static constexpr prepare::Sequence sequence = prepare::sequences[number];
    Registers r{at + prepare::handler_words, frame, memory, memory_bytes, a, b, context, gas};
    Step step = Step::next;
    std::uint64_t end = 0;
    [&]<std::size_t... i>(std::index_sequence<i...>) __attribute__((always_inline)) {
        static_cast<void>(
            ((step = execute<prepare::form_of(sequence.forms[i])>(r),
              end = ending(step, static_cast<std::uint32_t>(i)), step == Step::next) &&
             ...));
    }(std::make_index_sequence<sequence.length>());
    if (step == Step::next) {
        [[clang::musttail]] return next_handler(r)(AQD_ARGUMENTS);
    }
    if (step == Step::jumped) {
        [[clang::musttail]] return next_handler(r)(AQD_ARGUMENTS);
    }
    r.a = end;
    r.b = reinterpret_cast<std::uint64_t>(at);
    [[clang::musttail]] return end_chain(AQD_ARGUMENTS);
}

template <std::size_t part, std::size_t... index>
constexpr auto make_sequence_handlers(std::index_sequence<index...>) {
    return std::array<HandlerEntry, sizeof...(index)>{
        HandlerEntry{handle_sequence<part + index * sequence_parts>}...};
}

template <std::size_t part>
inline constexpr auto sequence_part = make_sequence_handlers<part>(
    std::make_index_sequence<(std::size(prepare::sequences) + sequence_parts - 1 - part) /
                             sequence_parts>());

}  // namespace aqd::exec

#define AQD_SEQUENCE_PART(part)                     \
    template <>                                     \
    const HandlerEntry* sequence_handlers<part>() { \
        return sequence_part<part>.data();          \
    }

#else

#define AQD_SEQUENCE_PART(part)

#endif

// One handler for each form of instruction, in one of two ways to get from one to the next:
//
//   chained   each handler ends in a jump to the next one; the state is passed in machine registers
//   portable  a loop calls the handlers; the state is a structure
//
// Both are made from `execute`, so they agree in everything but speed.

#include "vm/exec/execute.h"

#include <array>
#include <utility>

#if defined(__clang__) && defined(__x86_64__) && !defined(AQD_PORTABLE_DISPATCH)
#if __has_attribute(preserve_none) && !__has_feature(address_sanitizer)
#define AQD_CHAINED_DISPATCH 1
#endif
#endif

namespace aqd::exec {
namespace {

[[gnu::noinline]] void finish(const Registers& r, Step step, const std::uint16_t* instruction) {
    r.context->gas = r.gas;
    if (step != Step::stopped) {
        r.context->trap = trap_of(step);
        r.context->trap_at = instruction;
    }
}

#if defined(AQD_CHAINED_DISPATCH)

// Eight words: all of them stay in machine registers from handler to handler.
#define AQD_PARAMETERS                                                                  \
    const std::uint16_t *at, std::uint64_t *frame, std::uint8_t *memory,                \
        std::uint64_t memory_bytes, std::uint64_t a, std::uint64_t b, Context *context, \
        std::int64_t gas
#define AQD_ARGUMENTS r.at, r.frame, r.memory, r.memory_bytes, r.a, r.b, r.context, r.gas

// In this spelling clang keeps the calling convention as part of the type.
typedef __attribute__((preserve_none)) void (*Handler)(AQD_PARAMETERS);

[[gnu::noinline]] __attribute__((preserve_none)) void end_chain(AQD_PARAMETERS) {
    // `a` carries the step and `b` the instruction: the accumulators are no longer needed.
    finish(Registers{at, frame, memory, memory_bytes, a, b, context, gas}, static_cast<Step>(a),
           reinterpret_cast<const std::uint16_t*>(b));
}

AQD_INLINE Handler next_handler(const Registers& r) {
    Handler handler;
    std::memcpy(&handler, r.at, sizeof handler);
    return handler;
}

template <std::uint32_t code>
__attribute__((preserve_none)) void handle(AQD_PARAMETERS) {
    Registers r{at + prepare::handler_words, frame, memory, memory_bytes, a, b, context, gas};
    const Step step = execute<prepare::form_of(code)>(r);
    if (step == Step::next) {
        [[clang::musttail]] return next_handler(r)(AQD_ARGUMENTS);
    }
    if (step == Step::jumped) {
        [[clang::musttail]] return next_handler(r)(AQD_ARGUMENTS);
    }
    r.a = static_cast<std::uint64_t>(step);
    r.b = reinterpret_cast<std::uint64_t>(at);
    [[clang::musttail]] return end_chain(AQD_ARGUMENTS);
}

#else

using Handler = Step (*)(Registers&);

template <std::uint32_t code>
Step handle(Registers& r) {
    r.at += prepare::handler_words;
    return execute<prepare::form_of(code)>(r);
}

#endif

/// A type of its own because a template argument would lose the calling convention.
struct Entry {
    Handler handler;
};

template <std::size_t... index>
constexpr auto make_handlers(std::index_sequence<index...>) {
    return std::array<Entry, sizeof...(index)>{Entry{handle<prepare::base_forms[index]>}...};
}

constexpr auto handlers = make_handlers(std::make_index_sequence<prepare::base_form_count>());

/// By code: one more than the number of the form among the base forms, or 0.
constexpr auto form_numbers = [] {
    std::array<std::uint16_t, prepare::form_code_count> numbers{};
    for (std::size_t i = 0; i < prepare::base_form_count; ++i) {
        numbers[prepare::base_forms[i]] = static_cast<std::uint16_t>(i + 1);
    }
    return numbers;
}();

}  // namespace

std::uint64_t handler_of(std::uint32_t form_code) {
    const std::uint16_t number = form_code < form_numbers.size() ? form_numbers[form_code] : 0;
    return number == 0 ? 0 : reinterpret_cast<std::uint64_t>(handlers[number - 1].handler);
}

void run(Context& context, const FunctionEntry& entry, std::uint64_t* frame,
         const std::uint16_t* exit) {
    std::fill_n(frame + entry.zero_from, entry.zero_count, std::uint64_t{0});
    frame[entry.saved_slot] = reinterpret_cast<std::uint64_t>(exit);
    frame[entry.saved_slot + 1] = reinterpret_cast<std::uint64_t>(frame);
    Registers r{entry.code, frame, context.memory(), context.memory_bytes(),
                0,          0,     &context,         context.gas};
#if defined(AQD_CHAINED_DISPATCH)
    next_handler(r)(AQD_ARGUMENTS);
#else
    const std::uint16_t* instruction = nullptr;
    Step step = Step::next;
    do {
        instruction = r.at;
        Handler handler;
        std::memcpy(&handler, r.at, sizeof handler);
        step = handler(r);
    } while (step <= Step::jumped);
    finish(r, step, instruction);
#endif
}

}  // namespace aqd::exec

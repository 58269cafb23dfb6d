// One handler for each form of instruction, and the words that instructions start with.

#include "vm/exec/dispatch.h"

#include <aqd/prepare/sequences.h>

#include <algorithm>
#include <array>
#include <utility>

namespace aqd::exec {
namespace {

/// `form` counts in a sequence.
[[gnu::noinline]] void finish(const Registers& r, Step step, const std::uint16_t* instruction,
                              std::uint32_t form) {
    r.context->gas = r.gas;
    if (step != Step::stopped) {
        r.context->trap = trap_of(step);
        r.context->trap_at = instruction;
        r.context->trap_form = form;
    }
}

#if defined(AQD_CHAINED_DISPATCH)

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
    r.a = ending(step, 0);
    r.b = reinterpret_cast<std::uint64_t>(at);
    [[clang::musttail]] return end_chain(AQD_ARGUMENTS);
}

template <std::size_t... part>
std::uint64_t sequence_word(std::size_t number, std::index_sequence<part...>) {
    const std::array<const HandlerEntry*, sizeof...(part)> parts{sequence_handlers<part>()...};
    return reinterpret_cast<std::uint64_t>(
        parts[number % sequence_parts][number / sequence_parts].handler);
}

#else

using Handler = Step (*)(Registers&);
struct HandlerEntry {
    Handler handler;
};

template <std::uint32_t code>
Step handle(Registers& r) {
    return execute<prepare::form_of(code)>(r);
}

/// In the word that starts an instruction: it is the code of a sequence, not the address of a
/// handler.
constexpr std::uint64_t sequence_bit = std::uint64_t{1} << 63U;

#endif

template <std::size_t... index>
constexpr auto make_handlers(std::index_sequence<index...>) {
    return std::array<HandlerEntry, sizeof...(index)>{
        HandlerEntry{handle<prepare::base_forms[index]>}...};
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

#if defined(AQD_CHAINED_DISPATCH)
[[gnu::noinline]] __attribute__((preserve_none)) void end_chain(AQD_PARAMETERS) {
    finish(Registers{at, frame, memory, memory_bytes, a, b, context, gas},
           static_cast<Step>(static_cast<std::uint32_t>(a)),
           reinterpret_cast<const std::uint16_t*>(b), static_cast<std::uint32_t>(a >> 32U));
}
#endif

std::uint64_t handler_of(std::uint32_t code) {
    if (code >= prepare::form_code_count) {
        const std::size_t number = code - prepare::form_code_count;
        if (number == 0 || number > prepare::sequence_count()) {
            return 0;
        }
#if defined(AQD_CHAINED_DISPATCH)
        return sequence_word(number, std::make_index_sequence<sequence_parts>());
#else
        return sequence_bit | code;
#endif
    }
    const std::uint16_t number = form_numbers[code];
    return number == 0 ? 0 : reinterpret_cast<std::uint64_t>(handlers[number - 1].handler);
}

void run(Context& context, const FunctionEntry& entry, std::uint64_t* frame,
         const std::uint16_t* exit) {
    std::fill_n(frame + entry.zero_from, entry.zero_count, std::uint64_t{0});
    frame[entry.saved_slot] = reinterpret_cast<std::uint64_t>(exit);
    frame[entry.saved_slot + 1] = reinterpret_cast<std::uint64_t>(frame);
    const Registers start{entry.code, frame, context.memory(), context.memory_bytes(),
                          0,          0,     &context,         context.gas};
#if defined(AQD_CHAINED_DISPATCH)
    const Registers& r = start;
    next_handler(r)(AQD_ARGUMENTS);
#else
    Registers r = start;
    const std::uint16_t* instruction = nullptr;
    std::uint32_t form = 0;
    Step step = Step::next;
    do {
        instruction = r.at;
        const auto word = read<std::uint64_t>(r);
        form = 0;
        if ((word & sequence_bit) == 0) {
            step = reinterpret_cast<Handler>(word)(r);
            continue;
        }
        const auto forms = prepare::forms_of(static_cast<std::uint32_t>(word));
        step = handlers[form_numbers[forms[0]] - 1U].handler(r);
        while (step == Step::next && ++form < forms.size()) {
            step = handlers[form_numbers[forms[form]] - 1U].handler(r);
        }
    } while (step <= Step::jumped);
    finish(r, step, instruction, form);
#endif
}

}  // namespace aqd::exec

#pragma once

#include <aqd/prepare/sequences.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

// The list itself, for those who make something from each sequence. It is long: everybody else
// includes `sequences.h`.

namespace aqd::prepare {

struct Sequence {
    std::uint16_t length = 0;
    std::array<std::uint16_t, longest_sequence> forms{};  ///< codes
};

namespace detail {
// The letters that the list uses for kinds.
inline constexpr Kind n = Kind::none, a = Kind::a, b = Kind::b, s = Kind::slot, k = Kind::constant;

consteval Sequence sequence_of(std::initializer_list<Form> forms) {
    Sequence sequence;
    for (const Form& form : forms) {
        sequence.forms[sequence.length++] = static_cast<std::uint16_t>(code_of(form));
    }
    return sequence;
}

}  // namespace detail

#define AQD_F(operation, x, y, d)                                  \
    Form {                                                         \
        Operation::op_##operation, detail::x, detail::y, detail::d \
    }
#define AQD_SEQUENCE(...) detail::sequence_of({__VA_ARGS__}),

/// By number; there is no sequence 0.
inline constexpr Sequence sequences[] = {
    {},
// What reads code without compiling it has nothing to learn from thousands of sequences.
#if defined(__clang_analyzer__)
#elif defined(AQD_MANY_SEQUENCES)
#include <aqd/prepare/sequences_many.def>
#else
#include <aqd/prepare/sequences_few.def>
#endif
};
static_assert(form_code_count <= 0x8000);

#undef AQD_SEQUENCE
#undef AQD_F

}  // namespace aqd::prepare

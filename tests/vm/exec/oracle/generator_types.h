#pragma once

#include "tests/vm/exec/oracle/generator.h"

#include <aqd/wasm/opcode.h>
#include <aqd/wasm/types.h>

#include <cstddef>
#include <string_view>
#include <vector>

namespace aqd::oracle {

using wasm::Immediate;
using wasm::Opcode;
using wasm::ValueType;

inline char letter_of(ValueType type) {
    switch (type) {
        case ValueType::i32:
            return 'i';
        case ValueType::i64:
            return 'I';
        case ValueType::f32:
            return 'f';
        default:
            return 'F';
    }
}

/// Opcodes without immediates that compute a result of the given type, from integers only if there
/// are no floats.
inline const std::vector<Opcode>& computing(ValueType type, bool floats) {
    static const auto make = [](char letter, bool with_floats) {
        std::vector<Opcode> list;
        for (std::size_t i = 0; i < wasm::opcode_table.size(); ++i) {
            const wasm::OpcodeFacts& facts = wasm::opcode_table[i];
            const bool numbers =
                facts.operands.find_first_not_of(with_floats ? "iIfF" : "iI") == std::string::npos;
            if (facts.immediate == Immediate::none && !facts.operands.empty() && numbers &&
                (facts.feature <= wasm::Feature::sign_extension ||
                 facts.feature == wasm::Feature::floats) &&
                facts.results.size() == 1 && facts.results[0] == letter) {
                list.push_back(static_cast<Opcode>(i));
            }
        }
        return list;
    };
    static const std::vector<Opcode> i32 = make('i', false);
    static const std::vector<Opcode> i64 = make('I', false);
    static const std::vector<Opcode> all_i32 = make('i', true);
    static const std::vector<Opcode> all_i64 = make('I', true);
    static const std::vector<Opcode> f32 = make('f', true);
    static const std::vector<Opcode> f64 = make('F', true);
    switch (type) {
        case ValueType::i32:
            return floats ? all_i32 : i32;
        case ValueType::i64:
            return floats ? all_i64 : i64;
        case ValueType::f32:
            return f32;
        default:
            return f64;
    }
}

inline ValueType type_of(char letter) {
    switch (letter) {
        case 'i':
            return ValueType::i32;
        case 'I':
            return ValueType::i64;
        case 'f':
            return ValueType::f32;
        default:
            return ValueType::f64;
    }
}

inline ValueType random_type(Random& random, bool floats) {
    return type_of("iIfF"[random.below(floats ? 4 : 2)]);
}

}  // namespace aqd::oracle

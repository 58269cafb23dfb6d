// Most of a body is instructions that cannot go wrong in many ways. They are checked here with the
// place in the file and the top of the stack in registers; whatever is unusual about one of them,
// an error first of all, is left to the rules as the other files have them.

#include "vm/wasm/function_validator.h"

#include <array>

namespace aqd::wasm {
namespace {

/// What the table says of an opcode of one octet, by that octet.
struct Row {
    enum class Rule : std::uint8_t { other, get, set, tee, constant, binary, unary, load, store };
    Rule rule = Rule::other;
    std::uint8_t first = 0;   ///< type of the only operand or the deeper one
    std::uint8_t second = 0;  ///< of the upper one; log2 of the octets of a load
    std::uint8_t result = 0;  ///< its type; log2 of the octets of a store
};

constexpr Row row_of(const OpcodeFacts& facts) {
    using enum Row::Rule;
    const auto type = [](char letter) { return static_cast<std::uint8_t>(type_of_letter(letter)); };
    const std::string_view in = facts.operands;
    // Of bulk memory, `data.drop` only: it has no operands.
    if (facts.feature > Feature::bulk_memory || in.starts_with('*')) {
        return {};
    }
    if (facts.immediate == Immediate::i32) {
        return {constant, 0, 0, type('i')};
    }
    if (facts.immediate >= Immediate::access1 && facts.immediate <= Immediate::access8) {
        const auto size = static_cast<std::uint8_t>(access_log2(facts.immediate));
        return in.size() == 1 ? Row{load, type(in[0]), size, type(facts.results[0])}
                              : Row{store, type(in[0]), type(in[1]), size};
    }
    if (facts.immediate != Immediate::none || facts.results.size() != 1) {
        return {};
    }
    switch (in.size()) {
        case 1:
            return {unary, type(in[0]), 0, type(facts.results[0])};
        case 2:
            return {binary, type(in[0]), type(in[1]), type(facts.results[0])};
        default:
            return {};
    }
}

constexpr auto rows = [] {
    std::array<Row, 256> made{};
    for (const OpcodeFacts& facts : opcode_table) {
        if (facts.code < made.size()) {
            made[facts.code] = row_of(facts);
        }
    }
    made[facts_of(Opcode::local_get).code].rule = Row::Rule::get;
    made[facts_of(Opcode::local_set).code].rule = Row::Rule::set;
    made[facts_of(Opcode::local_tee).code].rule = Row::Rule::tee;
    return made;
}();

/// More than any of these instructions takes.
constexpr std::ptrdiff_t margin = 8;

/// The octets of a number of at most 28 bits that starts here; 0 for a longer one.
constexpr std::ptrdiff_t number_size(const std::uint8_t* at) {
    if (at[0] < 0x80) {
        return 1;
    }
    if (at[1] < 0x80) {
        return 2;
    }
    if (at[2] < 0x80) {
        return 3;
    }
    return at[3] < 0x80 ? 4 : 0;
}

}  // namespace

/// Goes on as long as instructions are of the usual kind and right; stops before another.
// Longer than seventy lines: a case for each rule, around registers that a call would lose.
void FunctionValidator::plain_sailing() {
    const std::uint8_t* at = in_.position();
    const std::uint8_t* const last = in_.end() - margin;
    ValueType* top = operands_.top();
    ValueType* highest = operands_.begin() + highest_;
    const ValueType* const floor = operands_.begin() + floor_;
    const ValueType* const limit = operands_.end();
    const ValueType* const locals = locals_.data();
    const std::size_t known = all_have_values_ ? std::min<std::size_t>(locals_.size(), 128) : 0;
    const bool narrow_memory = !module_.memories.empty() && !module_.memories[0].wide;
    const auto is = [&](std::ptrdiff_t below, std::uint8_t type) {
        return top[-below] == static_cast<ValueType>(type);
    };
    for (bool usual = in_.end() - at > margin; usual && at < last;) {
        const Row row = rows[*at];
        switch (row.rule) {
            case Row::Rule::get:
                usual = at[1] < known && top != limit;
                if (usual) {
                    *top++ = locals[at[1]];
                    highest = std::max(highest, top);
                    at += 2;
                }
                break;
            case Row::Rule::set:
                usual = at[1] < known && top > floor && top[-1] == locals[at[1]];
                if (usual) {
                    --top;
                    at += 2;
                }
                break;
            case Row::Rule::tee:
                usual = at[1] < known && top > floor && top[-1] == locals[at[1]];
                if (usual) {
                    at += 2;
                }
                break;
            case Row::Rule::constant: {
                const std::ptrdiff_t size = number_size(at + 1);
                usual = size != 0 && top != limit;
                if (usual) {
                    *top++ = ValueType::i32;
                    highest = std::max(highest, top);
                    at += 1 + size;
                }
                break;
            }
            case Row::Rule::binary:
                usual = top - floor >= 2 && is(1, row.second) && is(2, row.first);
                if (usual) {
                    --top;
                    top[-1] = static_cast<ValueType>(row.result);
                    ++at;
                }
                break;
            case Row::Rule::unary:
                usual = top > floor && is(1, row.first);
                if (usual) {
                    top[-1] = static_cast<ValueType>(row.result);
                    ++at;
                }
                break;
            case Row::Rule::load: {
                const std::ptrdiff_t size = number_size(at + 2);
                usual = narrow_memory && at[1] <= row.second && size != 0 && top > floor &&
                        is(1, row.first);
                if (usual) {
                    top[-1] = static_cast<ValueType>(row.result);
                    at += 2 + size;
                }
                break;
            }
            case Row::Rule::store: {
                const std::ptrdiff_t size = number_size(at + 2);
                usual = narrow_memory && at[1] <= row.result && size != 0 && top - floor >= 2 &&
                        is(1, row.second) && is(2, row.first);
                if (usual) {
                    top -= 2;
                    at += 2 + size;
                }
                break;
            }
            case Row::Rule::other:
                usual = false;
        }
    }
    in_.seek(at);
    operands_.set_top(top);
    highest_ = static_cast<std::size_t>(highest - operands_.begin());
}

}  // namespace aqd::wasm

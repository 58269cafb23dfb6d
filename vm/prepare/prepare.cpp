#include "vm/prepare/translator.h"

#include <aqd/prepare/prepare.h>

#include <algorithm>
#include <map>

namespace aqd::prepare {
namespace {

/// Types that are equal in structure share a number.
std::vector<std::uint32_t> number_types(const std::vector<wasm::FunctionType>& types) {
    const auto less = [](const wasm::FunctionType* a, const wasm::FunctionType* b) {
        return a->parameters != b->parameters ? a->parameters < b->parameters
                                              : a->results < b->results;
    };
    std::map<const wasm::FunctionType*, std::uint32_t, decltype(less)> known(less);
    std::vector<std::uint32_t> numbers;
    numbers.reserve(types.size());
    for (const wasm::FunctionType& type : types) {
        const auto next = static_cast<std::uint32_t>(known.size());
        numbers.push_back(known.try_emplace(&type, next).first->second);
    }
    return numbers;
}

}  // namespace

PreparedCode prepare(const wasm::ValidatedModule& module, const gas::Schedule& schedule) {
    PreparedCode out{module, schedule, {}, {}, {}, number_types(module->types), false};
    Translator translator(module, schedule, out);
    // Compiled code comes to about 1.2 words an octet.
    out.words.reserve(module->bytes.size() + module->bytes.size() / 2);
    out.origins.reserve(module->bytes.size() / 6);
    out.functions.reserve(module->bodies.size());
    for (std::uint32_t i = 0; i < module->bodies.size(); ++i) {
        out.uses_floats |= module.facts(i).uses_floats;
        out.functions.push_back(translator.translate(i));
    }
    return out;
}

std::uint32_t origin_of(const PreparedCode& code, std::uint32_t word) {
    const auto after = std::ranges::upper_bound(code.origins, word, {}, &Origin::word);
    return after == code.origins.begin() ? 0 : std::prev(after)->code_offset;
}

}  // namespace aqd::prepare

#include "vm/prepare/translator.h"

#include <aqd/prepare/prepare.h>

#include <algorithm>

namespace aqd::prepare {
PreparedCode prepare(const wasm::ValidatedModule& module, const gas::Schedule& schedule) {
    PreparedCode out{module, schedule, {}, {}, {}, module.canonical_types(), false};
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

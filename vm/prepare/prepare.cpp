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

std::uint32_t origin_of(const PreparedCode& code, std::uint32_t word, std::uint32_t form) {
    const auto found = std::ranges::lower_bound(code.origins, word, {}, &Origin::word);
    const auto left = static_cast<std::size_t>(code.origins.end() - found);
    return form < left ? found[form].code_offset : 0;
}

}  // namespace aqd::prepare

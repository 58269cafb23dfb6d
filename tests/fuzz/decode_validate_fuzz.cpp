// Any octets, and mutants of modules that keep their outer form: decoding and validation must end
// in a value or an error, and whatever is valid must list, have regions and translate.

#include "tests/differential/mutate.h"

#include <aqd/gas/regions.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/disassemble.h>
#include <aqd/wasm/validate.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
    using namespace aqd;
    oracle::Random random(seed);
    if (random.one_in(4)) {
        return LLVMFuzzerMutate(data, size, most);
    }
    // Now and then a new module to begin with.
    const Bytes mutant = random.one_in(100) ? oracle::random_module(random)
                                            : differential::mutate({data, size}, random);
    if (mutant.size() > most) {
        return LLVMFuzzerMutate(data, size, most);
    }
    std::ranges::copy(mutant, data);
    return mutant.size();
}

namespace {

void load(aqd::BytesView module, const aqd::wasm::Limits& limits) {
    using namespace aqd;
    auto decoded = wasm::decode(module, limits);
    if (!decoded) {
        return;
    }
    const auto validated = wasm::validate(*std::move(decoded));
    if (!validated) {
        return;
    }
    static const gas::Schedule schedule = *gas::schedule(gas::newest_schedule);
    static_cast<void>(wasm::disassemble(*validated));
    for (std::uint32_t i = 0; i < (*validated)->bodies.size(); ++i) {
        static_cast<void>(gas::region_costs(*validated, i, schedule));
    }
    static_cast<void>(prepare::prepare(*validated, schedule));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    load({data, size}, aqd::wasm::Limits::contracts());
    load({data, size}, aqd::wasm::Limits::widest());
    return 0;
}

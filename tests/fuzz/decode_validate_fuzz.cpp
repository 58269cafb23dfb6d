// Any octets: decoding and validation must end in a value or an error, and whatever is valid must
// list, have regions and translate.

#include <aqd/gas/regions.h>
#include <aqd/prepare/prepare.h>
#include <aqd/wasm/decode.h>
#include <aqd/wasm/disassemble.h>
#include <aqd/wasm/validate.h>

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace aqd;
    auto decoded = wasm::decode({data, size});
    if (!decoded) {
        return 0;
    }
    const auto validated = wasm::validate(*std::move(decoded));
    if (!validated) {
        return 0;
    }
    static const gas::Schedule schedule = *gas::schedule(gas::newest_schedule);
    static_cast<void>(wasm::disassemble(*validated));
    for (std::uint32_t i = 0; i < (*validated)->bodies.size(); ++i) {
        static_cast<void>(gas::region_costs(*validated, i, schedule));
    }
    static_cast<void>(prepare::prepare(*validated, schedule));
    return 0;
}

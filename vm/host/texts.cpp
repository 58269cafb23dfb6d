#include "vm/host/call.h"

#include <aqd/abi/text.h>

namespace aqd::host {
namespace {

/// Composing costs this many times what the first look at a text does.
constexpr std::uint64_t composing_factor = 20;

}  // namespace

Trap host_text_check(const Call& call) {
    AQD_HOST_TRY(octets, call.region(0));
    const std::string_view text = as_text(octets);
    abi::TextReport report = abi::scan_text(text, call.u32(2));
    if (!report.is_settled) {
        AQD_HOST_CHECK(call.charge(composing_factor * call.gas_per_byte() * octets.size()));
        report = abi::check_composed(text);
    }
    return call.give(report.fault == abi::TextFault::none ? 1 : 0);
}

}  // namespace aqd::host

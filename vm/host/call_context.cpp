#include <aqd/host/call_context.h>
#include <aqd/system/store_keys.h>

namespace aqd::host {

void CallContext::forget() {
    refusal = 0;
    other_version.reset();
    fault.reset();
    result.reset();
    events.clear();
    outgoing.clear();
    current.reset();
    next_ordinal = 0;
    mandates.reset();
    acting_person.reset();
    acting_body.reset();
    acting_mandate.reset();
}

void CallContext::emit(system::EventKind kind, Bytes data) {
    system::Event event;
    event.kind = kind;
    if (current) {
        event.case_id = current->id;
    }
    event.data = std::move(data);
    events.push_back(std::move(event));
}

Result<std::uint16_t> CallContext::flush() {
    if (current && !current->stored) {
        // A case that was created and never stored would have timers and obligations without a row.
        return static_cast<std::uint16_t>(abi::Refusal::Trap);
    }
    if (!outgoing.empty()) {
        const std::size_t count = outgoing.size();
        if (further_deliveries && count > *further_deliveries) {
            return static_cast<std::uint16_t>(abi::Refusal::LoopLimit);
        }
        // Each gets an equal share, so that all together stay within what this call was given.
        const auto share = further_deliveries
                               ? static_cast<std::uint32_t>((*further_deliveries - count) / count)
                               : system::most_further_deliveries;
        for (auto& [key, row] : outgoing) {
            row.further = share;
            AQD_CHECK(overlay->put(key, system::encode_delivery(row)));
        }
    }
    if (current && current->changed) {
        AQD_CHECK(overlay->put(system::case_key(current->id), system::encode_case(current->row)));
    }
    return std::uint16_t{0};
}

}  // namespace aqd::host

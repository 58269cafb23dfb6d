#include "vm/host/call.h"

#include <aqd/abi/cbor.h>

// The call itself: arguments, result, refusal, and what it knows of the block.

namespace aqd::host {

Trap host_args_read(const Call& call) {
    const BytesView arguments = call.context().arguments;
    AQD_HOST_CHECK(call.charge(arguments.size() * call.gas_per_byte()));
    return call.write_fixed(0, arguments);
}

Trap host_return_value(const Call& call) {
    AQD_HOST_TRY(value, call.item(0));
    call.context().result = to_bytes(value);
    return Trap::none;
}

Trap host_refuse(const Call& call) {
    const std::uint32_t code = call.u32(0);
    const bool of_contract =
        code >= abi::first_contract_error &&
        code - abi::first_contract_error < call.context().declarations->manifest().errors.size() &&
        code <= UINT16_MAX;
    const bool of_language = code < abi::first_contract_error &&
                             !abi::refusal_name(static_cast<std::uint16_t>(code)).empty();
    if (!of_contract && !of_language) {
        return call.refuse(abi::Refusal::Trap);
    }
    return call.refuse(static_cast<std::uint16_t>(code));
}

Trap host_today(const Call& call) {
    return call.give(static_cast<std::uint32_t>(call.context().block->today));
}

Trap host_now(const Call& call) {
    return call.give(static_cast<std::uint64_t>(call.context().block->now));
}

Trap host_effective(const Call& call) {
    return call.give(static_cast<std::uint32_t>(call.context().effective));
}

Trap host_backdate(const Call& call) {
    CallContext& context = call.context();
    if (context.automatic || !context.signed_on) {
        return Trap::none;
    }
    const std::int32_t today = context.block->today;
    const std::int32_t signed_on = *context.signed_on;
    if (signed_on > today || !calendar::is_day(signed_on)) {
        return call.refuse(abi::Refusal::BadSigningDate);
    }
    const std::int64_t age = static_cast<std::int64_t>(today) - signed_on;
    if (age > static_cast<std::int64_t>(call.u32(0))) {
        return Trap::none;
    }
    context.effective = signed_on;
    if (context.acting_mandate && !context.acting_mandate->mandate.is_live(signed_on)) {
        return call.refuse(abi::Refusal::NotAuthorised);
    }
    return Trap::none;
}

Trap host_block_height(const Call& call) {
    return call.give(call.context().block->height);
}

}  // namespace aqd::host

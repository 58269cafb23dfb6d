#include "vm/host/call.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/bodies.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/event_data.h>
#include <aqd/system/mandates.h>
#include <aqd/system/modules.h>
#include <aqd/system/store_keys.h>

// What a case tells persons and the holders of roles: records on the timeline.

namespace aqd::host {
namespace {

using system::EventData;
using system::EventKind;

abi::Person acting_person(const CallContext& context) {
    if (context.acting_person) {
        return *context.acting_person;
    }
    return context.caller ? system::person_of(*context.caller) : abi::Person();
}

/// A region that is one CBOR text.
Or<std::string_view> text_item(const Call& call, std::size_t index) {
    AQD_OR_TRY(item, call.region(index));
    abi::Reader reader(item);
    const auto text = reader.read_text();
    if (!text || !reader.at_end()) {
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    return *text;
}

}  // namespace

Trap host_receipt_to(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    AQD_HOST_TRY(current, call.current());
    AQD_HOST_TRY(person, call.fixed<abi::Person>(0));
    static_cast<void>(current);
    call.context().emit(EventKind::filing_receipt, EventData().bytes(person.view()).take());
    return Trap::none;
}

Trap host_notify(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    AQD_HOST_TRY(person, call.fixed<abi::Person>(0));
    AQD_HOST_TRY(message, call.item(1));
    const auto kind = abi::Reader(message).peek();
    if (!kind || (*kind != abi::Kind::text && *kind != abi::Kind::bytes)) {
        return call.refuse(abi::Refusal::Trap);
    }
    call.context().emit(EventKind::message, EventData().bytes(person.view()).item(message).take());
    return Trap::none;
}

Trap host_escalate(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    AQD_HOST_TRY(lineage, call.lineage(0));
    AQD_HOST_TRY(keys, call.region(2));
    AQD_HOST_TRY(declaring, call.declarations(lineage));
    const abi::Role* role = declaring == nullptr ? nullptr : declaring->role(call.u64(1));
    if (role == nullptr || (!keys.empty() && !system::is_array(keys))) {
        return call.refuse(abi::Refusal::Trap);
    }
    EventData data;
    data.text(declaring->manifest().path + "." + role->name);
    const auto authority = system::tag_of(call.context().block->chain, role->authority);
    keys.empty() || !authority ? data.null() : data.item(system::join_body(*authority, keys));
    call.context().emit(EventKind::escalated, data.take());
    return Trap::none;
}

Trap host_breach(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    AQD_HOST_TRY(body, call.region(0));
    if (!system::split_body(body)) {
        return call.refuse(abi::Refusal::Trap);
    }
    const std::uint32_t ordinal = current->row.next_ordinal++;
    current->changed = true;
    AQD_HOST_CHECK(trap_of(
        call, context.overlay->put(system::breach_key(current->id, ordinal),
                                   system::encode_breach({to_bytes(body), context.effective}))));
    context.emit(EventKind::breach, EventData().number(ordinal).item(body).take());
    return Trap::none;
}

Trap host_accessed(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    static_cast<void>(current);
    AQD_HOST_TRY(purpose, text_item(call, 1));
    AQD_HOST_TRY(basis, text_item(call, 3));
    context.emit(EventKind::access, EventData()
                                        .number(call.u64(0))
                                        .text(purpose)
                                        .text(basis)
                                        .bytes(acting_person(context).view())
                                        .take());
    return Trap::none;
}

}  // namespace aqd::host

#include "vm/host/call.h"
#include "vm/host/prices.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/bodies.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/event_data.h>
#include <aqd/system/modules.h>
#include <aqd/system/obligations.h>
#include <aqd/system/store_keys.h>

#include <set>

// Notices: durable obligations of named recipients (semantics 20 and 21).

namespace aqd::host {
namespace {

using system::EventData;
using system::EventKind;
using system::ObligationRow;

/// The declaration of a notice that this module may send, with the full name it has everywhere.
struct Declared {
    const abi::Notice* notice = nullptr;
    std::string name;
};

Or<Declared> declared_notice(const Call& call) {
    CallContext& context = call.context();
    AQD_OR_TRY(lineage, call.lineage(0));
    const Declarations* declaring = context.declarations;
    if (lineage != declaring->lineage()) {
        AQD_OR_TRY(other, or_fault(call, context.modules->declarations(lineage)));
        declaring = other;
    }
    if (declaring == nullptr) {
        return std::unexpected(call.refuse(abi::Refusal::UnknownModule));
    }
    const abi::Notice* notice = declaring->notice(call.u64(1));
    if (notice == nullptr) {
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    return Declared{notice, declaring->manifest().path + "." + notice->name};
}

bool may_send(const CallContext& context, const Declared& declared) {
    const std::string& own_path = context.declarations->manifest().path;
    const auto parts = system::split_name(declared.name);
    return (parts && parts->module == own_path) || declared.notice->sent_by == own_path;
}

/// The distinct recipients, in the order in which they are named.
Or<std::vector<Bytes>> distinct_recipients(const Call& call, BytesView list) {
    abi::Reader reader(list);
    const auto count = reader.read_array_header();
    std::vector<Bytes> recipients;
    std::set<Bytes> known;
    for (std::uint64_t i = 0; count && i < *count; ++i) {
        const auto item = reader.skip();
        if (!item) {
            return std::unexpected(call.refuse(abi::Refusal::Trap));
        }
        abi::Reader as_case(*item);
        const bool is_case = as_case.read_fixed<abi::CaseId>().has_value();
        if (!is_case && !system::split_body(*item)) {
            return std::unexpected(call.refuse(abi::Refusal::Trap));
        }
        Bytes recipient = to_bytes(*item);
        if (known.insert(recipient).second) {
            recipients.push_back(std::move(recipient));
        }
    }
    if (!count || !reader.at_end()) {
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    return recipients;
}

ObligationRow make_obligation(const CallContext& context, const Declared& declared,
                              BytesView fields, const Bytes& recipient,
                              const std::optional<abi::Lineage>& calendar) {
    const abi::Notice& notice = *declared.notice;
    ObligationRow row;
    row.notice = declared.name;
    row.fields = to_bytes(fields);
    row.recipient = recipient;
    row.sent_on = context.effective;
    row.calendar = calendar;
    if (row.is_to_case()) {
        return row;
    }
    const auto term = [&](const std::optional<abi::Period>& period) -> std::optional<system::Term> {
        if (!period) {
            return std::nullopt;
        }
        return system::term_of(*period, context.effective, context.base_instant, calendar);
    };
    row.acknowledge = term(notice.acknowledge_within);
    row.act = term(notice.act_within);
    row.reminders = notice.reminders;
    row.remind_every = notice.remind_every;
    row.escalate_to = notice.escalate_to;
    return row;
}

/// The day by which a term is to be met, for people.
Or<std::optional<std::int32_t>> last_day(const Call& call, const std::optional<system::Term>& term,
                                         const system::CivilClock& clock) {
    if (!term) {
        return std::optional<std::int32_t>();
    }
    AQD_OR_TRY(due, or_fault(call, system::due_of(*term, *call.context().overlay)));
    return std::optional<std::int32_t>(due.is_instant ? clock.day(due.instant) : due.day);
}

/// Queues the notice for the modules that serve the recipient, or for the case that it is.
Trap queue_notice(const Call& call, const abi::CaseId& case_id, std::uint32_t ordinal,
                  const ObligationRow& row) {
    using system::DeliveryKind;
    if (row.is_to_case()) {
        call.queue({DeliveryKind::notice_to_case, case_id, ordinal, {}, {}});
        return Trap::none;
    }
    const auto parts = system::split_body(row.recipient);
    AQD_HOST_TRY(serving,
                 or_fault(call, system::read_serving(*call.context().overlay, parts->authority)));
    for (const abi::Lineage& lineage : serving) {
        AQD_HOST_CHECK(call.charge(prices::delivery));
        call.queue({DeliveryKind::notice_to_module, case_id, ordinal, lineage, {}});
    }
    return Trap::none;
}

Trap send_to(const Call& call, CallContext::CurrentCase& current, ObligationRow row,
             const system::CivilClock& clock) {
    CallContext& context = call.context();
    for (const std::optional<system::Term>& term : {row.acknowledge, row.act}) {
        AQD_HOST_CHECK(term ? call.charge_term(*term) : Trap::none);
    }
    const std::uint32_t ordinal = current.row.next_ordinal++;
    current.changed = true;
    AQD_HOST_TRY(acknowledge_by, last_day(call, row.acknowledge, clock));
    AQD_HOST_TRY(act_by, last_day(call, row.act, clock));
    row.acknowledge_by = acknowledge_by;
    row.act_by = act_by;
    AQD_HOST_CHECK(trap_of(
        call,
        system::rearm_obligation(*context.overlay, clock, current.id, ordinal, row,
                                 context.block->height, context.position, context.next_ordinal++)));
    AQD_HOST_CHECK(trap_of(call, context.overlay->put(system::obligation_key(current.id, ordinal),
                                                      system::encode_obligation(row))));
    context.emit(EventKind::notice_sent, EventData()
                                             .number(ordinal)
                                             .text(row.notice)
                                             .item(row.recipient)
                                             .optional_day(row.acknowledge_by)
                                             .optional_day(row.act_by)
                                             .take());
    return queue_notice(call, current.id, ordinal, row);
}

}  // namespace

Trap host_notice_send(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    const CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    AQD_HOST_TRY(fields, call.region(2));
    AQD_HOST_TRY(list, call.region(4));
    AQD_HOST_TRY(calendar, call.calendar(6));
    AQD_HOST_TRY(declared, declared_notice(call));
    if (!system::is_array(fields)) {
        return call.refuse(abi::Refusal::Trap);
    }
    if (!may_send(context, declared)) {
        return call.refuse(abi::Refusal::NotAuthorised);
    }
    AQD_HOST_TRY(recipients, distinct_recipients(call, list));
    const std::uint32_t most = declared.notice->most_recipients;
    if (most != 0 && recipients.size() > most) {
        return call.refuse(abi::Refusal::TooLong);
    }
    AQD_HOST_TRY(clock, or_fault(call, system::read_clock(*context.overlay)));
    for (const Bytes& recipient : recipients) {
        if (&recipient != &recipients.front()) {
            // The first one is in the price of the function.
            AQD_HOST_CHECK(call.charge(prices::recipient + fields.size() * call.gas_per_byte()));
        }
        AQD_HOST_CHECK(send_to(call, *current,
                               make_obligation(context, declared, fields, recipient, calendar),
                               clock));
    }
    return Trap::none;
}

Trap host_notice_recipients(const Call& call) {
    const CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    AQD_HOST_TRY(declared, declared_notice(call));
    const Bytes prefix = system::obligation_prefix(current->id);
    std::vector<Bytes> recipients;
    std::set<Bytes> known;
    Bytes after;
    while (true) {
        AQD_HOST_TRY(found, or_fault(call, context.overlay->next(prefix, after)));
        if (!found) {
            break;
        }
        AQD_HOST_CHECK(call.charge(prices::row + found->value.size() * prices::read_octet));
        AQD_HOST_TRY(row, or_fault(call, system::decode_obligation(found->value)));
        if (row.notice == declared.name && known.insert(row.recipient).second) {
            recipients.push_back(std::move(row.recipient));
        }
        after = std::move(found->key);
    }
    Bytes list;
    abi::Writer writer(list);
    writer.write_array_header(recipients.size());
    for (const Bytes& recipient : recipients) {
        writer.write_encoded(recipient);
    }
    return call.write_out(2, list);
}

}  // namespace aqd::host

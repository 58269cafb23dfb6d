#include "vm/host/call.h"

#include <aqd/system/event_data.h>
#include <aqd/system/terms.h>
#include <aqd/system/timers.h>

#include <algorithm>

// Deadlines of the current case (semantics 15 to 17).

namespace aqd::host {
namespace {

using system::ArmedTimer;
using system::Due;
using system::EventData;
using system::EventKind;
using system::Term;

/// A bad term is the caller's fault, an unreadable calendar the node's.
Or<Due> due_of(const Call& call, const Term& term) {
    auto due = system::due_of(term, *call.context().overlay);
    if (due) {
        return *due;
    }
    if (due.error().code == ErrorCode::invalid) {
        return std::unexpected(call.refuse(abi::Refusal::BadDate));
    }
    return std::unexpected(call.fault(std::move(due).error()));
}

/// (start, amount, unit, flags, calendar) from the argument at `first` on.
Or<Term> term_of(const Call& call, std::size_t first) {
    Term term;
    term.start = call.i32(first);
    term.amount = call.i64(first + 1);
    const std::uint32_t unit = call.u32(first + 2);
    if (unit > static_cast<std::uint32_t>(system::Unit::minutes)) {
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    term.unit = static_cast<system::Unit>(unit);
    term.flags = call.u32(first + 3);
    AQD_OR_TRY(calendar, call.calendar(first + 4));
    term.calendar = calendar;
    term.start_instant = call.context().base_instant;
    if (const Trap trap = call.charge_term(term); trap != Trap::none) {
        return std::unexpected(trap);
    }
    return term;
}

std::vector<ArmedTimer>::iterator place_of(std::vector<ArmedTimer>& timers,
                                           std::uint32_t deadline) {
    return std::ranges::lower_bound(timers, deadline, {}, &ArmedTimer::deadline);
}

Or<const abi::Deadline*> deadline_of(const Call& call, const CallContext::CurrentCase& current,
                                     std::uint32_t index) {
    const abi::Procedure* procedure =
        call.context().declarations->procedure(abi::id8(current.row.procedure));
    if (procedure == nullptr || index >= procedure->deadlines.size()) {
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    return &procedure->deadlines[index];
}

Trap arm(const Call& call, const Due& due, const std::optional<Term>& term) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    const std::uint32_t index = call.u32(0);
    AQD_HOST_TRY(deadline, deadline_of(call, *current, index));
    std::vector<ArmedTimer>& timers = current->row.timers;
    auto place = place_of(timers, index);
    if (place != timers.end() && place->deadline == index) {
        AQD_HOST_CHECK(trap_of(call, context.overlay->remove(place->key)));
        place = timers.erase(place);
    }
    const Bytes key =
        system::timer_key(due, {context.block->height, context.position, context.next_ordinal++});
    AQD_HOST_CHECK(trap_of(
        call, context.overlay->put(key, system::encode_timer({system::Waker::deadline, current->id,
                                                              index, due, term}))));
    timers.insert(place, {index, key});
    current->changed = true;
    EventData data;
    data.text(deadline->name);
    due.is_instant ? data.null().signed_number(due.instant) : data.day(due.day).null();
    context.emit(EventKind::deadline_armed, data.take());
    return Trap::none;
}

}  // namespace

Trap host_timer_arm(const Call& call) {
    AQD_HOST_TRY(term, term_of(call, 1));
    AQD_HOST_TRY(due, due_of(call, term));
    return arm(call, due, term);
}

Trap host_timer_arm_at(const Call& call) {
    const std::uint32_t kind = call.u32(1);
    const std::int64_t value = call.i64(2);
    if (kind > 1) {
        return call.refuse(abi::Refusal::Trap);
    }
    const std::int64_t day = kind == 0 ? value : calendar::day_of(value);
    if (!calendar::is_day(day)) {
        return call.refuse(abi::Refusal::BadDate);
    }
    return arm(call,
               kind == 0 ? Due{false, static_cast<calendar::Day>(day), 0} : Due{true, 0, value},
               std::nullopt);
}

Trap host_timer_disarm(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    const std::uint32_t index = call.u32(0);
    AQD_HOST_TRY(deadline, deadline_of(call, *current, index));
    const auto place = place_of(current->row.timers, index);
    if (place == current->row.timers.end() || place->deadline != index) {
        return Trap::none;
    }
    AQD_HOST_CHECK(trap_of(call, context.overlay->remove(place->key)));
    current->row.timers.erase(place);
    current->changed = true;
    context.emit(EventKind::deadline_disarmed, EventData().text(deadline->name).take());
    return Trap::none;
}

Trap host_due(const Call& call) {
    AQD_HOST_TRY(term, term_of(call, 0));
    AQD_HOST_TRY(due, due_of(call, term));
    if (!due.is_instant) {
        return call.give(static_cast<std::uint32_t>(due.day));
    }
    AQD_HOST_TRY(clock, or_fault(call, system::read_clock(*call.context().overlay)));
    return call.give(static_cast<std::uint32_t>(clock.day(due.instant)));
}

}  // namespace aqd::host

#include "vm/host/call.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/bodies.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/event_data.h>
#include <aqd/system/questions.h>
#include <aqd/system/store_keys.h>
#include <aqd/system/timers.h>

#include <algorithm>

// Exchanges: a case asks a body, the body's module answers from a case of its own (semantics 22).

namespace aqd::host {
namespace {

using system::DeliveryKind;
using system::EventData;
using system::EventKind;
using system::QuestionRow;
using system::QuestionStatus;

/// [0, fields...]: what an `on reply` gets.
Bytes answered_reply(BytesView fields) {
    abi::Reader reader(fields);
    const auto count = reader.read_array_header();
    Bytes reply;
    abi::Writer writer(reply);
    writer.write_array_header(count.value_or(0) + 1);
    writer.write_uint(0);
    append(reply, reader.rest());
    return reply;
}

Or<std::optional<std::int32_t>> arm_silence(const Call& call, const abi::Exchange& exchange,
                                            const abi::CaseId& case_id, std::uint32_t ordinal,
                                            QuestionRow& row,
                                            const std::optional<abi::Lineage>& calendar) {
    CallContext& context = call.context();
    if (!exchange.within) {
        return std::optional<std::int32_t>();
    }
    const system::Term term =
        system::term_of(*exchange.within, context.effective, context.base_instant, calendar);
    if (const Trap trap = call.charge_term(term); trap != Trap::none) {
        return std::unexpected(trap);
    }
    AQD_OR_TRY(due, or_fault(call, system::due_of(term, *context.overlay)));
    const Bytes key =
        system::timer_key(due, {context.block->height, context.position, context.next_ordinal++});
    const Trap stored = trap_of(
        call, context.overlay->put(key, system::encode_timer({system::Waker::question, case_id,
                                                              ordinal, due, term})));
    if (stored != Trap::none) {
        return std::unexpected(stored);
    }
    row.timer = key;
    AQD_OR_TRY(clock, or_fault(call, system::read_clock(*context.overlay)));
    return std::optional<std::int32_t>(due.is_instant ? clock.day(due.instant) : due.day);
}

}  // namespace

Trap host_ask(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    AQD_HOST_TRY(fields, call.region(1));
    AQD_HOST_TRY(asked, call.region(3));
    AQD_HOST_TRY(asking, call.region(5));
    AQD_HOST_TRY(calendar, call.calendar(7));
    const std::uint64_t name = call.u64(0);
    const abi::Exchange* exchange = context.declarations->exchange(name);
    if (exchange == nullptr || !system::split_body(asked) || !system::split_body(asking) ||
        !system::is_array(fields)) {
        return call.refuse(abi::Refusal::Trap);
    }
    std::vector<system::OpenQuestion>& open = current->row.open_questions;
    if (std::ranges::find(open, name, &system::OpenQuestion::exchange) != open.end()) {
        return call.refuse(abi::Refusal::QuestionOpen);
    }
    const std::uint32_t ordinal = current->row.next_ordinal++;
    open.push_back({name, ordinal});
    current->changed = true;
    QuestionRow row;
    row.exchange = context.declarations->manifest().path + "." + exchange->name;
    row.asked = to_bytes(asked);
    row.asking = to_bytes(asking);
    row.fields = to_bytes(fields);
    row.asked_on = context.effective;
    AQD_HOST_TRY(answer_by, arm_silence(call, *exchange, current->id, ordinal, row, calendar));
    AQD_HOST_CHECK(trap_of(call, context.overlay->put(system::question_key(current->id, ordinal),
                                                      system::encode_question(row))));
    context.emit(EventKind::asked, EventData()
                                       .number(ordinal)
                                       .text(row.exchange)
                                       .item(asked)
                                       .item(asking)
                                       .text(exchange->purpose)
                                       .text(exchange->basis)
                                       .optional_day(answer_by)
                                       .take());
    call.queue({DeliveryKind::question, current->id, ordinal, {}, {}});
    return Trap::none;
}

Trap host_answer(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    AQD_HOST_TRY(fields, call.region(0));
    if (!system::is_array(fields)) {
        return call.refuse(abi::Refusal::Trap);
    }
    if (!current->row.question) {
        return call.refuse(abi::Refusal::NoQuestion);
    }
    const system::QuestionLink link = *current->row.question;
    AQD_HOST_TRY(question, or_fault(call, system::read_question(*context.overlay, link.asking,
                                                                link.ordinal)));
    if (!question) {
        return call.fault({ErrorCode::corrupt, "a case answers a question that is not there", {}});
    }
    if (question->status == QuestionStatus::answered) {
        return call.refuse(abi::Refusal::NoQuestion);
    }
    Bytes about =
        EventData().bytes(link.asking.view()).number(link.ordinal).text(question->exchange).take();
    if (question->status != QuestionStatus::open) {
        context.emit(EventKind::answer_dropped, std::move(about));
        return Trap::none;
    }
    if (question->timer) {
        AQD_HOST_CHECK(trap_of(call, context.overlay->remove(*question->timer)));
        question->timer.reset();
    }
    question->status = QuestionStatus::answered;
    AQD_HOST_CHECK(
        trap_of(call, context.overlay->put(system::question_key(link.asking, link.ordinal),
                                           system::encode_question(*question))));
    context.emit(EventKind::answered, std::move(about));
    call.queue({DeliveryKind::reply, link.asking, link.ordinal, {}, answered_reply(fields)});
    return Trap::none;
}

}  // namespace aqd::host

#include "vm/ledger/block_run.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/case_row.h>
#include <aqd/system/event_data.h>
#include <aqd/system/questions.h>
#include <aqd/system/store_keys.h>

// What fires by itself when its time has come (semantics 5, 16, 19, 20, 22).

namespace aqd::ledger {
namespace {

using system::Due;
using system::EventData;
using system::EventKind;
using system::ObligationRow;
using system::RipeTimer;

/// Firings of one case on one day, more than the day has minutes. Deadlines that arm one another in
/// the past meet it, however many blocks they fill; a procedure that waits for days meets it only
/// after many years without a block.
constexpr std::uint32_t deadlines_of_case = 1'500;

/// A row that another row says is there.
template <class Row>
Result<Row> present(Result<std::optional<Row>> row, const char* what) {
    if (!row) {
        return std::unexpected(std::move(row).error());
    }
    std::optional<Row>& found = *row;
    if (!found) {
        return fail(ErrorCode::corrupt, std::string("a timer points to nothing: ") + what);
    }
    return std::move(*found);
}

bool is_later(const Due& due, const Due& than) {
    return due.is_instant ? due.instant > than.instant : due.day > than.day;
}

void remove_armed(system::CaseRow& row, BytesView key) {
    std::erase_if(row.timers,
                  [&](const system::ArmedTimer& timer) { return equal(timer.key, key); });
}

Receipt receipt_of(Origin origin, const abi::CaseId& case_id, std::int32_t effective) {
    Receipt receipt;
    receipt.origin = origin;
    receipt.case_id = case_id;
    receipt.effective = effective;
    return receipt;
}

void remind(ObligationRow& row, const abi::CaseId& case_id, std::uint32_t ordinal,
            calendar::Day due, std::int64_t instant, Receipt& receipt) {
    row.next_reminder.reset();
    if (row.reminders_sent < row.reminders) {
        ++row.reminders_sent;
        receipt.events.push_back(case_event(case_id, EventKind::reminded,
                                            EventData()
                                                .number(ordinal)
                                                .text(row.notice)
                                                .item(row.recipient)
                                                .number(row.reminders_sent)
                                                .take()));
        const bool more = row.reminders_sent < row.reminders || !row.escalate_to.empty();
        if (more && row.remind_every) {
            row.next_reminder = system::term_of(*row.remind_every, due, instant, row.calendar);
        }
        return;
    }
    if (!row.escalate_to.empty() && !row.escalated) {
        row.escalated = true;
        receipt.events.push_back(case_event(case_id, EventKind::notice_escalated,
                                            EventData()
                                                .number(ordinal)
                                                .text(row.notice)
                                                .item(row.recipient)
                                                .text(row.escalate_to)
                                                .take()));
    }
}

/// Reminders begin when a term has passed; without any, the escalation comes at once.
void begin_reminding(ObligationRow& row, const abi::CaseId& case_id, std::uint32_t ordinal,
                     calendar::Day due, std::int64_t instant, Receipt& receipt) {
    const bool under_way =
        row.next_reminder.has_value() || row.escalated || row.reminders_sent != 0;
    if (!under_way) {
        remind(row, case_id, ordinal, due, instant, receipt);
    }
}

}  // namespace

Result<bool> BlockRun::any_ripe() const {
    AQD_TRY(timer, system::next_ripe(*overlay_, clock_, block_.now));
    return timer.has_value();
}

Result<> BlockRun::fire_ripe() {
    while (timers_fired_ < facts_->rules.timers_per_block && has_room()) {
        AQD_TRY(timer, system::next_ripe(*overlay_, clock_, block_.now));
        if (!timer) {
            return {};
        }
        ++timers_fired_;
        AQD_CHECK(fire(std::move(*timer)));
    }
    return {};
}

Result<> BlockRun::fire(RipeTimer timer) {
    AQD_CHECK(overlay_->remove(timer.key));
    AQD_TRY(moved, move_if_later(timer));
    if (moved) {
        return {};
    }
    switch (timer.row.waker) {
        case system::Waker::deadline:
            return fire_deadline(timer);
        case system::Waker::obligation:
            return fire_obligation(timer);
        case system::Waker::question:
            return fire_question(timer);
    }
    return {};
}

Result<bool> BlockRun::move_if_later(const RipeTimer& timer) {
    if (!timer.row.term) {
        return false;
    }
    AQD_TRY(due, system::due_of(*timer.row.term, *overlay_));
    if (!is_later(due, timer.row.due)) {
        return false;
    }
    const Bytes key = system::moved_timer_key(timer.key, due);
    system::TimerRow row = timer.row;
    row.due = due;
    AQD_CHECK(overlay_->put(key, system::encode_timer(row)));
    const abi::CaseId& case_id = row.case_id;
    Receipt receipt = receipt_of(Origin::deadline, case_id, block_.today);
    if (row.waker == system::Waker::deadline) {
        AQD_TRY(of_case, present(system::read_case(*overlay_, case_id), "a case"));
        for (system::ArmedTimer& armed : of_case.timers) {
            if (armed.key == timer.key) {
                armed.key = key;
            }
        }
        AQD_CHECK(overlay_->put(system::case_key(case_id), system::encode_case(of_case)));
        AQD_TRY(target, target_of(of_case.lineage, of_case.version));
        const abi::Procedure* procedure =
            target ? target->code->manifest().procedure(of_case.procedure) : nullptr;
        if (procedure != nullptr && row.number < procedure->deadlines.size()) {
            receipt.events.push_back(case_event(
                case_id, EventKind::deadline_moved,
                EventData().text(procedure->deadlines[row.number].name).day(due.day).take()));
            keep(std::move(receipt));
        }
    } else if (row.waker == system::Waker::obligation) {
        AQD_TRY(obligation,
                present(system::read_obligation(*overlay_, case_id, row.number), "an obligation"));
        obligation.timer = key;
        AQD_CHECK(overlay_->put(system::obligation_key(case_id, row.number),
                                system::encode_obligation(obligation)));
    } else {
        AQD_TRY(question,
                present(system::read_question(*overlay_, case_id, row.number), "a question"));
        question.timer = key;
        AQD_CHECK(overlay_->put(system::question_key(case_id, row.number),
                                system::encode_question(question)));
    }
    return true;
}

Result<> BlockRun::mark_faulted(const abi::CaseId& case_id, std::string_view entry,
                                std::uint16_t refusal, Receipt& receipt) {
    AQD_TRY(row, present(system::read_case(*overlay_, case_id), "a case"));
    row.faulted = true;
    AQD_CHECK(overlay_->put(system::case_key(case_id), system::encode_case(row)));
    receipt.events.push_back(
        case_event(case_id, EventKind::faulted, EventData().text(entry).number(refusal).take()));
    return {};
}

Result<> BlockRun::fire_deadline(const RipeTimer& timer) {
    const abi::CaseId& case_id = timer.row.case_id;
    AQD_TRY(row, present(system::read_case(*overlay_, case_id), "a case"));
    remove_armed(row, timer.key);
    row.fired = row.fired_on == block_.today ? row.fired + 1 : 1;
    row.fired_on = block_.today;
    AQD_CHECK(overlay_->put(system::case_key(case_id), system::encode_case(row)));
    AQD_TRY(target, target_of(row.lineage, row.version));
    const abi::Procedure* procedure =
        target ? target->code->manifest().procedure(row.procedure) : nullptr;
    if (!target || procedure == nullptr || timer.row.number >= procedure->deadlines.size()) {
        return fail(ErrorCode::corrupt, "a deadline that its module does not declare");
    }
    const abi::Deadline& deadline = procedure->deadlines[timer.row.number];
    target->exported = deadline.exported;
    target->entry = row.procedure + "." + deadline.name;
    const std::int32_t legal = system::legal_date(timer.row.due, clock_);
    Receipt receipt = receipt_of(Origin::deadline, case_id, legal);
    receipt.events.push_back(case_event(case_id, EventKind::deadline_fired,
                                        EventData().text(deadline.name).day(legal).take()));
    host::CallContext context = automatic_context(legal, timer.first_second);
    const Bytes no_arguments{0x80};
    context.arguments = no_arguments;
    context.named_case = case_id;
    const std::string entry = target->entry;
    if (row.fired > deadlines_of_case) {
        receipt.module = target->code->manifest().path;
        receipt.version = target->version;
        receipt.entry = entry;
        receipt.refusal = static_cast<std::uint16_t>(abi::Refusal::LoopLimit);
        AQD_CHECK(mark_faulted(case_id, entry, receipt.refusal, receipt));
        keep(std::move(receipt));
        return {};
    }
    AQD_CHECK(execute(std::move(*target), context, facts_->rules.automatic_gas, receipt));
    std::optional<engine::Site> site = take_site();
    if (receipt.refusal != 0) {
        AQD_CHECK(mark_faulted(case_id, entry, receipt.refusal, receipt));
    }
    keep(std::move(receipt), std::move(site));
    return {};
}

Result<> BlockRun::fire_obligation(const RipeTimer& timer) {
    const abi::CaseId& case_id = timer.row.case_id;
    const std::uint32_t ordinal = timer.row.number;
    AQD_TRY(row, present(system::read_obligation(*overlay_, case_id, ordinal), "an obligation"));
    row.timer.reset();
    AQD_TRY(next, system::next_term(row, *overlay_, clock_));
    const std::int32_t legal = system::legal_date(timer.row.due, clock_);
    Receipt receipt = receipt_of(Origin::obligation, case_id, legal);
    const calendar::Day due = timer.row.due.is_instant ? legal : timer.row.due.day;
    const auto overdue = [&](std::uint64_t what) {
        receipt.events.push_back(case_event(
            case_id, EventKind::overdue,
            EventData().number(ordinal).text(row.notice).item(row.recipient).number(what).take()));
    };
    switch (next.waiting) {
        case system::Waiting::nothing:
            return overlay_->put(system::obligation_key(case_id, ordinal),
                                 system::encode_obligation(row));
        case system::Waiting::acknowledgement:
            row.acknowledge_overdue = true;
            overdue(0);
            begin_reminding(row, case_id, ordinal, due, timer.first_second, receipt);
            break;
        case system::Waiting::act:
            row.act_overdue = true;
            overdue(1);
            begin_reminding(row, case_id, ordinal, due, timer.first_second, receipt);
            break;
        case system::Waiting::reminder:
            remind(row, case_id, ordinal, due, timer.first_second, receipt);
            break;
    }
    AQD_CHECK(system::rearm_obligation(*overlay_, clock_, case_id, ordinal, row, block_.height,
                                       position(), first_ledger_ordinal + queue_ordinal_++));
    AQD_CHECK(
        overlay_->put(system::obligation_key(case_id, ordinal), system::encode_obligation(row)));
    keep(std::move(receipt));
    return {};
}

Result<> BlockRun::fire_question(const RipeTimer& timer) {
    const abi::CaseId& case_id = timer.row.case_id;
    AQD_TRY(row,
            present(system::read_question(*overlay_, case_id, timer.row.number), "a question"));
    row.timer.reset();
    row.status = system::QuestionStatus::silent;
    AQD_CHECK(overlay_->put(system::question_key(case_id, timer.row.number),
                            system::encode_question(row)));
    const std::int32_t legal = system::legal_date(timer.row.due, clock_);
    Receipt receipt = receipt_of(Origin::question, case_id, legal);
    receipt.events.push_back(
        case_event(case_id, EventKind::silent,
                   EventData().number(timer.row.number).text(row.exchange).take()));
    const Bytes silent{0x02};
    return receive_reply(case_id, timer.row.number, row.exchange, silent,
                         automatic_context(legal, timer.first_second), receipt);
}

}  // namespace aqd::ledger

#include "vm/system/row_codec.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/bodies.h>
#include <aqd/system/obligations.h>
#include <aqd/system/store_keys.h>
#include <aqd/system/timers.h>

namespace aqd::system {
namespace {

constexpr std::uint64_t obligation_fields = 20;

void write_optional_term(abi::Writer& writer, const std::optional<Term>& term) {
    if (term) {
        write_term(writer, *term);
    } else {
        writer.write_null();
    }
}

Result<std::optional<Term>> read_optional_term(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<Term>();
    }
    AQD_TRY(term, read_term(reader));
    return std::optional<Term>(term);
}

Result<std::optional<abi::Period>> read_optional_period(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<abi::Period>();
    }
    abi::Period period;
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(amount, reader.read_uint());
    period.amount = amount;
    AQD_TRY(unit, reader.read_uint_up_to(static_cast<std::uint64_t>(Unit::minutes)));
    period.unit = static_cast<std::uint8_t>(unit);
    return std::optional<abi::Period>(period);
}

Result<> read_progress(abi::Reader& reader, ObligationRow& row) {
    AQD_TRY(acknowledge_by, read_optional_day(reader));
    row.acknowledge_by = acknowledge_by;
    AQD_TRY(act_by, read_optional_day(reader));
    row.act_by = act_by;
    AQD_TRY(acknowledged_on, read_optional_day(reader));
    row.acknowledged_on = acknowledged_on;
    AQD_TRY(acted_on, read_optional_day(reader));
    row.acted_on = acted_on;
    AQD_TRY(acknowledge_overdue, reader.read_bool());
    row.acknowledge_overdue = acknowledge_overdue;
    AQD_TRY(act_overdue, reader.read_bool());
    row.act_overdue = act_overdue;
    return {};
}

Result<> read_reminders(abi::Reader& reader, ObligationRow& row) {
    AQD_TRY(reminders, read_u32(reader));
    row.reminders = reminders;
    AQD_TRY(reminders_sent, read_u32(reader));
    row.reminders_sent = reminders_sent;
    AQD_TRY(remind_every, read_optional_period(reader));
    row.remind_every = remind_every;
    AQD_TRY(next_reminder, read_optional_term(reader));
    row.next_reminder = next_reminder;
    AQD_TRY(escalate_to, read_owned_text(reader));
    row.escalate_to = std::move(escalate_to);
    AQD_TRY(escalated, reader.read_bool());
    row.escalated = escalated;
    return {};
}

}  // namespace

bool ObligationRow::is_to_case() const {
    const auto kind = abi::Reader(recipient).peek();
    return kind.has_value() && *kind == abi::Kind::bytes;
}

bool ObligationRow::operator==(const ObligationRow& other) const {
    return encode_obligation(*this) == encode_obligation(other);
}

Bytes encode_obligation(const ObligationRow& row) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(obligation_fields);
    writer.write_text(row.notice);
    writer.write_encoded(row.fields);
    writer.write_encoded(row.recipient);
    writer.write_int(row.sent_on);
    write_optional_term(writer, row.acknowledge);
    write_optional_term(writer, row.act);
    write_day(writer, row.acknowledge_by);
    write_day(writer, row.act_by);
    write_day(writer, row.acknowledged_on);
    write_day(writer, row.acted_on);
    writer.write_bool(row.acknowledge_overdue);
    writer.write_bool(row.act_overdue);
    writer.write_uint(row.reminders);
    writer.write_uint(row.reminders_sent);
    if (row.remind_every) {
        writer.write_array_header(2);
        writer.write_uint(row.remind_every->amount);
        writer.write_uint(row.remind_every->unit);
    } else {
        writer.write_null();
    }
    write_optional_term(writer, row.next_reminder);
    writer.write_text(row.escalate_to);
    writer.write_bool(row.escalated);
    write_optional_fixed(writer, row.calendar);
    write_optional_bytes(writer, row.timer);
    return out;
}

Result<ObligationRow> decode_obligation(BytesView bytes) {
    ObligationRow row;
    abi::Reader reader(bytes);
    AQD_CHECK(reader.expect_array(obligation_fields));
    AQD_TRY(notice, read_owned_text(reader));
    row.notice = std::move(notice);
    AQD_TRY(fields, reader.skip());
    row.fields = to_bytes(fields);
    AQD_TRY(recipient, reader.skip());
    row.recipient = to_bytes(recipient);
    AQD_TRY(sent_on, read_day(reader));
    row.sent_on = sent_on;
    AQD_TRY(acknowledge, read_optional_term(reader));
    row.acknowledge = acknowledge;
    AQD_TRY(act, read_optional_term(reader));
    row.act = act;
    AQD_CHECK(read_progress(reader, row));
    AQD_CHECK(read_reminders(reader, row));
    AQD_TRY(lineage, read_optional_fixed<abi::Lineage>(reader));
    row.calendar = lineage;
    AQD_TRY(timer, read_optional_bytes(reader));
    row.timer = std::move(timer);
    AQD_CHECK(reader.finish());
    return row;
}

Result<std::optional<ObligationRow>> read_obligation(const state::StateView& view,
                                                     const abi::CaseId& case_id,
                                                     std::uint32_t ordinal) {
    return load_row(view, obligation_key(case_id, ordinal), decode_obligation);
}

Result<NextTerm> next_term(const ObligationRow& row, const state::StateView& view,
                           const CivilClock& clock) {
    NextTerm best;
    if (row.is_met()) {
        return best;
    }
    const auto consider = [&](Waiting waiting, const std::optional<Term>& term) -> Result<> {
        if (!term) {
            return {};
        }
        AQD_TRY(due, due_of(*term, view));
        if (best.waiting == Waiting::nothing ||
            first_second(due, clock) < first_second(best.due, clock)) {
            best = {waiting, due, *term};
        }
        return {};
    };
    if (!row.acknowledged_on && !row.acknowledge_overdue) {
        AQD_CHECK(consider(Waiting::acknowledgement, row.acknowledge));
    }
    if (!row.act_overdue) {
        AQD_CHECK(consider(Waiting::act, row.act));
    }
    AQD_CHECK(consider(Waiting::reminder, row.next_reminder));
    return best;
}

Result<> rearm_obligation(state::Overlay& overlay, const CivilClock& clock,
                          const abi::CaseId& case_id, std::uint32_t ordinal, ObligationRow& row,
                          std::uint64_t height, std::uint32_t position,
                          std::uint32_t arming_ordinal) {
    if (row.timer) {
        AQD_CHECK(overlay.remove(*row.timer));
        row.timer.reset();
    }
    AQD_TRY(next, next_term(row, overlay, clock));
    if (next.waiting == Waiting::nothing) {
        return {};
    }
    const Bytes key = timer_key(next.due, {height, position, arming_ordinal});
    AQD_CHECK(
        overlay.put(key, encode_timer({Waker::obligation, case_id, ordinal, next.due, next.term})));
    row.timer = key;
    return {};
}

}  // namespace aqd::system

#include "vm/ledger/block_run.h"

#include <aqd/abi/cbor.h>
#include <aqd/crypto/sha256.h>
#include <aqd/system/bodies.h>
#include <aqd/system/case_row.h>
#include <aqd/system/event_data.h>
#include <aqd/system/modules.h>
#include <aqd/system/questions.h>
#include <aqd/system/store_keys.h>

#include <array>

// What contracts send one another, handed over in a later block (semantics 5, 20, 22).

namespace aqd::ledger {
namespace {

using abi::EntryKind;
using system::DeliveryKind;
using system::DeliveryRow;
using system::EventData;
using system::EventKind;
using system::ObligationRow;
using system::QuestionRow;
using system::QuestionStatus;

Result<ObligationRow> obligation_of(const state::StateView& view, const DeliveryRow& row) {
    AQD_TRY(obligation, system::read_obligation(view, row.case_id, row.ordinal));
    if (!obligation) {
        return fail(ErrorCode::corrupt, "a delivery without its obligation");
    }
    return std::move(*obligation);
}

Result<QuestionRow> question_of(const state::StateView& view, const DeliveryRow& row) {
    AQD_TRY(question, system::read_question(view, row.case_id, row.ordinal));
    if (!question) {
        return fail(ErrorCode::corrupt, "a delivery without its question");
    }
    return std::move(*question);
}

/// [[fields...], case, body or null].
Bytes sent_arguments(BytesView fields, const abi::CaseId& case_id,
                     const std::optional<Bytes>& body) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(3);
    writer.write_encoded(fields);
    writer.write_bytes(case_id.view());
    if (body) {
        writer.write_encoded(*body);
    } else {
        writer.write_null();
    }
    return out;
}

/// [item].
Bytes one_argument(BytesView item) {
    Bytes out;
    abi::Writer writer(out);
    writer.write_array_header(1);
    writer.write_encoded(item);
    return out;
}

/// Ids of cases that a delivery opens depend on this, as others depend on a transaction.
Hash256 identity_of(const DeliveryRow& row) {
    std::array<std::uint8_t, 4> ordinal{};
    for (unsigned i = 0; i < ordinal.size(); ++i) {
        ordinal[i] = static_cast<std::uint8_t>(row.ordinal >> (24 - 8 * i));
    }
    return crypto::sha256({as_bytes("aqd/delivery/v1"), row.case_id.view(), ordinal});
}

/// The target aimed at its entry of this kind; nothing if it has none, or there is no target.
std::optional<Target> aimed_at(std::optional<Target> target, EntryKind kind,
                               std::string_view subject, std::string_view procedure) {
    if (!target) {
        return std::nullopt;
    }
    const abi::Entry* entry = target->code->declarations().entry_for(kind, subject, procedure);
    if (entry == nullptr) {
        return std::nullopt;
    }
    target->exported = entry->exported;
    target->entry = entry->name;
    return target;
}

std::uint64_t outcome_of_reply(BytesView reply) {
    abi::Reader reader(reply);
    return reader.read_uint().value_or(0);
}

}  // namespace

Result<bool> BlockRun::any_queued() const {
    AQD_TRY(delivery, system::next_delivery(*overlay_, block_.height));
    return delivery.has_value();
}

Result<> BlockRun::deliver_queued() {
    for (std::uint32_t done = 0; done < facts_->rules.deliveries_per_block && has_room(); ++done) {
        AQD_TRY(delivery, system::next_delivery(*overlay_, block_.height));
        if (!delivery) {
            return {};
        }
        AQD_CHECK(overlay_->remove(delivery->key));
        AQD_CHECK(deliver(delivery->row));
        AQD_CHECK(fire_ripe());
        AQD_TRY(ripe, any_ripe());
        if (ripe) {
            return {};
        }
    }
    return {};
}

host::CallContext BlockRun::delivered_context(std::uint32_t further) {
    host::CallContext context = automatic_context(block_.today, block_.now);
    context.further_deliveries = further;
    return context;
}

Result<std::optional<Target>> BlockRun::serving_target(const abi::Lineage& lineage,
                                                       BytesView authority) {
    AQD_TRY(target, target_on(lineage, block_.today));
    const auto served =
        target ? system::tag_of(facts_->chain, target->code->manifest().serves) : std::nullopt;
    return served && equal(*served, authority) ? std::move(target) : std::optional<Target>();
}

Result<> BlockRun::deliver(const DeliveryRow& row) {
    switch (row.kind) {
        case DeliveryKind::notice_to_module:
            return deliver_to_module(row);
        case DeliveryKind::notice_to_case:
            return deliver_to_case(row);
        case DeliveryKind::acknowledgement:
            return deliver_acknowledgement(row);
        case DeliveryKind::question:
            return deliver_question(row);
        case DeliveryKind::reply:
            return deliver_reply(row);
    }
    return {};
}

Result<> BlockRun::deliver_to_module(const DeliveryRow& row) {
    AQD_TRY(obligation, obligation_of(*overlay_, row));
    AQD_TRY(parts, system::split_body(obligation.recipient));
    if (!row.module) {
        return fail(ErrorCode::corrupt, "a notice to no module");
    }
    AQD_TRY(serving, serving_target(*row.module, parts.authority));
    auto target = aimed_at(std::move(serving), EntryKind::listener, obligation.notice, {});
    if (!target) {
        return {};
    }
    Receipt receipt;
    receipt.origin = Origin::delivery;
    host::CallContext context = delivered_context(row.further / 2);
    const Bytes arguments = sent_arguments(obligation.fields, row.case_id, obligation.recipient);
    context.arguments = arguments;
    context.identity = identity_of(row);
    AQD_CHECK(execute(std::move(*target), context, facts_->rules.automatic_gas, receipt));
    std::optional<engine::Site> site = take_site();
    EventData about;
    about.number(row.ordinal).text(obligation.notice).text(receipt.module);
    if (receipt.refusal != 0) {
        receipt.events.push_back(case_event(row.case_id, EventKind::not_delivered,
                                            about.number(receipt.refusal).take()));
    } else {
        receipt.events.push_back(case_event(row.case_id, EventKind::delivered, about.take()));
        if (!obligation.is_met()) {
            const bool first = !obligation.acknowledged_on;
            obligation.acknowledged_on = obligation.acknowledged_on.value_or(block_.today);
            obligation.acted_on = block_.today;
            AQD_CHECK(system::rearm_obligation(*overlay_, clock_, row.case_id, row.ordinal,
                                               obligation, block_.height, position(), 0));
            AQD_CHECK(overlay_->put(system::obligation_key(row.case_id, row.ordinal),
                                    system::encode_obligation(obligation)));
            receipt.events.push_back(case_event(row.case_id, EventKind::acted,
                                                EventData()
                                                    .number(row.ordinal)
                                                    .text(obligation.notice)
                                                    .item(obligation.recipient)
                                                    .null()
                                                    .take()));
            if (first) {
                AQD_CHECK(queue({DeliveryKind::acknowledgement,
                                 row.case_id,
                                 row.ordinal,
                                 {},
                                 {},
                                 row.further / 2}));
            }
        }
    }
    keep(std::move(receipt), std::move(site));
    return {};
}

Result<std::optional<bool>> BlockRun::run_case_entry(const abi::CaseId& case_id, EntryKind kind,
                                                     std::string_view subject, Bytes arguments,
                                                     host::CallContext context, Receipt& receipt) {
    AQD_TRY(row, system::read_case(*overlay_, case_id));
    if (!row) {
        return std::optional<bool>();
    }
    AQD_TRY(pinned, target_of(row->lineage, row->version));
    auto target = aimed_at(std::move(pinned), kind, subject, row->procedure);
    if (!target) {
        return std::optional<bool>();
    }
    context.arguments = arguments;
    context.named_case = case_id;
    AQD_CHECK(execute(std::move(*target), context, facts_->rules.automatic_gas, receipt));
    // A case that has gone on meanwhile is as whole as before: only its handler came too late.
    const bool went_on = receipt.refusal == static_cast<std::uint16_t>(abi::Refusal::WrongState);
    if (receipt.refusal != 0 && !went_on) {
        AQD_CHECK(mark_faulted(case_id, receipt.entry, receipt.refusal, receipt));
    }
    return std::optional<bool>(receipt.refusal == 0);
}

Result<> BlockRun::deliver_to_case(const DeliveryRow& row) {
    AQD_TRY(obligation, obligation_of(*overlay_, row));
    abi::Reader reader(obligation.recipient);
    AQD_TRY(recipient, reader.read_fixed<abi::CaseId>());
    Receipt receipt;
    receipt.origin = Origin::delivery;
    receipt.case_id = recipient;
    receipt.effective = block_.today;
    AQD_TRY(ran, run_case_entry(recipient, EntryKind::case_notice, obligation.notice,
                                sent_arguments(obligation.fields, row.case_id, std::nullopt),
                                delivered_context(row.further), receipt));
    std::optional<engine::Site> site = take_site();
    const bool taken = ran.value_or(false);
    EventData about;
    about.number(row.ordinal).text(obligation.notice).text(receipt.module);
    if (taken) {
        obligation.acknowledged_on = block_.today;
        obligation.acted_on = block_.today;
        AQD_CHECK(overlay_->put(system::obligation_key(row.case_id, row.ordinal),
                                system::encode_obligation(obligation)));
        receipt.events.push_back(case_event(row.case_id, EventKind::delivered, about.take()));
    } else {
        receipt.events.push_back(case_event(row.case_id, EventKind::not_delivered,
                                            about.number(receipt.refusal).take()));
    }
    keep(std::move(receipt), std::move(site));
    return {};
}

Result<> BlockRun::deliver_acknowledgement(const DeliveryRow& row) {
    AQD_TRY(obligation, obligation_of(*overlay_, row));
    Receipt receipt;
    receipt.origin = Origin::delivery;
    AQD_TRY(ran, run_case_entry(row.case_id, EntryKind::acknowledged, obligation.notice,
                                one_argument(obligation.recipient), delivered_context(row.further),
                                receipt));
    if (ran) {
        keep(std::move(receipt), take_site());
    }
    return {};
}

Result<> BlockRun::deliver_question(const DeliveryRow& row) {
    AQD_TRY(question, question_of(*overlay_, row));
    if (question.status != QuestionStatus::open) {
        return {};
    }
    AQD_TRY(parts, system::split_body(question.asked));
    AQD_TRY(serving, system::read_serving(*overlay_, parts.authority));
    Receipt receipt;
    receipt.origin = Origin::delivery;
    receipt.effective = block_.today;
    std::optional<engine::Site> site;
    bool taken = false;
    for (const abi::Lineage& lineage : serving) {
        AQD_TRY(found, serving_target(lineage, parts.authority));
        auto target = aimed_at(std::move(found), EntryKind::start_on_ask, question.exchange, {});
        if (!target) {
            continue;
        }
        host::CallContext context = delivered_context(row.further);
        const Bytes arguments = sent_arguments(question.fields, row.case_id, question.asking);
        context.arguments = arguments;
        context.identity = identity_of(row);
        context.question = system::QuestionLink{row.case_id, row.ordinal};
        AQD_CHECK(execute(std::move(*target), context, facts_->rules.automatic_gas, receipt));
        site = take_site();
        // A start that opened no case will never answer.
        taken = receipt.refusal == 0 && receipt.case_id.has_value();
        break;
    }
    // The start may have answered at once.
    AQD_TRY(now, question_of(*overlay_, row));
    if (taken) {
        now.answering = receipt.case_id;
        receipt.events.push_back(case_event(
            row.case_id, EventKind::question_taken,
            EventData().bytes(row.case_id.view()).number(row.ordinal).text(now.exchange).take()));
    } else {
        now.status = QuestionStatus::refused;
        if (now.timer) {
            AQD_CHECK(overlay_->remove(*now.timer));
            now.timer.reset();
        }
        receipt.events.push_back(
            case_event(row.case_id, EventKind::question_refused,
                       EventData().number(row.ordinal).text(now.exchange).take()));
        AQD_CHECK(
            queue({DeliveryKind::reply, row.case_id, row.ordinal, {}, Bytes{0x01}, row.further}));
    }
    AQD_CHECK(overlay_->put(system::question_key(row.case_id, row.ordinal),
                            system::encode_question(now)));
    keep(std::move(receipt), std::move(site));
    return {};
}

Result<> BlockRun::deliver_reply(const DeliveryRow& row) {
    AQD_TRY(question, question_of(*overlay_, row));
    Receipt receipt;
    receipt.origin = Origin::delivery;
    receipt.case_id = row.case_id;
    receipt.effective = block_.today;
    return receive_reply(row.case_id, row.ordinal, question.exchange,
                         row.reply.value_or(Bytes{0x01}), delivered_context(row.further), receipt);
}

Result<> BlockRun::receive_reply(const abi::CaseId& asking, std::uint32_t ordinal,
                                 const std::string& exchange, const Bytes& reply,
                                 host::CallContext context, Receipt& receipt) {
    AQD_TRY(row, system::read_case(*overlay_, asking));
    if (!row) {
        return fail(ErrorCode::corrupt, "a reply to a case that is not there");
    }
    const auto removed = std::erase_if(row->open_questions, [&](const system::OpenQuestion& open) {
        return open.ordinal == ordinal;
    });
    if (removed == 0) {
        receipt.events.push_back(
            case_event(asking, EventKind::answer_dropped,
                       EventData().bytes(asking.view()).number(ordinal).text(exchange).take()));
        keep(std::move(receipt));
        return {};
    }
    AQD_CHECK(overlay_->put(system::case_key(asking), system::encode_case(*row)));
    receipt.events.push_back(case_event(
        asking, EventKind::reply_received,
        EventData().number(ordinal).text(exchange).number(outcome_of_reply(reply)).take()));
    AQD_TRY(ran, run_case_entry(asking, EntryKind::reply, exchange, one_argument(reply),
                                std::move(context), receipt));
    static_cast<void>(ran);
    keep(std::move(receipt), take_site());
    return {};
}

}  // namespace aqd::ledger

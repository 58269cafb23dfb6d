#include "vm/host/call.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/bodies.h>
#include <aqd/system/deliveries.h>
#include <aqd/system/event_data.h>
#include <aqd/system/questions.h>
#include <aqd/system/store_keys.h>

// The current case: finding it, opening it, storing it (semantics 2, 3, 9, 10).

namespace aqd::host {
namespace {

using system::EventData;
using system::EventKind;

/// Takes the case as the current one if it is of this module's procedure.
Or<bool> make_current(const Call& call, const abi::CaseId& case_id,
                      const abi::Procedure& procedure) {
    CallContext& context = call.context();
    if (context.current && context.current->id == case_id) {
        return context.current->row.procedure == procedure.name;
    }
    AQD_OR_TRY(row, or_fault(call, system::read_case(*context.overlay, case_id)));
    if (!row) {
        return false;
    }
    if (const Trap trap = call.charge_row(*row); trap != Trap::none) {
        return std::unexpected(trap);
    }
    if (row->lineage != context.declarations->lineage() || row->procedure != procedure.name) {
        return false;
    }
    if (context.current && (context.current->changed || context.current->is_new)) {
        // Two cases changed by one call: no rule of the language leads here.
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    if (row->version != context.version) {
        context.other_version = row->version;
        return std::unexpected(Trap::host_refusal);
    }
    const std::uint32_t first_ordinal = row->next_ordinal;
    context.current =
        CallContext::CurrentCase{case_id, std::move(*row), false, true, false, first_ordinal};
    return true;
}

Or<const abi::Procedure*> procedure_of(const Call& call, std::uint64_t name) {
    const abi::Procedure* procedure = call.context().declarations->procedure(name);
    if (procedure == nullptr) {
        return std::unexpected(call.refuse(abi::Refusal::Trap));
    }
    return procedure;
}

Or<Bytes> key_of_unique(const Call& call, std::string_view procedure, BytesView unique) {
    Bytes key = system::unique_key(call.context().declarations->lineage(), procedure, unique);
    if (key.size() > abi::largest_store_key) {
        return std::unexpected(call.refuse(abi::Refusal::TooLong));
    }
    return key;
}

/// Releases the unique value that the case holds and takes another.
Trap change_unique(const Call& call, CallContext::CurrentCase& current,
                   const std::optional<Bytes>& wanted) {
    state::Overlay& overlay = *call.context().overlay;
    if (current.row.unique == wanted) {
        return Trap::none;
    }
    if (current.row.unique) {
        AQD_HOST_CHECK(
            trap_of(call, overlay.remove(system::unique_key(
                              current.row.lineage, current.row.procedure, *current.row.unique))));
    }
    if (wanted) {
        AQD_HOST_TRY(key, key_of_unique(call, current.row.procedure, *wanted));
        AQD_HOST_TRY(holder, or_fault(call, system::read_unique(overlay, key)));
        if (holder) {
            return call.refuse(abi::Refusal::UniqueTaken);
        }
        AQD_HOST_CHECK(trap_of(call, overlay.put(key, system::encode_unique(current.id))));
    }
    current.row.unique = wanted;
    return Trap::none;
}

/// A case that comes to rest waits for no answer, one that leaves a state for none of what it asked
/// before (semantics 22): the questions with smaller ordinals than `end` are over.
Trap cancel_questions(const Call& call, CallContext::CurrentCase& current, std::uint32_t end) {
    CallContext& context = call.context();
    for (const system::OpenQuestion& open : current.row.open_questions) {
        if (open.ordinal >= end) {
            continue;
        }
        AQD_HOST_TRY(question, or_fault(call, system::read_question(*context.overlay, current.id,
                                                                    open.ordinal)));
        if (!question) {
            return call.fault({ErrorCode::corrupt, "an open question without its row", {}});
        }
        if (question->status != system::QuestionStatus::open) {
            continue;
        }
        if (question->timer) {
            AQD_HOST_CHECK(trap_of(call, context.overlay->remove(*question->timer)));
            question->timer.reset();
        }
        question->status = system::QuestionStatus::cancelled;
        AQD_HOST_CHECK(
            trap_of(call, context.overlay->put(system::question_key(current.id, open.ordinal),
                                               system::encode_question(*question))));
        context.emit(EventKind::question_cancelled,
                     EventData().number(open.ordinal).text(question->exchange).take());
    }
    std::erase_if(current.row.open_questions,
                  [&](const system::OpenQuestion& open) { return open.ordinal < end; });
    return Trap::none;
}

}  // namespace

Trap host_case_load(const Call& call) {
    const CallContext& context = call.context();
    AQD_HOST_TRY(procedure, procedure_of(call, call.u64(0)));
    if (!context.named_case) {
        return call.give(0);
    }
    AQD_HOST_TRY(found, make_current(call, *context.named_case, *procedure));
    return call.give(found ? 1 : 0);
}

Trap host_case_join(const Call& call) {
    CallContext& context = call.context();
    AQD_HOST_TRY(procedure, procedure_of(call, call.u64(0)));
    AQD_HOST_TRY(unique, call.region(1));
    AQD_HOST_TRY(key, key_of_unique(call, procedure->name, unique));
    AQD_HOST_TRY(holder, or_fault(call, system::read_unique(*context.overlay, key)));
    if (!holder) {
        return call.give(0);
    }
    AQD_HOST_TRY(found, make_current(call, *holder, *procedure));
    if (!found) {
        return call.fault(
            {ErrorCode::corrupt, "a unique value points to no case of its procedure", {}});
    }
    context.emit(EventKind::case_joined, EventData().text(procedure->name).take());
    return call.give(1);
}

Trap host_case_create(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(procedure, procedure_of(call, call.u64(0)));
    // Deadlines and replies belong to a case; what they opened would have no name of its own.
    if (context.current || context.identity == Hash256()) {
        return call.refuse(abi::Refusal::Trap);
    }
    const abi::Lineage& lineage = context.declarations->lineage();
    CallContext::CurrentCase current;
    current.id = abi::case_id_of(context.block->chain, lineage, procedure->name, context.identity,
                                 context.call_index);
    AQD_HOST_TRY(taken, or_fault(call, system::read_case(*context.overlay, current.id)));
    if (taken) {
        // Only a call that opens a second case gets here: ids follow from the call.
        return call.refuse(abi::Refusal::Trap);
    }
    current.is_new = true;
    current.row.lineage = lineage;
    current.row.procedure = procedure->name;
    current.row.version = context.version;
    current.row.opened = context.effective;
    current.row.question = context.question;
    context.current = std::move(current);
    context.emit(
        EventKind::case_opened,
        EventData().text(procedure->name).number(context.version).day(context.effective).take());
    return Trap::none;
}

Trap host_case_id(const Call& call) {
    AQD_HOST_TRY(current, call.current());
    return call.write_fixed(0, current->id.view());
}

Trap host_case_state(const Call& call) {
    AQD_HOST_TRY(current, call.current());
    return current->row.state ? call.give(*current->row.state) : call.give_absent();
}

Trap host_case_opened(const Call& call) {
    AQD_HOST_TRY(current, call.current());
    return call.give(static_cast<std::uint32_t>(current->row.opened));
}

Trap host_case_data(const Call& call) {
    AQD_HOST_TRY(current, call.current());
    return current->row.data ? call.write_out(0, *current->row.data) : call.give_absent();
}

Trap host_case_store(const Call& call) {
    AQD_HOST_CHECK(call.check_writable());
    CallContext& context = call.context();
    AQD_HOST_TRY(current, call.current());
    AQD_HOST_TRY(unique, call.region(2));
    AQD_HOST_TRY(data, call.item(4));
    const abi::Procedure* procedure =
        context.declarations->procedure(abi::id8(current->row.procedure));
    const std::uint32_t state = call.u32(0);
    if (procedure == nullptr || state >= procedure->states.size() || call.u32(1) > 1 ||
        (!unique.empty() && !system::is_item(unique))) {
        return call.refuse(abi::Refusal::Trap);
    }
    system::CaseRow& row = current->row;
    const bool settled = call.u32(1) == 1;
    // A settled case is no longer open, so it holds no unique value (docs/language.md, procedures).
    const bool holds = !unique.empty() && !settled;
    AQD_HOST_CHECK(change_unique(call, *current,
                                 holds ? std::optional<Bytes>(to_bytes(unique)) : std::nullopt));
    const bool left = row.state != state;
    if (left) {
        EventData moved;
        row.state ? moved.number(*row.state) : moved.null();
        context.emit(EventKind::transition, moved.number(state).boolean(settled).take());
        row.settled_on.reset();
        if (settled) {
            row.settled_on = context.effective;
            context.emit(EventKind::settled, EventData().day(context.effective).take());
        }
    }
    row.state = state;
    row.settled = settled;
    row.data = to_bytes(data);
    if (!context.automatic) {
        row.faulted = false;
    }
    current->stored = true;
    current->changed = true;
    if (settled) {
        return cancel_questions(call, *current, row.next_ordinal);
    }
    return left ? cancel_questions(call, *current, current->first_ordinal) : Trap::none;
}

}  // namespace aqd::host

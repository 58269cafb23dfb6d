#include "vm/ledger/native.h"

#include "vm/ledger/block_run.h"
#include "vm/ledger/deploy.h"
#include "vm/ledger/prices.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/bodies.h>
#include <aqd/system/calendars.h>
#include <aqd/system/event_data.h>
#include <aqd/system/mandates.h>
#include <aqd/system/modules.h>
#include <aqd/system/store_keys.h>

#include <algorithm>
#include <array>

// The entries of the ledger itself: modules, bodies, mandates, calendars, and what bodies say of
// their obligations.

namespace aqd::ledger {
namespace {

using abi::Refusal;
using system::EventData;
using system::EventKind;

/// A native call under way. `Result` errors are the node's; refusals are in the value.
struct Native {
    state::Overlay* overlay;
    const host::BlockFacts* block;
    const SignedCall* call;
    engine::Engine* engine;
    Receipt* receipt;

    [[nodiscard]] BytesView arguments() const { return call->call->arguments; }
    void emit(EventKind kind, Bytes data) const {
        receipt->events.push_back({kind, std::nullopt, std::move(data)});
    }
};

using Outcome = Result<Refusal>;

Result<bool> is_operator(const Native& native) {
    AQD_TRY(row, native.overlay->get(system::operator_key(native.call->sender)));
    return row.has_value();
}

bool key_fits(BytesView key) {
    return key.size() <= abi::largest_store_key;
}

Result<std::optional<std::int32_t>> read_until(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<std::int32_t>();
    }
    AQD_TRY(day, reader.read_int());
    if (!calendar::is_day(day)) {
        return fail(ErrorCode::invalid, "no day");
    }
    return std::optional<std::int32_t>(static_cast<std::int32_t>(day));
}

Result<std::int32_t> read_day(abi::Reader& reader) {
    AQD_TRY(day, read_until(reader));
    if (!day) {
        return fail(ErrorCode::invalid, "no day");
    }
    return *day;
}

/// An item, or nothing for null.
Result<std::optional<Bytes>> read_optional_item(abi::Reader& reader) {
    AQD_TRY(absent, reader.take_null());
    if (absent) {
        return std::optional<Bytes>();
    }
    AQD_TRY(item, reader.skip());
    return std::optional<Bytes>(to_bytes(item));
}

// -- modules

Outcome deploy(const Native& native) {
    abi::Reader reader(native.arguments());
    const auto shape = reader.expect_array(1);
    const auto wasm =
        shape ? reader.read_bytes() : Result<BytesView>(std::unexpected(shape.error()));
    if (!wasm || !reader.at_end()) {
        return Refusal::Decode;
    }
    const std::uint64_t price = prices::module_octet * wasm->size();
    if (price > native.call->gas_limit - native.receipt->gas) {
        native.receipt->gas = native.call->gas_limit;
        return Refusal::OutOfGas;
    }
    native.receipt->gas += price;
    AQD_TRY(by_operator, is_operator(native));
    if (!by_operator) {
        // Before anything is translated and kept for somebody who may not deploy.
        const auto manifest = native.engine->manifest(*wasm);
        if (!manifest) {
            return Refusal::BadModule;
        }
        AQD_TRY(module, system::read_module(*native.overlay,
                                            abi::lineage_of(native.block->chain, manifest->path)));
        if (!module || module->owner != native.call->sender) {
            return Refusal::NotOwner;
        }
    }
    const auto code = native.engine->compile(*wasm);
    if (!code) {
        return Refusal::BadModule;
    }
    const auto added = add_module(*native.overlay, native.block->chain, *native.engine, **code,
                                  *wasm, native.call->sender, by_operator, native.block->today);
    if (!added) {
        switch (added.error().code) {
            case ErrorCode::denied:
                return Refusal::NotOwner;
            case ErrorCode::invalid:
            case ErrorCode::too_large:
                return Refusal::BadModule;
            case ErrorCode::conflict:
                return Refusal::BadUpgrade;
            default:
                return std::unexpected(added.error());
        }
    }
    native.receipt->events.push_back(deployed_event(**code));
    return Refusal::none;
}

// -- bodies and mandates

struct BodyArguments {
    Bytes tag;
    Bytes keys;
    system::BodyRow row;
};

Result<BodyArguments> read_body_arguments(const Native& native) {
    BodyArguments arguments;
    abi::Reader reader(native.arguments());
    AQD_CHECK(reader.expect_array(6));
    AQD_TRY(authority, reader.read_text());
    const auto tag = system::tag_of(native.block->chain, authority);
    AQD_TRY(keys, reader.skip());
    AQD_TRY(attributes, reader.skip());
    if (!tag || !system::is_array(keys) || !system::is_array(attributes)) {
        return fail(ErrorCode::invalid, "no authority, keys or attributes");
    }
    arguments.tag = *tag;
    arguments.keys = to_bytes(keys);
    arguments.row.attributes = to_bytes(attributes);
    AQD_TRY(no_key, reader.take_null());
    if (!no_key) {
        AQD_TRY(key, reader.read_fixed<crypto::PublicKey>());
        arguments.row.assertion_key = key;
    }
    AQD_TRY(from, read_day(reader));
    arguments.row.from = from;
    AQD_TRY(until, read_until(reader));
    arguments.row.until = until;
    AQD_CHECK(reader.finish());
    return arguments;
}

Outcome register_body(const Native& native) {
    AQD_TRY(allowed, is_operator(native));
    if (!allowed) {
        return Refusal::NotOwner;
    }
    const auto arguments = read_body_arguments(native);
    if (!arguments) {
        return Refusal::Decode;
    }
    const Bytes key = system::body_key(arguments->tag, arguments->keys);
    const system::BodyRow& row = arguments->row;
    if (!key_fits(key) || (row.until && *row.until < row.from) ||
        (row.assertion_key && !crypto::VerifyingKey::parse(*row.assertion_key))) {
        return Refusal::BadRow;
    }
    AQD_CHECK(native.overlay->put(key, system::encode_body(row)));
    native.emit(EventKind::body_registered,
                EventData().item(system::join_body(arguments->tag, arguments->keys)).take());
    return Refusal::none;
}

struct MandateArguments {
    Bytes role;
    abi::Account account;
    system::Mandate mandate;
    std::optional<Bytes> body;  ///< `Body`
};

Result<MandateArguments> read_mandate_arguments(const Native& native) {
    MandateArguments arguments;
    abi::Reader reader(native.arguments());
    AQD_CHECK(reader.expect_array(7));
    AQD_TRY(role, reader.read_text());
    const auto tag = system::tag_of(native.block->chain, role);
    if (!tag) {
        return fail(ErrorCode::invalid, "no role");
    }
    arguments.role = *tag;
    AQD_TRY(account, reader.read_fixed<abi::Account>());
    arguments.account = account;
    AQD_TRY(no_body, reader.take_null());
    if (no_body) {
        AQD_CHECK(reader.read_null());
    } else {
        AQD_TRY(authority, reader.read_text());
        const auto authority_tag = system::tag_of(native.block->chain, authority);
        AQD_TRY(keys, reader.skip());
        if (!authority_tag || !system::is_array(keys)) {
            return fail(ErrorCode::invalid, "no body");
        }
        arguments.mandate.authority = *authority_tag;
        arguments.mandate.keys = to_bytes(keys);
        arguments.body = system::join_body(*authority_tag, keys);
    }
    AQD_TRY(no_person, reader.take_null());
    arguments.mandate.person = system::person_of(account);
    if (!no_person) {
        AQD_TRY(person, reader.read_fixed<abi::Person>());
        arguments.mandate.person = person;
    }
    AQD_TRY(from, read_day(reader));
    arguments.mandate.from = from;
    AQD_TRY(until, read_until(reader));
    arguments.mandate.until = until;
    AQD_CHECK(reader.finish());
    return arguments;
}

void write_body(EventData& data, const std::optional<Bytes>& body) {
    body ? data.item(*body) : data.null();
}

Outcome grant(const Native& native) {
    AQD_TRY(allowed, is_operator(native));
    if (!allowed) {
        return Refusal::NotOwner;
    }
    const auto arguments = read_mandate_arguments(native);
    if (!arguments) {
        return Refusal::Decode;
    }
    const system::Mandate& mandate = arguments->mandate;
    if (mandate.until && *mandate.until < mandate.from) {
        return Refusal::BadRow;
    }
    if (arguments->body) {
        AQD_TRY(body, system::read_body(*native.overlay, mandate.authority, mandate.keys));
        if (!body) {
            return Refusal::UnknownBody;
        }
    }
    AQD_CHECK(system::add_mandate(*native.overlay, arguments->account, arguments->role, mandate));
    EventData data;
    data.bytes(arguments->role).bytes(arguments->account.view());
    write_body(data, arguments->body);
    native.emit(EventKind::mandate_granted,
                data.day(mandate.from).optional_day(mandate.until).take());
    return Refusal::none;
}

struct RevokeArguments {
    Bytes role;
    abi::Account account;
    std::optional<Bytes> keys;  ///< nothing: of every body
};

Result<RevokeArguments> read_revoke_arguments(const Native& native) {
    RevokeArguments arguments;
    abi::Reader reader(native.arguments());
    AQD_CHECK(reader.expect_array(3));
    AQD_TRY(role, reader.read_text());
    const auto tag = system::tag_of(native.block->chain, role);
    if (!tag) {
        return fail(ErrorCode::invalid, "no role");
    }
    arguments.role = *tag;
    AQD_TRY(account, reader.read_fixed<abi::Account>());
    arguments.account = account;
    AQD_TRY(keys, read_optional_item(reader));
    arguments.keys = std::move(keys);
    AQD_CHECK(reader.finish());
    return arguments;
}

Outcome revoke(const Native& native) {
    AQD_TRY(allowed, is_operator(native));
    if (!allowed) {
        return Refusal::NotOwner;
    }
    const auto arguments = read_revoke_arguments(native);
    if (!arguments) {
        return Refusal::Decode;
    }
    AQD_TRY(held, system::read_mandates(*native.overlay, arguments->account));
    std::optional<Bytes> body;
    for (const system::HeldMandate& one : held) {
        if (one.role == arguments->role && arguments->keys == one.mandate.keys) {
            body = system::join_body(one.mandate.authority, one.mandate.keys);
        }
    }
    AQD_TRY(ended, system::end_mandates(*native.overlay, arguments->account, arguments->role,
                                        arguments->keys, native.block->today));
    if (ended == 0) {
        return Refusal::BadRow;
    }
    EventData data;
    data.bytes(arguments->role).bytes(arguments->account.view());
    write_body(data, body);
    native.emit(EventKind::mandate_revoked, data.take());
    return Refusal::none;
}

// -- time

struct CloseArguments {
    abi::Lineage calendar;
    std::int32_t day = 0;
};

Result<CloseArguments> read_close_arguments(const Native& native) {
    CloseArguments arguments;
    abi::Reader reader(native.arguments());
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(path, reader.read_text());
    arguments.calendar = abi::lineage_of(native.block->chain, path);
    AQD_TRY(day, read_day(reader));
    arguments.day = day;
    AQD_CHECK(reader.finish());
    return arguments;
}

Outcome close_day(const Native& native) {
    AQD_TRY(allowed, is_operator(native));
    if (!allowed) {
        return Refusal::NotOwner;
    }
    const auto arguments = read_close_arguments(native);
    if (!arguments) {
        return Refusal::Decode;
    }
    // Only what lies ahead: terms that have passed stay passed.
    if (arguments->day <= native.block->today) {
        return Refusal::BadRow;
    }
    const auto closed = system::close_day(*native.overlay, arguments->calendar, arguments->day);
    if (!closed && closed.error().code != ErrorCode::not_found) {
        return std::unexpected(closed.error());
    }
    if (!closed || !*closed) {
        return Refusal::BadRow;
    }
    native.emit(EventKind::day_closed,
                EventData().bytes(arguments->calendar.view()).day(arguments->day).take());
    return Refusal::none;
}

Result<system::CivilClock::Offset> read_offset_arguments(const Native& native) {
    system::CivilClock::Offset offset;
    abi::Reader reader(native.arguments());
    AQD_CHECK(reader.expect_array(2));
    AQD_TRY(from, reader.read_int());
    offset.from = from;
    AQD_TRY(seconds, reader.read_int());
    if (seconds < INT32_MIN || seconds > INT32_MAX) {
        return fail(ErrorCode::invalid, "no offset");
    }
    offset.seconds = static_cast<std::int32_t>(seconds);
    AQD_CHECK(reader.finish());
    return offset;
}

Outcome set_offset(const Native& native) {
    AQD_TRY(allowed, is_operator(native));
    if (!allowed) {
        return Refusal::NotOwner;
    }
    const auto offset = read_offset_arguments(native);
    if (!offset) {
        return Refusal::Decode;
    }
    if (offset->from <= native.block->now) {
        return Refusal::BadRow;
    }
    AQD_TRY(clock, system::read_clock(*native.overlay));
    std::vector<system::CivilClock::Offset> offsets = clock.offsets();
    if (offsets.empty()) {
        offsets.push_back({native.block->now, 0});
    }
    offsets.push_back(*offset);
    const auto changed = system::CivilClock::from(std::move(offsets));
    if (!changed) {
        return Refusal::BadRow;
    }
    AQD_CHECK(native.overlay->put(system::offsets_key(), system::encode_clock(*changed)));
    native.emit(EventKind::offset_set,
                EventData().signed_number(offset->from).signed_number(offset->seconds).take());
    return Refusal::none;
}

using Entry = Outcome (*)(const Native&);
struct NamedEntry {
    std::string_view name;
    Entry run;
};

constexpr std::array entries{
    NamedEntry{"deploy", deploy},       NamedEntry{"register_body", register_body},
    NamedEntry{"grant", grant},         NamedEntry{"revoke", revoke},
    NamedEntry{"close_day", close_day}, NamedEntry{"set_offset", set_offset},
};

}  // namespace

Result<> BlockRun::run_native(const SignedCall& call, Receipt& receipt) {
    const auto checkpoint = overlay_->checkpoint();
    Refusal refusal = Refusal::UnknownEntry;
    if (call.gas_limit - receipt.gas < prices::native_entry) {
        receipt.gas = call.gas_limit;
        refusal = Refusal::OutOfGas;
    } else {
        receipt.gas += prices::native_entry;
        const auto entry = std::ranges::find(entries, call.call->entry, &NamedEntry::name);
        if (entry != entries.end()) {
            AQD_TRY(ran, entry->run({overlay_, &block_, &call, engine_, &receipt}));
            refusal = ran;
        } else if (call.call->entry == "acknowledge" || call.call->entry == "act") {
            AQD_TRY(ran, meet_obligation(call, receipt));
            refusal = ran;
        }
    }
    // A module or the civil clock may have changed.
    modules_.clear();
    AQD_TRY(clock, system::read_clock(*overlay_));
    clock_ = std::move(clock);
    receipt.refusal = static_cast<std::uint16_t>(refusal);
    if (refusal != Refusal::none) {
        overlay_->rollback(checkpoint);
        receipt.events.clear();
    }
    return {};
}

Result<abi::Refusal> BlockRun::meet_obligation(const SignedCall& call, Receipt& receipt) {
    abi::Reader reader(call.call->arguments);
    const auto shape = reader.expect_array(2);
    const auto case_id = shape ? reader.read_fixed<abi::CaseId>()
                               : Result<abi::CaseId>(std::unexpected(shape.error()));
    const auto ordinal = case_id ? reader.read_uint_up_to(UINT32_MAX)
                                 : Result<std::uint64_t>(std::unexpected(case_id.error()));
    if (!ordinal || !reader.at_end()) {
        return Refusal::Decode;
    }
    const auto number = static_cast<std::uint32_t>(*ordinal);
    AQD_TRY(row, system::read_obligation(*overlay_, *case_id, number));
    if (!row || row->is_to_case()) {
        return Refusal::NoObligation;
    }
    AQD_TRY(parts, system::split_body(row->recipient));
    AQD_TRY(held, system::read_mandates(*overlay_, call.sender));
    const auto speaks = std::ranges::find_if(held, [&](const system::HeldMandate& one) {
        return one.mandate.is_live(block_.today) && one.mandate.authority == parts.authority &&
               one.mandate.keys == parts.keys;
    });
    AQD_TRY(body, system::read_body(*overlay_, parts.authority, parts.keys));
    if (speaks == held.end() || !body || !body->is_live(block_.today)) {
        return Refusal::NoObligation;
    }
    const bool acts = call.call->entry == "act";
    if (acts ? row->acted_on.has_value() : row->acknowledged_on.has_value()) {
        return Refusal::AlreadyDone;
    }
    const bool first = !row->acknowledged_on;
    row->acknowledged_on = row->acknowledged_on.value_or(block_.today);
    if (acts) {
        row->acted_on = block_.today;
    }
    if (!row->act_overdue) {
        // The reminders were for the acknowledgement; a late act would bring its own.
        row->next_reminder.reset();
        row->reminders_sent = 0;
        row->escalated = false;
    }
    AQD_CHECK(system::rearm_obligation(*overlay_, clock_, *case_id, number, *row, block_.height,
                                       position(), first_ledger_ordinal + queue_ordinal_++));
    AQD_CHECK(
        overlay_->put(system::obligation_key(*case_id, number), system::encode_obligation(*row)));
    receipt.case_id = *case_id;
    receipt.events.push_back(case_event(*case_id, acts ? EventKind::acted : EventKind::acknowledged,
                                        EventData()
                                            .number(number)
                                            .text(row->notice)
                                            .item(row->recipient)
                                            .bytes(speaks->mandate.person.view())
                                            .take()));
    if (first) {
        AQD_CHECK(queue({system::DeliveryKind::acknowledgement, *case_id, number, {}, {}}));
    }
    return Refusal::none;
}

}  // namespace aqd::ledger

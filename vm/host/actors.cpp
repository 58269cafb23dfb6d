#include "vm/host/call.h"

#include <aqd/system/bodies.h>
#include <aqd/system/modules.h>

// Who acts: accounts, persons, mandates, bodies (semantics 23 and 24).

namespace aqd::host {
namespace {

Or<std::vector<system::HeldMandate>*> mandates_of_caller(const Call& call) {
    CallContext& context = call.context();
    if (!context.mandates) {
        if (context.caller) {
            AQD_OR_TRY(held,
                       or_fault(call, system::read_mandates(*context.overlay, *context.caller)));
            context.mandates = std::move(held);
        } else {
            context.mandates.emplace();
        }
    }
    return &*context.mandates;
}

/// Live today, and on the legal date of a backdated call as well.
bool is_live(const CallContext& context, const system::Mandate& mandate) {
    return mandate.is_live(context.block->today) && mandate.is_live(context.effective);
}

Or<bool> body_is_live(const Call& call, BytesView authority, BytesView keys) {
    const CallContext& context = call.context();
    AQD_OR_TRY(row, or_fault(call, system::read_body(*context.overlay, authority, keys)));
    return row && row->is_live(context.block->today);
}

/// Whether the assertion attached to the call makes its caller a holder of the role.
Or<bool> asserted(const Call& call, const abi::Lineage& lineage, std::uint64_t role_name,
                  BytesView keys) {
    CallContext& context = call.context();
    if (!context.assertion) {
        return false;
    }
    AQD_OR_TRY(declaring, call.declarations(lineage));
    const abi::Role* role = declaring == nullptr ? nullptr : declaring->role(role_name);
    if (role == nullptr || role->form != abi::Role::Form::by_assertion ||
        context.assertion->level < role->level) {
        return false;
    }
    const auto authority = system::tag_of(context.block->chain, role->authority);
    if (!authority || !equal(*authority, context.assertion->authority) ||
        (!keys.empty() && !equal(keys, context.assertion->keys))) {
        return false;
    }
    context.acting_person = context.assertion->subject;
    context.acting_body.reset();
    context.acting_mandate.reset();
    return true;
}

Trap give_attributes(const Call& call, BytesView authority, BytesView keys) {
    AQD_HOST_TRY(row, or_fault(call, system::read_body(*call.context().overlay, authority, keys)));
    return row ? call.write_out(4, row->attributes) : call.give_absent();
}

}  // namespace

Trap host_caller_account(const Call& call) {
    return call.write_fixed(0, call.context().caller.value_or(abi::Account()).view());
}

Trap host_caller_person(const Call& call) {
    const CallContext& context = call.context();
    abi::Person person;
    if (context.acting_person) {
        person = *context.acting_person;
    } else if (context.caller) {
        person = system::person_of(*context.caller);
    }
    return call.write_fixed(0, person.view());
}

Trap host_caller_body(const Call& call) {
    const CallContext& context = call.context();
    return context.acting_body ? call.write_out(0, *context.acting_body) : call.give_absent();
}

Trap host_caller_has_role(const Call& call) {
    CallContext& context = call.context();
    AQD_HOST_TRY(lineage, call.lineage(0));
    AQD_HOST_TRY(keys, call.region(2));
    const Bytes role = abi::authority_tag(lineage, call.u64(1));
    AQD_HOST_TRY(mandates, mandates_of_caller(call));
    for (const system::HeldMandate& held : *mandates) {
        const system::Mandate& mandate = held.mandate;
        if (held.role != role || !is_live(context, mandate) ||
            (!keys.empty() && !equal(keys, mandate.keys))) {
            continue;
        }
        if (!mandate.authority.empty()) {
            AQD_HOST_TRY(live, body_is_live(call, mandate.authority, mandate.keys));
            if (!live) {
                continue;
            }
        }
        context.acting_person = mandate.person;
        context.acting_mandate = held;
        context.acting_body.reset();
        if (!mandate.authority.empty()) {
            context.acting_body = system::join_body(mandate.authority, mandate.keys);
        }
        return call.give(1);
    }
    AQD_HOST_TRY(by_assertion, asserted(call, lineage, call.u64(1), keys));
    return call.give(by_assertion ? 1 : 0);
}

Trap host_caller_is_person(const Call& call) {
    CallContext& context = call.context();
    AQD_HOST_TRY(person, call.fixed<abi::Person>(0));
    bool is_one = context.caller && system::person_of(*context.caller) == person;
    is_one = is_one || (context.assertion && context.assertion->subject == person);
    AQD_HOST_TRY(mandates, mandates_of_caller(call));
    for (const system::HeldMandate& held : *mandates) {
        is_one = is_one || (is_live(context, held.mandate) &&
                            (held.mandate.person == person || held.mandate.delegator == person));
    }
    if (is_one) {
        context.acting_person = person;
    }
    return call.give(is_one ? 1 : 0);
}

Trap host_body_exists(const Call& call) {
    AQD_HOST_TRY(lineage, call.lineage(0));
    AQD_HOST_TRY(keys, call.region(2));
    AQD_HOST_TRY(live, body_is_live(call, abi::authority_tag(lineage, call.u64(1)), keys));
    return call.give(live ? 1 : 0);
}

Trap host_body_attributes(const Call& call) {
    AQD_HOST_TRY(lineage, call.lineage(0));
    AQD_HOST_TRY(keys, call.region(2));
    return give_attributes(call, abi::authority_tag(lineage, call.u64(1)), keys);
}

Trap host_authority_tag(const Call& call) {
    AQD_HOST_TRY(lineage, call.lineage(0));
    return call.write_fixed(2, abi::authority_tag(lineage, call.u64(1)));
}

Trap host_any_body_exists(const Call& call) {
    AQD_HOST_TRY(body, call.region(0));
    const auto parts = system::split_body(body);
    if (!parts) {
        return call.give(0);
    }
    AQD_HOST_TRY(live, body_is_live(call, parts->authority, parts->keys));
    return call.give(live ? 1 : 0);
}

}  // namespace aqd::host

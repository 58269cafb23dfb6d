#include "vm/ledger/block_run.h"
#include "vm/ledger/native.h"
#include "vm/ledger/prices.h"

#include <aqd/base/assert.h>
#include <aqd/system/bodies.h>
#include <aqd/system/case_row.h>

#include <algorithm>

// The calls of transactions, and views.

namespace aqd::ledger {
namespace {

using abi::EntryKind;
using abi::Refusal;

constexpr std::uint16_t code(Refusal refusal) {
    return static_cast<std::uint16_t>(refusal);
}

bool is_for_callers(EntryKind kind) {
    return kind == EntryKind::action || kind == EntryKind::start || kind == EntryKind::step ||
           kind == EntryKind::access;
}

/// The signing date that a start may count as its legal date.
std::optional<std::int32_t> backdated_to(const Transaction& transaction, const abi::Entry& entry,
                                         std::int32_t today) {
    if (entry.kind != EntryKind::start || !transaction.signed_on ||
        *transaction.signed_on > today) {
        return std::nullopt;
    }
    const std::int64_t age = static_cast<std::int64_t>(today) - *transaction.signed_on;
    return age <= static_cast<std::int64_t>(entry.backdated_days) ? transaction.signed_on
                                                                  : std::nullopt;
}

}  // namespace

Result<std::optional<Target>> BlockRun::target_of_call(const Transaction& transaction,
                                                       const Call& call,
                                                       const abi::Lineage& lineage,
                                                       std::uint16_t& refusal) {
    AQD_TRY(current, target_on(lineage, block_.today));
    if (!current) {
        refusal = code(Refusal::UnknownModule);
        return std::optional<Target>();
    }
    Target target = std::move(*current);
    const abi::Entry* entry = target.code->manifest().entry(call.entry);
    const bool of_procedure = entry == nullptr || entry->kind != EntryKind::action;
    if (of_procedure && call.case_id) {
        // A case keeps the version it was opened under (semantics 2).
        AQD_TRY(row, system::read_case(*overlay_, *call.case_id));
        if (row && row->lineage == lineage && row->version != target.version) {
            AQD_TRY(pinned, target_of(lineage, row->version));
            if (!pinned) {
                return fail(ErrorCode::corrupt, "a case is pinned to a version that is not there");
            }
            target = std::move(*pinned);
            entry = target.code->manifest().entry(call.entry);
        }
    } else if (entry != nullptr) {
        if (const auto day = backdated_to(transaction, *entry, block_.today)) {
            // The version of the signing date, if it too lets a start count from there.
            AQD_TRY(then, target_on(lineage, *day));
            const abi::Entry* of_then = then ? then->code->manifest().entry(call.entry) : nullptr;
            if (then && then->version != target.version &&
                (of_then == nullptr || backdated_to(transaction, *of_then, block_.today))) {
                target = std::move(*then);
                entry = target.code->manifest().entry(call.entry);
            }
        }
    }
    if (entry == nullptr || !is_for_callers(entry->kind)) {
        refusal = code(Refusal::UnknownEntry);
        return std::optional<Target>();
    }
    target.exported = entry->exported;
    target.entry = entry->name;
    return std::optional<Target>(std::move(target));
}

Result<std::optional<host::CheckedAssertion>> BlockRun::check_assertion(
    const SignedCall& call, const abi::Lineage& lineage) {
    const std::optional<Assertion>& given = call.call->assertion;
    AQD_ASSERT(given);
    const Assertion& assertion = *given;
    const auto parts = system::split_body(assertion.body);
    if (!parts) {
        return std::optional<host::CheckedAssertion>();
    }
    AQD_TRY(body, system::read_body(*overlay_, parts->authority, parts->keys));
    if (!body || !body->is_live(block_.today) || !body->assertion_key) {
        return std::optional<host::CheckedAssertion>();
    }
    const std::int64_t oldest = block_.now - facts_->rules.assertion_seconds;
    if (assertion.time > block_.now || assertion.time < oldest) {
        return std::optional<host::CheckedAssertion>();
    }
    const Hash256 audience = audience_of(facts_->chain, lineage, call.call->entry, call.bare,
                                         call.transaction->nonce, call.index);
    if (!crypto::verify(*body->assertion_key, assertion_digest(audience, assertion),
                        assertion.signature)) {
        return std::optional<host::CheckedAssertion>();
    }
    return std::optional<host::CheckedAssertion>(
        {parts->authority, parts->keys, assertion.subject, assertion.level});
}

Result<> BlockRun::run_contract_call(const SignedCall& call, Receipt& receipt,
                                     std::optional<engine::Site>& site) {
    const abi::Lineage lineage = abi::lineage_of(facts_->chain, call.call->module);
    std::uint16_t refusal = 0;
    AQD_TRY(target, target_of_call(*call.transaction, *call.call, lineage, refusal));
    if (!target) {
        receipt.refusal = refusal;
        return {};
    }
    host::CallContext context = new_context();
    context.arguments = call.call->arguments;
    context.caller = call.sender;
    context.identity = call.id;
    context.call_index = call.index;
    context.signed_on = call.transaction->signed_on;
    context.named_case = call.call->case_id;
    if (call.call->assertion) {
        if (call.gas_limit - receipt.gas < prices::assertion) {
            receipt.gas = call.gas_limit;
            receipt.refusal = code(Refusal::OutOfGas);
            return {};
        }
        receipt.gas += prices::assertion;
        AQD_TRY(checked, check_assertion(call, lineage));
        if (!checked) {
            receipt.refusal = code(Refusal::BadAssertion);
            return {};
        }
        context.assertion = std::move(*checked);
    }
    AQD_CHECK(execute(std::move(*target), context, call.gas_limit - receipt.gas, receipt));
    site = take_site();
    return {};
}

Receipt BlockRun::begin_receipt(const SignedCall& call) const {
    Receipt receipt;
    receipt.transaction = call.id;
    receipt.call_index = call.index;
    receipt.caller = call.sender;
    receipt.module = call.call->module;
    receipt.entry = call.call->entry;
    receipt.case_id = call.call->case_id;
    receipt.effective = block_.today;
    return receipt;
}

Result<> BlockRun::run_call(const SignedCall& call) {
    Receipt receipt = begin_receipt(call);
    std::optional<engine::Site> site;
    if (call.intrinsic_gas > call.gas_limit) {
        receipt.gas = call.gas_limit;
        receipt.refusal = code(Refusal::OutOfGas);
    } else {
        receipt.gas = call.intrinsic_gas;
        if (call.call->module == native_path) {
            AQD_CHECK(run_native(call, receipt));
        } else {
            AQD_CHECK(run_contract_call(call, receipt, site));
        }
    }
    keep(std::move(receipt), std::move(site));
    return {};
}

Result<> BlockRun::run_bundle(const Admitted& transaction, const std::vector<SignedCall>& calls) {
    const Transaction& body = transaction.body();
    const auto checkpoint = overlay_->checkpoint();
    const std::size_t first = receipts_.size();
    std::uint64_t left = body.gas_limit;
    std::vector<Receipt> of_calls;
    std::vector<std::optional<engine::Site>> of_sites;
    bool failed = false;
    bool stopped = false;
    for (SignedCall call : calls) {
        call.gas_limit = left;
        if (stopped) {
            // Deadlines that the block has no room for go before any further call.
            Receipt receipt = begin_receipt(call);
            receipt.refusal = code(Refusal::OutOfGas);
            keep(std::move(receipt));
        } else {
            AQD_CHECK(run_call(call));
        }
        of_calls.push_back(receipts_.back());
        of_sites.push_back(sites_.back());
        left -= receipts_.back().gas;
        failed = receipts_.back().refusal != 0;
        if (body.atomic && failed) {
            break;
        }
        if (!failed) {
            AQD_CHECK(fire_ripe());
            AQD_TRY(ripe, any_ripe());
            stopped = ripe;
        }
    }
    if (!body.atomic || !failed) {
        return {};
    }
    // All or nothing: what the earlier calls and the deadlines they made due have done is undone,
    // and their receipts say so.
    overlay_->rollback(checkpoint);
    modules_.clear();
    AQD_TRY(clock, system::read_clock(*overlay_));
    clock_ = std::move(clock);
    receipts_.resize(first);
    sites_.resize(first);
    for (std::size_t i = 0; i < calls.size(); ++i) {
        Receipt receipt = i < of_calls.size() ? std::move(of_calls[i]) : begin_receipt(calls[i]);
        if (receipt.refusal == 0) {
            receipt.refusal = code(Refusal::BundleFailed);
        }
        receipt.case_id = calls[i].call->case_id;
        receipt.result.reset();
        receipt.events.clear();
        keep(std::move(receipt), i < of_sites.size() ? std::move(of_sites[i]) : std::nullopt);
    }
    return {};
}

Result<> BlockRun::run_transaction(const Admitted& transaction) {
    const Transaction& body = transaction.body();
    // Once for all calls: it takes in the whole transaction.
    const bool asserted = std::ranges::any_of(
        body.calls, [](const Call& call) { return call.assertion.has_value(); });
    const Hash256 bare = asserted ? bare_digest(body) : Hash256();
    std::vector<SignedCall> calls;
    calls.reserve(body.calls.size());
    for (std::uint32_t i = 0; i < body.calls.size(); ++i) {
        SignedCall call;
        call.transaction = &body;
        call.call = &body.calls[i];
        call.id = transaction.id();
        call.sender = transaction.sender();
        call.bare = bare;
        call.index = i;
        call.intrinsic_gas = prices::call;
        if (i == 0) {
            call.intrinsic_gas +=
                prices::transaction + prices::transaction_octet * transaction.encoded().size();
        }
        calls.push_back(call);
    }
    return run_bundle(transaction, calls);
}

Result<> BlockRun::run_view(const ViewRequest& request) {
    const abi::Lineage lineage = abi::lineage_of(facts_->chain, request.module);
    AQD_TRY(target, target_on(lineage, block_.today));
    if (!target) {
        return fail(ErrorCode::not_found, "no module " + request.module + " is in force");
    }
    const abi::Entry* entry = target->code->manifest().entry(request.entry);
    if (entry == nullptr || entry->kind != EntryKind::view) {
        return fail(ErrorCode::not_found, request.module + " has no view " + request.entry);
    }
    target->exported = entry->exported;
    target->entry = entry->name;
    host::CallContext context = new_context();
    context.arguments = request.arguments;
    context.read_only = true;
    context.caller = request.caller;
    context.named_case = request.case_id;
    Receipt receipt;
    receipt.caller = request.caller;
    const std::uint64_t gas_limit = std::min(request.gas_limit, facts_->rules.transaction_gas);
    AQD_CHECK(execute(std::move(*target), context, gas_limit, receipt));
    keep(std::move(receipt), take_site());
    return {};
}

}  // namespace aqd::ledger

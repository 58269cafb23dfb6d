#include "cli/ledgers/call_making.h"

#include "cli/ledgers/native_call.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/crypto/sha256.h>
#include <aqd/system/bodies.h>
#include <aqd/system/store_keys.h>

#include <algorithm>
#include <utility>

namespace aqd::ledgers {
namespace {

constexpr std::uint64_t blocks_of_validity = 1000;

bool is_for_people(const abi::Entry& entry) {
    switch (entry.kind) {
        case abi::EntryKind::action:
        case abi::EntryKind::view:
        case abi::EntryKind::start:
        case abi::EntryKind::step:
        case abi::EntryKind::access:
            return true;
        default:
            return false;
    }
}

/// The registered body whose assertion key this is.
Result<Bytes> asserting_body(const Ledger& ledger, const crypto::PublicKey& key) {
    Bytes prefix = system::body_key({}, {});
    Bytes after;
    while (true) {
        AQD_TRY(row, ledger.chain().state().next(prefix, after));
        if (!row) {
            return fail(ErrorCode::not_found,
                        "no registered body has this key as its assertion key");
        }
        AQD_TRY(body, system::decode_body(row->value));
        if (body.assertion_key == key) {
            constexpr std::size_t tag_bytes = 40;
            const BytesView rest = BytesView(row->key).subspan(prefix.size());
            return system::join_body(rest.first(tag_bytes), rest.subspan(tag_bytes));
        }
        after = row->key;
    }
}

abi::Person subject_of(const AssertionWish& wish, const abi::Lineage& lineage) {
    if (wish.subject.size() == 2 * abi::Person::size_bytes) {
        if (const auto given = fixed_from_hex<abi::Person>(wish.subject)) {
            return *given;
        }
    }
    return pairwise_subject(wish.by, lineage, wish.subject);
}

/// Where the text of a secret's holder comes from: the declaration of the slot.
std::string holder_of(const abi::Manifest& manifest, const abi::Entry& entry,
                      std::string_view slot) {
    const abi::Procedure* procedure = manifest.procedure(entry.procedure);
    if (procedure != nullptr) {
        for (const abi::Secret& secret : procedure->secrets) {
            if (slot == entry.procedure + "." + secret.name) {
                return secret.held_by;
            }
        }
    }
    return {};
}

}  // namespace

abi::Person pairwise_subject(const keys::Key& by, const abi::Lineage& lineage,
                             std::string_view name) {
    const Hash256 hash = crypto::sha256(
        {as_bytes("aqd/subject/v1"), by.secret.view(), lineage.view(), as_bytes(name)});
    return abi::Person::from(hash.view());
}

Result<const abi::Entry*> callable_entry(const abi::Manifest& manifest, std::string_view name) {
    const abi::Entry* entry = manifest.entry(name);
    if (entry != nullptr && is_for_people(*entry)) {
        return entry;
    }
    std::string known;
    for (const abi::Entry& one : manifest.entries) {
        if (is_for_people(one)) {
            known += (known.empty() ? "" : ", ") + one.name;
        }
    }
    return fail(ErrorCode::not_found, manifest.path + " has no entry \"" + std::string(name) +
                                          "\" that can be called; there are " +
                                          (known.empty() ? "none" : known));
}

Result<Bytes> make_arguments(const Ledger& ledger, std::string_view module, const abi::Entry& entry,
                             const CallWish& wish, SecretCollector* secrets) {
    AQD_TRY(code, ledger.module(module));
    values::Surroundings around;
    around.types = &ledger.types();
    around.names = [&](std::string_view word) { return ledger.word(word); };
    around.directory = wish.directory;
    around.slot_prefix = entry.procedure.empty() ? "" : entry.procedure + ".";
    if (secrets != nullptr) {
        around.commit = [&](std::string_view slot, BytesView value) -> Result<Hash256> {
            return secrets->commit(module, slot, value, holder_of(code->manifest(), entry, slot));
        };
    }
    return values::arguments_to_cbor(wish.arguments, entry.parameters, around, wish.place);
}

Result<ledger::Transaction> make_transaction(const Ledger& ledger, const keys::Key& sender,
                                             const TransactionWish& wish, std::int64_t now_seconds,
                                             SecretCollector& secrets) {
    const chain::Chain& chain = ledger.chain();
    ledger::Transaction transaction;
    transaction.chain = chain.id();
    transaction.sender = sender.shown.key;
    transaction.nonce = wish.nonce;
    transaction.gas_limit = wish.gas_limit.value_or(chain.genesis().rules.transaction_gas);
    transaction.valid_until = wish.valid_until.value_or(chain.tip().height + blocks_of_validity);
    transaction.atomic = wish.atomic;
    transaction.signed_on = wish.signed_on;
    for (const CallWish& one : wish.calls) {
        if (one.module == native_module) {
            AQD_TRY(arguments, native_arguments(ledger, one));
            transaction.calls.push_back(
                {one.module, one.entry, one.case_id, std::move(arguments), std::nullopt});
            continue;
        }
        AQD_TRY(code, ledger.module(one.module));
        AQD_TRY(entry, callable_entry(code->manifest(), one.entry));
        AQD_TRY(arguments, make_arguments(ledger, one.module, *entry, one, &secrets));
        transaction.calls.push_back(
            {one.module, one.entry, one.case_id, std::move(arguments), std::nullopt});
    }
    // Assertions refer to the whole transaction without assertions, so they come last.
    const Hash256 bare = ledger::bare_digest(transaction);
    for (std::size_t i = 0; i < wish.calls.size(); ++i) {
        const std::optional<AssertionWish>& wished = wish.calls[i].assertion;
        if (!wished) {
            continue;
        }
        const AssertionWish& asked = *wished;
        const abi::Lineage lineage = abi::lineage_of(chain.id(), wish.calls[i].module);
        ledger::Assertion assertion;
        AQD_TRY(body, asserting_body(ledger, asked.by.shown.key));
        assertion.body = std::move(body);
        assertion.subject = subject_of(asked, lineage);
        assertion.level = asked.level;
        assertion.time = now_seconds;
        const Hash256 audience =
            ledger::audience_of(chain.id(), lineage, wish.calls[i].entry, bare, transaction.nonce,
                                static_cast<std::uint32_t>(i));
        assertion.signature =
            crypto::sign(asked.by.secret, ledger::assertion_digest(audience, assertion));
        transaction.calls[i].assertion = assertion;
    }
    return transaction;
}

}  // namespace aqd::ledgers

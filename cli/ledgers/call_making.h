#pragma once

#include "cli/files/json.h"
#include "cli/ledgers/open_ledger.h"
#include "cli/ledgers/private_records.h"

#include <aqd/abi/keys.h>
#include <aqd/base/result.h>
#include <aqd/ledger/transaction.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace aqd::ledgers {

/// A body that vouches for the caller (semantics 24).
struct AssertionWish {
    keys::Key by;
    std::string subject;  ///< 64 hexadecimal digits, or a name that the body knows the person by
    std::uint8_t level = 0;
};

/// What somebody wants to call, as people say it.
struct CallWish {
    std::string module;
    std::string entry;
    files::Json arguments;            ///< an object by names, or a list in order
    std::filesystem::path directory;  ///< where "@file" is looked for
    files::JsonPath place{"arguments"};
    std::optional<abi::CaseId> case_id;
    std::optional<AssertionWish> assertion;
};

struct TransactionWish {
    std::vector<CallWish> calls;
    std::uint64_t nonce = 0;
    std::optional<std::uint64_t> gas_limit;    ///< nothing: the most that the chain allows
    std::optional<std::uint64_t> valid_until;  ///< nothing: 1,000 blocks from the tip
    std::optional<std::int32_t> signed_on;
    bool atomic = false;
};

/// The subject that an asserting body gives a person towards one module, from the body's secret
/// key: nobody else can link the person's doings in two modules.
abi::Person pairwise_subject(const keys::Key& by, const abi::Lineage& lineage,
                             std::string_view name);

/// Arguments and secrets made, not yet signed. `not_found` for an unknown module or entry,
/// `invalid` with the place for an argument that does not fit. `now` is the time of the block to
/// come, for the assertions.
Result<ledger::Transaction> make_transaction(const Ledger& ledger, const keys::Key& sender,
                                             const TransactionWish& wish, std::int64_t now_seconds,
                                             SecretCollector& secrets);

/// Arguments of one entry; secrets go to `secrets`, or are refused without it.
Result<Bytes> make_arguments(const Ledger& ledger, std::string_view module, const abi::Entry& entry,
                             const CallWish& wish, SecretCollector* secrets);

/// The entry, if people may call it; `not_found` names the ones there are.
Result<const abi::Entry*> callable_entry(const abi::Manifest& manifest, std::string_view name);

}  // namespace aqd::ledgers

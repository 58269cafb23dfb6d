#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/gas/schedule.h>
#include <aqd/prepare/prepare.h>
#include <aqd/prepare/storage_key.h>
#include <aqd/wasm/limits.h>

namespace aqd::prepare {

/// What stored code is good for, and nothing else: the module with that SHA-256, under those limits
/// and prices.
struct StoredFor {
    Hash256 module_hash;
    wasm::Limits limits;
    gas::Schedule schedule;
};

/// Prepared code as octets that can be kept and loaded again without validating or translating.
/// They do not depend on where anything lies in memory, but on the machine's sources: any other
/// build of them refuses what this one wrote. `module_hash` is the SHA-256 of `code.module->bytes`.
Bytes store(const PreparedCode& code, const Hash256& module_hash, const StorageKey& key);

/// The code that `store` was given, with the same key, for the same purpose. `wasm` is the module
/// file; the caller has compared its SHA-256 with `purpose.module_hash`. The entry is executable
/// input: it has to come from a place that only this node writes to. Its sum is checked before
/// anything in it is believed, and whatever is used as an index is checked besides. Errors:
/// `unsupported` for an entry of another build, `invalid` for one that is for something else,
/// `corrupt` for all others; the caller then prepares the module anew. Safe from any thread.
Result<PreparedCode> load_stored(BytesView stored, BytesView wasm, const StoredFor& purpose,
                                 const StorageKey& key);

}  // namespace aqd::prepare

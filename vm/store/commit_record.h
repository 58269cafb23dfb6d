#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/store/state_store.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace aqd::store {

using MetaRows = std::map<std::string, Bytes, std::less<>>;

/// What the last commit left: in the file, and beside it in `last_commit`.
struct CommitRecord {
    std::optional<Tip> tip;
    Hash256 meta;  ///< `meta_digest` of all meta rows

    bool operator==(const CommitRecord&) const = default;
};

/// A hash over every name and value, so that a lost or an old row shows.
Hash256 meta_digest(const MetaRows& rows);

/// ["aqd/store", 1, height or null, state root, replay root, meta digest] ‖ SHA-256("aqd/store/v1"
/// ‖ that).
Bytes encode_record(const CommitRecord& record);
/// `corrupt` if the octets are not what was written; `unsupported` for another version.
Result<CommitRecord> decode_record(BytesView bytes);

/// Rows of derived tables carry a checksum of table, key and value in front.
Bytes seal_row(std::string_view table, BytesView key, BytesView value);
/// `corrupt` if the row is not one that was written under this table and key.
Result<Bytes> open_row(std::string_view table, BytesView key, BytesView stored);

}  // namespace aqd::store

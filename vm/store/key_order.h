#pragma once

#include "vm/store/environment.h"
#include "vm/store/keyed_hash.h"

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/state/ordered_bytes.h>

#include <cstdint>
#include <map>
#include <optional>

namespace aqd::store {

/// The keys of a trie in order: a table of its own on disk, store key → nothing, for rows lie by
/// hashed key. Damage could make a range of keys disappear from a walk though each row left is
/// sound, so the order is checked too: the keys are cut into stretches of about 64; memory holds
/// where each begins, how many keys it has and a keyed sum of them, and a walk adds up the
/// stretches that it touches. Made at opening, where the keys are found to be exactly those of the
/// rows.
class KeyOrder {
  public:
    KeyOrder(Database keys, KeyedHash hash) : keys_(keys), hash_(hash) { clear(); }

    void clear();
    /// Keys in ascending order, while the store is opened.
    void append(BytesView key);
    /// After a commit that added or removed a key.
    void insert(BytesView key);
    void remove(BytesView key);

    /// Whether stretches have grown so long that `split` pays.
    [[nodiscard]] bool is_crowded() const { return is_crowded_; }
    /// A copy with long stretches cut up.
    Result<KeyOrder> split(Reader& reader) const;

    /// The first key with this prefix that is > `after`. The view dies with the next call and the
    /// reader's lease.
    Result<std::optional<BytesView>> next(Reader& reader, BytesView prefix, BytesView after) const;

  private:
    struct Stretch {
        std::uint64_t sum = 0;
        std::uint64_t count = 0;
    };
    using Stretches = std::map<Bytes, Stretch, state::BytewiseLess>;

    /// Leaves the stretch's keys in `reader.whole`, and returns that.
    Result<const Reader::Whole*> read(Reader& reader, Stretches::const_iterator stretch) const;

    Database keys_;
    KeyedHash hash_;
    Stretches stretches_;
    bool is_crowded_ = false;
};

}  // namespace aqd::store

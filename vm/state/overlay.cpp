#include <aqd/base/assert.h>
#include <aqd/state/overlay.h>

#include <string>
#include <utility>

namespace aqd::state {

Result<std::optional<Bytes>> Overlay::get(BytesView key) const {
    const auto found = put_.find(key);
    if (found != put_.end()) {
        return found->second;
    }
    if (removed_.contains(key)) {
        return std::nullopt;
    }
    return base_->get(key);
}

Result<std::optional<Row>> Overlay::next(BytesView prefix, BytesView after) const {
    const auto ours = compare(after, prefix) < 0 || after.empty() ? put_.lower_bound(prefix)
                                                                  : put_.upper_bound(after);
    AQD_TRY(base, next_of_base(prefix, after));
    const bool have_ours = ours != put_.end() && starts_with(ours->first, prefix);
    if (!have_ours || (base && compare(base->key, ours->first) < 0)) {
        return base;
    }
    return Row{ours->first, ours->second};
}

Result<std::optional<Row>> Overlay::next_of_base(BytesView prefix, BytesView after) const {
    AQD_TRY(row, base_->next(prefix, after));
    if (!row || !removed_.contains(row->key)) {
        return row;
    }
    const Bytes first = std::move(row->key);
    Bytes at = first;
    const std::lock_guard lock(behind_mutex_);
    if (const auto found = behind_.find(first); found != behind_.end()) {
        const std::optional<Bytes>& known = found->second.key;
        if (!known) {
            if (starts_with(prefix, found->second.prefix)) {
                return std::nullopt;
            }
        } else if (!starts_with(*known, prefix)) {
            return std::nullopt;
        } else if (removed_.contains(*known)) {
            at = *known;
        } else {
            AQD_TRY(value, base_->get(*known));
            if (!value) {
                return fail(ErrorCode::corrupt, "a row has gone from under an overlay");
            }
            return Row{*known, std::move(*value)};
        }
    }
    while (true) {
        AQD_TRY(behind, base_->next(prefix, at));
        if (!behind) {
            behind_[first] = {std::nullopt, to_bytes(prefix)};
            return std::nullopt;
        }
        if (!removed_.contains(behind->key)) {
            behind_[first] = {behind->key, {}};
            return behind;
        }
        at = std::move(behind->key);
    }
}

Result<> Overlay::put(BytesView key, BytesView value) {
    AQD_CHECK(check_key(key));
    if (value.size() > value_limit_bytes) {
        return fail(ErrorCode::too_large, "a value has at most " +
                                              std::to_string(value_limit_bytes) + " octets, not " +
                                              std::to_string(value.size()));
    }
    write(key, to_bytes(value));
    return {};
}

Result<> Overlay::remove(BytesView key) {
    AQD_CHECK(check_key(key));
    write(key, std::nullopt);
    return {};
}

void Overlay::write(BytesView key, std::optional<Bytes> value) {
    octets_written_ += key.size() + (value ? value->size() : 0);
    Undo undo{to_bytes(key), false, std::nullopt};
    const auto place = put_.lower_bound(key);
    const bool is_put = place != put_.end() && equal(place->first, key);
    if (is_put) {
        undo.was_pending = true;
        undo.value = std::move(place->second);
    } else if (const auto gone = removed_.find(key); gone != removed_.end()) {
        undo.was_pending = true;
        if (value) {
            removed_.erase(gone);
        }
    }
    if (!value) {
        if (is_put) {
            put_.erase(place);
        }
        removed_.insert(undo.key);
    } else if (is_put) {
        place->second = std::move(*value);
    } else {
        put_.emplace_hint(place, undo.key, std::move(*value));
    }
    journal_.push_back(std::move(undo));
}

void Overlay::rollback(Checkpoint checkpoint) {
    AQD_ASSERT(checkpoint.position_ <= journal_.size());
    while (journal_.size() > checkpoint.position_) {
        Undo& undo = journal_.back();
        if (undo.value) {
            put_.insert_or_assign(undo.key, std::move(*undo.value));
        } else {
            put_.erase(undo.key);
        }
        if (undo.was_pending && !undo.value) {
            removed_.insert(undo.key);
        } else if (removed_.erase(undo.key) > 0) {
            behind_.clear();
        }
        journal_.pop_back();
    }
}

Result<> Overlay::apply(const WriteSet& writes) {
    for (const Write& one : writes) {
        AQD_CHECK(one.value ? put(one.key, *one.value) : remove(one.key));
    }
    return {};
}

WriteSet Overlay::pending() const {
    std::vector<Write> sorted;
    sorted.reserve(put_.size() + removed_.size());
    auto gone = removed_.begin();
    for (const auto& [key, value] : put_) {
        for (; gone != removed_.end() && compare(*gone, key) < 0; ++gone) {
            sorted.push_back({*gone, std::nullopt});
        }
        sorted.push_back({key, value});
    }
    for (; gone != removed_.end(); ++gone) {
        sorted.push_back({*gone, std::nullopt});
    }
    return WriteSet(std::move(sorted));
}

Result<WriteSet> Overlay::write_set() const {
    std::vector<Write> sorted;
    const WriteSet all = pending();
    for (const Write& write : all) {
        AQD_TRY(before, base_->get(write.key));
        if (before != write.value) {
            sorted.push_back(write);
        }
    }
    return WriteSet(std::move(sorted));
}

void Overlay::clear() {
    put_.clear();
    removed_.clear();
    behind_.clear();
    journal_.clear();
    octets_written_ = 0;
}

}  // namespace aqd::state

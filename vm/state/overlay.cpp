#include <aqd/base/assert.h>
#include <aqd/state/overlay.h>

#include <string>
#include <utility>

namespace aqd::state {

Result<std::optional<Bytes>> Overlay::get(BytesView key) const {
    const auto found = pending_.find(key);
    if (found != pending_.end()) {
        return found->second;
    }
    return base_->get(key);
}

Result<std::optional<Row>> Overlay::next(BytesView prefix, BytesView after) const {
    // Pending keys from `start` on: the first that has the prefix and is greater than `after`.
    auto ours = compare(after, prefix) < 0 || after.empty() ? pending_.lower_bound(prefix)
                                                            : pending_.upper_bound(after);
    AQD_TRY(base, base_->next(prefix, after));
    for (;;) {
        const bool have_ours = ours != pending_.end() && starts_with(ours->first, prefix);
        if (!have_ours) {
            return base;
        }
        const auto order = base ? compare(ours->first, base->key) : std::strong_ordering::less;
        if (order > 0) {
            return base;
        }
        if (ours->second) {
            return Row{ours->first, *ours->second};
        }
        if (order == 0) {
            const Bytes removed = std::move(base->key);
            AQD_TRY(behind, base_->next(prefix, removed));
            base = std::move(behind);
        }
        ++ours;
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
    const auto found = pending_.lower_bound(key);
    if (found != pending_.end() && equal(found->first, key)) {
        journal_.push_back({to_bytes(key), true, std::move(found->second)});
        found->second = std::move(value);
    } else {
        journal_.push_back({to_bytes(key), false, std::nullopt});
        pending_.emplace_hint(found, to_bytes(key), std::move(value));
    }
}

void Overlay::rollback(Checkpoint checkpoint) {
    AQD_ASSERT(checkpoint.position_ <= journal_.size());
    while (journal_.size() > checkpoint.position_) {
        Undo& undo = journal_.back();
        const auto found = pending_.find(undo.key);
        AQD_ASSERT(found != pending_.end());
        if (undo.was_pending) {
            found->second = std::move(undo.value);
        } else {
            pending_.erase(found);
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
    sorted.reserve(pending_.size());
    for (const auto& [key, value] : pending_) {
        sorted.push_back({key, value});
    }
    return WriteSet(std::move(sorted));
}

Result<WriteSet> Overlay::write_set() const {
    std::vector<Write> sorted;
    for (const auto& [key, value] : pending_) {
        AQD_TRY(before, base_->get(key));
        if (before != value) {
            sorted.push_back({key, value});
        }
    }
    return WriteSet(std::move(sorted));
}

void Overlay::clear() {
    pending_.clear();
    journal_.clear();
    octets_written_ = 0;
}

}  // namespace aqd::state

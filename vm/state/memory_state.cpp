#include <aqd/state/memory_state.h>

namespace aqd::state {

Result<std::optional<Bytes>> MemoryState::get(BytesView key) const {
    const auto found = rows_.find(key);
    if (found == rows_.end()) {
        return std::nullopt;
    }
    return found->second;
}

Result<std::optional<Row>> MemoryState::next(BytesView prefix, BytesView after) const {
    const auto found = compare(after, prefix) < 0 || after.empty() ? rows_.lower_bound(prefix)
                                                                   : rows_.upper_bound(after);
    if (found == rows_.end() || !starts_with(found->first, prefix)) {
        return std::nullopt;
    }
    return Row{found->first, found->second};
}

void MemoryState::apply(const WriteSet& writes) {
    for (const Write& write : writes) {
        if (write.value) {
            rows_.insert_or_assign(write.key, *write.value);
        } else {
            rows_.erase(write.key);
        }
    }
}

}  // namespace aqd::state

#include "vm/store/store_parts.h"

#include <aqd/store/state_store.h>

namespace aqd::store {

Result<std::optional<Bytes>> StoreView::get(BytesView key) const {
    AQD_TRY(reader, store_->environment->read());
    return store_->read(*reader, trie_, key);
}

Result<std::optional<state::Row>> StoreView::next(BytesView prefix, BytesView after) const {
    AQD_TRY(reader, store_->environment->read());
    AQD_TRY(key, store_->trie(trie_).order.next(*reader, prefix, after));
    if (!key) {
        return std::nullopt;
    }
    state::Row row{to_bytes(*key), {}};
    AQD_TRY(value, store_->read(*reader, trie_, row.key));
    if (!value) {
        return fail(ErrorCode::corrupt, "the store is damaged: a row without its leaf");
    }
    row.value = *std::move(value);
    return row;
}

}  // namespace aqd::store

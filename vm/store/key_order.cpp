#include "vm/store/key_order.h"

#include <aqd/base/assert.h>

#include <iterator>
#include <utility>

namespace aqd::store {

namespace {

constexpr std::uint64_t usual_stretch = 64;
constexpr std::uint64_t long_stretch = 192;

std::unexpected<Error> damaged_order() {
    return fail(ErrorCode::corrupt, "the store is damaged: keys are missing or out of place");
}

}  // namespace

void KeyOrder::clear() {
    stretches_.clear();
    // Whatever comes before the first key belongs to the first stretch.
    stretches_.emplace(Bytes{}, Stretch{});
    is_crowded_ = false;
}

void KeyOrder::append(BytesView key) {
    auto last = std::prev(stretches_.end());
    if (last->second.count == usual_stretch) {
        last = stretches_.emplace_hint(stretches_.end(), to_bytes(key), Stretch{});
    }
    last->second.sum += hash_(key);
    ++last->second.count;
}

void KeyOrder::insert(BytesView key) {
    Stretch& stretch = std::prev(stretches_.upper_bound(key))->second;
    stretch.sum += hash_(key);
    ++stretch.count;
    is_crowded_ = is_crowded_ || stretch.count > long_stretch;
}

void KeyOrder::remove(BytesView key) {
    const auto stretch = std::prev(stretches_.upper_bound(key));
    AQD_ASSERT(stretch->second.count > 0);
    stretch->second.sum -= hash_(key);
    --stretch->second.count;
    if (stretch->second.count == 0 && stretch != stretches_.begin()) {
        stretches_.erase(stretch);
    }
}

Result<const Reader::Whole*> KeyOrder::read(Reader& reader,
                                            Stretches::const_iterator stretch) const {
    if (reader.whole && reader.whole->database == keys_ && reader.whole->from == stretch->first) {
        return &*reader.whole;
    }
    Reader::Whole whole = std::move(reader.whole).value_or(Reader::Whole{});
    reader.whole.reset();
    whole.joined.clear();
    whole.ends.clear();
    const auto following = std::next(stretch);
    Stretch found;
    AQD_TRY(cursor, reader.cursor(keys_));
    AQD_TRY(more, cursor->seek(stretch->first));
    while (more &&
           (following == stretches_.end() || compare(cursor->key(), following->first) < 0)) {
        const BytesView key = cursor->key();
        // The count bounds a tree that damage has bent into a circle.
        ++found.count;
        if (found.count > stretch->second.count ||
            (found.count > 1 && compare(whole.key(whole.ends.size() - 1), key) >= 0)) {
            return damaged_order();
        }
        found.sum += hash_(key);
        aqd::append(whole.joined, key);
        whole.ends.push_back(whole.joined.size());
        AQD_TRY(another, cursor->advance());
        more = another;
    }
    if (found.sum != stretch->second.sum || found.count != stretch->second.count) {
        return damaged_order();
    }
    whole.database = keys_;
    whole.from = stretch->first;
    reader.whole = std::move(whole);
    return &*reader.whole;
}

Result<KeyOrder> KeyOrder::split(Reader& reader) const {
    KeyOrder order(keys_, hash_);
    order.stretches_.clear();
    for (auto stretch = stretches_.begin(); stretch != stretches_.end(); ++stretch) {
        const bool is_long = stretch->second.count > long_stretch;
        order.stretches_.emplace_hint(order.stretches_.end(), stretch->first,
                                      is_long ? Stretch{} : stretch->second);
        if (is_long) {
            AQD_TRY(whole, read(reader, stretch));
            for (std::size_t i = 0; i < whole->ends.size(); ++i) {
                order.append(whole->key(i));
            }
        }
    }
    // Its stretches are not those that the reader knows.
    reader.whole.reset();
    return order;
}

Result<std::optional<BytesView>> KeyOrder::next(Reader& reader, BytesView prefix,
                                                BytesView after) const {
    const bool is_inside = !after.empty() && compare(after, prefix) >= 0;
    const BytesView start = is_inside ? after : prefix;
    auto stretch = std::prev(stretches_.upper_bound(start));
    for (;;) {
        AQD_TRY(found, read(reader, stretch));
        const Reader::Whole& whole = *found;
        std::size_t low = 0;
        std::size_t high = whole.ends.size();
        while (low < high) {
            const std::size_t middle = (low + high) / 2;
            const auto order = compare(whole.key(middle), start);
            const bool is_before = is_inside ? order <= 0 : order < 0;
            low = is_before ? middle + 1 : low;
            high = is_before ? high : middle;
        }
        if (low < whole.ends.size()) {
            const BytesView key = whole.key(low);
            return state::starts_with(key, prefix) ? std::optional(key) : std::nullopt;
        }
        ++stretch;
        // A stretch begins at a key, or where one was: past the prefix there is nothing to find.
        if (stretch == stretches_.end() ||
            (compare(stretch->first, prefix) > 0 && !state::starts_with(stretch->first, prefix))) {
            return std::nullopt;
        }
    }
}

}  // namespace aqd::store

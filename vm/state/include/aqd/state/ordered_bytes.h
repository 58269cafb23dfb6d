#pragma once

#include <aqd/base/bytes.h>

namespace aqd::state {

/// Bytewise order, for ordered containers that are searched with borrowed keys.
struct BytewiseLess {
    using is_transparent = void;
    bool operator()(BytesView a, BytesView b) const { return compare(a, b) < 0; }
};

inline bool starts_with(BytesView key, BytesView prefix) {
    return key.size() >= prefix.size() && equal(key.first(prefix.size()), prefix);
}

}  // namespace aqd::state

#include <aqd/state/state_view.h>
#include <aqd/state/write_set.h>

#include <algorithm>
#include <string>
#include <utility>

namespace aqd::state {

Result<WriteSet> WriteSet::from(std::vector<Write> writes) {
    for (const Write& write : writes) {
        AQD_CHECK(check_key(write.key));
        if (write.value && write.value->size() > value_limit_bytes) {
            return fail(ErrorCode::too_large,
                        "a value has at most " + std::to_string(value_limit_bytes) +
                            " octets, not " + std::to_string(write.value->size()));
        }
    }
    std::ranges::sort(writes,
                      [](const Write& a, const Write& b) { return compare(a.key, b.key) < 0; });
    const auto twice = std::ranges::adjacent_find(writes, {}, &Write::key);
    if (twice != writes.end()) {
        return fail(ErrorCode::conflict, "a write set writes one key twice");
    }
    return WriteSet(std::move(writes));
}

}  // namespace aqd::state

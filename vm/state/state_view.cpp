#include <aqd/state/state_view.h>

#include <string>

namespace aqd::state {

Result<> check_key(BytesView key) {
    if (key.empty()) {
        return fail(ErrorCode::invalid, "a store key cannot be empty");
    }
    if (key.size() > key_limit_bytes) {
        return fail(ErrorCode::too_large, "a store key has at most " +
                                              std::to_string(key_limit_bytes) + " octets, not " +
                                              std::to_string(key.size()));
    }
    return {};
}

}  // namespace aqd::state

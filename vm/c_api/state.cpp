#include "vm/c_api/border.h"
#include "vm/c_api/callback_state.h"
#include "vm/c_api/handles.h"

#include <aqd/state/ordered_bytes.h>

#include <algorithm>
#include <vector>

using namespace aqd;
using namespace aqd::c_api;

namespace aqd::c_api {
namespace {

/// What a callback said, as a row or nothing.
Result<std::optional<state::Row>> answer(aqd_status status, aqd_row_sink&& sink) {
    if (sink.failed) {
        return fail(ErrorCode::corrupt, "the host's state gave a row of null pointers");
    }
    if (status == AQD_NOT_FOUND && !sink.row) {
        return std::optional<state::Row>();
    }
    if (status != AQD_OK) {
        return fail(ErrorCode::io, "the host's state cannot be read");
    }
    if (!sink.row) {
        return fail(ErrorCode::corrupt, "the host's state said yes and gave no row");
    }
    return std::move(sink.row);
}

}  // namespace

Result<std::optional<Bytes>> CallbackState::get(BytesView key) const {
    aqd_row_sink sink;
    const aqd_status status = state_.get(state_.user_data, key.data(), key.size(), &sink);
    AQD_TRY(row, answer(status, std::move(sink)));
    return row ? std::optional(std::move(row->value)) : std::nullopt;
}

Result<std::optional<state::Row>> CallbackState::next(BytesView prefix, BytesView after) const {
    aqd_row_sink sink;
    const aqd_status status = state_.next(state_.user_data, prefix.data(), prefix.size(),
                                          after.data(), after.size(), &sink);
    AQD_TRY(row, answer(status, std::move(sink)));
    // One that does not move on would be walked over forever.
    if (row && (!state::starts_with(row->key, prefix) || compare(row->key, after) <= 0)) {
        return fail(ErrorCode::corrupt, "the host's state gave a row out of order");
    }
    return row;
}

}  // namespace aqd::c_api

namespace {

aqd_status get_from_memory(void* user_data, const std::uint8_t* key, std::size_t key_size,
                           aqd_row_sink* sink) {
    return guarded(nullptr, [&] {
        const auto& state = static_cast<const aqd_memory_state*>(user_data)->state;
        const auto found = state.get(view_of(key, key_size));
        if (!found) {
            return status_of(found.error().code);
        }
        if (!*found) {
            return aqd_status{AQD_NOT_FOUND};
        }
        aqd_row_sink_put(sink, key, key_size, (*found)->data(), (*found)->size());
        return aqd_status{AQD_OK};
    });
}

aqd_status next_from_memory(void* user_data, const std::uint8_t* prefix, std::size_t prefix_size,
                            const std::uint8_t* after, std::size_t after_size, aqd_row_sink* sink) {
    return guarded(nullptr, [&] {
        const auto& state = static_cast<const aqd_memory_state*>(user_data)->state;
        auto found = state.next(view_of(prefix, prefix_size), view_of(after, after_size));
        if (!found) {
            return status_of(found.error().code);
        }
        if (!*found) {
            return aqd_status{AQD_NOT_FOUND};
        }
        sink->row = std::move(*found);
        return aqd_status{AQD_OK};
    });
}

aqd_status write_to_memory(aqd_memory_state& state, BytesView key, std::optional<Bytes> value,
                           aqd_message* message) {
    std::vector<state::Write> writes;
    writes.push_back({to_bytes(key), std::move(value)});
    auto set = state::WriteSet::from(std::move(writes));
    if (!set) {
        return refuse(message, set.error());
    }
    state.state.apply(*set);
    return AQD_OK;
}

aqd_status receive_write(void* user_data, const std::uint8_t* key, std::size_t key_size,
                         const std::uint8_t* value, std::size_t value_size) {
    return guarded(nullptr, [&] {
        auto after =
            value == nullptr ? std::nullopt : std::optional(to_bytes(view_of(value, value_size)));
        return write_to_memory(*static_cast<aqd_memory_state*>(user_data), view_of(key, key_size),
                               std::move(after), nullptr);
    });
}

}  // namespace

extern "C" {

void aqd_row_sink_put(aqd_row_sink* sink, const std::uint8_t* key, std::size_t key_size,
                      const std::uint8_t* value, std::size_t value_size) {
    if (sink == nullptr) {
        return;
    }
    sink->failed = !is_region(key, key_size) || !is_region(value, value_size) ||
                   guarded(nullptr, [&] {
                       sink->row.emplace(to_bytes(view_of(key, key_size)),
                                         to_bytes(view_of(value, value_size)));
                       return aqd_status{AQD_OK};
                   }) != AQD_OK;
}

aqd_status aqd_memory_state_create(aqd_memory_state** state, aqd_message* message) {
    return guarded(message, [&] {
        if (state == nullptr) {
            return bad_argument(message, "no place for the state");
        }
        *state = nullptr;
        *state = new aqd_memory_state;
        return aqd_status{AQD_OK};
    });
}

void aqd_memory_state_destroy(aqd_memory_state* state) {
    delete state;
}

aqd_status aqd_memory_state_put(aqd_memory_state* state, const std::uint8_t* key,
                                std::size_t key_size, const std::uint8_t* value,
                                std::size_t value_size, aqd_message* message) {
    return guarded(message, [&] {
        if (state == nullptr || !is_region(key, key_size) || !is_region(value, value_size)) {
            return bad_argument(message, "state, key and value must be there");
        }
        return write_to_memory(*state, view_of(key, key_size), to_bytes(view_of(value, value_size)),
                               message);
    });
}

aqd_status aqd_memory_state_remove(aqd_memory_state* state, const std::uint8_t* key,
                                   std::size_t key_size, aqd_message* message) {
    return guarded(message, [&] {
        if (state == nullptr || !is_region(key, key_size)) {
            return bad_argument(message, "state and key must be there");
        }
        return write_to_memory(*state, view_of(key, key_size), std::nullopt, message);
    });
}

aqd_status aqd_memory_state_get(const aqd_memory_state* state, const std::uint8_t* key,
                                std::size_t key_size, std::uint8_t* value, std::size_t capacity,
                                std::size_t* size, aqd_message* message) {
    return guarded(message, [&] {
        if (state == nullptr || size == nullptr || !is_region(key, key_size) ||
            !is_region(value, capacity)) {
            return bad_argument(message, "state, key, value and size must be there");
        }
        const auto found = state->state.get(view_of(key, key_size));
        if (!found) {
            return refuse(message, found.error());
        }
        if (!*found) {
            tell(message, "no such row");
            return aqd_status{AQD_NOT_FOUND};
        }
        *size = (*found)->size();
        if (*size > capacity) {
            tell(message, "the value is longer");
            return aqd_status{AQD_BUFFER_TOO_SMALL};
        }
        std::ranges::copy(**found, value);
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_memory_state_count(const aqd_memory_state* state, std::size_t* rows,
                                  aqd_message* message) {
    return guarded(message, [&] {
        if (state == nullptr || rows == nullptr) {
            return bad_argument(message, "state and rows must be there");
        }
        *rows = state->state.size();
        return aqd_status{AQD_OK};
    });
}

aqd_status aqd_memory_state_view(const aqd_memory_state* state, aqd_state* view) {
    if (state == nullptr || !is_whole(view)) {
        return AQD_BAD_ARGUMENT;
    }
    // The callbacks only read it.
    view->user_data = const_cast<aqd_memory_state*>(state);
    view->get = get_from_memory;
    view->next = next_from_memory;
    return AQD_OK;
}

aqd_status aqd_memory_state_receiver(aqd_memory_state* state, aqd_receiver* receiver) {
    if (state == nullptr || !is_whole(receiver)) {
        return AQD_BAD_ARGUMENT;
    }
    receiver->user_data = state;
    receiver->write = receive_write;
    receiver->event = nullptr;
    return AQD_OK;
}

}  // extern "C"

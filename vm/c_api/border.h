#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>
#include <aqd/embed/engine.h>
#include <aqd/vm.h>

#include <cstddef>
#include <exception>
#include <new>
#include <span>
#include <string_view>

// What every function at the border does: nothing is believed of what comes in, and nothing is
// thrown out.

namespace aqd::c_api {

/// Writes the words, cut to the capacity; never fails. Bad messages are left alone.
void tell(aqd_message* message, std::string_view words) noexcept;

/// Copies with a zero behind it, cut to the capacity, at a character's end.
void copy_text(std::string_view text, char* out, std::size_t capacity) noexcept;

aqd_status status_of(ErrorCode code) noexcept;

/// The status of a failure, its words told.
aqd_status refuse(aqd_message* message, const Error& error) noexcept;
aqd_status bad_argument(aqd_message* message, std::string_view words) noexcept;

/// A structure is there and at least as large as this version's.
template <class Structure>
bool is_whole(const Structure* structure) {
    constexpr std::size_t most = std::size_t{1} << 16;
    return structure != nullptr && structure->struct_size >= sizeof(Structure) &&
           structure->struct_size <= most;
}

/// Null stands for no octets only.
inline bool is_region(const void* octets, std::size_t size) {
    return octets != nullptr || size == 0;
}

inline BytesView view_of(const std::uint8_t* octets, std::size_t size) {
    return size == 0 ? BytesView() : BytesView(octets, size);
}

/// An empty message of any kind, or a good one.
inline bool is_message(const aqd_message* message) {
    return message == nullptr || (is_whole(message) && is_region(message->text, message->capacity));
}

/// `work` returns a status and may throw. Clears the message first.
template <class Work>
aqd_status guarded(aqd_message* message, Work work) noexcept {
    if (!is_message(message)) {
        return AQD_BAD_ARGUMENT;
    }
    tell(message, {});
    try {
        return work();
    } catch (const std::bad_alloc&) {
        tell(message, "no memory");
        return AQD_NO_MEMORY;
    } catch (const std::exception& thrown) {
        tell(message, thrown.what());
        return AQD_INTERNAL;
    } catch (...) {
        tell(message, "something was thrown");
        return AQD_INTERNAL;
    }
}

/// Null options stand for the defaults; false for a structure that is too small.
bool read_options(const aqd_call_options* options, embed::CallOptions& into) noexcept;

aqd_type type_of(wasm::ValueType type) noexcept;

}  // namespace aqd::c_api

#include "vm/c_api/border.h"

#include <algorithm>
#include <cstring>
#include <limits>

namespace aqd::c_api {

void copy_text(std::string_view text, char* out, std::size_t capacity) noexcept {
    if (out == nullptr || capacity == 0) {
        return;
    }
    std::size_t size = std::min(text.size(), capacity - 1);
    // UTF-8 goes on with octets of the form 10xxxxxx.
    while (size != 0 && size < text.size() &&
           (static_cast<std::uint8_t>(text[size]) & 0xc0U) == 0x80U) {
        --size;
    }
    std::memcpy(out, text.data(), size);
    out[size] = '\0';
}

void tell(aqd_message* message, std::string_view words) noexcept {
    if (message != nullptr && is_message(message)) {
        message->length = words.size();
        copy_text(words, message->text, message->capacity);
    }
}

aqd_status status_of(ErrorCode code) noexcept {
    switch (code) {
        case ErrorCode::malformed:
            return AQD_MALFORMED;
        case ErrorCode::non_canonical:
            return AQD_NON_CANONICAL;
        case ErrorCode::invalid:
            return AQD_INVALID;
        case ErrorCode::too_large:
            return AQD_TOO_LARGE;
        case ErrorCode::not_found:
            return AQD_NOT_FOUND;
        case ErrorCode::conflict:
            return AQD_CONFLICT;
        case ErrorCode::denied:
            return AQD_DENIED;
        case ErrorCode::unsupported:
            return AQD_UNSUPPORTED;
        case ErrorCode::corrupt:
            return AQD_CORRUPT;
        case ErrorCode::io:
            return AQD_IO;
    }
    return AQD_INTERNAL;
}

aqd_status refuse(aqd_message* message, const Error& error) noexcept {
    tell(message, error.message);
    return status_of(error.code);
}

aqd_status bad_argument(aqd_message* message, std::string_view words) noexcept {
    tell(message, words);
    return AQD_BAD_ARGUMENT;
}

bool read_options(const aqd_call_options* options, embed::CallOptions& into) noexcept {
    if (options == nullptr) {
        return true;
    }
    if (!is_whole(options)) {
        return false;
    }
    into.gas_limit =
        std::min<std::uint64_t>(options->gas_limit, std::numeric_limits<std::int64_t>::max());
    into.host = options->host;
    return true;
}

aqd_type type_of(wasm::ValueType type) noexcept {
    return wasm::is_reference(type) ? aqd_type{AQD_REFERENCE} : static_cast<aqd_type>(type);
}

}  // namespace aqd::c_api

#include "cli/screen/failure.h"

namespace aqd::screen {

std::string_view error_name(ErrorCode code) {
    switch (code) {
        case ErrorCode::malformed:
            return "malformed";
        case ErrorCode::non_canonical:
            return "non_canonical";
        case ErrorCode::invalid:
            return "invalid";
        case ErrorCode::too_large:
            return "too_large";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::conflict:
            return "conflict";
        case ErrorCode::denied:
            return "denied";
        case ErrorCode::unsupported:
            return "unsupported";
        case ErrorCode::corrupt:
            return "corrupt";
        case ErrorCode::io:
            return "io";
    }
    return "unknown";
}

Failure::Failure(Error error) : message(std::move(error.message)) {
    const bool of_the_store = error.code == ErrorCode::corrupt || error.code == ErrorCode::io ||
                              error.code == ErrorCode::conflict;
    exit = of_the_store ? Exit::store : Exit::bad_input;
    details["code"] = error_name(error.code);
    if (error.offset) {
        details["offset"] = *error.offset;
        message += " (at octet " + std::to_string(*error.offset) + ")";
    }
}

}  // namespace aqd::screen

#pragma once

#include <cstdint>
#include <expected>
#include <optional>
#include <string>
#include <utility>

namespace aqd {

/// What kind of thing went wrong with an input or an operation. Never consensus-visible: a contract
/// fault is a `Trap` or a refusal code instead.
enum class ErrorCode : std::uint8_t {
    malformed,      ///< the octets do not follow the format
    non_canonical,  ///< they do, but not in the one permitted spelling
    invalid,        ///< well formed, but it breaks a rule
    too_large,      ///< over a declared limit
    not_found,
    conflict,     ///< already there, already locked, already spent
    denied,       ///< the signature or the authority is not good for this
    unsupported,  ///< a known feature that this version does not carry out
    corrupt,      ///< stored data contradict their own hashes
    io,           ///< the operating system or the database said no
};

/// A failure with words for people. `offset` is the byte offset in the input, where one is known.
struct Error {
    ErrorCode code = ErrorCode::invalid;
    std::string message;
    std::optional<std::uint64_t> offset;
};

template <class T = void>
using Result = std::expected<T, Error>;

inline std::unexpected<Error> fail(ErrorCode code, std::string message,
                                   std::optional<std::uint64_t> offset = std::nullopt) {
    return std::unexpected(Error{code, std::move(message), offset});
}

}  // namespace aqd

#define AQD_CONCAT_INNER(a, b) a##b
#define AQD_CONCAT(a, b) AQD_CONCAT_INNER(a, b)

/// `AQD_TRY(name, expression)`: binds the value, or returns the error to the caller.
#define AQD_TRY(name, expression)                                                  \
    auto AQD_CONCAT(aqd_try_, __LINE__) = (expression);                            \
    if (!AQD_CONCAT(aqd_try_, __LINE__)) {                                         \
        return std::unexpected(std::move(AQD_CONCAT(aqd_try_, __LINE__)).error()); \
    }                                                                              \
    auto name = *std::move(AQD_CONCAT(aqd_try_, __LINE__))

/// The same for a `Result<>` whose value does not matter.
#define AQD_CHECK(expression)                                            \
    do {                                                                 \
        auto aqd_check_result = (expression);                            \
        if (!aqd_check_result) {                                         \
            return std::unexpected(std::move(aqd_check_result).error()); \
        }                                                                \
    } while (false)

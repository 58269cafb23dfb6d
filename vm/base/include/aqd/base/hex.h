#pragma once

#include <aqd/base/bytes.h>
#include <aqd/base/result.h>

#include <string>
#include <string_view>

namespace aqd {

/// Lower-case hexadecimal, two digits an octet.
std::string to_hex(BytesView bytes);

/// Accepts either case; refuses an odd length and any other character, naming its offset.
Result<Bytes> from_hex(std::string_view text);

/// `from_hex` for a value of known length.
template <class Fixed>
Result<Fixed> fixed_from_hex(std::string_view text) {
    AQD_TRY(bytes, from_hex(text));
    if (bytes.size() != Fixed::size_bytes) {
        return fail(ErrorCode::malformed, "expected " + std::to_string(2 * Fixed::size_bytes) +
                                              " hexadecimal digits, found " +
                                              std::to_string(text.size()));
    }
    return Fixed::from(bytes);
}

}  // namespace aqd

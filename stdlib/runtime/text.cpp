#include <stdint.h>  // NOLINT(modernize-deprecated-headers)

extern "C" {

/// Code points of a text that is known to be good.
uint32_t aqd_text_length(const uint8_t* data, uint32_t size) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < size; ++i) {
        count += (data[i] & 0xC0) != 0x80 ? 1 : 0;
    }
    return count;
}
}

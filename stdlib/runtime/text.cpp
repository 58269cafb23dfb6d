#include "stdlib/runtime/text.h"

#include <aqd/abi/cbor_core.h>

namespace core = aqd::abi::core;

namespace aqd::runtime {
namespace {

constexpr uint8_t never = 255;        // not in form C, or forbidden
constexpr uint8_t maybe_class = 254;  // composes with what stands before it; a starter itself

// Runs of code points that are not plain letters, ascending, in two columns to save room.
constexpr uint32_t runs[] = {
#define AQD_RUN(packed, length) packed,
#include "stdlib/runtime/text_tables.inc"
#undef AQD_RUN
};
constexpr uint16_t run_lengths[] = {
#define AQD_RUN(packed, length) length,
#include "stdlib/runtime/text_tables.inc"
#undef AQD_RUN
};
constexpr uint32_t run_count = sizeof(runs) / sizeof(runs[0]);

struct Property {
    uint8_t combining_class = 0;
    bool composes = false;
};

Property property_of(uint32_t code_point) {
    uint32_t low = 0;
    uint32_t high = run_count;
    while (low < high) {
        const uint32_t middle = (low + high) / 2;
        if (runs[middle] >> 12 <= code_point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == 0) {
        return {};
    }
    const uint32_t run = runs[low - 1];
    if (code_point - (run >> 12) >= run_lengths[low - 1]) {
        return {};
    }
    return {static_cast<uint8_t>(run >> 4), (run & 1) != 0};
}

// The sequence at `in` is UTF-8 of `size` octets.
uint32_t code_point_at(const uint8_t* in, size_t size) {
    if (size == 1) {
        return in[0];
    }
    uint32_t value = in[0] & (0xFFU >> (size + 1));
    for (size_t i = 1; i < size; ++i) {
        value = value << 6 | (in[i] & 0x3FU);
    }
    return value;
}

// Arabic letters compose with three marks only, Tifinagh ones with none.
bool leaves_mark_alone(uint32_t starter, uint32_t mark) {
    if (starter >= 0x2D30 && starter <= 0x2D7F) {
        return true;
    }
    if (starter < 0x0600 || starter > 0x06FF) {
        return false;
    }
    switch (mark) {
        case 0x0653:
        case 0x0655:
            return starter != 0x0627;
        case 0x0654:
            return starter != 0x0627 && starter != 0x0648 && starter != 0x064A &&
                   starter != 0x06C1 && starter != 0x06D2 && starter != 0x06D5;
        default:
            return true;
    }
}

}  // namespace

bool is_good_text(const uint8_t* data, uint32_t size, uint32_t most) {
    uint32_t count = 0;
    uint32_t starter = 0;
    uint8_t last_class = 0;
    for (uint32_t at = 0; at < size;) {
        const size_t length = core::utf8_sequence_size(data + at, size - at);
        if (length == 0 || count == most) {
            return false;
        }
        const uint32_t code_point = code_point_at(data + at, length);
        at += static_cast<uint32_t>(length);
        ++count;
        if (code_point < 0x80) {
            if (code_point < 0x20 ? code_point != 0x0A : code_point == 0x7F) {
                return false;
            }
            starter = code_point;
            last_class = 0;
            continue;
        }
        const Property property = property_of(code_point);
        if (property.combining_class == never) {
            return false;
        }
        if (property.composes && !leaves_mark_alone(starter, code_point)) {
            return false;
        }
        if (property.combining_class == 0 || property.combining_class == maybe_class) {
            starter = code_point;
            last_class = 0;
            continue;
        }
        // Marks stand in the order of their classes.
        if (property.combining_class < last_class) {
            return false;
        }
        last_class = property.combining_class;
    }
    return true;
}

}  // namespace aqd::runtime

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

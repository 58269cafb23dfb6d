#include "vm/wasm/reader.h"

namespace aqd::wasm {
namespace {

/// RFC 3629: no surrogates, no overlong forms, nothing above U+10FFFF.
bool is_utf8(BytesView text) {
    std::size_t i = 0;
    while (i < text.size()) {
        const std::uint8_t lead = text[i++];
        if (lead < 0x80) {
            continue;
        }
        std::size_t more = 0;
        std::uint8_t lowest = 0x80;
        std::uint8_t highest = 0xbf;
        if (lead >= 0xc2 && lead <= 0xdf) {
            more = 1;
        } else if (lead >= 0xe0 && lead <= 0xef) {
            more = 2;
            lowest = lead == 0xe0 ? 0xa0 : 0x80;
            highest = lead == 0xed ? 0x9f : 0xbf;
        } else if (lead >= 0xf0 && lead <= 0xf4) {
            more = 3;
            lowest = lead == 0xf0 ? 0x90 : 0x80;
            highest = lead == 0xf4 ? 0x8f : 0xbf;
        } else {
            return false;
        }
        for (; more != 0; --more) {
            if (i == text.size() || text[i] < lowest || text[i] > highest) {
                return false;
            }
            ++i;
            lowest = 0x80;
            highest = 0xbf;
        }
    }
    return true;
}

}  // namespace

ValueType Reader::value_type() {
    const std::uint32_t at = offset();
    const std::uint8_t code = octet();
    switch (code) {
        case 0x7f:
        case 0x7e:
        case 0x70:
            return static_cast<ValueType>(code);
        case 0x7d:
        case 0x7c:
            if (features_.floats) {
                return static_cast<ValueType>(code);
            }
            refuse(ErrorCode::unsupported, "floating point", at);
            break;
        default:
            // 0x7b is a vector; references and heap types reach from 0x63 to 0x74.
            if (code == 0x7b || (code >= 0x63 && code <= 0x74)) {
                refuse(ErrorCode::unsupported, "vector and reference types other than funcref", at);
            } else {
                refuse(ErrorCode::malformed, "unknown value type", at);
            }
    }
    return ValueType::i32;
}

ValueType Reader::numeric_type() {
    const std::uint32_t at = offset();
    const ValueType type = value_type();
    if (type == ValueType::funcref) {
        refuse(ErrorCode::unsupported, "references outside of tables", at);
    }
    return type;
}

std::string_view Reader::name() {
    const std::uint32_t at = offset();
    const ByteRange range = take(u32());
    const BytesView octets(start_ + range.offset, range.size);
    if (!is_utf8(octets)) {
        refuse(ErrorCode::malformed, "a name is not UTF-8", at);
        return {};
    }
    return as_text(octets);
}

void Reader::refuse_number(Leb128Status status) {
    switch (status) {
        case Leb128Status::truncated:
            return refuse(ErrorCode::malformed, "unexpected end");
        case Leb128Status::too_long:
            return refuse(ErrorCode::malformed, "integer representation too long");
        case Leb128Status::too_large:
        case Leb128Status::ok:
            return refuse(ErrorCode::malformed, "integer too large");
    }
}

}  // namespace aqd::wasm

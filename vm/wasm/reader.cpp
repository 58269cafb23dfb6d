#include "vm/wasm/reader.h"

#include <string>
#include <utility>

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

std::unexpected<Error> Reader::failure() const {
    std::string message(problem_);
    if (limit_) {
        message += ": " + std::to_string(value_) + ", the limit is " + std::to_string(*limit_);
    }
    return fail(code_, std::move(message), problem_offset_);
}

Opcode Reader::longer_opcode(std::uint8_t first, std::uint32_t at) {
    if (first == 0xfc) {
        if (const auto opcode = prefixed_opcode_of(u32())) {
            return *opcode;
        }
    }
    const bool later = (first >= 0x06 && first <= 0x0a) || (first >= 0x16 && first <= 0x19) ||
                       first == 0x1f || first == 0xd3 ||
                       (first >= 0xfb && first <= 0xfe && first != 0xfc);
    if (later) {
        refuse(ErrorCode::unsupported, later_parts, at);
    } else {
        refuse(ErrorCode::malformed, "illegal opcode", at);
    }
    return Opcode::unreachable;
}

ValueType Reader::value_type() {
    const std::uint32_t at = offset();
    const std::uint8_t code = octet();
    const auto type = static_cast<ValueType>(code);
    constexpr std::string_view references = "vector and reference types other than funcref";
    switch (code) {
        case 0x7f:
        case 0x7e:
        case 0x70:
            return type;
        case 0x7d:
        case 0x7c:
            if (features_.floats) {
                return type;
            }
            refuse(ErrorCode::unsupported, "floating point", at);
            break;
        case 0x6f:
            if (features_.references) {
                return type;
            }
            refuse(ErrorCode::unsupported, references, at);
            break;
        case 0x63:
        case 0x64:
        case 0x72:
        case 0x73:
            if (!features_.typed_references) {
                refuse(ErrorCode::unsupported, references, at);
                break;
            }
            if (code >= 0x72) {
                return type;
            }
            return code == 0x63 ? heap_type() : non_null(heap_type());
        default:
            // 0x7b is a vector; references and heap types reach from 0x63 to 0x74.
            if (code == 0x7b || (code >= 0x63 && code <= 0x74)) {
                refuse(ErrorCode::unsupported, references, at);
            } else {
                refuse(ErrorCode::malformed, "unknown value type", at);
            }
    }
    return ValueType::i32;
}

ValueType Reader::heap_type() {
    const std::uint32_t at = offset();
    const bool long_form = (peek() & 0x80U) != 0;
    const std::int64_t code = s33();
    if (code >= 0) {
        // More types than this are never declared: `validate` finds that the index is too large.
        constexpr std::int64_t most = 0x3f'fffe;
        if (!features_.typed_references) {
            refuse(ErrorCode::unsupported, later_parts, at);
        }
        return reference_to(static_cast<std::uint32_t>(code < most ? code : most));
    }
    // Only an index may be longer than an octet.
    if (long_form) {
        refuse(ErrorCode::malformed, "unknown heap type", at);
        return ValueType::funcref;
    }
    switch (code & 0x7f) {
        case 0x70:
        case 0x6f:
            return static_cast<ValueType>(code & 0x7f);
        case 0x72:
        case 0x73:
            if (features_.typed_references) {
                return static_cast<ValueType>(code & 0x7f);
            }
            break;
        default:
            break;
    }
    const bool later = code >= -64 && (code & 0x7f) >= 0x63 && (code & 0x7f) <= 0x74;
    refuse(later ? ErrorCode::unsupported : ErrorCode::malformed,
           later ? later_parts : "unknown heap type", at);
    return ValueType::funcref;
}

ValueType Reader::operand_type() {
    const std::uint32_t at = offset();
    const ValueType type = value_type();
    if (is_reference(type) && !features_.references) {
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

#include "compiler/codegen/sections.h"

namespace aqd::codegen {
namespace {

constexpr std::size_t header_size = 8;
constexpr std::uint8_t custom_id = 0;
constexpr std::uint8_t code_id = 10;

Result<std::uint32_t> read_u32(BytesView wasm, std::size_t& at) {
    std::uint32_t value = 0;
    for (unsigned shift = 0; shift < 35; shift += 7) {
        if (at == wasm.size()) {
            break;
        }
        const std::uint8_t octet = wasm[at++];
        value |= static_cast<std::uint32_t>(octet & 0x7F) << shift;
        if ((octet & 0x80) == 0) {
            return value;
        }
    }
    return fail(ErrorCode::malformed, "a number of the linked module does not end", at);
}

void write_u32(Bytes& out, std::uint32_t value) {
    while (value >= 0x80) {
        out.push_back(static_cast<std::uint8_t>(value | 0x80));
        value >>= 7;
    }
    out.push_back(static_cast<std::uint8_t>(value));
}

}  // namespace

Result<std::vector<Section>> split_sections(BytesView wasm) {
    std::vector<Section> sections;
    std::size_t at = header_size;
    while (at < wasm.size()) {
        Section section{wasm[at], at, 0, 0};
        ++at;
        AQD_TRY(size, read_u32(wasm, at));
        if (size > wasm.size() - at) {
            return fail(ErrorCode::malformed, "a section of the linked module is cut off", at);
        }
        section.content = at;
        at += size;
        section.end = at;
        sections.push_back(section);
    }
    return sections;
}

Result<Bytes> strip_custom_sections(BytesView wasm) {
    AQD_TRY(sections, split_sections(wasm));
    Bytes out = to_bytes(wasm.first(header_size));
    for (const Section& section : sections) {
        if (section.id != custom_id) {
            append(out, wasm.subspan(section.begin, section.end - section.begin));
        }
    }
    return out;
}

Result<std::size_t> code_offset(BytesView wasm) {
    AQD_TRY(sections, split_sections(wasm));
    for (const Section& section : sections) {
        if (section.id == code_id) {
            return section.content;
        }
    }
    return std::size_t{0};
}

void append_custom_section(Bytes& wasm, std::string_view name, BytesView content) {
    Bytes body;
    write_u32(body, static_cast<std::uint32_t>(name.size()));
    append(body, as_bytes(name));
    append(body, content);
    wasm.push_back(custom_id);
    write_u32(wasm, static_cast<std::uint32_t>(body.size()));
    append(wasm, body);
}

}  // namespace aqd::codegen

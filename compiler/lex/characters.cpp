#include "compiler/lex/characters.h"

#include <aqd/base/hex.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

namespace aqd::lex {

using diagnostics::Code;
using diagnostics::error;

bool is_bidi_control(char32_t c) {
    return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

const char* ascii_for(char32_t c) {
    struct Alike {
        char32_t from;
        const char* to;
    };
    constexpr Alike table[] = {
        {0xA0, " "},    {0xAB, "\""},   {0xBB, "\""},   {0xD7, "*"},    {0xF7, "/"},
        {0x37E, ";"},   {0x60C, ","},   {0x61B, ";"},   {0x61F, "?"},   {0x2010, "-"},
        {0x2011, "-"},  {0x2012, "-"},  {0x2013, "-"},  {0x2014, "-"},  {0x2018, "\""},
        {0x2019, "\""}, {0x201C, "\""}, {0x201D, "\""}, {0x2026, ".."}, {0x202F, " "},
        {0x2190, "="},  {0x2192, "->"}, {0x21D2, "=>"}, {0x2212, "-"},  {0x2260, "!="},
        {0x2264, "<="}, {0x2265, ">="}, {0xFF08, "("},  {0xFF09, ")"},  {0xFF0C, ","},
    };
    const auto* found = std::ranges::find(table, c, &Alike::from);
    return found == std::end(table) ? "" : found->to;
}

void check_characters(const source::SourceFile& source, diagnostics::Sink& sink) {
    const std::string_view text = source.text();
    for (std::size_t i = 0; i < text.size();) {
        const auto octet = static_cast<unsigned char>(text[i]);
        if (octet >= 0x20 && octet < 0x7F) {
            ++i;
            continue;
        }
        const source::CodePoint point = source::decode_utf8(text, i);
        if (point.size_bytes == 0) {
            // One report for a run: a whole word in another encoding is one mistake.
            std::size_t end = i + 1;
            while (end < text.size() && source::decode_utf8(text, end).size_bytes == 0) {
                ++end;
            }
            const auto shown = as_bytes(text.substr(i, std::min<std::size_t>(end - i, 8)));
            sink.report(error(Code::invalid_utf8, source.span(i, end),
                              "these octets are not UTF-8: 0x" + to_hex(shown))
                            .with_help("save the file as UTF-8"));
            i = end;
            continue;
        }
        const source::Span span = source.span(i, i + point.size_bytes);
        const bool line_end = octet == '\n' || (octet == '\r' && text.substr(i, 2) == "\r\n");
        if (is_bidi_control(point.value)) {
            sink.report(error(Code::bidi_control, span,
                              "an invisible character here changes the direction of writing")
                            .with_help("delete it; Arabic text needs none")
                            .with_edit(span, ""));
        } else if ((octet < 0x20 && octet != '\t' && !line_end) || octet == 0x7F) {
            sink.report(error(Code::control_character, span, "a control character stands here")
                            .with_help("delete it")
                            .with_edit(span, ""));
        }
        i += point.size_bytes;
    }
}

}  // namespace aqd::lex

#include "tests/differential/mutate.h"

#include <aqd/base/leb128.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <vector>

namespace aqd::differential {
namespace {

using oracle::Random;

constexpr std::uint8_t code_section = 10;
constexpr std::size_t header_bytes = 8;

struct Section {
    std::uint8_t id = 0;
    Bytes content;
};

std::optional<std::uint32_t> number(const std::uint8_t*& at, const std::uint8_t* end) {
    std::uint32_t value = 0;
    if (read_leb128<std::uint32_t>(at, end, value) != Leb128Status::ok) {
        return std::nullopt;
    }
    return value;
}

/// Pieces that each begin with their size; nothing if that is not what the octets are.
std::optional<std::vector<Bytes>> sized_pieces(const std::uint8_t*& at, const std::uint8_t* end,
                                               std::uint32_t count) {
    std::vector<Bytes> pieces;
    for (; count != 0; --count) {
        const auto size = number(at, end);
        if (!size || *size > static_cast<std::size_t>(end - at)) {
            return std::nullopt;
        }
        pieces.emplace_back(at, at + *size);
        at += *size;
    }
    return pieces;
}

std::vector<Section> sections_of(BytesView module) {
    std::vector<Section> sections;
    if (module.size() < header_bytes) {
        return sections;
    }
    const std::uint8_t* at = module.data() + header_bytes;
    const std::uint8_t* end = module.data() + module.size();
    while (at != end) {
        const std::uint8_t id = *at++;
        auto content = sized_pieces(at, end, 1);
        if (!content) {
            return {};
        }
        sections.push_back({id, std::move(content->front())});
    }
    return sections;
}

std::uint8_t octet(Random& random) {
    // Opcodes, types and small numbers say more than others.
    static constexpr std::array<std::uint8_t, 24> telling = {
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x0b, 0x0c, 0x0d, 0x0e, 0x10, 0x11,
        0x1a, 0x1b, 0x20, 0x21, 0x40, 0x41, 0x60, 0x6f, 0x70, 0x7e, 0x7f, 0xfc};
    return random.one_in(2) ? telling[random.below(telling.size())]
                            : static_cast<std::uint8_t>(random.next() >> 40U);
}

std::size_t place(const Bytes& bytes, Random& random) {
    return random.below(static_cast<std::uint32_t>(bytes.size()));
}

void change(Bytes& bytes, Random& random) {
    std::uint8_t& chosen = bytes[place(bytes, random)];
    switch (random.below(4)) {
        case 0:
            chosen ^= static_cast<std::uint8_t>(1U << random.below(8));
            return;
        case 1:
            chosen = static_cast<std::uint8_t>(chosen + (random.one_in(2) ? 1U : 255U));
            return;
        default:
            chosen = octet(random);
    }
}

void change_length(Bytes& bytes, Random& random) {
    const std::size_t at = place(bytes, random);
    const auto from = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const std::size_t size = std::min<std::size_t>(1 + random.below(6), bytes.size() - at);
    switch (random.below(3)) {
        case 0:
            bytes.erase(from, from + static_cast<std::ptrdiff_t>(size));
            return;
        case 1:
            bytes.insert(from, octet(random));
            return;
        default: {
            // A copy of something that is there already.
            const Bytes copy(from, from + static_cast<std::ptrdiff_t>(size));
            bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(place(bytes, random)),
                         copy.begin(), copy.end());
        }
    }
}

void change_octets(Bytes& bytes, Random& random, bool gently) {
    for (std::uint32_t n = 1 + random.below(3); n != 0 && !bytes.empty(); --n) {
        if (gently || random.one_in(2)) {
            change(bytes, random);
        } else {
            change_length(bytes, random);
        }
    }
}

/// One body of the code section.
void change_code(Bytes& content, Random& random, bool gently) {
    const std::uint8_t* at = content.data();
    const std::uint8_t* end = at + content.size();
    const auto count = number(at, end);
    auto bodies = count ? sized_pieces(at, end, *count) : std::nullopt;
    if (!bodies || bodies->empty() || at != end) {
        return change_octets(content, random, gently);
    }
    change_octets((*bodies)[random.below(*count)], random, gently);
    Bytes out;
    append_unsigned_leb128(out, *count);
    for (const Bytes& body : *bodies) {
        append_unsigned_leb128(out, body.size());
        append(out, body);
    }
    content = std::move(out);
}

Bytes mutated(BytesView module, Random& random, bool gently) {
    std::vector<Section> sections = sections_of(module);
    Bytes out(module.begin(), module.end());
    if (sections.empty()) {
        change_octets(out, random, gently);
        return out;
    }
    if (!gently && random.one_in(40)) {
        const std::uint32_t a = random.below(static_cast<std::uint32_t>(sections.size()));
        const std::uint32_t b = random.below(static_cast<std::uint32_t>(sections.size()));
        std::swap(sections[a], sections[b]);
    }
    const auto code = std::ranges::find(sections, code_section, &Section::id);
    Section* chosen = &sections[random.below(static_cast<std::uint32_t>(sections.size()))];
    if (code != sections.end() && (gently || random.one_in(2))) {
        chosen = &*code;
    }
    if (chosen->id == code_section) {
        change_code(chosen->content, random, gently);
    } else {
        change_octets(chosen->content, random, gently);
    }
    out.resize(header_bytes);
    for (const Section& section : sections) {
        out.push_back(section.id);
        append_unsigned_leb128(out, section.content.size());
        append(out, section.content);
    }
    return out;
}

}  // namespace

Bytes mutate(BytesView module, Random& random) {
    return mutated(module, random, false);
}

Bytes mutate_gently(BytesView module, Random& random) {
    return mutated(module, random, true);
}

}  // namespace aqd::differential

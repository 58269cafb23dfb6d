#include <aqd/abi/cbor_core.h>
#include <aqd/abi/text.h>
#include <aqd/base/bytes.h>

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <vector>

namespace aqd::abi {

namespace {

/// NFC_Quick_Check.
enum class Quick : std::uint8_t { yes, maybe, no };

struct Property {
    std::uint8_t combining_class = 0;
    Quick quick = Quick::yes;

    /// Neither composes nor changes places with anything before it.
    [[nodiscard]] bool is_boundary() const { return combining_class == 0 && quick == Quick::yes; }
};

struct Run {
    std::uint32_t first;
    std::uint32_t last;
    Property property;
};

struct Pair {
    std::uint32_t first;
    std::uint32_t second;
    std::uint32_t composite;
};

constexpr auto runs = std::to_array<Run>({
#define AQD_RUN(first, last, combining_class, quick) {first, last, {combining_class, Quick::quick}},
#define AQD_PAIR(first, second, composite)
#include "vm/abi/text_tables.inc"
#undef AQD_PAIR
#undef AQD_RUN
});

constexpr auto pairs = std::to_array<Pair>({
#define AQD_RUN(first, last, combining_class, quick)
#define AQD_PAIR(first, second, composite) {first, second, composite},
#include "vm/abi/text_tables.inc"
#undef AQD_PAIR
#undef AQD_RUN
});

constexpr auto pairs_by_composite = [] {
    auto sorted = pairs;
    std::ranges::sort(sorted, {}, &Pair::composite);
    return sorted;
}();

constexpr unsigned page_bits = 8;

/// For each page of code points the first run that ends in it or later, and one more at the end.
constexpr auto page_runs = [] {
    std::array<std::uint16_t, (0x110000 >> page_bits) + 1> starts{};
    std::uint16_t run = 0;
    for (std::uint32_t page = 0; page < starts.size(); ++page) {
        while (run < runs.size() && runs[run].last < page << page_bits) {
            ++run;
        }
        starts[page] = run;
    }
    return starts;
}();

Property property_of(std::uint32_t code_point) {
    const std::uint32_t page = code_point >> page_bits;
    // A run that reaches into the next page is the first of that page.
    const std::size_t end =
        std::min<std::size_t>(page_runs[page + 1] + std::size_t{1}, runs.size());
    const auto page_end = runs.begin() + static_cast<std::ptrdiff_t>(end);
    const auto* const found =
        std::lower_bound(runs.begin() + page_runs[page], page_end, code_point,
                         [](const Run& run, std::uint32_t wanted) { return run.last < wanted; });
    return found != page_end && found->first <= code_point ? found->property : Property{};
}

// Hangul syllables: the Unicode Standard, section 3.12.
constexpr std::uint32_t syllables = 0xAC00;
constexpr std::uint32_t leads = 0x1100;
constexpr std::uint32_t vowels = 0x1161;
constexpr std::uint32_t tails = 0x11A7;  // one before the first: no tail
constexpr std::uint32_t lead_count = 19;
constexpr std::uint32_t vowel_count = 21;
constexpr std::uint32_t tail_count = 28;

bool is_syllable(std::uint32_t code_point) {
    return code_point - syllables < lead_count * vowel_count * tail_count;
}

std::optional<std::uint32_t> composite_of(std::uint32_t first, std::uint32_t second) {
    if (first - leads < lead_count && second - vowels < vowel_count) {
        return syllables + ((first - leads) * vowel_count + (second - vowels)) * tail_count;
    }
    if (is_syllable(first) && (first - syllables) % tail_count == 0 && second > tails &&
        second - tails < tail_count) {
        return first + (second - tails);
    }
    const Pair wanted{first, second, 0};
    const auto* const found =
        std::ranges::lower_bound(pairs, wanted, [](const Pair& a, const Pair& b) {
            return a.first != b.first ? a.first < b.first : a.second < b.second;
        });
    if (found == pairs.end() || found->first != first || found->second != second) {
        return std::nullopt;
    }
    return found->composite;
}

struct Mark {
    std::uint32_t code_point = 0;
    std::uint8_t combining_class = 0;
};

/// Appends the full canonical decomposition. Only characters whose quick check is not No come here:
/// what decomposes among them is a pair that composes, or a syllable.
void decompose(std::uint32_t code_point, std::vector<Mark>& out) {
    if (is_syllable(code_point)) {
        const std::uint32_t index = code_point - syllables;
        out.push_back({leads + index / (vowel_count * tail_count), 0});
        out.push_back({vowels + index / tail_count % vowel_count, 0});
        if (index % tail_count != 0) {
            out.push_back({tails + index % tail_count, 0});
        }
        return;
    }
    const auto* const found =
        std::ranges::lower_bound(pairs_by_composite, code_point, {}, &Pair::composite);
    if (found == pairs_by_composite.end() || found->composite != code_point) {
        out.push_back({code_point, property_of(code_point).combining_class});
        return;
    }
    decompose(found->first, out);  // four deep at most
    out.push_back({found->second, property_of(found->second).combining_class});
}

/// Canonical order (the Unicode Standard, D109). Only the few marks of a decomposed starter are out
/// of place, so that each mark moves past them alone.
void reorder(std::vector<Mark>& marks) {
    for (std::size_t i = 1; i < marks.size(); ++i) {
        const Mark moving = marks[i];
        std::size_t place = i;
        while (moving.combining_class != 0 && place > 0 &&
               marks[place - 1].combining_class > moving.combining_class) {
            marks[place] = marks[place - 1];
            --place;
        }
        marks[place] = moving;
    }
}

/// Canonical composition (D117), in place.
void compose(std::vector<Mark>& marks) {
    std::optional<std::size_t> starter;
    std::uint8_t last_class = 0;
    std::size_t size = 0;
    for (const Mark mark : marks) {
        if (starter && (last_class == 0 || last_class < mark.combining_class)) {
            if (const auto composite = composite_of(marks[*starter].code_point, mark.code_point)) {
                marks[*starter].code_point = *composite;
                continue;
            }
        }
        last_class = mark.combining_class;
        if (last_class == 0) {
            starter = size;
        }
        marks[size++] = mark;
    }
    marks.resize(size);
}

/// One code point of a text that was checked to be UTF-8.
struct Step {
    std::uint32_t code_point = 0;
    std::size_t size = 0;
};

Step decode(BytesView rest, std::size_t size) {
    if (size == 1) {
        return {rest[0], 1};
    }
    std::uint32_t value = rest[0] & (0xFFU >> (size + 1));
    for (std::size_t i = 1; i < size; ++i) {
        value = value << 6 | (rest[i] & 0x3FU);
    }
    return {value, size};
}

TextFault forbidden(std::uint32_t code_point) {
    if ((code_point < 0x20 && code_point != '\n') || (code_point >= 0x7F && code_point < 0xA0)) {
        return TextFault::control;
    }
    if ((code_point >= 0x202A && code_point <= 0x202E) ||
        (code_point >= 0x2066 && code_point <= 0x2069)) {
        return TextFault::reorders;
    }
    return TextFault::none;
}

/// The code points from one boundary to the next: nothing outside changes how they compose.
class Segment {
  public:
    void begin() {
        given_.clear();
        is_doubtful_ = false;
    }
    void add(std::uint32_t code_point, Property property) {
        given_.push_back(code_point);
        is_doubtful_ = is_doubtful_ || property.quick == Quick::maybe;
    }
    [[nodiscard]] bool is_composed() {
        if (!is_doubtful_) {
            return true;
        }
        marks_.clear();
        for (const std::uint32_t code_point : given_) {
            decompose(code_point, marks_);
        }
        reorder(marks_);
        compose(marks_);
        return std::ranges::equal(marks_, given_, {}, &Mark::code_point);
    }

  private:
    std::vector<std::uint32_t> given_;
    std::vector<Mark> marks_;
    bool is_doubtful_ = false;
};

}  // namespace

std::string_view text_fault_text(TextFault fault) {
    switch (fault) {
        case TextFault::none:
            return "is a text";
        case TextFault::not_utf8:
            return "is not UTF-8";
        case TextFault::control:
            return "has a control character other than the line break";
        case TextFault::reorders:
            return "has an invisible character that changes the direction of writing";
        case TextFault::too_long:
            return "has too many characters";
        case TextFault::not_composed:
            return "has letters with separate marks that have a form of their own (it is not in "
                   "Unicode's form C)";
    }
    return "";
}

TextReport scan_text(std::string_view text, std::uint64_t most) {
    const BytesView octets = as_bytes(text);
    std::uint64_t count = 0;
    std::uint8_t last_class = 0;
    bool is_settled = true;
    for (std::size_t at = 0; at < octets.size();) {
        const BytesView rest = octets.subspan(at);
        const std::size_t size = core::utf8_sequence_size(rest.data(), rest.size());
        if (size == 0) {
            return {TextFault::not_utf8, at};
        }
        const std::uint32_t code_point = decode(rest, size).code_point;
        if (const TextFault fault = forbidden(code_point); fault != TextFault::none) {
            return {fault, at};
        }
        if (++count > most) {
            return {TextFault::too_long, at};
        }
        const Property property = property_of(code_point);
        if (property.quick == Quick::no ||
            (property.combining_class != 0 && property.combining_class < last_class)) {
            return {TextFault::not_composed, at};
        }
        is_settled = is_settled && property.quick != Quick::maybe;
        last_class = property.combining_class;
        at += size;
    }
    return {TextFault::none, 0, is_settled};
}

TextReport check_composed(std::string_view text) {
    const BytesView octets = as_bytes(text);
    Segment segment;
    std::size_t begin = 0;
    for (std::size_t at = 0; at < octets.size();) {
        const BytesView rest = octets.subspan(at);
        const Step step = decode(rest, core::utf8_sequence_size(rest.data(), rest.size()));
        const Property property = property_of(step.code_point);
        if (property.is_boundary()) {
            if (!segment.is_composed()) {
                return {TextFault::not_composed, begin};
            }
            segment.begin();
            begin = at;
        }
        segment.add(step.code_point, property);
        at += step.size;
    }
    if (!segment.is_composed()) {
        return {TextFault::not_composed, begin};
    }
    return {};
}

TextReport check_text(std::string_view text, std::uint64_t most) {
    const TextReport report = scan_text(text, most);
    return report.is_settled ? report : check_composed(text);
}

}  // namespace aqd::abi

#include "compiler/diagnostics/diagnostic.h"

#include <aqd/base/assert.h>

#include <algorithm>
#include <cstddef>

namespace aqd::diagnostics {
namespace {

struct Row {
    Code code;
    std::string_view title;
    std::string_view explanation;
};

constexpr Row rows[] = {
#define AQD_CODE(number, name, title, explanation) {Code::name, title, explanation},
#include "compiler/diagnostics/codes.def"
#undef AQD_CODE
};

consteval bool ascending() {
    for (std::size_t i = 1; i < std::size(rows); ++i) {
        if (rows[i - 1].code >= rows[i].code) {
            return false;
        }
    }
    return true;
}
static_assert(ascending(), "the rows of codes.def are sorted by number, each number once");

const Row& row(Code code) {
    const auto* found = std::ranges::lower_bound(rows, code, {}, &Row::code);
    AQD_ASSERT(found != std::end(rows) && found->code == code);
    return *found;
}

}  // namespace

std::string code_text(Code code) {
    const std::string digits = std::to_string(static_cast<unsigned>(code));
    return "AQD" + std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits;
}

std::string_view title(Code code) {
    return row(code).title;
}

std::string explain(Code code) {
    const Row& found = row(code);
    return code_text(code) + ": " + std::string(found.title) + "\n\n" +
           std::string(found.explanation) + "\n";
}

std::optional<Code> find_code(std::string_view text) {
    if (text.size() == 7 && (text.starts_with("AQD") || text.starts_with("aqd"))) {
        text.remove_prefix(3);
    }
    if (text.size() != 4) {
        return std::nullopt;
    }
    unsigned number = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return std::nullopt;
        }
        number = number * 10 + static_cast<unsigned>(c - '0');
    }
    for (const Row& r : rows) {
        if (static_cast<unsigned>(r.code) == number) {
            return r.code;
        }
    }
    return std::nullopt;
}

std::vector<Code> all_codes() {
    std::vector<Code> codes;
    codes.reserve(std::size(rows));
    for (const Row& r : rows) {
        codes.push_back(r.code);
    }
    return codes;
}

}  // namespace aqd::diagnostics

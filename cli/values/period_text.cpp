#include "cli/values/period_text.h"

#include "cli/values/number_text.h"

#include <array>
#include <limits>
#include <vector>

namespace aqd::values {
namespace {

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    std::size_t at = 0;
    while (at < text.size()) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        if (end > at) {
            words.push_back(text.substr(at, end - at));
        }
        at = end + 1;
    }
    return words;
}

bool is_unit(std::string_view word, std::string_view plural) {
    return word == plural || word == plural.substr(0, plural.size() - 1);
}

Result<std::uint64_t> parse_count(std::string_view word) {
    AQD_TRY(count, parse_unsigned(word));
    if (count > std::numeric_limits<std::uint32_t>::max()) {
        return fail(ErrorCode::invalid, "is too long a duration");
    }
    return static_cast<std::uint64_t>(count);
}

}  // namespace

Result<std::uint64_t> parse_amount(std::string_view text, std::string_view unit) {
    const std::vector<std::string_view> words = words_of(text);
    if (words.empty() || words.size() > 2 || (words.size() == 2 && !is_unit(words[1], unit))) {
        return fail(ErrorCode::invalid, "\"" + std::string(text) + "\" is not a number of " +
                                            std::string(unit) + ", such as \"30 " +
                                            std::string(unit) + "\"");
    }
    return parse_count(words[0]);
}

Result<Months> parse_months(std::string_view text) {
    const std::vector<std::string_view> words = words_of(text);
    const bool years = words.size() > 1 && is_unit(words[1], "years");
    const bool unit_fits =
        words.size() == 1 || years || (words.size() > 1 && is_unit(words[1], "months"));
    const bool rounding_fits = words.size() <= 2 || (words.size() == 4 && words[2] == "round" &&
                                                     (words[3] == "up" || words[3] == "down"));
    if (words.empty() || !unit_fits || !rounding_fits) {
        return fail(ErrorCode::invalid,
                    "\"" + std::string(text) +
                        "\" is not a number of months, such as \"3 months round down\"");
    }
    AQD_TRY(count, parse_count(words[0]));
    const std::uint64_t rounding = words.size() < 4 ? 0 : words[3] == "up" ? 1 : 2;
    return Months{years ? count * 12 : count, rounding};
}

std::string amount_text(std::uint64_t amount, std::string_view unit) {
    const std::string_view word = amount == 1 ? unit.substr(0, unit.size() - 1) : unit;
    return std::to_string(amount) + " " + std::string(word);
}

std::string months_text(const Months& months) {
    return amount_text(months.count, "months") + (months.rounding == 1   ? " round up"
                                                  : months.rounding == 2 ? " round down"
                                                                         : "");
}

std::string period_text(const abi::Period& period) {
    constexpr std::array<std::string_view, 5> units = {"days", "workdays", "months", "hours",
                                                       "minutes"};
    return amount_text(period.amount, period.unit < units.size() ? units[period.unit] : "units");
}

}  // namespace aqd::values

#include "cli/testing/timeline.h"

#include "cli/ledgers/event_text.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/screen/table.h"
#include "cli/values/number_text.h"

#include <algorithm>
#include <map>

namespace aqd::testing {
namespace {

using screen::padded;
using screen::Style;

constexpr std::size_t moment_width = 17;
constexpr std::size_t who_width = 26;
constexpr std::size_t what_width = 54;
constexpr std::size_t where_column = 2 + moment_width + 2 + who_width + 2 + what_width + 2;
/// More events by themselves in one moment are told as sums.
constexpr std::size_t told_one_by_one = 8;

std::string short_entry(const std::string& entry) {
    return entry.substr(entry.rfind('.') + 1);
}

}  // namespace

void Timeline::line(const std::string& moment, const std::string& who, const std::string& what,
                    const std::string& where) {
    const std::string shown = moment == last_moment_ ? "" : moment;
    last_moment_ = moment;
    std::string text = "  " + padded(shown, moment_width) + "  " + padded(who, who_width) + "  " +
                       padded(what, what_width) + "  ";
    text.erase(text.find_last_not_of(' ') + 1);
    screen_->line(where.empty() ? text
                                : padded(text, where_column) + screen_->paint(Style::faint, where));
}

void Timeline::title(const std::string& text) {
    screen_->line();
    screen_->line(screen_->paint(Style::bold, text));
}

Result<void> Timeline::call(const std::string& moment, const std::string& who, const CallStep& step,
                            const ledger::Receipt& receipt, std::uint64_t height,
                            bool root_changed) {
    const std::string where = "block " + std::to_string(height);
    if (receipt.refusal != 0) {
        const ledgers::RefusalText refusal = ledgers::refusal_of(*ledger_, receipt);
        const bool has_name = refusal.name != "Refused";
        std::string what =
            screen_->paint(Style::bad, "✗ refused ") + (has_name ? refusal.name : refusal.text);
        what += root_changed ? "" : " · state root unchanged";
        line(moment, who, what, where);
        if (has_name && !refusal.text.empty()) {
            line(moment, "", "  " + screen_->paint(Style::faint, refusal.text), "");
        }
        return {};
    }
    const bool tells_of_itself = step.module == "aqd.system";
    std::string what = step.say.empty() ? short_entry(step.entry) : step.say;
    std::vector<std::string> below;
    for (const system::Event& event : receipt.events) {
        AQD_TRY(text, ledgers::event_line(*ledger_, event));
        if (text.empty()) {
            continue;
        }
        const bool belongs_in_line = event.kind == system::EventKind::transition ||
                                     event.kind == system::EventKind::case_joined;
        if (tells_of_itself && step.say.empty()) {
            what = text;
        } else if (belongs_in_line && step.say.empty()) {
            what += " · " + text;
        } else if (event.kind == system::EventKind::filing_receipt) {
            what += " · receipt " + ledgers::receipt_name(receipt);
        } else if (!belongs_in_line && !tells_of_itself) {
            below.push_back(text);
        }
    }
    line(moment, who, what, where);
    for (const std::string& text : below) {
        line(moment, "", "  " + text, "");
    }
    return {};
}

void Timeline::not_admitted(const std::string& moment, const std::string& who, const CallStep& step,
                            const std::string& why) {
    line(moment, who,
         screen_->paint(Style::bad, "✗ not admitted ") +
             (step.say.empty() ? short_entry(step.entry) : step.say) + ": " + why,
         "no trace");
}

Result<void> Timeline::by_itself(const std::string& moment,
                                 const std::vector<const ledger::Receipt*>& receipts,
                                 std::uint64_t height) {
    std::vector<std::string> texts;
    std::map<std::string, std::size_t> sums;
    for (const ledger::Receipt* receipt : receipts) {
        if (receipt->refusal != 0) {
            texts.push_back("✗ " + receipt->module + " " + receipt->entry + " was refused " +
                            ledgers::refusal_of(*ledger_, *receipt).name);
        }
        for (const system::Event& event : receipt->events) {
            AQD_TRY(text, ledgers::event_line(*ledger_, event));
            if (!text.empty()) {
                texts.push_back(text);
                ++sums[std::string(system::event_text(static_cast<std::uint16_t>(event.kind)))];
            }
        }
    }
    const bool only_delivered = std::ranges::all_of(receipts, [](const ledger::Receipt* receipt) {
        return receipt->origin == ledger::Origin::delivery;
    });
    const std::string who = only_delivered ? "(delivered)" : "(calendar)";
    const std::string where = "block " + std::to_string(height);
    if (texts.size() > told_one_by_one) {
        texts.clear();
        for (const auto& [text, count] : sums) {
            texts.push_back(values::with_commas(std::to_string(count)) + " × " + text);
        }
    }
    for (std::size_t i = 0; i < texts.size(); ++i) {
        line(moment, i == 0 ? who : "", texts[i], i == 0 ? where : "");
    }
    return {};
}

void Timeline::many(const std::string& moment, const std::string& what, double seconds,
                    std::uint64_t calls) {
    // A handful of calls measures nothing.
    const bool is_measured = calls >= 100 && seconds > 0;
    const auto rate = is_measured ? static_cast<std::uint64_t>(static_cast<double>(calls) / seconds)
                                  : std::uint64_t{0};
    line(moment, values::with_commas(std::to_string(calls)) + " calls",
         is_measured ? padded(what, 30) + "  " + screen::bar(1, 1) : what,
         is_measured ? values::with_commas(std::to_string(rate)) + " calls/s" : "");
}

void Timeline::look(const std::string& moment, const std::string& what, const std::string& found) {
    line(moment, what, found, "");
}

}  // namespace aqd::testing

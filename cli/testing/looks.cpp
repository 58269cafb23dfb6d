#include "cli/ledgers/case_view.h"
#include "cli/ledgers/obligation_list.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/testing/player.h"
#include "cli/values/describe.h"

#include <set>

// Steps that only look at the ledger.

namespace aqd::testing {
namespace {

/// More recipients are only counted.
constexpr std::size_t most_named = 12;

std::string join(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        text += (text.empty() ? "" : ", ") + word;
    }
    return text.empty() ? "nobody" : text;
}

}  // namespace

Result<std::string> Player::play_look(const Step& step, const LookStep& look) {
    switch (look.kind) {
        case LookStep::Kind::view:
            return look_at_view(step, look.view);
        case LookStep::Kind::case_:
            return look_at_case(step, look);
        case LookStep::Kind::obligations:
            return look_at_obligations(step, look);
    }
    return std::string();
}

Result<std::string> Player::look_at_view(const Step& step, const CallStep& view) {
    AQD_TRY(code, ledger_->module(view.module));
    AQD_TRY(entry, ledgers::callable_entry(code->manifest(), view.entry));
    AQD_TRY(wish, wish_of(view, 0));
    AQD_TRY(arguments, ledgers::make_arguments(*ledger_, view.module, *entry, wish, nullptr));
    ledger::ViewRequest request;
    request.module = view.module;
    request.entry = view.entry;
    request.arguments = std::move(arguments);
    request.case_id = wish.case_id;
    if (!view.as.empty()) {
        AQD_TRY(key, key_of(view.as, step.path.member("as")));
        request.caller = key->shown.account;
    }
    AQD_TRY(report, ledger_->chain().view(request));
    StepFacts facts;
    facts.receipt = &report.receipt;
    facts.case_id = wish.case_id;
    AQD_TRY(json, ledgers::result_json(*ledger_, report.receipt));
    const std::string shown =
        report.receipt.refusal != 0
            ? "✗ refused " + ledgers::refusal_of(*ledger_, report.receipt).name
            : values::describe(json, entry->result);
    timeline_.look(ledger_->moment(ledger_->chain().tip().time_ns),
                   view.as.empty() ? "anybody" : label_of(view.as),
                   (step.say.empty() ? view.entry + ":" : step.say) + " " + shown);
    return difference(*ledger_, step.expect, facts, step.path.member("expect"));
}

Result<std::string> Player::look_at_case(const Step& step, const LookStep& look) {
    const auto id = ledger_->case_named(look.case_word.value_or(""));
    if (!id) {
        return step.path.member("check").fail(id.error());
    }
    StepFacts facts;
    facts.case_id = *id;
    return difference(*ledger_, step.expect, facts, step.path.member("expect"));
}

Result<std::string> Player::look_at_obligations(const Step& step, const LookStep& look) {
    std::optional<abi::CaseId> of_case;
    if (look.case_word) {
        const auto id = ledger_->case_named(*look.case_word);
        if (!id) {
            return step.path.member("obligations").member("case").fail(id.error());
        }
        of_case = *id;
    }
    AQD_TRY(list, ledgers::list_obligations(*ledger_, of_case));
    const calendar::Day today = ledger_->today();
    std::multiset<std::string> found;
    std::vector<std::string> labels;
    for (const ledgers::Obligation& one : list) {
        const Json json = ledgers::obligation_json(*ledger_, one, today);
        const bool late = ledgers::standing_on(one.row, today) == ledgers::Standing::overdue;
        const bool fits = json["recipient"].is_string() &&
                          (!look.body || json["recipient"] == *look.body) &&
                          (late || !look.overdue);
        if (fits) {
            found.insert(json["recipient"].get<std::string>());
            labels.push_back(json["label"].get<std::string>());
        }
    }
    timeline_.look(ledger_->moment(ledger_->chain().tip().time_ns),
                   look.overdue ? "overdue" : "obligations",
                   labels.size() <= most_named ? join(labels) : std::to_string(labels.size()));
    if (step.expect.count && *step.expect.count != found.size()) {
        return "expected " + std::to_string(*step.expect.count) + " obligations, but there are " +
               std::to_string(found.size());
    }
    const std::multiset<std::string> wanted(step.expect.recipients.begin(),
                                            step.expect.recipients.end());
    if (!wanted.empty() && wanted != found) {
        return "expected obligations of " + join(step.expect.recipients) + ", but they are of " +
               join({found.begin(), found.end()});
    }
    return std::string();
}

}  // namespace aqd::testing

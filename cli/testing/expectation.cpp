#include "cli/testing/expectation.h"

#include "cli/ledgers/case_view.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/values/from_cbor.h"
#include "cli/values/to_cbor.h"

#include <aqd/abi/cbor.h>
#include <aqd/system/event.h>

namespace aqd::testing {
namespace {

values::Surroundings surroundings_of(const ledgers::Ledger& ledger) {
    values::Surroundings around;
    around.types = &ledger.types();
    around.names = [&ledger](std::string_view word) { return ledger.word(word); };
    return around;
}

/// What became of the call, in words.
std::string outcome_text(const ledgers::Ledger& ledger, const StepFacts& facts) {
    if (facts.not_admitted) {
        return "it was not admitted: " + facts.not_admitted->message;
    }
    if (facts.receipt == nullptr || facts.receipt->refusal == 0) {
        return "it was done";
    }
    const ledgers::RefusalText refusal = ledgers::refusal_of(ledger, *facts.receipt);
    return "it was refused " + refusal.name + (refusal.text.empty() ? "" : ": " + refusal.text);
}

/// A reason without a name may be expected by its text.
bool is_refusal(const ledgers::RefusalText& refusal, const std::string& expected) {
    if (refusal.name == expected || refusal.text == expected) {
        return true;
    }
    for (const abi::Label& label : refusal.labels) {
        if (label.text == expected) {
            return true;
        }
    }
    return false;
}

std::string outcome_difference(const ledgers::Ledger& ledger, const Expectation& expect,
                               const StepFacts& facts) {
    if (expect.not_admitted) {
        const bool fits = facts.not_admitted && facts.not_admitted->message.find(
                                                    *expect.not_admitted) != std::string::npos;
        return fits ? ""
                    : "expected not admitted (" + *expect.not_admitted + "), but " +
                          outcome_text(ledger, facts);
    }
    if (expect.refused) {
        const bool fits = facts.receipt != nullptr && facts.receipt->refusal != 0 &&
                          is_refusal(ledgers::refusal_of(ledger, *facts.receipt), *expect.refused);
        return fits
                   ? ""
                   : "expected refused " + *expect.refused + ", but " + outcome_text(ledger, facts);
    }
    const bool failed =
        facts.not_admitted || (facts.receipt != nullptr && facts.receipt->refusal != 0);
    return failed ? "expected success, but " + outcome_text(ledger, facts) : "";
}

Result<std::string> case_difference(const ledgers::Ledger& ledger, const Expectation& expect,
                                    const StepFacts& facts, const JsonPath& path) {
    if (!expect.state && expect.data.empty() && !expect.present) {
        return std::string();
    }
    if (!facts.case_id) {
        return path.fail("speaks of a case, but the step has none");
    }
    const auto view = ledgers::read_case_view(ledger, *facts.case_id);
    if (!view && view.error().code != ErrorCode::not_found) {
        return std::unexpected(view.error());
    }
    if (expect.present && *expect.present != view.has_value()) {
        return std::string(view ? "the case exists" : "the case does not exist");
    }
    if (!view) {
        return expect.state || !expect.data.empty() ? std::string("the case does not exist")
                                                    : std::string();
    }
    if (expect.state && view->state() != *expect.state) {
        return "expected the case in " + *expect.state + ", but it is in " + view->state();
    }
    if (expect.data.empty()) {
        return std::string();
    }
    const std::optional<Bytes>& stored = view->row.data;
    if (!stored) {
        return std::string("the case has no data");
    }
    AQD_TRY(data, values::fields_from_cbor(*stored, view->procedure->data, ledger.types()));
    const values::Surroundings around = surroundings_of(ledger);
    for (const auto& [name, expected] : expect.data) {
        const abi::Type* type = nullptr;
        for (const abi::Field& field : view->procedure->data) {
            type = field.name == name ? &field.type : type;
        }
        if (type == nullptr || !data.contains(name)) {
            return path.member("data").member(name).fail("the case has no such field");
        }
        const JsonPath here = path.member("data").member(name);
        AQD_TRY(wanted, values::to_cbor(expected, *type, around, here));
        AQD_TRY(found, values::to_cbor(data[name], *type, around, here));
        if (wanted != found) {
            return "expected " + name + " " + expected.dump() + ", but it is " + data[name].dump();
        }
    }
    return std::string();
}

std::string event_difference(const Expectation& expect, const StepFacts& facts) {
    for (const auto& [kind, count] : expect.events) {
        std::uint64_t found = 0;
        for (const ledger::Receipt* receipt : facts.all) {
            for (const system::Event& event : receipt->events) {
                found += system::event_name(static_cast<std::uint16_t>(event.kind)) == kind ? 1 : 0;
            }
        }
        if (found != count) {
            return "expected " + std::to_string(count) + " × " + kind + ", but there were " +
                   std::to_string(found);
        }
    }
    return {};
}

}  // namespace

Result<std::string> result_difference(const ledgers::Ledger& ledger, const Json& expected,
                                      const ledger::Receipt& receipt, const abi::Type& type,
                                      const JsonPath& path) {
    Bytes found;
    if (receipt.result) {
        found = *receipt.result;
    } else {
        abi::Writer(found).write_null();
    }
    AQD_TRY(wanted,
            values::to_cbor(expected, type, surroundings_of(ledger), path.member("result")));
    if (wanted == found) {
        return std::string();
    }
    AQD_TRY(json, ledgers::result_json(ledger, receipt));
    return "expected " + expected.dump() + ", but the result is " + json.dump();
}

Result<std::string> difference(const ledgers::Ledger& ledger, const Expectation& expect,
                               const StepFacts& facts, const JsonPath& path) {
    std::string found = outcome_difference(ledger, expect, facts);
    if (!found.empty()) {
        return found;
    }
    if (expect.unchanged && facts.root_changed) {
        return std::string("expected the state root unchanged, but it changed");
    }
    if (expect.result && facts.receipt != nullptr) {
        AQD_TRY(code, ledger.module(facts.receipt->module));
        const abi::Entry* entry = code->manifest().entry(facts.receipt->entry);
        if (entry == nullptr) {
            return path.fail("the entry has no result to compare");
        }
        AQD_TRY(differs,
                result_difference(ledger, *expect.result, *facts.receipt, entry->result, path));
        if (!differs.empty()) {
            return differs;
        }
    }
    AQD_TRY(of_case, case_difference(ledger, expect, facts, path));
    return of_case.empty() ? event_difference(expect, facts) : of_case;
}

}  // namespace aqd::testing

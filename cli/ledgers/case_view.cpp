#include "cli/ledgers/case_view.h"

#include "cli/genesis/moment.h"
#include "cli/ledgers/receipt_text.h"
#include "cli/screen/table.h"
#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"
#include "cli/values/type_table.h"

#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/system/timers.h>

#include <algorithm>

namespace aqd::ledgers {
namespace {

using files::Json;
using screen::Style;

struct RunningDeadline {
    const abi::Deadline* deadline = nullptr;
    system::Due due;
};

Result<std::vector<RunningDeadline>> running_deadlines(const Ledger& ledger, const CaseView& view) {
    std::vector<RunningDeadline> running;
    for (const system::ArmedTimer& armed : view.row.timers) {
        AQD_TRY(stored, ledger.chain().state().get(armed.key));
        if (!stored || armed.deadline >= view.procedure->deadlines.size()) {
            return fail(ErrorCode::corrupt, "a timer of the case is missing");
        }
        AQD_TRY(timer, system::decode_timer(*stored));
        running.push_back({&view.procedure->deadlines[armed.deadline], timer.due});
    }
    std::ranges::sort(running, [&](const auto& a, const auto& b) {
        return system::first_second(a.due, ledger.clock()) <
               system::first_second(b.due, ledger.clock());
    });
    return running;
}

std::string due_text(const Ledger& ledger, const system::Due& due) {
    return due.is_instant ? "at " + ledger.moment(due.instant * genesis::nanoseconds_per_second)
                          : "after " + values::date_text(due.day);
}

/// Parties, of type person?, are told apart from data: who acted is not printed.
bool is_party(const abi::Field& field) {
    return field.type.kind == abi::TypeKind::option &&
           field.type.items[0].kind == abi::TypeKind::person;
}

const abi::Secret* secret_called(const CaseView& view, const std::string& name) {
    const auto& secrets = view.procedure->secrets;
    const auto found =
        std::ranges::find_if(secrets, [&](const abi::Secret& one) { return one.name == name; });
    return found == secrets.end() ? nullptr : &*found;
}

Result<Json> data_json(const Ledger& ledger, const CaseView& view) {
    if (!view.row.data) {
        return Json(Json::object());
    }
    // One more item than fields: the bits of the entries that have succeeded once.
    return values::fields_from_cbor(*view.row.data, view.procedure->data, ledger.types());
}

Result<Json> history_json(const Ledger& ledger, const abi::CaseId& id) {
    Json history = Json::array();
    AQD_TRY(places, ledger.chain().history(id));
    for (const chain::Chain::ReceiptPlace& place : places) {
        AQD_TRY(receipts, ledger.chain().receipts(place.height));
        AQD_TRY(block, ledger.chain().block(place.height));
        if (place.index >= receipts.size()) {
            return fail(ErrorCode::corrupt, "the history names a receipt that is not there");
        }
        const ledger::Receipt& receipt = receipts[place.index];
        history.push_back(
            {{"height", place.height},
             {"index", place.index},
             {"time",
              calendar::format_time(block.header.time_ns / genesis::nanoseconds_per_second) + "Z"},
             {"entry", receipt.entry},
             {"refused", receipt.refusal == 0 ? Json() : Json(refusal_of(ledger, receipt).name)}});
    }
    return history;
}

Result<void> data_rows(const Ledger& ledger, const CaseView& view, screen::Table& table) {
    AQD_TRY(data, data_json(ledger, view));
    for (const abi::Field& field : view.procedure->data) {
        // The last field tells which entries have succeeded once: of no interest to people.
        const bool is_counter = &field == &view.procedure->data.back();
        if (is_counter || !data.contains(field.name) || data[field.name].is_null()) {
            continue;
        }
        const Json& value = data[field.name];
        const abi::Secret* secret = secret_called(view, field.name);
        if (is_party(field)) {
            table.row({field.name, "(withheld)"});
        } else if (secret != nullptr) {
            table.row({field.name, "held by " + secret->held_by + ", commitment " +
                                       values::describe(value, field.type)});
        } else {
            const bool is_body =
                value.is_string() && ledger.names().labels.contains(value.get<std::string>());
            table.row({field.name,
                       values::describe(value, field.type) +
                           (is_body ? " · " + ledger.label_of(value.get<std::string>()) : "")});
        }
    }
    return {};
}

std::string short_entry(const std::string& entry) {
    return entry.substr(entry.rfind('.') + 1);
}

}  // namespace

std::string label_text(const std::vector<abi::Label>& labels, const std::string& name) {
    for (const std::string_view language : {"fr", "en", "ar"}) {
        for (const abi::Label& label : labels) {
            if (label.language == language) {
                return label.text;
            }
        }
    }
    return name;
}

std::string CaseView::state() const {
    return row.state && *row.state < procedure->states.size() ? procedure->states[*row.state].name
                                                              : "none";
}

Result<CaseView> read_case_view(const Ledger& ledger, const abi::CaseId& id) {
    AQD_TRY(row, system::read_case(ledger.chain().state(), id));
    if (!row) {
        return fail(ErrorCode::not_found, "the ledger has no case " + to_hex(id.view()));
    }
    CaseView view;
    view.id = id;
    view.row = std::move(*row);
    AQD_TRY(code, ledger.module_version(view.row.lineage, view.row.version));
    view.code = std::move(code);
    view.procedure = view.manifest().procedure(view.row.procedure);
    if (view.procedure == nullptr) {
        return fail(ErrorCode::corrupt, "the case's module has no such procedure");
    }
    AQD_TRY(obligations, list_obligations(ledger, id));
    view.obligations = std::move(obligations);
    return view;
}

Result<Json> case_json(const Ledger& ledger, const CaseView& view) {
    Json json;
    json["case"] = to_hex(view.id.view());
    json["module"] = view.manifest().path;
    json["version"] = view.row.version;
    json["procedure"] = view.row.procedure;
    json["state"] = view.state();
    json["settled"] = view.row.settled;
    json["faulted"] = view.row.faulted;
    json["opened"] = calendar::format_date(view.row.opened);
    json["settled_on"] =
        view.row.settled_on ? Json(calendar::format_date(*view.row.settled_on)) : Json();
    AQD_TRY(data, data_json(ledger, view));
    for (const abi::Field& field : view.procedure->data) {
        if (is_party(field) && data.contains(field.name)) {
            data[field.name] = !data[field.name].is_null();
        }
    }
    json["data"] = std::move(data);
    json["deadlines"] = Json::array();
    AQD_TRY(running, running_deadlines(ledger, view));
    for (const RunningDeadline& one : running) {
        json["deadlines"].push_back(
            {{"name", one.deadline->name},
             {"due", one.due.is_instant ? Json(calendar::format_time(one.due.instant) + "Z")
                                        : Json(calendar::format_date(one.due.day))},
             {"basis", one.deadline->basis}});
    }
    json["obligations"] = Json::array();
    for (const Obligation& obligation : view.obligations) {
        json["obligations"].push_back(obligation_json(ledger, obligation, ledger.today()));
    }
    AQD_TRY(history, history_json(ledger, view.id));
    json["history"] = std::move(history);
    return json;
}

Result<std::string> case_text(const Ledger& ledger, const screen::Screen& screen,
                              const CaseView& view) {
    const std::string state = view.state();
    const abi::State* declared = view.row.state && *view.row.state < view.procedure->states.size()
                                     ? &view.procedure->states[*view.row.state]
                                     : nullptr;
    const std::string title =
        screen.paint(Style::bold, label_text(view.procedure->labels, view.row.procedure)) + " · " +
        view.manifest().path + " " + std::to_string(view.row.version) + " · opened " +
        values::date_text(view.row.opened) + " · " +
        (declared == nullptr ? state : label_text(declared->labels, state)) +
        (view.row.settled_on && view.row.settled
             ? " since " + values::date_text(*view.row.settled_on)
             : "") +
        "\n";
    screen::Table table(2, 4);
    AQD_CHECK(data_rows(ledger, view, table));
    AQD_TRY(running, running_deadlines(ledger, view));
    for (const RunningDeadline& one : running) {
        table.row({"next", due_text(ledger, one.due) + ": " + one.deadline->name +
                               (one.deadline->basis.empty() ? "" : " · " + one.deadline->basis)});
    }
    if (running.empty()) {
        table.row({"next", view.row.faulted   ? "a step without an actor failed; waits for repair"
                           : view.row.settled ? "nothing: settled"
                           : declared != nullptr && !declared->waits.empty()
                               ? "no clock: " + declared->waits
                               : "whoever may act"});
    }
    std::string notices;
    for (const Obligation& one : view.obligations) {
        notices += (notices.empty() ? "" : " · ") + ledger.recipient_label(one.row.recipient) +
                   " " + standing_text(one.row, ledger.today());
    }
    if (!notices.empty()) {
        table.row({"notices", notices});
    }
    AQD_TRY(history, history_json(ledger, view.id));
    std::string blocks;
    for (const Json& one : history) {
        const std::string entry = short_entry(one["entry"].get<std::string>());
        blocks += (blocks.empty() ? "block " : " · ") + one["height"].dump() + " " +
                  (entry.empty() ? "calendar" : entry) + (one["refused"].is_null() ? "" : " ✗");
    }
    table.row({"history", blocks});
    return title + table.text();
}

}  // namespace aqd::ledgers

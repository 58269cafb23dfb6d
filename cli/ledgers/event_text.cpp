#include "cli/ledgers/event_text.h"

#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"
#include "cli/values/type_table.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/system/case_row.h>

#include <map>
#include <vector>

namespace aqd::ledgers {
namespace {

using files::Json;
using system::EventKind;

/// How a field of an event's data is read.
enum class Part : std::uint8_t { number, boolean, text, day, state, body, recipient, octets, any };

struct NamedPart {
    std::string_view name;
    Part part;
};

/// `events.def` once more, as a program needs it.
// Longer than seventy lines: a table, one row for each kind of event.
const std::map<EventKind, std::vector<NamedPart>>& layouts() {
    static const std::map<EventKind, std::vector<NamedPart>> table = {
        {EventKind::case_opened,
         {{"procedure", Part::text}, {"version", Part::number}, {"opened", Part::day}}},
        {EventKind::case_joined, {{"procedure", Part::text}}},
        {EventKind::transition,
         {{"from", Part::state}, {"to", Part::state}, {"settled", Part::boolean}}},
        {EventKind::settled, {{"on", Part::day}}},
        {EventKind::faulted, {{"entry", Part::text}, {"refusal", Part::number}}},
        {EventKind::deadline_armed,
         {{"deadline", Part::text}, {"due", Part::day}, {"time", Part::any}}},
        {EventKind::deadline_disarmed, {{"deadline", Part::text}}},
        {EventKind::deadline_fired, {{"deadline", Part::text}, {"legal_date", Part::day}}},
        {EventKind::deadline_moved, {{"deadline", Part::text}, {"due", Part::day}}},
        {EventKind::filing_receipt, {{"person", Part::octets}}},
        {EventKind::message, {{"person", Part::octets}, {"message", Part::any}}},
        {EventKind::escalated, {{"role", Part::text}, {"body", Part::body}}},
        {EventKind::breach, {{"ordinal", Part::number}, {"body", Part::body}}},
        {EventKind::access,
         {{"slot", Part::any},
          {"purpose", Part::text},
          {"basis", Part::text},
          {"person", Part::octets}}},
        {EventKind::notice_sent,
         {{"ordinal", Part::number},
          {"notice", Part::text},
          {"recipient", Part::recipient},
          {"acknowledge_by", Part::day},
          {"act_by", Part::day}}},
        {EventKind::delivered,
         {{"ordinal", Part::number}, {"notice", Part::text}, {"module", Part::text}}},
        {EventKind::not_delivered,
         {{"ordinal", Part::number},
          {"notice", Part::text},
          {"module", Part::text},
          {"refusal", Part::number}}},
        {EventKind::acknowledged,
         {{"ordinal", Part::number},
          {"notice", Part::text},
          {"recipient", Part::recipient},
          {"person", Part::octets}}},
        {EventKind::acted,
         {{"ordinal", Part::number},
          {"notice", Part::text},
          {"recipient", Part::recipient},
          {"person", Part::octets}}},
        {EventKind::overdue,
         {{"ordinal", Part::number},
          {"notice", Part::text},
          {"recipient", Part::recipient},
          {"term", Part::number}}},
        {EventKind::reminded,
         {{"ordinal", Part::number},
          {"notice", Part::text},
          {"recipient", Part::recipient},
          {"reminder", Part::number}}},
        {EventKind::notice_escalated,
         {{"ordinal", Part::number},
          {"notice", Part::text},
          {"recipient", Part::recipient},
          {"to", Part::text}}},
        {EventKind::asked,
         {{"ordinal", Part::number},
          {"exchange", Part::text},
          {"asked", Part::body},
          {"asking", Part::body},
          {"purpose", Part::text},
          {"basis", Part::text},
          {"answer_by", Part::day}}},
        {EventKind::question_taken,
         {{"asking_case", Part::octets}, {"ordinal", Part::number}, {"exchange", Part::text}}},
        {EventKind::answered,
         {{"asking_case", Part::octets}, {"ordinal", Part::number}, {"exchange", Part::text}}},
        {EventKind::answer_dropped,
         {{"asking_case", Part::octets}, {"ordinal", Part::number}, {"exchange", Part::text}}},
        {EventKind::question_refused, {{"ordinal", Part::number}, {"exchange", Part::text}}},
        {EventKind::silent, {{"ordinal", Part::number}, {"exchange", Part::text}}},
        {EventKind::question_cancelled, {{"ordinal", Part::number}, {"exchange", Part::text}}},
        {EventKind::reply_received,
         {{"ordinal", Part::number}, {"exchange", Part::text}, {"reply", Part::number}}},
        {EventKind::deployed,
         {{"path", Part::text},
          {"version", Part::number},
          {"from", Part::day},
          {"code", Part::octets}}},
        {EventKind::body_registered, {{"body", Part::body}}},
        {EventKind::mandate_granted,
         {{"role", Part::octets},
          {"account", Part::octets},
          {"body", Part::body},
          {"from", Part::day},
          {"until", Part::day}}},
        {EventKind::mandate_revoked,
         {{"role", Part::octets}, {"account", Part::octets}, {"body", Part::body}}},
        {EventKind::day_closed, {{"calendar", Part::octets}, {"day", Part::day}}},
        {EventKind::offset_set, {{"from", Part::number}, {"offset", Part::any}}},
    };
    return table;
}

Result<Json> part_json(const Ledger& ledger, Part part, BytesView item,
                       const std::optional<abi::CaseId>& case_id) {
    abi::Reader reader(item);
    AQD_TRY(is_null, reader.take_null());
    if (is_null) {
        return Json();
    }
    switch (part) {
        case Part::day: {
            AQD_TRY(day, reader.read_int());
            return calendar::is_day(day)
                       ? Json(calendar::format_date(static_cast<calendar::Day>(day)))
                       : Json(day);
        }
        case Part::state: {
            AQD_TRY(ordinal, reader.read_uint());
            return Json(state_name(ledger, case_id, ordinal));
        }
        case Part::body:
        case Part::recipient: {
            // A recipient may be a case, and some events name a body by its keys alone.
            const auto text = values::body_from_cbor(item, ledger.types());
            return text ? Json(*text) : values::untyped_from_cbor(item);
        }
        default:
            return values::untyped_from_cbor(item);
    }
}

std::string day_of(const Json& event, const char* member) {
    const auto day = event.contains(member) && event[member].is_string()
                         ? calendar::parse_date(event[member].get<std::string>())
                         : fail(ErrorCode::not_found, "");
    return day ? values::date_text(*day) : "";
}

std::string label(const Ledger& ledger, const Json& event, const char* member) {
    if (!event.contains(member) || !event[member].is_string()) {
        return "nobody in particular";
    }
    const auto text = event[member].get<std::string>();
    const auto case_id = fixed_from_hex<abi::CaseId>(text);
    return case_id ? "case " + ledger.case_text(*case_id) : ledger.label_of(text);
}

std::string text(const Json& event, const char* member) {
    return event.contains(member) && event[member].is_string() ? event[member].get<std::string>()
                                                               : "";
}

std::string notice_sent_line(const Ledger& ledger, const Json& event) {
    std::string line = "→ " + label(ledger, event, "recipient");
    if (const std::string by = day_of(event, "acknowledge_by"); !by.empty()) {
        line += ", acknowledge by " + by;
    }
    if (const std::string by = day_of(event, "act_by"); !by.empty()) {
        line += ", act by " + by;
    }
    return line;
}

std::string reply_word(const Json& event) {
    constexpr const char* words[] = {"answered", "refused", "silence"};
    const auto reply = event.value("reply", 3U);
    return reply < 3 ? words[reply] : "unknown";
}

}  // namespace

std::string state_name(const Ledger& ledger, const std::optional<abi::CaseId>& case_id,
                       std::uint64_t ordinal) {
    std::string number = "#" + std::to_string(ordinal);
    if (!case_id) {
        return number;
    }
    const std::optional<system::CaseRow> found =
        system::read_case(ledger.chain().state(), *case_id).value_or(std::nullopt);
    if (!found) {
        return number;
    }
    const auto code = ledger.module_version(found->lineage, found->version);
    const abi::Procedure* procedure =
        code ? (*code)->manifest().procedure(found->procedure) : nullptr;
    return procedure != nullptr && ordinal < procedure->states.size()
               ? procedure->states[ordinal].name
               : number;
}

Result<Json> event_json(const Ledger& ledger, const system::Event& event) {
    Json json;
    json["kind"] = system::event_name(static_cast<std::uint16_t>(event.kind));
    json["case"] = event.case_id ? Json(to_hex(event.case_id->view())) : Json();
    const auto layout = layouts().find(event.kind);
    abi::Reader reader(event.data);
    AQD_TRY(count, reader.read_array_header());
    for (std::uint64_t i = 0; i < count; ++i) {
        AQD_TRY(item, reader.skip());
        const bool is_known = layout != layouts().end() && i < layout->second.size();
        const Part part = is_known ? layout->second[i].part : Part::any;
        const std::string name =
            is_known ? std::string(layout->second[i].name) : "#" + std::to_string(i);
        AQD_TRY(value, part_json(ledger, part, item, event.case_id));
        json[name] = std::move(value);
    }
    return json;
}

// Longer than seventy lines: one sentence for each kind of event.
Result<std::string> event_line(const Ledger& ledger, const system::Event& event) {
    AQD_TRY(json, event_json(ledger, event));
    const auto body = [&](const char* member) { return label(ledger, json, member); };
    switch (event.kind) {
        case EventKind::deadline_armed:
        case EventKind::deadline_disarmed:
        case EventKind::case_opened:
        case EventKind::settled:
        case EventKind::delivered:
        case EventKind::question_taken:
        case EventKind::answered:
            return std::string();
        case EventKind::case_joined:
            return std::string("joins the open case");
        case EventKind::transition:
            return json["from"].is_null() ? text(json, "to")
                                          : text(json, "from") + " → " + text(json, "to");
        case EventKind::faulted:
            return "✗ " + text(json, "entry") + " failed; the case waits";
        case EventKind::deadline_fired:
            return "deadline " + text(json, "deadline") + " passed";
        case EventKind::deadline_moved:
            return "deadline " + text(json, "deadline") + " moves to " + day_of(json, "due");
        case EventKind::filing_receipt:
            return std::string("receipt for the declarant");
        case EventKind::message:
            return std::string("a message to the person");
        case EventKind::escalated:
            return "escalated to " + std::string(values::last_part(text(json, "role"))) +
                   (json["body"].is_null() ? "" : " of " + body("body"));
        case EventKind::breach:
            return "breach of " + body("body");
        case EventKind::access:
            return "a secret may be read: " + text(json, "purpose") + " (" + text(json, "basis") +
                   ")";
        case EventKind::notice_sent:
            return notice_sent_line(ledger, json);
        case EventKind::not_delivered:
            return "✗ " + text(json, "module") + " refused the notice";
        case EventKind::acknowledged:
            return body("recipient") + " acknowledged";
        case EventKind::acted:
            return body("recipient") + " acted";
        case EventKind::overdue:
            return "overdue: " + body("recipient") +
                   (json["term"] == 0 ? " has not acknowledged" : " has not acted");
        case EventKind::reminded:
            return "reminder " + json["reminder"].dump() + " to " + body("recipient");
        case EventKind::notice_escalated:
            return "escalated to " + text(json, "to");
        case EventKind::asked:
            return body("asking") + " asks " + body("asked") +
                   (day_of(json, "answer_by").empty() ? ""
                                                      : ", answer by " + day_of(json, "answer_by"));
        case EventKind::answer_dropped:
            return std::string("an answer came too late");
        case EventKind::question_refused:
            return std::string("✗ the question was refused");
        case EventKind::silent:
            return std::string("no answer came in time");
        case EventKind::question_cancelled:
            return std::string("the question was withdrawn");
        case EventKind::reply_received:
            return "reply: " + reply_word(json);
        case EventKind::deployed:
            return "deployed " + text(json, "path") + " " + json["version"].dump();
        case EventKind::body_registered:
            return "registered " + body("body");
        case EventKind::mandate_granted:
            return "mandate of " + body("body") + " granted";
        case EventKind::mandate_revoked:
            return "mandate of " + body("body") + " ended";
        case EventKind::day_closed:
            return day_of(json, "day") + " is closed";
        case EventKind::offset_set:
            return std::string("the civil clock will change");
    }
    return std::string();
}

}  // namespace aqd::ledgers

#include "cli/ledgers/obligation_list.h"

#include "cli/values/describe.h"
#include "cli/values/from_cbor.h"
#include "cli/values/type_table.h"

#include <aqd/abi/cbor.h>
#include <aqd/base/hex.h>
#include <aqd/calendar/iso_text.h>
#include <aqd/system/store_keys.h>

namespace aqd::ledgers {
namespace {

using files::Json;

Json date_json(const std::optional<std::int32_t>& day) {
    return day ? Json(calendar::format_date(*day)) : Json();
}

bool met_by(const std::optional<std::int32_t>& on, calendar::Day day) {
    return on && *on <= day;
}

/// The first term that had passed by `day` unmet.
std::optional<std::int32_t> overdue_since(const system::ObligationRow& row, calendar::Day day) {
    if (met_by(row.acted_on, day)) {
        return std::nullopt;
    }
    if (row.acknowledge_by && *row.acknowledge_by < day && !met_by(row.acknowledged_on, day)) {
        return row.acknowledge_by;
    }
    if (row.act_by && *row.act_by < day) {
        return row.act_by;
    }
    return std::nullopt;
}

}  // namespace

Standing standing_on(const system::ObligationRow& row, calendar::Day day) {
    if (met_by(row.acted_on, day)) {
        return Standing::acted;
    }
    if (overdue_since(row, day)) {
        return Standing::overdue;
    }
    return met_by(row.acknowledged_on, day) ? Standing::acknowledged : Standing::sent;
}

std::string_view standing_name(Standing standing) {
    switch (standing) {
        case Standing::sent:
            return "sent";
        case Standing::acknowledged:
            return "acknowledged";
        case Standing::acted:
            return "acted";
        case Standing::overdue:
            return "overdue";
    }
    return "";
}

std::string standing_text(const system::ObligationRow& row, calendar::Day day) {
    const auto date = [](const std::optional<std::int32_t>& when) {
        return when ? values::date_text(*when) : std::string("an unknown day");
    };
    switch (standing_on(row, day)) {
        case Standing::acted:
            return "acted " + date(row.acted_on);
        case Standing::overdue:
            return "overdue since " + date(overdue_since(row, day)) +
                   (row.escalated ? " (escalated)" : "");
        case Standing::acknowledged:
            return "acknowledged " + date(row.acknowledged_on) +
                   (row.act_by ? ", to act by " + date(row.act_by) : "");
        case Standing::sent:
            break;
    }
    if (row.acknowledge_by) {
        return "to acknowledge by " + date(row.acknowledge_by);
    }
    return row.act_by ? "to act by " + date(row.act_by) : "sent";
}

Result<std::vector<Obligation>> list_obligations(const Ledger& ledger,
                                                 const std::optional<abi::CaseId>& of_case) {
    constexpr std::size_t ordinal_bytes = 4;
    const Bytes prefix = of_case ? system::obligation_prefix(*of_case)
                                 : Bytes{static_cast<std::uint8_t>(abi::KeyKind::obligation)};
    std::vector<Obligation> list;
    Bytes after;
    while (true) {
        AQD_TRY(row, ledger.chain().state().next(prefix, after));
        if (!row) {
            return list;
        }
        const BytesView key = row->key;
        if (key.size() != 1 + abi::CaseId::size_bytes + ordinal_bytes) {
            return fail(ErrorCode::corrupt, "an obligation's key has another length");
        }
        Obligation one;
        one.case_id = abi::CaseId::from(key.subspan(1));
        for (const std::uint8_t octet : key.last(ordinal_bytes)) {
            one.ordinal = (one.ordinal << 8U) | octet;
        }
        AQD_TRY(decoded, system::decode_obligation(row->value));
        one.row = std::move(decoded);
        list.push_back(std::move(one));
        after = row->key;
    }
}

Json obligation_json(const Ledger& ledger, const Obligation& obligation, calendar::Day day) {
    const system::ObligationRow& row = obligation.row;
    const auto case_id = abi::Reader(row.recipient).read_fixed<abi::CaseId>();
    const auto body = values::body_from_cbor(row.recipient, ledger.types());
    Json json;
    json["case"] = to_hex(obligation.case_id.view());
    json["ordinal"] = obligation.ordinal;
    json["notice"] = row.notice;
    json["recipient"] = case_id ? Json(to_hex(case_id->view())) : body ? Json(*body) : Json();
    json["label"] = ledger.recipient_label(row.recipient);
    json["sent_on"] = calendar::format_date(row.sent_on);
    json["acknowledge_by"] = date_json(row.acknowledge_by);
    json["act_by"] = date_json(row.act_by);
    json["acknowledged_on"] = date_json(row.acknowledged_on);
    json["acted_on"] = date_json(row.acted_on);
    json["reminders_sent"] = row.reminders_sent;
    json["escalated"] = row.escalated;
    json["standing"] = standing_name(standing_on(row, day));
    json["text"] = standing_text(row, day);
    return json;
}

}  // namespace aqd::ledgers
